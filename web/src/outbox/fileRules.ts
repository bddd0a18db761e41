/** What may be attached for WeChat, checked before anything is uploaded. Sizes are inclusive. */
import i18next from "i18next";
import { bytes } from "../format/time";

const MB = 1_048_576;

export type SendableKind = "image" | "video" | "voice";

const rules: Record<SendableKind, { types: string[]; extensions: string[]; max: number }> = {
  image: { types: ["image/jpeg", "image/png"], extensions: ["jpg", "jpeg", "png"], max: 10 * MB },
  video: { types: ["video/mp4"], extensions: ["mp4"], max: 10 * MB },
  voice: {
    types: ["audio/amr", "audio/mpeg", "audio/mp3"],
    extensions: ["amr", "mp3", "mpeg"],
    max: 2 * MB,
  },
};

/** For the file picker. */
export const acceptedFiles = Object.values(rules)
  .flatMap(({ types, extensions }) => [...types, ...extensions.map((name) => `.${name}`)])
  .join(",");

interface FileFacts {
  name: string;
  type: string;
  size: number;
}

export function kindOf({ name, type }: FileFacts): SendableKind | null {
  const extension = name.toLowerCase().split(".").pop() ?? "";
  for (const [kind, rule] of Object.entries(rules) as [SendableKind, (typeof rules)["image"]][]) {
    if (rule.types.includes(type) || (!type && rule.extensions.includes(extension))) return kind;
  }
  return null;
}

/** Why the file cannot be sent, in words, or null when it can. */
export function fileProblem(file: FileFacts): string | null {
  const kind = kindOf(file);
  if (!kind) return i18next.t("file.kind");
  if (file.size === 0) return i18next.t("file.empty");
  if (file.size <= rules[kind].max) return null;
  return i18next.t(`file.${kind}_too_large`, { size: bytes(file.size, "up") });
}
