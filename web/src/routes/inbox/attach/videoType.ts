/** Which MP4 this browser can record, and when a recording has to end: WeChat takes MP4 of at most 10 MB. */

const MB = 1_048_576;

export const VIDEO_LIMIT_MS = 60_000;
export const VIDEO_WARN_MS = 50_000;
export const VIDEO_MAX_BYTES = 10 * MB;
/** A minute at these rates has about 8 MB. */
export const RATES = { videoBitsPerSecond: 1_000_000, audioBitsPerSecond: 64_000 };
/** What may still come after the last count: a file's end, and pictures that were on the way. */
const RESERVE_BYTES = MB;

/** What every phone plays. */
const SURE = [
  'video/mp4;codecs="avc1.42E01F,mp4a.40.2"',
  'video/mp4;codecs="avc1.4D401F,mp4a.40.2"',
  'video/mp4;codecs="avc1.64001F,mp4a.40.2"',
];
/** What some phones do not. Sound or picture is another kind than WeChat's own cameras make. */
const UNSURE = [
  'video/mp4;codecs="avc1.42E01F,opus"',
  'video/mp4;codecs="vp9,mp4a.40.2"',
  'video/mp4;codecs="vp9,opus"',
  'video/mp4;codecs="av01.0.04M.08,opus"',
  "video/mp4",
];

export interface VideoType {
  mime: string;
  /** Phones are known to play it. */
  sure: boolean;
}

/** The best this browser can record, or null: no MP4 at all. */
export function videoType(
  supported: (mime: string) => boolean = (mime) =>
    typeof MediaRecorder !== "undefined" && MediaRecorder.isTypeSupported(mime),
): VideoType | null {
  const sure = SURE.find(supported);
  if (sure) return { mime: sure, sure: true };
  const unsure = UNSURE.find(supported);
  return unsure ? { mime: unsure, sure: false } : null;
}

/** Why a recording ends by itself now, or null while it may go on. */
export function limitReached(elapsedMs: number, bytes: number): "time" | "size" | null {
  if (elapsedMs >= VIDEO_LIMIT_MS) return "time";
  return bytes >= VIDEO_MAX_BYTES - RESERVE_BYTES ? "size" : null;
}
