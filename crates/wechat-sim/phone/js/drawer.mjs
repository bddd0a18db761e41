// The panel as a place: a drawer where there is no room for it, and its two tabs.

import { byId } from "./dom.mjs";

/** From here on the panel has a column of its own; with several phones it needs more. `layout.css` has the same numbers. */
const ROOM = { one: matchMedia("(width >= 1040px)"), several: matchMedia("(width >= 1640px)") };

/** `onShow()` is told when something else of the panel comes into view. */
export function createDrawer(onShow) {
  const panel = byId("panel");
  const behind = document.querySelectorAll(".people, .phones");
  let opener = null;

  const show = (open) => {
    panel.classList.toggle("panel-open", open);
    for (const part of behind) part.inert = open;
    if (open) onShow();
  };
  const close = () => {
    if (!panel.classList.contains("panel-open")) return;
    show(false);
    opener?.focus();
    opener = null;
  };
  // Phones come and go, each with a button of its own.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-open-panel]");
    if (!button) return;
    opener = button;
    show(true);
    byId("panel-close").focus();
  });
  byId("panel-close").addEventListener("click", close);
  byId("panel-scrim").addEventListener("click", close);
  // Wherever the focus is; a sheet over the drawer closes first.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) close();
  });
  for (const query of Object.values(ROOM)) query.addEventListener("change", close);
  const tabs = createTabs(onShow);

  return {
    /** Whether the books can be seen. */
    showsBooks: () => tabs.current() === "books" && panel.checkVisibility(),
  };
}

function createTabs(onShow) {
  const tabs = [...document.querySelectorAll('[role="tab"]')];
  const select = (tab) => {
    for (const one of tabs) {
      one.setAttribute("aria-selected", String(one === tab));
      one.tabIndex = one === tab ? 0 : -1;
      byId(one.getAttribute("aria-controls")).hidden = one !== tab;
    }
    onShow();
  };
  for (const [index, tab] of tabs.entries()) {
    tab.addEventListener("click", () => select(tab));
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
      const next = tabs[(index + 1) % tabs.length];
      select(next);
      next.focus();
    });
  }
  return { current: () => tabs.find((one) => one.getAttribute("aria-selected") === "true").getAttribute("aria-controls") };
}
