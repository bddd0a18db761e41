// A small form over the phone: asks for a few values, answers them, or null when given up.

import { byId, el } from "./dom.mjs";
import { t } from "./i18n.mjs";

/** `fields`: `[{name, label, value?, required?, type?, step?}]`. */
export function ask({ title, submit, fields }) {
  const sheet = byId("sheet");
  const inputs = fields.map(input);
  const form = el("form", { method: "dialog", class: "sheet-form" },
    el("h2", { id: "sheet-title" }, title),
    inputs.map((node, index) => el("label", { class: "sheet-field" }, el("span", {}, fields[index].label), node)),
    el("div", { class: "sheet-buttons" },
      el("button", { type: "button", class: "button", on: { click: () => sheet.close() } }, t("sheet.cancel")),
      el("button", { type: "submit", class: "button button-primary", data: { testid: "phone-sheet-submit" } }, submit)));
  sheet.replaceChildren(form);
  return new Promise((resolve) => {
    let answer = null;
    form.addEventListener("submit", () => {
      answer = Object.fromEntries(inputs.map((node) => [node.name, node.value.trim()]));
    });
    sheet.addEventListener("close", () => resolve(answer), { once: true });
    sheet.showModal();
    inputs[0].select();
  });
}

function input(field) {
  return el("input", {
    name: field.name,
    type: field.type ?? "text",
    step: field.step,
    value: field.value,
    required: field.required,
    autocomplete: "off",
    maxlength: 200,
    data: { testid: `phone-sheet-${field.name}` },
  });
}
