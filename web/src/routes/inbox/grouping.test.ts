import { expect, it } from "vitest";
import type { Message } from "../../api/types";
import { setZone } from "../../format/time";
import { blocksOf, firstUnread } from "./grouping";

setZone("UTC");
let seq = 0;
const message = (time: string, more: Partial<Message> = {}) =>
  ({
    id: `ms_${++seq}`,
    seq,
    direction: "in",
    kind: "text",
    author_id: null,
    created_at: `2026-11-22T${time}Z`,
    ...more,
  }) as Message;
const shape = (messages: Message[]) =>
  blocksOf(messages, null).map((b) => (b.is === "group" ? b.messages.length : b.is));

it("messages_of_one_author_within_two_minutes_stand_together", () => {
  expect(shape([message("10:00:00"), message("10:01:59"), message("10:03:59")])).toEqual([
    "day",
    2,
    1,
  ]);
});

it("an_answer_begins_a_new_group", () => {
  const answer = message("10:00:10", { direction: "out", author_id: "ag_1" });
  expect(shape([message("10:00:00"), answer, message("10:00:20")])).toEqual(["day", 1, 1, 1]);
});

it("two_agents_do_not_share_a_group", () => {
  const by = (author_id: string) => message("10:00:00", { direction: "out", author_id });
  expect(shape([by("ag_1"), by("ag_2")])).toEqual(["day", 1, 1]);
});

it("a_note_and_a_system_line_stand_alone", () => {
  const note = message("10:00:05", { kind: "note", direction: "internal" });
  const line = message("10:00:06", { kind: "system", direction: "internal" });
  expect(shape([message("10:00:00"), note, line, message("10:00:07")])).toEqual([
    "day",
    1,
    "note",
    "system",
    1,
  ]);
});

it("a_new_day_has_a_heading", () => {
  const late = message("23:59:59");
  const early = { ...message("00:00:01"), created_at: "2026-11-23T00:00:01Z" };
  expect(shape([late, early])).toEqual(["day", 1, "day", 1]);
});

it("where_everything_is_new_nothing_is_marked_as_new", () => {
  const a = message("10:00:00");
  const reply = message("10:01:00", { direction: "out" });
  expect(blocksOf([a, reply], a.seq).map(({ is }) => is)).toEqual(["day", "group", "group"]);
  expect(blocksOf([a, reply], reply.seq).map(({ is }) => is)).toContain("new");
});

it("the_unread_mark_stands_before_the_first_unread_message_of_the_customer", () => {
  const a = message("10:00:00");
  const reply = message("10:01:00", { direction: "out" });
  const b = message("10:02:00");
  const c = message("10:03:00");
  expect(firstUnread([a, reply, b, c], 2)).toBe(b.seq);
  expect(firstUnread([a, reply, b, c], 0)).toBeNull();
  expect(firstUnread([a], 5)).toBe(a.seq);
});
