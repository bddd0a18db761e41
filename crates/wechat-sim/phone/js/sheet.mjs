// Small forms over the page: `ask` for a few values, `choose` one of several things. Both answer null when given up.

import { byId, el } from "./dom.mjs";
import { t } from "./i18n.mjs";

/** `fields`: `[{name, label, value?, required?, type?, step?}]`. */
export function ask({ title, submit, fields }) {
  const inputs = fields.map(input);
  const form = el("form", { method: "dialog", class: "sheet-form" },
    heading(title),
    inputs.map((node, index) => el("label", { class: "sheet-field" }, el("span", {}, fields[index].label), node)),
    el("div", { class: "sheet-buttons" },
      cancel(),
      el("button", { type: "submit", class: "button button-primary", data: { testid: "phone-sheet-submit" } }, submit)));
  return show(form, (answer) => {
    form.addEventListener("submit", () => answer(Object.fromEntries(inputs.map((node) => [node.name, node.value.trim()]))));
    return inputs[0];
  });
}

/** `options`: `[{label, hint, value}]`; `empty`: what to say when there is none. */
export function choose({ title, options, empty }) {
  let answer = null;
  const choice = ({ label, hint, value }) => el("button", {
    type: "button",
    class: "sheet-choice",
    data: { testid: "phone-sheet-choice" },
    on: {
      click: () => {
        answer(value);
        byId("sheet").close();
      },
    },
  }, el("span", {}, label), hint ? el("span", { class: "sheet-hint" }, hint) : null);
  const form = el("div", { class: "sheet-form" },
    heading(title),
    el("div", { class: "sheet-choices" }, options.map(choice)),
    options.length === 0 ? el("p", { class: "sheet-hint" }, empty) : null,
    cancel());
  return show(form, (take) => {
    answer = take;
    return form.querySelector("button");
  });
}

/** Opens the sheet; `begin(answer)` says which control is first, and calls `answer` with what was given. */
function show(content, begin) {
  const sheet = byId("sheet");
  sheet.replaceChildren(content);
  return new Promise((resolve) => {
    let given = null;
    const first = begin((value) => {
      given = value;
    });
    sheet.addEventListener("close", () => resolve(given), { once: true });
    sheet.showModal();
    first.focus();
    first.select?.();
  });
}

function heading(title) {
  return el("h2", { id: "sheet-title" }, title);
}

function cancel() {
  return el("button", { type: "button", class: "button", on: { click: () => byId("sheet").close() } }, t("sheet.cancel"));
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
