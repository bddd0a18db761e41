// Voice bubbles: their length, and playing them. What neither the browser nor the codec can play is saved instead.

import { playAmr } from "./amr.mjs";
import { el } from "./dom.mjs";
import { icon } from "./icons.mjs";
import { t } from "./i18n.mjs";
import { toast } from "./toast.mjs";

/** Bytes of one 20 ms frame by its mode, header byte included (3GPP TS 26.101 and 26.201). */
const NARROW = [13, 14, 16, 18, 20, 21, 27, 32, 6, 1, 1, 1, 1, 1, 1, 1];
const WIDE = [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 1, 1, 1, 1, 1, 1];
const NARROW_HEAD = "#!AMR\n";
const WIDE_HEAD = "#!AMR-WB\n";
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
  button.addEventListener("click", () => toggle(button, url, file));
  return button;
}

/** Seconds of an AMR recording, or null when the bytes are something else. */
export function amrSeconds(bytes) {
  if (startsWith(bytes, WIDE_HEAD)) return countFrames(bytes, WIDE_HEAD.length, WIDE);
  return startsWith(bytes, NARROW_HEAD) ? countFrames(bytes, NARROW_HEAD.length, NARROW) : null;
}

function startsWith(bytes, head) {
  return new TextDecoder("latin1").decode(bytes.subarray(0, head.length)) === head;
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
  return amrSeconds(new Uint8Array(await bytesOf(url, file))) ?? playableSeconds(url);
}

async function bytesOf(url, file) {
  return (file ?? (await fetch(url))).arrayBuffer();
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

/** One recording plays at a time; a second press stops it. */
async function toggle(button, url, file) {
  const same = playing?.button === button;
  playing?.end();
  if (same) return;
  const mine = { button, stop: () => {} };
  mine.end = () => {
    if (playing !== mine) return;
    playing = null;
    button.classList.remove("voice-playing");
    mine.stop();
  };
  playing = mine;
  button.classList.add("voice-playing");
  try {
    const stop = await begin(url, file, mine.end);
    if (playing === mine) mine.stop = stop;
    else stop();
  } catch (error) {
    mine.end();
    if (error.name !== "AbortError") save(url);
  }
}

/** Starts to play; answers what stops it. */
async function begin(url, file, onEnded) {
  const bytes = await bytesOf(url, file);
  if (startsWith(new Uint8Array(bytes), NARROW_HEAD)) return playAmr(bytes, onEnded);
  const audio = new Audio(url);
  audio.onended = onEnded;
  await audio.play();
  return () => audio.pause();
}

function save(url) {
  const link = el("a", { href: url, download: "voice.amr" });
  link.click();
  toast(t("bubble.voice_unplayable"));
}
