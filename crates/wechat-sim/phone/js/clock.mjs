// The simulator's time, and how WeChat writes times into a chat.

import { clock } from "./api.mjs";
import { language, t } from "./i18n.mjs";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** WeChat writes a time above a message that comes this long after the one before it. */
const STAMP_GAP = 5 * MINUTE;

let shift = 0;

/** The simulator's now, in milliseconds. */
export function simNow() {
  return Date.now() + shift;
}

export async function readClock() {
  const asked = Date.now();
  const { now } = await clock();
  shift = toMillis(now) - (asked + Date.now()) / 2;
}

/** A time of the control API: a text, or milliseconds. */
export function toMillis(value) {
  return typeof value === "number" ? value : Date.parse(value);
}

export function needsStamp(previous, next) {
  return previous === null || next - previous >= STAMP_GAP;
}

/** "14:05", "Yesterday 14:05", "Wednesday 14:05", "20 November 14:05", with the year when it is another. */
export function stamp(at, now = simNow()) {
  const days = Math.round((midnight(now) - midnight(at)) / DAY);
  if (days <= 0) return hours(at);
  if (days === 1) return t("time.yesterday", { time: hours(at) });
  if (days > 1 && days < 7) return `${format(at, { weekday: "long" })} ${hours(at)}`;
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const date = format(at, { year: sameYear ? undefined : "numeric", month: "long", day: "numeric" });
  return `${date} ${hours(at)}`;
}

/** For lists: "14:05", "Wed", "20/11/2026". */
export function shortStamp(at, now = simNow()) {
  const days = Math.round((midnight(now) - midnight(at)) / DAY);
  if (days <= 0) return hours(at);
  if (days < 7) return format(at, { weekday: "short" });
  return format(at, { year: "numeric", month: "numeric", day: "numeric" });
}

/** Changes when the simulator's day does. */
export function today() {
  return midnight(simNow());
}

export function hours(at) {
  return format(at, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** "27 Nov, 22:28" */
export function dayTime(at) {
  return format(at, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

export function fullTime(at) {
  return `${format(at, { year: "numeric", month: "long", day: "numeric", weekday: "short" })} ${hours(at)}`;
}

function format(at, options) {
  return new Intl.DateTimeFormat(language() === "en" ? "en-GB" : language(), options).format(at);
}

function midnight(at) {
  return new Date(at).setHours(0, 0, 0, 0);
}
