import { expect, it } from "vitest";
import { startTexts } from "../../i18n";
import { channelDoubts, channelProblems, emptyChannel } from "./channelRules";

await startTexts("en");
const good = {
  ...emptyChannel,
  name: "Shop",
  original_id: "gh_0123456789ab",
  app_id: "wx0123456789abcdef",
  app_secret: "s",
  token: "t".repeat(32),
  encoding_aes_key: "k".repeat(43),
  department_ids: ["dp_1"],
};

it("a_complete_form_has_no_problem_and_no_doubt", () => {
  expect(channelProblems(good, false)).toEqual({});
  expect(channelDoubts(good)).toEqual({});
});

it.each([
  ["token", "t".repeat(33)],
  ["token", "tt"],
  ["token", "with-dash"],
  ["encoding_aes_key", "k".repeat(42)],
  ["encoding_aes_key", "k".repeat(44)],
  ["name", " "],
  ["name", "n".repeat(101)],
] as const)("%s %s is named as the problem", (field, value) => {
  expect(Object.keys(channelProblems({ ...good, [field]: value }, false))).toEqual([field]);
});

it("an_empty_secret_is_right_only_where_one_is_stored", () => {
  expect(channelProblems({ ...good, app_secret: "" }, true)).toEqual({});
  expect(channelProblems({ ...good, app_secret: "" }, false)).toHaveProperty("app_secret");
});

it("an_odd_app_id_is_a_doubt_and_no_problem", () => {
  const odd = { ...good, app_id: "abc" };
  expect(channelProblems(odd, false)).toEqual({});
  expect(channelDoubts(odd)).toHaveProperty("app_id");
});

it("a_department_is_needed", () => {
  expect(channelProblems({ ...good, department_ids: [] }, false)).toHaveProperty("department_ids");
});
