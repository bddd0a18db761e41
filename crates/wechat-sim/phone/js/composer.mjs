// Where the follower writes: text, emoji, stickers, voice, and what the plus panel offers. What was typed is kept per follower.

import { composeLink, composeLocation, composeMiniProgram } from "./compose.mjs";
import { el, part } from "./dom.mjs";
import { fillEmoji } from "./emoji.mjs";
import { icon } from "./icons.mjs";
import { t } from "./i18n.mjs";
import { keep, recall } from "./kept.mjs";
import { createRecorder } from "./record.mjs";
import { fillStickers } from "./stickers.mjs";

/** File inputs by the type of message that they make. */
const INPUTS = { image: "picture", voice: "voice", video: "video", file: "file" };

/** `onSend(message, file?)` gets a message in the control API's words; `onScan()` is asked for by the plus panel. */
export function createComposer(root, { onSend, onScan }) {
  const text = part(root, "text");
  const panels = createPanels(root);
  const recorder = createRecorder(root, (file) => onSend({ type: "voice" }, file));
  const mode = createMode(root, () => {
    panels.close();
    recorder.cancel();
  });
  let draftKey = null;

  const refresh = () => {
    const empty = text.value.trim() === "";
    part(root, "send").hidden = empty || mode.isTalking();
    part(root, "plus-toggle").hidden = !part(root, "send").hidden;
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
  part(root, "form").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  part(root, "voice-toggle").addEventListener("click", () => {
    mode.set(!mode.isTalking());
    refresh();
  });
  fillEmoji(part(root, "emoji-list"), (emoji) => {
    if (mode.isTalking()) mode.set(false);
    text.setRangeText(emoji, text.selectionStart, text.selectionEnd, "end");
    changed();
  });
  for (const [type, name] of Object.entries(INPUTS)) sendFiles(part(root, `${name}-input`), type, onSend);

  const translateParts = () => {
    fillStickers(part(root, "sticker-list"), onSend);
    fillPlus(root, offers(root, onSend, onScan), panels.close);
    mode.draw();
    recorder.draw();
  };

  return {
    /** Another follower's phone: its own unsent text comes back. */
    open(key) {
      draftKey = `draft.${key}`;
      text.value = recall(draftKey) ?? "";
      panels.close();
      recorder.cancel();
      mode.set(false);
      refresh();
    },
    focus: () => text.focus(),
    translate: translateParts,
    refresh,
  };
}

/** While a Japanese or Chinese word is being chosen, Enter belongs to the input method (229: Safari says it only so). */
function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

/** Writing or talking: one takes the other's place. */
function createMode(root, onChange) {
  const toggle = part(root, "voice-toggle");
  let talking = false;
  const draw = () => {
    part(root, "text").hidden = talking;
    part(root, "talk").hidden = !talking;
    toggle.replaceChildren(icon(talking ? "keyboard" : "mic"));
    const label = t(talking ? "composer.write" : "composer.talk");
    toggle.setAttribute("aria-label", label);
    toggle.title = label;
  };
  return {
    draw,
    isTalking: () => talking,
    set(wanted) {
      if (wanted !== talking) onChange();
      talking = wanted;
      draw();
    },
  };
}

function createPanels(root) {
  const pairs = [["emoji-toggle", "emoji-panel"], ["plus-toggle", "plus-panel"]].map((names) => names.map((name) => part(root, name)));
  const show = (wanted) => {
    for (const [button, panel] of pairs) {
      panel.hidden = panel !== wanted;
      button.setAttribute("aria-expanded", String(panel === wanted));
    }
  };
  for (const [button, panel] of pairs) button.addEventListener("click", () => show(panel.hidden ? panel : null));
  return { close: () => show(null) };
}

function offers(root, onSend, onScan) {
  const pick = (name) => () => part(root, `${name}-input`).click();
  const composed = (compose) => async () => {
    const message = await compose();
    if (message) onSend(message);
  };
  return [
    ["picture", pick("picture")],
    ["video", pick("video")],
    ["file", pick("file")],
    ["location", composed(composeLocation)],
    ["link", composed(composeLink)],
    ["miniprogram", composed(composeMiniProgram)],
    ["voice", pick("voice")],
    ["scan", onScan],
  ];
}

function fillPlus(root, wanted, close) {
  const offer = ([name, run]) => el("button", {
    type: "button",
    class: "plus-offer",
    data: { testid: `phone-plus-${name}` },
    on: {
      click: () => {
        close();
        run();
      },
    },
  }, el("span", { class: "plus-icon" }, icon(name)), el("span", {}, t(`plus.${name}`)));
  part(root, "plus-panel").replaceChildren(...wanted.map(offer));
}

function sendFiles(input, type, onSend) {
  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = "";
    for (const file of files) await onSend({ type }, file);
  });
}
