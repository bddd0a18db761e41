/** Times and durations as people of each language write them, in the agent's time zone. */
import i18next from "i18next";
import { deskNow } from "./deskClock";

let zone: string | undefined;

/** The agent's own zone; undefined follows the browser. */
export function setZone(timeZone: string | null | undefined): void {
  zone = timeZone || undefined;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(
  options: Intl.DateTimeFormatOptions,
  language = i18next.language,
): Intl.DateTimeFormat {
  const key = `${language}|${zone}|${JSON.stringify(options)}`;
  let found = formatters.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(language, { timeZone: zone, ...options });
    formatters.set(key, found);
  }
  return found;
}

const DAY: Intl.DateTimeFormatOptions = { year: "numeric", month: "2-digit", day: "2-digit" };
const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** The calendar day in the agent's zone, as a sortable text. */
export function dayOf(time: string | number | Date): string {
  // Canada writes the year first.
  return formatter(DAY, "en-CA").format(new Date(time));
}

function daysAgo(time: string | number | Date, now: Date): number {
  return Math.round((Date.parse(dayOf(now)) - Date.parse(dayOf(time))) / 86_400_000);
}

export const clockTime = (time: string) => formatter(CLOCK).format(new Date(time));

/** Today "14:05", this week weekday and time, older the date. */
export function shortTime(time: string, now = deskNow()): string {
  const age = daysAgo(time, now);
  const date = new Date(time);
  if (age === 0) return formatter(CLOCK).format(date);
  if (age > 0 && age < 7) {
    // The day first in every language: in a column the eye compares days before hours.
    return `${formatter({ weekday: "short" }).format(date)} ${formatter(CLOCK).format(date)}`;
  }
  if (dayOf(time).slice(0, 4) === dayOf(now).slice(0, 4)) {
    return formatter({ month: "short", day: "numeric" }).format(date);
  }
  return formatter({ year: "numeric", month: "short", day: "numeric" }).format(date);
}

/** A time of today as the clock shows it, any other with its day: for "sent …". */
export function preciseTime(time: string, now = deskNow()): string {
  if (daysAgo(time, now) === 0) return clockTime(time);
  return formatter({ month: "short", day: "numeric", ...CLOCK }).format(new Date(time));
}

/** Day, hour and zone, in this order in every language: Chinese would put the zone before the hour. */
export function fullTime(time: string): string {
  const date = new Date(time);
  const day = formatter({ year: "numeric", month: "long", day: "numeric", weekday: "short" });
  const named = formatter({ hour: "numeric", timeZoneName: "short" }).formatToParts(date);
  const zoneName = named.find(({ type }) => type === "timeZoneName")?.value ?? "";
  return `${day.format(date)} ${formatter(CLOCK).format(date)} ${zoneName}`;
}

/** The heading between the messages of two days. */
export function dayHeading(time: string, now = deskNow()): string {
  const age = daysAgo(time, now);
  if (age === 0) return i18next.t("thread.today");
  if (age === 1) return i18next.t("thread.yesterday");
  const sameYear = dayOf(time).slice(0, 4) === dayOf(now).slice(0, 4);
  return formatter({
    weekday: "short",
    month: "long",
    day: "numeric",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(new Date(time));
}

/** "2 h 10 min" / 「2時間10分」 / 「2小时10分」. */
export function duration(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return i18next.t("duration.now");
  if (minutes < 60) return i18next.t("duration.m", { m: minutes });
  const hours = Math.floor(minutes / 60);
  const m = minutes % 60;
  if (hours < 48) return i18next.t(m ? "duration.hm" : "duration.h", { h: hours, m });
  const h = hours % 24;
  return i18next.t(h ? "duration.dh" : "duration.d", { d: Math.floor(hours / 24), h });
}

/** The length of a recording: 0:12. */
export function playLength(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A size as people write it; rounded up, a size over a limit never looks like the limit. */
export function bytes(count: number, rounding: "near" | "up" = "near"): string {
  const [value, unit] =
    count >= 1_048_576 ? [count / 1_048_576, "megabyte"] : [count / 1024, "kilobyte"];
  const shown = rounding === "up" ? Math.ceil(value * 100) / 100 : value;
  return new Intl.NumberFormat(i18next.language, {
    style: "unit",
    unit,
    maximumFractionDigits: rounding === "up" ? 2 : value < 10 ? 1 : 0,
  }).format(shown);
}
