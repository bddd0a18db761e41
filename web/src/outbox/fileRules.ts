/** What may be attached for WeChat, checked before anything is uploaded. Sizes are inclusive. */
import i18next from "i18next";
import { bytes } from "../format/time";

const MB = 1_048_576;

export type SendableKind = "image" | "video" | "voice";
/** What can be done with a file that cannot be sent as it is. */
export type Offer = "shrink" | "link" | "retry";

const rules: Record<SendableKind, { types: string[]; extensions: string[]; max: number }> = {
  image: { types: ["image/jpeg", "image/png"], extensions: ["jpg", "jpeg", "png"], max: 10 * MB },
  video: { types: ["video/mp4"], extensions: ["mp4"], max: 10 * MB },
  voice: {
    types: ["audio/amr", "audio/mpeg", "audio/mp3"],
    extensions: ["amr", "mp3", "mpeg"],
    max: 2 * MB,
  },
};
const kinds = Object.keys(rules) as SendableKind[];

/** Longest voice that WeChat takes. */
export const VOICE_MAX_MS = 60_000;

/** For the file picker: only what the channel's account can send. */
export const acceptedFiles = (can: (kind: SendableKind) => boolean = () => true): string =>
  kinds
    .filter(can)
    .map((kind) => rules[kind])
    .flatMap(({ types, extensions }) => [...types, ...extensions.map((name) => `.${name}`)])
    .join(",");

interface FileFacts {
  name: string;
  type: string;
  size: number;
}

const extensionOf = (name: string) => name.toLowerCase().split(".").pop() ?? "";

export function kindOf({ name, type }: FileFacts): SendableKind | null {
  // Browsers call the audio of `.mpeg` a video; the table means sound, and the desk looks inside.
  const told = type === "video/mpeg" ? "" : type;
  for (const kind of kinds) {
    const rule = rules[kind];
    if (rule.types.includes(told) || (!told && rule.extensions.includes(extensionOf(name)))) {
      return kind;
    }
  }
  return null;
}

/** Why the file cannot be sent, in words, or null when it can. */
export function fileProblem(
  file: FileFacts,
  refusalOf: (kind: SendableKind) => string | null = () => null,
): string | null {
  const kind = kindOf(file);
  if (file.size === 0) return i18next.t("file.empty");
  if (!kind) return i18next.t("file.kind");
  const refusal = refusalOf(kind);
  if (refusal) return i18next.t(`error.${refusal}`);
  if (file.size <= rules[kind].max) return null;
  return i18next.t(`file.${kind}_too_large`, { size: bytes(file.size, "up") });
}

/** Why a recording cannot be sent, in words. A voice is WAV until the desk has made an MP3 of it. */
export function recordingProblem(
  file: FileFacts,
  refusalOf: (kind: SendableKind) => string | null,
): string | null {
  if (kindOf(file) === "video") return fileProblem(file, refusalOf);
  const refusal = refusalOf("voice");
  if (refusal) return i18next.t(`error.${refusal}`);
  return file.size === 0 ? i18next.t("file.empty") : null;
}

const isPicture = ({ name, type }: FileFacts) =>
  type.startsWith("image/")
    ? type !== "image/svg+xml"
    : !type && ["heic", "heif", "webp", "avif", "gif", "bmp"].includes(extensionOf(name));

/** What can be offered for a file that cannot be sent as it is. */
export function offersFor(file: FileFacts, linkMax: number | null): Offer[] {
  const offers: Offer[] = isPicture(file) ? ["shrink"] : [];
  if (file.size > 0 && linkMax !== null && file.size <= linkMax) offers.push("link");
  return offers;
}

/** Said of audio that WeChat will refuse for its length. */
export function lengthWarning(durationMs: number | null | undefined): string | null {
  if (!durationMs || durationMs <= VOICE_MAX_MS) return null;
  return i18next.t("attach.voice_too_long", { seconds: Math.ceil(durationMs / 1000) });
}
