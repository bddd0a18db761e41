import { expect, it } from "vitest";
import { mergeFirstPage } from "./inbox";
import type { Conversation } from "./types";

const page = (ids: string, next: string | null) => ({
  items: [...ids].map((id) => ({ id }) as Conversation),
  next_cursor: next,
});
const ids = (data: ReturnType<typeof mergeFirstPage>) =>
  data.pages.map((one) => one.items.map((item) => item.id).join(""));
const list = (...pages: ReturnType<typeof page>[]) => ({
  pages,
  pageParams: pages.map(() => null),
});

it("a_row_that_slid_off_the_first_page_is_not_lost", () => {
  const data = list(page("abc", "1"), page("def", "2"));
  expect(ids(mergeFirstPage(data, page("xab", "1"), new Set(["x"])))).toEqual(["xab", "cdef"]);
});

it("a_row_that_rose_to_the_top_is_shown_once", () => {
  const data = list(page("abc", "1"), page("def", "2"));
  expect(ids(mergeFirstPage(data, page("eab", "1"), new Set(["e"])))).toEqual(["eab", "cdf"]);
});

it("a_changed_row_that_is_gone_from_the_top_left_the_view", () => {
  const data = list(page("abc", "1"), page("def", "2"));
  expect(ids(mergeFirstPage(data, page("acd", "1"), new Set(["b"])))).toEqual(["acd", "ef"]);
});

it("a_single_page_is_replaced", () => {
  expect(ids(mergeFirstPage(list(page("abc", null)), page("ab", null), new Set()))).toEqual(["ab"]);
});
