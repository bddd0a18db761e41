import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keys } from "./keys";
import {
  dropFarBack,
  loadMessage,
  loadNewer,
  loadNewest,
  loadOlder,
  mergeMessages,
  putMessages,
  type Thread,
  threadQuery,
} from "./thread";
import type { Message } from "./types";

const message = (seq: number, text = "") => ({ id: `ms_${seq}`, seq, text }) as Message;
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => message(from + i));

let total = 0;
let asked: string[] = [];
let client = new QueryClient();

beforeEach(() => {
  client = new QueryClient();
  asked = [];
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url);
    const one = /messages\/ms_(\d+)$/.exec(url)?.[1];
    if (one) return Promise.resolve(new Response(JSON.stringify(message(Number(one)))));
    const query = new URL(url, "http://desk").searchParams;
    const limit = Number(query.get("limit"));
    const after = query.get("after");
    const before = Number(query.get("before") ?? total + 1);
    const items = after
      ? range(Number(after) + 1, Math.min(total, Number(after) + limit))
      : range(Math.max(1, before - limit), before - 1);
    return Promise.resolve(new Response(JSON.stringify({ items, next_cursor: null })));
  });
});
afterEach(() => vi.unstubAllGlobals());

const thread = () => client.getQueryData<Thread>(keys.messages("cv_1"));
const read = () => client.fetchQuery({ ...threadQuery(client, "cv_1"), staleTime: 0 });

it("of_two_versions_of_a_message_the_later_read_counts", () => {
  expect(mergeMessages([message(1, "old")], [message(1, "new")])).toEqual([message(1, "new")]);
});

it("reads_the_newest_page_and_then_older_ones", async () => {
  total = 120;
  await read();
  expect(thread()).toMatchObject({ hasOlder: true });
  await loadOlder(client, "cv_1");
  await loadOlder(client, "cv_1");
  expect(thread()?.items).toHaveLength(120);
  expect(thread()?.hasOlder).toBe(false);
});

it("fills_the_gap_when_many_messages_came_while_away", async () => {
  total = 20;
  await read();
  total = 260;
  await read();
  expect(thread()?.items.map((m) => m.seq)).toEqual(range(1, 260).map((m) => m.seq));
});

const seqs = () => thread()?.items.map(({ seq }) => seq);
const numbers = (from: number, to: number) => range(from, to).map(({ seq }) => seq);

it("a_message_a_few_pages_back_is_reached_without_leaving_the_end", async () => {
  total = 300;
  await read();
  await loadMessage(client, "cv_1", "ms_180");
  expect(seqs()).toEqual(numbers(180, 300));
  expect(thread()).toMatchObject({ hasOlder: true, hasNewer: false });
});

it("a_message_far_back_is_shown_with_what_is_around_it_in_three_requests", async () => {
  total = 10_000;
  await read();
  asked = [];
  await loadMessage(client, "cv_1", "ms_4000");
  expect(asked).toHaveLength(3);
  expect(seqs()).toEqual(numbers(3970, 4029));
  expect(thread()).toMatchObject({ hasOlder: true, hasNewer: true });
  await loadOlder(client, "cv_1");
  await loadNewer(client, "cv_1");
  expect(seqs()).toEqual(numbers(3920, 4079));
});

it("far_back_nothing_of_the_end_is_put_in_between", async () => {
  total = 10_000;
  await read();
  await loadMessage(client, "cv_1", "ms_4000");
  total = 10_001;
  putMessages(client, "cv_1", [message(10_001), message(4000, "changed")]);
  await read();
  expect(seqs()).toEqual(numbers(3970, 4029));
  await loadNewest(client, "cv_1");
  expect(seqs()).toEqual(numbers(9952, 10_001));
  expect(thread()?.hasNewer).toBe(false);
});

it("reading_on_comes_to_the_end_and_follows_it_from_there", async () => {
  total = 400;
  await read();
  await loadMessage(client, "cv_1", "ms_10");
  for (let page = 0; page < 8; page++) await loadNewer(client, "cv_1");
  expect(seqs()).toEqual(numbers(1, 400));
  expect(thread()).toMatchObject({ hasOlder: false, hasNewer: false });
  total = 401;
  await read();
  expect(seqs()?.at(-1)).toBe(401);
});

it("whoever_comes_back_begins_at_the_end", async () => {
  total = 10_000;
  await read();
  dropFarBack(client, "cv_1");
  expect(thread()).toBeDefined();
  await loadMessage(client, "cv_1", "ms_4000");
  dropFarBack(client, "cv_1");
  expect(thread()).toBeUndefined();
});
