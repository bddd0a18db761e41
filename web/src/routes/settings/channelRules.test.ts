import { expect, it } from "vitest";
import { startTexts } from "../../i18n";
import { bodyOf, emptyChannel } from "./channelFields";
import { channelDoubts, channelProblems, surveyLimit, withinLimits } from "./channelRules";

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
  ["encoding_aes_key", `${"k".repeat(42)}=`],
  ["name", " "],
  ["name", "名".repeat(101)],
  ["original_id", "g".repeat(256)],
  ["app_id", ""],
] as const)("%s %s is named as the problem", (field, value) => {
  expect(Object.keys(channelProblems({ ...good, [field]: value }, false))).toEqual([field]);
});

it("token_and_key_may_be_empty_because_the_desk_makes_them", () => {
  expect(channelProblems({ ...good, token: "", encoding_aes_key: "" }, false)).toEqual({});
});

it("a_wrong_token_or_key_is_told_its_length", () => {
  const wrong = { ...good, token: "t".repeat(33), encoding_aes_key: "k".repeat(42) };
  const problems = channelProblems(wrong, false);
  expect(problems.token).toContain("33");
  expect(problems.encoding_aes_key).toContain("42");
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

it.each([
  ["window_hours", "745"],
  ["window_hours", ""],
  ["window_messages", "-1"],
  ["window_messages", "10001"],
  ["burst_seconds", "1.5"],
  ["burst_messages", "many"],
] as const)("the figure %s of %s is refused in a custom policy only", (field, value) => {
  const wrong = { ...good, [field]: value };
  expect(channelProblems(wrong, false)).toEqual({});
  const custom = { ...wrong, reply_policy: "custom" as const };
  expect(Object.keys(channelProblems(custom, false))).toEqual([field]);
});

it("an_empty_number_of_messages_means_no_limit", () => {
  const custom = { ...good, reply_policy: "custom" as const, window_messages: "" };
  expect(channelProblems(custom, false)).toEqual({});
  expect(bodyOf(custom, null).custom_policy).toEqual({
    window_ms: 172_800_000,
    window_messages: null,
    burst_ms: 60_000,
    burst_messages: 3,
    monthly_messages: 4,
  });
});

it.each([
  ["0", true],
  ["3650", true],
  ["3651", false],
  ["-1", false],
])("erasing after %s days is right: %s", (days, right) => {
  const fields = { ...good, unfollow_policy: "erase" as const, unfollow_days: days };
  expect(Object.keys(channelProblems(fields, false)).length === 0).toBe(right);
});

it("surveys_and_encryption_go_where_the_account_has_none", () => {
  const wish = { ...good, survey_enabled: true, encryption_mode: "safe" as const };
  expect(surveyLimit(wish)).toBeNull();
  expect(withinLimits(wish)).toEqual(wish);
  expect(surveyLimit({ ...wish, region: "other" })).toBe("survey_region");
  expect(withinLimits({ ...wish, region: "other" }).survey_enabled).toBe(false);
  const test = withinLimits({ ...wish, account_kind: "test" });
  expect([test.survey_enabled, test.encryption_mode]).toEqual([false, "plain"]);
});
