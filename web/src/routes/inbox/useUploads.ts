/** Files on their way to the desk: checked at once, uploaded at once, then part of the draft. */
import { useCallback, useEffect, useRef, useState } from "react";
import { api, asApiError } from "../../api/client";
import type { Attachment } from "../../api/types";
import { randomId } from "../../format/random";
import { errorText } from "../../i18n/words";
import type { DraftAttachment } from "../../outbox/drafts";
import { fileProblem, kindOf } from "../../outbox/fileRules";
import { captureFrame } from "./captureFrame";

export interface Upload {
  key: string;
  name: string;
  problem: string | null;
}

async function upload(file: File): Promise<DraftAttachment> {
  const attachment = await api.upload<Attachment>("POST", "/attachments", file, file.name);
  const { id, kind, bytes } = attachment;
  const done: DraftAttachment = { id, kind, bytes, name: file.name };
  if (kindOf(file) !== "video") return done;
  // WeChat wants a still with each video; without one the desk sends a neutral picture.
  const frame = await captureFrame(file).catch(() => null);
  if (!frame) return done;
  const thumb = await api
    .upload<Attachment>("POST", "/attachments", frame, "thumb.jpg")
    .catch(() => null);
  return thumb ? { ...done, thumb_id: thumb.id } : done;
}

export function useUploads(onReady: (attachment: DraftAttachment) => void) {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const ready = useRef(onReady);
  useEffect(() => {
    ready.current = onReady;
  });

  const drop = useCallback(
    (key: string) => setUploads((all) => all.filter((one) => one.key !== key)),
    [],
  );
  const fail = useCallback(
    (key: string, problem: string) =>
      setUploads((all) => all.map((one) => (one.key === key ? { ...one, problem } : one))),
    [],
  );
  const add = useCallback(
    (files: Iterable<File>) => {
      for (const file of files) {
        const key = randomId();
        const problem = fileProblem(file);
        setUploads((all) => [...all, { key, name: file.name, problem }]);
        if (problem) continue;
        upload(file).then(
          (attachment) => {
            drop(key);
            ready.current(attachment);
          },
          (error) => fail(key, errorText(asApiError(error))),
        );
      }
    },
    [drop, fail],
  );
  return { uploads, add, drop };
}
