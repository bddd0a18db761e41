// Avatar squares: a colour from the id, the first letter of the name.

import { el } from "./dom.mjs";

const COLOURS = 8;

export function avatar(id, name) {
  const square = el("span", { class: "avatar", "aria-hidden": "true", data: { colour: colourOf(id) } });
  square.textContent = firstLetter(name || id);
  return square;
}

function firstLetter(text) {
  const [letter = "?"] = new Intl.Segmenter().segment(text.trim());
  return (letter.segment ?? letter).toUpperCase();
}

function colourOf(id) {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + character.codePointAt(0)) >>> 0;
  return hash % COLOURS;
}
