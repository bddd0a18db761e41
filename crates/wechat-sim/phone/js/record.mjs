// "Hold to talk": a recording starts when the bar is pressed and leaves when it is let go. Sliding up gives it up.
// From the keyboard one press starts it, the next sends it, and Escape gives it up.

import { canRecord, record } from "./amr.mjs";
import { part } from "./dom.mjs";
import { t } from "./i18n.mjs";
import { toast } from "./toast.mjs";

/** WeChat ends a voice message by itself at this length. */
const LONGEST_MS = 60_000;
/** A shorter one was a slip of the finger. */
const SHORTEST_MS = 600;
/** So far above the bar a finger gives up. */
const GIVE_UP_PX = 60;
const TICK_MS = 200;

/** `onVoice(file)` gets each recording. Answers `{cancel}`. */
export function createRecorder(root, onVoice) {
  const bar = part(root, "talk");
  const overlay = part(root, "recording");
  const words = part(root, "recording-words");
  const length = part(root, "recording-length");
  let current = null;

  const draw = () => {
    const { since, giveUp } = current ?? {};
    overlay.hidden = !current;
    overlay.dataset.giveUp = String(Boolean(giveUp));
    bar.setAttribute("aria-pressed", String(Boolean(current)));
    bar.textContent = t(current ? "voice.release" : "voice.hold");
    words.textContent = t(giveUp ? "voice.give_up" : "voice.slide");
    length.textContent = `${Math.floor(since ? (performance.now() - since) / 1_000 : 0)}″`;
  };

  const start = async () => {
    if (current) return;
    if (!canRecord()) {
      toast(t("voice.unsupported"));
      return;
    }
    const mine = { recording: null, since: null, giveUp: false, done: false };
    current = mine;
    mine.ticking = setInterval(() => tick(mine), TICK_MS);
    draw();
    try {
      mine.recording = await record();
    } catch {
      stop(mine);
      toast(t("voice.no_microphone"));
      return;
    }
    // Let go while the browser still asked for the microphone.
    if (mine.done) mine.recording.cancel();
    mine.since = performance.now();
    draw();
  };

  const tick = (mine) => {
    if (mine.since && performance.now() - mine.since >= LONGEST_MS) finish();
    else draw();
  };

  const stop = (mine) => {
    mine.done = true;
    clearInterval(mine.ticking);
    if (current === mine) current = null;
    draw();
  };

  const cancel = () => {
    const mine = current;
    if (!mine) return;
    stop(mine);
    mine.recording?.cancel();
  };

  const finish = async () => {
    const mine = current;
    if (!mine) return;
    const lasted = mine.since ? performance.now() - mine.since : 0;
    if (mine.giveUp || lasted < SHORTEST_MS) {
      cancel();
      if (!mine.giveUp) toast(t("voice.too_short"));
      return;
    }
    stop(mine);
    onVoice(await mine.recording.finish());
  };

  bar.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    // A touch screen would otherwise move the page or open its own menu.
    event.preventDefault();
    bar.focus();
    bar.setPointerCapture(event.pointerId);
    start();
  });
  bar.addEventListener("pointermove", (event) => {
    if (!current || !bar.hasPointerCapture(event.pointerId)) return;
    current.giveUp = event.clientY < bar.getBoundingClientRect().top - GIVE_UP_PX;
    draw();
  });
  bar.addEventListener("pointerup", finish);
  bar.addEventListener("pointercancel", cancel);
  bar.addEventListener("contextmenu", (event) => event.preventDefault());
  bar.addEventListener("keydown", (event) => {
    if (event.key === "Escape") cancel();
    if (event.repeat || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    if (current) finish();
    else start();
  });
  draw();
  return { cancel, draw };
}
