// Voice bubbles: their length, and playing them. Browsers do not know AMR: such a recording is saved instead.

import { el } from "./dom.mjs";
import { icon } from "./icons.mjs";
import { t } from "./i18n.mjs";
import { toast } from "./toast.mjs";

/** Bytes of one 20 ms frame by its mode, header byte included (3GPP TS 26.101 and 26.201). */
const NARROW = [13, 14, 16, 18, 20, 21, 27, 32, 6, 1, 1, 1, 1, 1, 1, 1];
const WIDE = [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 1, 1, 1, 1, 1, 1];
const FRAMES_PER_SECOND = 50;
const LONGEST_SECONDS = 60;

const lengths = new Map();
let playing = null;

/** `file`: the recording itself, while it is not on the simulator yet. */
export function voice(url, key, file) {
  const words = el("span", { class: "voice-length" });
  const button = el("button", { type: "button", class: "bubble voice" }, icon("wave"), words);
  const write = (seconds) => {
    words.textContent = seconds ? `${seconds}″` : "";
    button.style.setProperty("--seconds", Math.min(seconds, LONGEST_SECONDS));
    button.setAttribute("aria-label", seconds ? t("bubble.voice", { seconds }) : t("bubble.voice_unknown"));
  };
  write(0);
  lengthOf(url, key, file).then(write);
  button.addEventListener("click", () => play(url, button));
  return button;
}

/** Seconds of an AMR recording, or null when the bytes are something else. */
export function amrSeconds(bytes) {
  const head = new TextDecoder().decode(bytes.subarray(0, 9));
  if (head === "#!AMR-WB\n") return countFrames(bytes, 9, WIDE);
  return head.startsWith("#!AMR\n") ? countFrames(bytes, 6, NARROW) : null;
}

function countFrames(bytes, start, sizes) {
  let frames = 0;
  for (let at = start; at < bytes.length; at += sizes[(bytes[at] >> 3) & 15]) frames += 1;
  return Math.max(1, Math.round(frames / FRAMES_PER_SECOND));
}

function lengthOf(url, key, file) {
  if (!lengths.has(key)) lengths.set(key, measure(url, file).catch(() => 0));
  return lengths.get(key);
}

async function measure(url, file) {
  const source = file ?? (await fetch(url));
  const bytes = new Uint8Array(await source.arrayBuffer());
  return amrSeconds(bytes) ?? playableSeconds(url);
}

function playableSeconds(url) {
  const audio = new Audio();
  audio.preload = "metadata";
  return new Promise((resolve) => {
    audio.onloadedmetadata = () => resolve(Number.isFinite(audio.duration) ? Math.max(1, Math.round(audio.duration)) : 0);
    audio.onerror = () => resolve(0);
    audio.src = url;
  });
}

async function play(url, button) {
  const same = playing?.button === button;
  playing?.stop();
  if (same) return;
  const audio = new Audio(url);
  const stop = () => {
    audio.pause();
    button.classList.remove("voice-playing");
    playing = null;
  };
  audio.onended = stop;
  playing = { button, stop };
  button.classList.add("voice-playing");
  try {
    await audio.play();
  } catch (error) {
    if (error.name === "AbortError") return;
    stop();
    save(url);
  }
}

function save(url) {
  const link = el("a", { href: url, download: "voice.amr" });
  link.click();
  toast(t("bubble.voice_unplayable"));
}
