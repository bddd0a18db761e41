// Stickers: one cat in many moods, drawn for this page. WeChat does not pass stickers on: the account gets a text that
// says so, and only the phone knows which one it was.

import { el } from "./dom.mjs";
import { has, t } from "./i18n.mjs";

const SVG = "http://www.w3.org/2000/svg";
const INK = "#3a2a1c";
const HEAD = "M22 40 20 14 40 24a36 36 0 0 1 20 0L80 14 78 40a34 30 0 1 1-56 0z";
const BLUSH = { d: "M24 64h9M67 64h9", stroke: "#f08a7a", "stroke-width": 6 };
const DOTS = { d: "M38 52v4M62 52v4", stroke: INK, "stroke-width": 6 };
const HAPPY_EYES = { d: "M32 56q6-8 12 0M56 56q6-8 12 0", stroke: INK };
const SHUT_EYES = { d: "M32 53q6 6 12 0M56 53q6 6 12 0", stroke: INK };
const SMILE = { d: "M42 67q4 5 8 0q4 5 8 0", stroke: INK };

/** The strokes that make a mood; the head is under all of them. */
const MOODS = {
  hello: [DOTS, SMILE, BLUSH],
  happy: [HAPPY_EYES, { d: "M40 64h20q-2 13-10 13t-10-13z", fill: "#b8433d", stroke: INK }, BLUSH],
  love: [{ d: "M38 60l-8-8a4.6 4.6 0 0 1 8-5 4.6 4.6 0 0 1 8 5zM62 60l-8-8a4.6 4.6 0 0 1 8-5 4.6 4.6 0 0 1 8 5z", fill: "#e0405a" }, SMILE],
  thanks: [SHUT_EYES, SMILE, BLUSH, { d: "M84 22v12M78 28h12", stroke: "#e0a020" }],
  sad: [DOTS, { d: "M42 72q8-8 16 0", stroke: INK }, { d: "M34 62q-5 8 0 11 5-3 0-11z", fill: "#5aa7e0" }],
  angry: [{ d: "M30 46l14 6M70 46l-14 6", stroke: INK }, { d: "M38 57v2M62 57v2", stroke: INK, "stroke-width": 6 }, { d: "M42 72q8-6 16 0", stroke: INK }],
  wow: [{ d: "M38 54h.01M62 54h.01", stroke: INK, "stroke-width": 11 }, { d: "M50 66a5 6 0 1 0 .01 0z", fill: "#b8433d", stroke: INK }],
  sleepy: [SHUT_EYES, { d: "M46 69h8", stroke: INK }, { d: "M76 20h10l-10 12h10M88 8h7l-7 8h7", stroke: "#5a7fb0", "stroke-width": 3 }],
};
const COATS = { hello: "#f7b75c", happy: "#f7b75c", love: "#f4c9b0", thanks: "#f4c9b0", sad: "#c9ced6", angry: "#f29a5c", wow: "#e8d9a8", sleepy: "#c9ced6" };
const PREFIX = "sticker-";

/** A sticker as a message. `phone_media_id` stays on the phone. */
const message = (mood) => ({ type: "sticker", phone_media_id: PREFIX + mood });

export function fillStickers(panel, onPick) {
  panel.replaceChildren(...Object.keys(MOODS).map((mood) => el("button", {
    type: "button",
    class: "sticker-offer",
    "aria-label": t("sticker.send", { name: t(`mood.${mood}`) }),
    data: { testid: "phone-sticker", mood },
    on: { click: () => onPick(message(mood)) },
  }, drawing(mood))));
}

export function stickerBubble(item) {
  const mood = String(item.media_id ?? "").replace(PREFIX, "");
  const known = mood in MOODS ? mood : "hello";
  const name = has(`mood.${mood}`) ? t(`mood.${mood}`) : "";
  return el("div", { class: "sticker", role: "img", "aria-label": t("bubble.sticker", { name }) }, drawing(known));
}

function drawing(mood) {
  const svg = node("svg", { viewBox: "0 0 100 100", "aria-hidden": "true", class: "sticker-drawing" });
  svg.append(node("path", { d: HEAD, fill: COATS[mood], stroke: INK }), ...MOODS[mood].map((stroke) => node("path", stroke)));
  return svg;
}

function node(name, attributes) {
  const made = document.createElementNS(SVG, name);
  const all = name === "path" ? { fill: "none", "stroke-width": 4, "stroke-linecap": "round", "stroke-linejoin": "round", ...attributes } : attributes;
  for (const [key, value] of Object.entries(all)) made.setAttribute(key, String(value));
  return made;
}
