import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keys } from "./keys";
import { loadOlder, mergeMessages, type Thread, threadQuery } from "./thread";
import type { Message } from "./types";

const message = (seq: number, text = "") => ({ id: `ms_${seq}`, seq, text }) as Message;
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => message(from + i));

let total = 0;
let client = new QueryClient();

beforeEach(() => {
  client = new QueryClient();
  vi.stubGlobal("fetch", (url: string) => {
    const query = new URL(url, "http://desk").searchParams;
    const limit = Number(query.get("limit"));
    const before = Number(query.get("before") ?? total + 1);
    const items = range(Math.max(1, before - limit), before - 1);
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
