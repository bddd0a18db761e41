import { beforeEach, expect, it } from "vitest";
import { changeLanguage, startTexts } from "../i18n";
import { dayHeading, dayOf, duration, fullTime, playLength, setZone, shortTime } from "./time";

await startTexts("en");
const now = new Date("2026-11-22T04:00:00Z");

beforeEach(async () => {
  setZone("Asia/Shanghai");
  await changeLanguage("en");
});

it("shows_today_as_a_clock_in_the_agents_zone", () => {
  expect(shortTime("2026-11-22T03:05:00Z", now)).toBe("11:05");
});

it("decides_the_day_by_the_agents_zone", () => {
  expect(dayOf("2026-11-21T16:30:00Z")).toBe("2026-11-22");
  setZone("Europe/Berlin");
  expect(dayOf("2026-11-21T16:30:00Z")).toBe("2026-11-21");
});

it.each([
  ["en", "Thu 12:05"],
  ["ja", "木 12:05"],
  ["zh-CN", "周四 12:05"],
] as const)("puts the day of this week before the hour in %s", async (language, shown) => {
  await changeLanguage(language);
  expect(shortTime("2026-11-19T04:05:00Z", now)).toBe(shown);
});

it("ends the full time with hour and zone, in Chinese too", async () => {
  await changeLanguage("zh-CN");
  expect(fullTime("2026-11-19T04:05:00Z")).toBe("2026年11月19日周四 12:05 GMT+8");
});

it("names_today_and_yesterday", () => {
  expect(dayHeading("2026-11-22T01:00:00Z", now)).toBe("Today");
  expect(dayHeading("2026-11-20T17:00:00Z", now)).toBe("Yesterday");
});

it.each([
  ["en", "2 h 10 min", "2 d 3 h"],
  ["ja", "2時間10分", "2日3時間"],
  ["zh-CN", "2小时10分", "2天3小时"],
] as const)("writes durations as %s does", async (language, hours, days) => {
  await changeLanguage(language);
  expect(duration(130 * 60_000)).toBe(hours);
  expect(duration(51 * 3_600_000)).toBe(days);
});

it("writes_the_length_of_a_recording", () => {
  expect(playLength(12_300)).toBe("0:12");
  expect(playLength(61_000)).toBe("1:01");
});
