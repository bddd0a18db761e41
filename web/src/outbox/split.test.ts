import { expect, it } from "vitest";
import { byteLength, splitText } from "./split";

it("leaves_a_text_at_the_limit_whole", () => {
  expect(splitText("a".repeat(2048))).toEqual(["a".repeat(2048)]);
});

it("splits_chinese_text_by_bytes_and_loses_nothing", () => {
  const text = "订单已经发出,请注意查收。".repeat(120);
  const parts = splitText(text);
  expect(parts.length).toBeGreaterThan(1);
  expect(parts.every((part) => byteLength(part) <= 2048)).toBe(true);
  expect(parts.join("")).toBe(text);
  expect(parts[0]?.endsWith("。")).toBe(true);
});

it("never_cuts_through_an_emoji", () => {
  const family = "👨‍👩‍👧‍👦";
  const parts = splitText(family.repeat(200));
  expect(parts.join("")).toBe(family.repeat(200));
  expect(parts.every((part) => part.length % family.length === 0)).toBe(true);
});

it("makes_nothing_of_white_space", () => {
  expect(splitText(" \n ")).toEqual([]);
});

it("ends_on_a_text_without_any_good_place_to_cut", () => {
  const marks = `e${"\u0301".repeat(3000)}`;
  expect(splitText(marks).join("")).toBe(marks);
});
