// A short word at the foot of the page, gone by itself.

import { byId } from "./dom.mjs";
import { has, t } from "./i18n.mjs";

const SHOWN_MS = 4_000;
let timer = null;

export function toast(text) {
  const node = byId("toast");
  node.textContent = text;
  node.classList.add("toast-shown");
  clearTimeout(timer);
  timer = setTimeout(() => node.classList.remove("toast-shown"), SHOWN_MS);
}

/** An error of the control API in the page's language; what has no words here keeps the simulator's own. */
export function reasonOf(error) {
  const key = `error.${error.code}`;
  return has(key) ? t(key) : t("error.other", { code: error.code ?? "error", detail: error.detail ?? error.message });
}
