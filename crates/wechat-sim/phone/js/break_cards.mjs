// The break-it buttons of the panel: each with one line that explains it, and, once it was used up, with what it led to.

import { BREAKS, breakIt, isBroken, mend, outcome } from "./breaks.mjs";
import { byId, el } from "./dom.mjs";
import { language, t } from "./i18n.mjs";

/** `current()` answers `{account, follower, faults, books}`; `act`: `{attempt, refreshFaults}`. Returns `{draw, awaits}`. */
export function createBreakCards(current, act) {
  /** What was broken from this page, by follower and name: `broken`, or `used` when it has happened. */
  const history = new Map();
  let drawn = "";

  const press = (name) => act.attempt(async () => {
    const { follower, ...state } = current();
    const key = `${follower.openid} ${name}`;
    if (isBroken(name, state, follower.openid)) {
      history.delete(key);
      await mend(name, state, follower.openid);
    } else {
      await breakIt(name, state, follower.openid);
      history.set(key, "broken");
    }
    await act.refreshFaults();
  });

  const stateOf = (name, state, openid) => {
    const key = `${openid} ${name}`;
    if (isBroken(name, state, openid)) return "broken";
    if (history.get(key) === "broken") history.set(key, "used");
    return history.get(key) ?? "whole";
  };

  return {
    draw() {
      const { follower, books, ...state } = current();
      byId("panel-breaks").hidden = !follower;
      if (!follower) return;
      const cards = BREAKS.map((name) => {
        const is = stateOf(name, state, follower.openid);
        return { name, is, words: is === "used" ? outcome(name, books, follower.openid) : "" };
      });
      const print = JSON.stringify([cards, language()]);
      if (print === drawn) return;
      drawn = print;
      const focused = document.activeElement?.dataset.break;
      byId("breaks").replaceChildren(...cards.map((one) => card(one, press)));
      if (focused) byId("breaks").querySelector(`[data-break="${focused}"]`)?.focus();
    },
    /** Whether the books are needed to say what became of a break. */
    awaits: () => [...history.values()].includes("used"),
  };
}

function card({ name, is, words }, press) {
  const broken = is === "broken";
  const button = el("button", {
    type: "button",
    class: broken ? "button button-primary" : "button",
    "aria-label": t(broken ? "break.mend_label" : "break.do_label", { name: t(`break.${name}`) }),
    data: { testid: `phone-break-${name}`, break: name, state: is },
    on: { click: () => press(name) },
  }, t(broken ? "break.mend" : "break.do"));
  return el("li", { class: "break" },
    el("div", { class: "break-words" },
      el("strong", {}, t(`break.${name}`)),
      el("p", { class: "panel-hint" }, t(broken ? `break.${name}_armed` : `break.${name}_hint`)),
      words ? el("p", { class: "break-outcome", role: "status", data: { testid: `phone-outcome-${name}` } }, words) : null),
    button);
}
