// The account's own menu, in the composer's place: up to three buttons, each with up to five below it.

import { el, part } from "./dom.mjs";
import { icon } from "./icons.mjs";
import { t } from "./i18n.mjs";

/** `onTap(button)` gets a button in the shape of menu/create. `draw(buttons)` shows the menu, or hides it when there is none. */
export function createMenuBar(root, onTap) {
  const bar = part(root, "menu-bar");
  const row = part(root, "menu-buttons");
  const toMenu = part(root, "menu-toggle");
  let shown = false;
  let buttons = [];

  const closeLists = (except) => {
    for (const list of row.querySelectorAll(".menu-list")) {
      if (list === except) continue;
      list.hidden = true;
      list.previousElementSibling.setAttribute("aria-expanded", "false");
    }
  };
  const place = () => {
    const open = shown && buttons.length > 0;
    bar.hidden = !open;
    part(root, "form").hidden = open;
    toMenu.hidden = buttons.length === 0;
  };
  const show = (wanted) => {
    shown = wanted;
    closeLists();
    place();
  };
  const tap = (button) => {
    closeLists();
    onTap(button);
  };

  toMenu.addEventListener("click", () => {
    show(true);
    part(root, "menu-close").focus();
  });
  part(root, "menu-close").addEventListener("click", () => {
    show(false);
    toMenu.focus();
  });
  bar.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    row.querySelector('[aria-expanded="true"]')?.focus();
    closeLists();
  });
  root.addEventListener("pointerdown", (event) => {
    if (!row.contains(event.target)) closeLists();
  });

  return {
    draw(wanted) {
      buttons = wanted;
      row.replaceChildren(...buttons.map((button) => entry(button, tap, closeLists)));
      place();
    },
    /** Back to writing, as another follower's phone begins. */
    reset: () => show(false),
  };
}

function entry(button, tap, closeLists) {
  const below = button.sub_button ?? [];
  if (below.length === 0) return el("div", { class: "menu-entry" }, tapButton(button, "menu-button", tap));
  const list = el("div", { class: "menu-list", hidden: true }, below.map((one) => tapButton(one, "menu-item", tap)));
  const toggle = () => {
    closeLists(list);
    list.hidden = !list.hidden;
    opener.setAttribute("aria-expanded", String(!list.hidden));
  };
  const opener = el("button", { type: "button", class: "menu-button", "aria-expanded": "false", data: { testid: "phone-menu-button" }, on: { click: toggle } },
    icon("list"), el("span", {}, button.name));
  return el("div", { class: "menu-entry" }, opener, list);
}

function tapButton(button, look, tap) {
  return el("button", {
    type: "button",
    class: look,
    title: t("menu.tap", { name: button.name }),
    data: { testid: look === "menu-item" ? "phone-menu-item" : "phone-menu-button", type: button.type },
    on: { click: () => tap(button) },
  }, el("span", {}, button.name));
}
