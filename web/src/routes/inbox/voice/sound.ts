/** Which of a voice's files this browser can play, and an address it plays from. */
import { mediaUrl } from "../../../api/client";
import type { Media } from "../../../api/types";
import { AMR_RATE, decodeAmr } from "./amr";
import { wav } from "./wav";

/** AMR is decoded here; the wide band and Speex are not. */
const PLAYABLE = ["audio/amr", "audio/mpeg"];

export interface Source {
  id: string;
  mime: string;
}

/** The 16 kHz variant where it can be played, else the voice as it came; null when neither can. */
export function playable(media: Media): Source | null {
  const files = [media.hd, media].filter((file) => file !== null);
  const found = files.find(({ mime }) => mime !== null && PLAYABLE.includes(mime));
  return found?.mime ? { id: found.id, mime: found.mime } : null;
}

/** An address for an `audio` element. What begins with `blob:` has to be revoked. */
export async function soundUrl({ id, mime }: Source): Promise<string> {
  if (mime !== "audio/amr") return mediaUrl(id);
  const answer = await fetch(mediaUrl(id), { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`the file was answered with ${answer.status}`);
  const samples = await decodeAmr(await answer.arrayBuffer());
  return URL.createObjectURL(wav(samples, AMR_RATE));
}

const SPEEDS = [1, 1.25, 1.5, 2];
const SPEED_KEY = "kefu.voice_speed";

/** The speed chosen last; it holds for every voice. */
export function readSpeed(): number {
  const stored = Number(localStorage.getItem(SPEED_KEY));
  return SPEEDS.includes(stored) ? stored : 1;
}

export function nextSpeed(speed: number): number {
  const next = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length] ?? 1;
  localStorage.setItem(SPEED_KEY, String(next));
  return next;
}

/** One sound at a time: whatever begins to play silences the others, videos too. */
document.addEventListener(
  "play",
  ({ target }) => {
    for (const other of document.querySelectorAll<HTMLMediaElement>("audio, video")) {
      if (other !== target) other.pause();
    }
  },
  true,
);
