/** Files on their way to the desk: checked at once, uploaded at once, then part of the draft. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { RefusalOf } from "../../api/canSend";
import { api, asApiError } from "../../api/client";
import type { Attachment } from "../../api/types";
import { randomId } from "../../format/random";
import { errorText } from "../../i18n/words";
import type { DraftAttachment } from "../../outbox/drafts";
import { fileProblem, kindOf, type Offer, offersFor } from "../../outbox/fileRules";
import { linkText } from "./attach/fileLink";
import { captureFrame } from "./captureFrame";

export interface Upload {
  key: string;
  name: string;
  file: File;
  problem: string | null;
  offers: Offer[];
}

interface Rules {
  refusalOf: RefusalOf;
  linkMax: number | null;
}

async function upload(file: File): Promise<DraftAttachment> {
  const attachment = await api.upload<Attachment>("POST", "/attachments", file, file.name);
  const { id, kind, bytes, duration_ms } = attachment;
  const done: DraftAttachment = { id, kind, bytes, name: file.name };
  if (duration_ms !== null) done.duration_ms = duration_ms;
  if (kindOf(file) !== "video") return done;
  // WeChat wants a still with each video; without one the desk sends a neutral picture.
  const frame = await captureFrame(file).catch(() => null);
  if (!frame) return done;
  const thumb = await api
    .upload<Attachment>("POST", "/attachments", frame, "thumb.jpg")
    .catch(() => null);
  return thumb ? { ...done, thumb_id: thumb.id } : done;
}

async function uploadForLink(file: File): Promise<DraftAttachment> {
  const path = "/attachments?purpose=link";
  const { id, kind, bytes, link } = await api.upload<Attachment>("POST", path, file, file.name);
  if (!link) throw new Error("the desk made no link");
  return { id, kind, bytes, name: file.name, link, text: linkText(file.name, bytes, link) };
}

export function useUploads(rules: Rules, onReady: (attachment: DraftAttachment) => void) {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const latest = useRef({ rules, onReady });
  useEffect(() => {
    latest.current = { rules, onReady };
  });

  const drop = useCallback(
    (key: string) => setUploads((all) => all.filter((one) => one.key !== key)),
    [],
  );
  const change = useCallback(
    (key: string, next: Partial<Upload>) =>
      setUploads((all) => all.map((one) => (one.key === key ? { ...one, ...next } : one))),
    [],
  );
  const hand = useCallback(
    (key: string, file: File, way: (file: File) => Promise<DraftAttachment>) => {
      change(key, { problem: null });
      way(file).then(
        (attachment) => {
          drop(key);
          latest.current.onReady(attachment);
        },
        (error) => change(key, { problem: errorText(asApiError(error)) }),
      );
    },
    [change, drop],
  );
  const add = useCallback(
    (files: Iterable<File>) => {
      const { refusalOf, linkMax } = latest.current.rules;
      for (const file of files) {
        const key = randomId();
        const problem = fileProblem(file, refusalOf);
        const offers = offersFor(file, linkMax);
        setUploads((all) => [...all, { key, name: file.name, file, problem, offers }]);
        if (!problem) hand(key, file, upload);
      }
    },
    [hand],
  );
  const addAsLink = useCallback(
    (files: Iterable<File>) => {
      for (const file of files) {
        const key = randomId();
        setUploads((all) => [...all, { key, name: file.name, file, problem: null, offers: [] }]);
        hand(key, file, uploadForLink);
      }
    },
    [hand],
  );
  /** Another file in the place of one that could not be sent. */
  const replace = useCallback(
    (key: string, file: File) => {
      drop(key);
      add([file]);
    },
    [add, drop],
  );
  const asLink = useCallback((one: Upload) => hand(one.key, one.file, uploadForLink), [hand]);
  return { uploads, add, addAsLink, replace, asLink, drop };
}
