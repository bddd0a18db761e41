// The break-it buttons of the panel: each with one line that explains it, and, once it was used up, with what it led to.

import { BREAKS, breakIt, isBroken, mend, outcome } from "./breaks.mjs";
import { byId, el } from "./dom.mjs";
import { language, t } from "./i18n.mjs";

/** `current()` answers `{account, follower, faults, books}`; `act`: `{attempt, refreshFaults}`. Returns `{draw, awaits}`. */
export function createBreakCards(current, act) {
  /** What was broken from this page, by follower and name: since when, and whether it is `broken` or already `used` up. */
  const history = new Map();
  let drawn = "";

  const press = (name) => act.attempt(async () => {
    const { follower, ...state } = current();
    const key = `${follower.openid} ${name}`;
    if (isBroken(name, state, follower.openid)) {
      history.delete(key);
      await mend(name, state, follower.openid);
    } else {
      history.set(key, { is: "broken", since: await breakIt(name, state, follower.openid) });
    }
    await act.refreshFaults();
  });

  const cardOf = (name, { books, ...state }, openid) => {
    const entry = history.get(`${openid} ${name}`);
    if (isBroken(name, state, openid)) return { name, is: "broken", words: "" };
    if (!entry) return { name, is: "whole", words: "" };
    entry.is = "used";
    return { name, is: "used", words: outcome(name, books, openid, entry.since) };
  };

  return {
    draw() {
      const { follower, ...state } = current();
      byId("panel-breaks").hidden = !follower;
      if (!follower) return;
      const cards = BREAKS.map((name) => cardOf(name, state, follower.openid));
      const print = JSON.stringify([cards, language()]);
      if (print === drawn) return;
      drawn = print;
      const focused = document.activeElement?.dataset.break;
      byId("breaks").replaceChildren(...cards.map((one) => card(one, press)));
      if (focused) byId("breaks").querySelector(`[data-break="${focused}"]`)?.focus();
    },
    /** Whether the books are needed to say what became of a break. */
    awaits: () => [...history.values()].some((entry) => entry.is === "used"),
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
