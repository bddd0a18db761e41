import { beforeEach, expect, it } from "vitest";
import { cardProblem, keepLastProgram, readLastProgram } from "./cards";

beforeEach(() => localStorage.clear());

it.each([
  ["title", "好".repeat(64), null],
  ["title", "好".repeat(65), "too_long"],
  ["title", "  ", "required"],
  ["description", "", null],
  ["description", "好".repeat(121), "too_long"],
  ["url", "https://shop.example/a", null],
  ["url", "shop.example", "url_form"],
  ["url", "javascript:alert(1)", "url_form"],
  ["url", `https://a.b/${"x".repeat(1012)}`, null],
  ["url", `https://a.b/${"x".repeat(1013)}`, "too_long"],
  ["app_id", "wx0123456789abcdef", null],
  ["app_id", "wx0123", "app_id_form"],
  ["page_path", "", "required"],
])("%s %j is judged as the desk does", (name, value, code) => {
  expect(cardProblem(name, value)).toBe(code);
});

it("remembers_the_mini_program_of_each_channel", () => {
  keepLastProgram("ch_1", { app_id: "wx1", page_path: "p", title: "not this" });
  expect(readLastProgram("ch_1")).toEqual({ app_id: "wx1", page_path: "p" });
  expect(readLastProgram("ch_2")).toEqual({});
  localStorage.setItem("kefu.miniprogram.ch_3", "{");
  expect(readLastProgram("ch_3")).toEqual({});
});
