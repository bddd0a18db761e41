// The strip at the top of a phone: the simulator's time, signal and battery.

import { el } from "./dom.mjs";

export function drawStatusBar(bar) {
  bar.replaceChildren(
    el("span", { class: "status-time" }),
    el("span", { class: "status-signs", "aria-hidden": "true" }, el("i", { class: "status-signal" }), el("i", { class: "status-battery" })));
}
