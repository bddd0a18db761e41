// The page's language: chosen by the browser, changed by hand, kept.

import en from "./i18n/en.mjs";
import ja from "./i18n/ja.mjs";
import zhCN from "./i18n/zh-CN.mjs";
import { keep, recall } from "./kept.mjs";

const STRINGS = { en, ja, "zh-CN": zhCN };
const listeners = new Set();
let current = firstLanguage();

export function language() {
  return current;
}

/** The string of `key` in the page's language, with `{name}` replaced from `values`. */
export function t(key, values = {}) {
  const text = STRINGS[current][key] ?? en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function has(key) {
  return key in en;
}

export function setLanguage(code) {
  if (!(code in STRINGS)) return;
  current = code;
  keep("language", code);
  translate();
}

/** Writes the strings into the whole page, then tells the listeners. */
export function translate() {
  document.documentElement.lang = current;
  translateIn(document);
  for (const listener of listeners) listener();
}

/** Writes the strings into everything of `root` that is marked `data-t` or `data-t-label`. */
export function translateIn(root) {
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll("[data-t-label]")) label(node, t(node.dataset.tLabel));
}

/** Calls `listener` after each change of language; answers what ends that. */
export function onLanguage(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function label(node, text) {
  node.setAttribute("aria-label", text);
  if (node.matches("button, a")) node.title = text;
}

function firstLanguage() {
  const kept = recall("language");
  if (kept in STRINGS) return kept;
  for (const wanted of navigator.languages ?? [navigator.language]) {
    const base = wanted.toLowerCase().split("-")[0];
    if (base === "zh") return "zh-CN";
    if (base in STRINGS) return base;
  }
  return "en";
}
