/** Files on their way to the desk: checked at once, uploaded at once, then part of the draft. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { RefusalOf } from "../../api/canSend";
import { type ApiError, api, asApiError } from "../../api/client";
import type { Attachment } from "../../api/types";
import { randomId } from "../../format/random";
import { errorText } from "../../i18n/words";
import type { DraftAttachment } from "../../outbox/drafts";
import {
  fileProblem,
  kindOf,
  type Offer,
  offersFor,
  recordingProblem,
} from "../../outbox/fileRules";
import {
  forgetRecording,
  type Kept,
  keepRecording,
  keptRecordings,
  recordingsOfPage,
  watchRecordings,
} from "../../outbox/recordings";
import { linkText } from "./attach/fileLink";
import { captureFrame } from "./captureFrame";

type Way = (file: File) => Promise<DraftAttachment>;

export interface Upload {
  key: string;
  name: string;
  file: File;
  problem: string | null;
  offers: Offer[];
  /** How it goes to the desk, and goes again after a failure. */
  way: Way;
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

/** The desk makes an MP3 of it. */
async function uploadVoice(file: File): Promise<DraftAttachment> {
  const path = "/attachments?purpose=recording";
  const made = await api.upload<Attachment>("POST", path, file, file.name);
  const done: DraftAttachment = {
    id: made.id,
    kind: made.kind,
    bytes: made.bytes,
    name: made.file_name,
  };
  return made.duration_ms === null ? done : { ...done, duration_ms: made.duration_ms };
}

/** Whether the same again may succeed: nothing is wrong with the file. */
const mayTryAgain = (error: ApiError) => error.temporary || error.status === 401;

export function useUploads(
  place: string,
  rules: Rules,
  onReady: (attachment: DraftAttachment) => void,
) {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const latest = useRef({ rules, onReady });
  const left = useRef(false);
  useEffect(() => {
    latest.current = { rules, onReady };
  });

  const remove = useCallback(
    (key: string) => setUploads((all) => all.filter((one) => one.key !== key)),
    [],
  );
  const change = useCallback(
    (key: string, next: Partial<Upload>) =>
      setUploads((all) => all.map((one) => (one.key === key ? { ...one, ...next } : one))),
    [],
  );
  const hand = useCallback(
    ({ key, file, offers, way }: Upload) => {
      const others = offers.filter((offer) => offer !== "retry");
      change(key, { problem: null, offers: others, way });
      way(file).then(
        (attachment) => {
          // Nobody is here to take it: a recording is still kept, and goes again with the next visit.
          if (left.current) return;
          remove(key);
          latest.current.onReady(attachment);
          forgetRecording(key);
        },
        (cause) => {
          const error = asApiError(cause);
          const again: Offer[] = mayTryAgain(error) ? ["retry", ...others] : others;
          change(key, { problem: errorText(error), offers: again });
        },
      );
    },
    [change, remove],
  );
  const start = useCallback(
    (one: Upload) => {
      setUploads((all) => [...all, one]);
      if (!one.problem) hand(one);
    },
    [hand],
  );
  const add = useCallback(
    (files: Iterable<File>) => {
      const { refusalOf, linkMax } = latest.current.rules;
      for (const file of files) {
        const problem = fileProblem(file, refusalOf);
        const offers = offersFor(file, linkMax);
        start({ key: randomId(), name: file.name, file, problem, offers, way: upload });
      }
    },
    [start],
  );
  const addAsLink = useCallback(
    (files: Iterable<File>) => {
      for (const file of files) {
        const key = randomId();
        start({ key, name: file.name, file, problem: null, offers: [], way: uploadForLink });
      }
    },
    [start],
  );
  /** Another file in the place of one that could not be sent. */
  const replace = useCallback(
    (key: string, file: File) => {
      remove(key);
      add([file]);
    },
    [add, remove],
  );
  const asLink = useCallback((one: Upload) => hand({ ...one, way: uploadForLink }), [hand]);
  const drop = useCallback(
    (key: string) => {
      remove(key);
      forgetRecording(key);
    },
    [remove],
  );
  const startKept = useCallback(
    ({ key, file }: Kept) => {
      const { refusalOf, linkMax } = latest.current.rules;
      const isVideo = kindOf(file) === "video";
      const way = isVideo ? upload : uploadVoice;
      const problem = recordingProblem(file, refusalOf);
      const offers = isVideo ? offersFor(file, linkMax) : [];
      start({ key, name: file.name, file, problem, offers, way });
    },
    [start],
  );
  useKept(place, left, startKept);
  /** A recording exists only here: it is kept until the desk has it. */
  const addRecording = useCallback((file: File) => keepRecording(place, file), [place]);
  return { uploads, add, addAsLink, addRecording, replace, asLink, retry: hand, drop };
}

/** Starts what is kept for this composer: from before, and from now on; each once. */
function useKept(place: string, left: React.RefObject<boolean>, start: (kept: Kept) => void): void {
  const started = useRef(new Set<string>());
  useEffect(() => {
    left.current = false;
    const begin = (all: Kept[]) => {
      if (left.current) return;
      for (const one of all) {
        if (started.current.has(one.key)) continue;
        started.current.add(one.key);
        start(one);
      }
    };
    void keptRecordings(place).then(begin);
    const stop = watchRecordings((where) => where === place && begin(recordingsOfPage(place)));
    return () => {
      left.current = true;
      stop();
    };
  }, [place, left, start]);
}
