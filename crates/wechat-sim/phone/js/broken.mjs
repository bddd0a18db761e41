// The strip on a phone that says what is broken between it and the desk, each with a way to mend it.

import { BREAKS, isBroken, mend } from "./breaks.mjs";
import { el, part } from "./dom.mjs";
import { icon } from "./icons.mjs";
import { language, t } from "./i18n.mjs";

/** `draw(openid)` shows what `state` knows about that follower. */
export function createBroken(root, state, act) {
  const strip = part(root, "broken");
  let drawn = "";
  return {
    draw(openid) {
      const names = state.account && openid ? BREAKS.filter((name) => isBroken(name, state, openid)) : [];
      const print = JSON.stringify([names, openid, language()]);
      if (print === drawn) return;
      drawn = print;
      strip.hidden = names.length === 0;
      strip.replaceChildren(...names.map((name) => line(name, () => act.attempt(async () => {
        await mend(name, state, openid);
        await act.refreshFaults();
      }))));
    },
  };
}

function line(name, undo) {
  return el("li", { class: "broken-line", data: { testid: "phone-broken", break: name } },
    icon("broken"),
    el("span", {}, t(`break.${name}_armed`)),
    el("button", { type: "button", class: "broken-mend", "aria-label": t("break.mend_label", { name: t(`break.${name}`) }), data: { testid: "phone-mend" }, on: { click: undo } }, t("break.mend")));
}
