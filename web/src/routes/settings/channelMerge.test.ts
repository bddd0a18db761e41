import { expect, it } from "vitest";
import { emptyChannel } from "./channelFields";
import { mergeChannel, otherChanges } from "./channelMerge";

const base = { ...emptyChannel, name: "Shop", token: "aaa" };

it("what_the_other_changed_is_taken_over_and_what_was_typed_here_stays", () => {
  const mine = { ...base, name: "My shop" };
  const theirs = { ...base, token: "bbb" };
  expect(mergeChannel(base, mine, theirs)).toEqual({ ...base, name: "My shop", token: "bbb" });
  expect(otherChanges(base, mine, theirs)).toEqual([{ name: "token", theirs: "bbb", both: false }]);
});

it("a_field_changed_by_both_keeps_what_was_typed_here_and_is_told", () => {
  const mine = { ...base, name: "My shop" };
  const theirs = { ...base, name: "Their shop" };
  expect(mergeChannel(base, mine, theirs).name).toBe("My shop");
  expect(otherChanges(base, mine, theirs)).toEqual([
    { name: "name", theirs: "Their shop", both: true },
  ]);
});

it("the_same_change_by_both_is_no_difference", () => {
  const same = { ...base, department_ids: ["dp_1", "dp_2"] };
  expect(otherChanges(base, same, { ...same, department_ids: ["dp_2", "dp_1"] })).toEqual([]);
});
