// Pictures in bubbles. Their size is settled before they are drawn, so that nothing jumps.

import { mediaUrl } from "./api.mjs";
import { el } from "./dom.mjs";
import { t } from "./i18n.mjs";
import { showPicture } from "./viewer.mjs";

/** WeChat's bounds of a picture in a chat, in CSS pixels. */
const LONGEST = 160;
const SHORTEST = 48;
/** How long a timeline waits for the sizes of new pictures before it shows them square. */
const WAIT_MS = 800;

const sizes = new Map();

/** Learns the sizes of the pictures among `items` that are not known yet. */
export async function learnSizes(items) {
  const unknown = items.filter((item) => item.type === "image" && item.media_id && !sizes.has(item.media_id));
  if (unknown.length === 0) return;
  const deadline = new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  await Promise.race([Promise.all(unknown.map((item) => measure(mediaUrl(item.media_id), item.media_id))), deadline]);
}

/** Measures a picture; `key` is where its size is remembered. */
export async function measure(url, key) {
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
    sizes.set(key, { width: image.naturalWidth, height: image.naturalHeight });
  } catch {
    sizes.set(key, null);
  }
}

export function picture(url, key) {
  const image = el("img", { src: url, alt: t("bubble.image"), draggable: "false", ...fit(sizes.get(key)) });
  const button = el("button", { type: "button", class: "picture", "aria-label": t("bubble.image_open"), on: { click: () => showPicture(url) } }, image);
  image.addEventListener("error", () => button.replaceWith(el("span", { class: "picture-failed" }, t("bubble.image_failed"))));
  return button;
}

function fit(size) {
  if (!size) return { width: LONGEST, height: LONGEST };
  const scale = Math.min(1, LONGEST / Math.max(size.width, size.height));
  const side = (length) => Math.max(SHORTEST, Math.round(length * scale));
  return { width: side(size.width), height: side(size.height) };
}
