import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Message } from "../api/types";
import { Outbox, type Outgoing } from "./outbox";

const message: Outgoing = {
  client_id: "c1",
  conversation_id: "cv_1",
  kind: "text",
  text: "hello",
  created_at: "2026-11-22T10:00:00Z",
};
const stored = () => JSON.parse(localStorage.getItem("kefu.outbox.ag_1") ?? "[]") as Outgoing[];
const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const accepted = (body: { client_id: string }) => answer(202, { id: "ms_1", ...body });

let posts: { client_id: string; stored: number }[] = [];
let answers: (() => Promise<Response>)[] = [];
let boxes: Outbox[] = [];

function open(handed: (message: Message) => void = () => {}) {
  const box = new Outbox("ag_1", handed);
  boxes.push(box);
  return box;
}

beforeEach(() => {
  posts = [];
  answers = [];
  vi.useFakeTimers();
  vi.stubGlobal("fetch", (_url: string, init: { body: string }) => {
    const body = JSON.parse(init.body) as { client_id: string };
    posts.push({ client_id: body.client_id, stored: stored().length });
    return (answers.shift() ?? (() => Promise.resolve(accepted(body))))();
  });
});

afterEach(() => {
  for (const box of boxes) box.stop();
  boxes = [];
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("stores_a_message_before_its_post_and_forgets_it_after_the_answer", async () => {
  const handed: string[] = [];
  open((m) => handed.push(m.id)).add([message]);
  await vi.runAllTimersAsync();
  expect(posts).toEqual([{ client_id: "c1", stored: 1 }]);
  expect(stored()).toEqual([]);
  expect(handed).toEqual(["ms_1"]);
});

it("repeats_the_same_post_after_a_reload", async () => {
  answers.push(() => new Promise(() => {}));
  open().add([message]);
  await vi.advanceTimersByTimeAsync(10);
  boxes[0]?.stop();
  open();
  await vi.runAllTimersAsync();
  expect(posts.map((post) => post.client_id)).toEqual(["c1", "c1"]);
  expect(stored()).toEqual([]);
});

it("keeps_the_order_when_the_first_try_is_lost", async () => {
  answers.push(() => Promise.reject(new TypeError("network")));
  open().add([message, { ...message, client_id: "c2" }]);
  await vi.runAllTimersAsync();
  expect(posts.map((post) => post.client_id)).toEqual(["c1", "c1", "c2"]);
});

it("keeps_a_refused_message_with_its_reason_and_goes_on_with_the_next", async () => {
  answers.push(() => Promise.resolve(answer(409, { error: { code: "window_closed" } })));
  const box = open();
  box.add([message, { ...message, client_id: "c2" }]);
  await vi.runAllTimersAsync();
  expect(stored()).toMatchObject([{ client_id: "c1", refused: { code: "window_closed" } }]);
  expect(posts.map((post) => post.client_id)).toEqual(["c1", "c2"]);
  box.discard("c1");
  expect(stored()).toEqual([]);
});
