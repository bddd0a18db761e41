// Where the follower writes: text, emoji, and what the plus panel offers. What was typed is kept per follower.

import { byId, el } from "./dom.mjs";
import { fillEmoji } from "./emoji.mjs";
import { icon } from "./icons.mjs";
import { onLanguage, t } from "./i18n.mjs";
import { keep, recall } from "./kept.mjs";
import { ask } from "./sheet.mjs";

/** `onSend(message, file?)` gets a message in the control API's words. */
export function createComposer(onSend) {
  const text = byId("composer-text");
  const panels = createPanels();
  let draftKey = null;

  const refresh = () => {
    const empty = text.value.trim() === "";
    byId("send").hidden = empty;
    byId("plus-toggle").hidden = !empty;
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight}px`;
  };
  const changed = () => {
    if (draftKey) keep(draftKey, text.value);
    refresh();
  };
  const submit = () => {
    if (text.value.trim() === "") return;
    onSend({ type: "text", content: text.value });
    text.value = "";
    changed();
    text.focus();
  };

  text.addEventListener("input", changed);
  text.addEventListener("focus", () => panels.close());
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    submit();
  });
  byId("composer-form").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  fillEmoji(byId("emoji-panel"), (emoji) => {
    text.setRangeText(emoji, text.selectionStart, text.selectionEnd, "end");
    changed();
  });
  offerPlus(onSend, () => panels.close());

  return {
    /** Another follower's phone: its own unsent text comes back. */
    open(key) {
      draftKey = `draft.${key}`;
      text.value = recall(draftKey) ?? "";
      panels.close();
      refresh();
    },
  };
}

/** While a Japanese or Chinese word is being chosen, Enter belongs to the input method (229: Safari says it only so). */
function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

function createPanels() {
  const pairs = [["emoji-toggle", "emoji-panel"], ["plus-toggle", "plus-panel"]].map(([button, panel]) => [byId(button), byId(panel)]);
  const show = (wanted) => {
    for (const [button, panel] of pairs) {
      panel.hidden = panel !== wanted;
      button.setAttribute("aria-expanded", String(panel === wanted));
    }
  };
  for (const [button, panel] of pairs) button.addEventListener("click", () => show(panel.hidden ? panel : null));
  return { close: () => show(null) };
}

function offerPlus(onSend, close) {
  const offers = [
    ["picture", () => byId("picture-input").click()],
    ["video", () => byId("video-input").click()],
    ["voice", () => byId("voice-input").click()],
    ["file", () => byId("file-input").click()],
    ["location", () => sendLocation(onSend)],
    ["link", () => sendLink(onSend)],
  ];
  const draw = () => byId("plus-panel").replaceChildren(...offers.map(([name, run]) => plusButton(name, () => {
    close();
    run();
  })));
  draw();
  onLanguage(draw);
  for (const [type, name] of [["image", "picture"], ["voice", "voice"], ["video", "video"], ["file", "file"]]) sendFiles(byId(`${name}-input`), type, onSend);
}

function plusButton(name, run) {
  return el("button", { type: "button", class: "plus-offer", data: { testid: `phone-plus-${name}` }, on: { click: run } },
    el("span", { class: "plus-icon" }, icon(name)), el("span", {}, t(`plus.${name}`)));
}

function sendFiles(input, type, onSend) {
  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = "";
    for (const file of files) await onSend({ type }, file);
  });
}

async function sendLocation(onSend) {
  const answer = await ask({
    title: t("sheet.location_title"),
    submit: t("sheet.send"),
    fields: [
      { name: "label", label: t("sheet.place"), value: t("sheet.place_value"), required: true },
      { name: "location_x", label: t("sheet.latitude"), value: "35.681236", type: "number", step: "any", required: true },
      { name: "location_y", label: t("sheet.longitude"), value: "139.767125", type: "number", step: "any", required: true },
    ],
  });
  if (answer) onSend({ type: "location", label: answer.label, location_x: Number(answer.location_x), location_y: Number(answer.location_y), scale: 16 });
}

async function sendLink(onSend) {
  const answer = await ask({
    title: t("sheet.link_title"),
    submit: t("sheet.send"),
    fields: [
      { name: "title", label: t("sheet.title"), required: true },
      { name: "description", label: t("sheet.description") },
      { name: "url", label: t("sheet.url"), value: "https://", type: "url", required: true },
    ],
  });
  if (answer) onSend({ type: "link", ...answer });
}
