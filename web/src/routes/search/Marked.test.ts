import { expect, it } from "vitest";
import { partsOf } from "./Marked";

const texts = (snippet: string, marks: { start: number; end: number }[]) =>
  partsOf(snippet, marks).map(({ text, marked }) => (marked ? `[${text}]` : text));

it("marks_are_characters_and_not_utf16_units", () => {
  expect(texts("😀退款𠮷野家", [{ start: 1, end: 3 }])).toEqual(["😀", "[退款]", "𠮷野家"]);
  expect(texts("😀😀x", [{ start: 1, end: 2 }])).toEqual(["😀", "[😀]", "x"]);
});

it("a_text_may_begin_and_end_with_marks_or_have_none", () => {
  expect(texts("ab", [{ start: 0, end: 2 }])).toEqual(["[ab]"]);
  expect(texts("abc", [])).toEqual(["abc"]);
});
