import { cleanup, fireEvent, screen } from "@testing-library/react";
import { createRef } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { conversation, draw, me } from "../../../tests/render";
import type { Conversation } from "../../api/types";
import { startTexts } from "../../i18n";
import { Composer, type ComposerHandle } from "./Composer";
import type { ConversationActions } from "./useConversationActions";

await startTexts("en");

const actions = {
  busy: null,
  pickUp: vi.fn(),
  end: vi.fn(),
  reopen: vi.fn(),
  unblock: vi.fn(),
  block: vi.fn(),
  transfer: vi.fn(),
} satisfies ConversationActions;
let posts: unknown[] = [];

const show = (change: Partial<Conversation> = {}, as = me) =>
  draw(
    <Composer
      ref={createRef<ComposerHandle>()}
      conversation={{ ...conversation, ...change }}
      actions={actions}
    />,
    as,
  );
const area = () => screen.getByTestId<HTMLTextAreaElement>("composer-text");
const write = (text: string) => fireEvent.change(area(), { target: { value: text } });
const stored = (key: string) => JSON.parse(localStorage.getItem(key) ?? "null");

beforeEach(() => {
  posts = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    // The sign of typing is a courtesy of its own (`typingSignal.test.ts`).
    if (url.endsWith("/typing")) return Promise.resolve(new Response(null, { status: 204 }));
    posts.push(JSON.parse(String(init.body)));
    return new Promise(() => {});
  });
});
afterEach(() => {
  cleanup();
  localStorage.clear();
  vi.clearAllMocks();
  vi.unstubAllGlobals();
});

it("enter_hands_over_what_was_written_and_empties_the_field", () => {
  show();
  write("您好");
  const id = stored("kefu.draft.ag_1.cv_1").client_id;
  fireEvent.keyDown(area(), { key: "Enter", keyCode: 13 });
  expect(posts).toEqual([{ client_id: id, kind: "text", text: "您好" }]);
  expect(area().value).toBe("");
  expect(stored("kefu.draft.ag_1.cv_1")).toBeNull();
});

it("enter_while_an_input_method_composes_sends_nothing", () => {
  show();
  write("にほん");
  fireEvent.keyDown(area(), { key: "Enter", keyCode: 13, isComposing: true });
  fireEvent.keyDown(area(), { key: "Enter", keyCode: 229 });
  expect(posts).toEqual([]);
  expect(area().value).toBe("にほん");
});

it("a_draft_is_there_again_after_a_reload", () => {
  show();
  write("half a sen");
  cleanup();
  show();
  expect(area().value).toBe("half a sen");
});

it("an_unassigned_conversation_says_why_and_offers_to_pick_up", () => {
  show({ reply: { ...conversation.reply, allowed: false, reason: "unassigned" } });
  expect(screen.queryByTestId("composer-text")).toBeNull();
  expect(screen.getByTestId("reply-gate").textContent).toContain("Nobody has picked this up yet.");
  fireEvent.click(screen.getByTestId("gate-pick-up"));
  expect(actions.pickUp).toHaveBeenCalledOnce();
});

it("another_agents_conversation_offers_to_take_over", () => {
  const reply = { ...conversation.reply, allowed: false, reason: "not_assignee" as const };
  show({ assignee_id: "ag_2", reply });
  expect(screen.getByTestId("reply-gate").textContent).toContain("With Li");
  fireEvent.click(screen.getByTestId("take-over"));
  expect(actions.pickUp).toHaveBeenCalledWith(true);
});

it("a_note_can_be_written_where_no_reply_can", () => {
  show({ reply: { ...conversation.reply, allowed: false, reason: "window_closed" } });
  fireEvent.click(screen.getByTestId("tab-note"));
  write("call back");
  fireEvent.click(screen.getByTestId("send"));
  expect(posts).toMatchObject([{ kind: "note", text: "call back" }]);
});

it("more_messages_than_are_left_are_not_sent", () => {
  show({ reply: { ...conversation.reply, remaining: 1 } });
  write("字".repeat(1000));
  fireEvent.keyDown(area(), { key: "Enter", keyCode: 13 });
  expect(posts).toEqual([]);
  expect(screen.getByTestId("composer").textContent).toContain(
    "This goes as 2 messages, but only 1 can still be sent.",
  );
});

it("the_part_that_fits_leaves_and_the_rest_stays_in_the_field", () => {
  show({ reply: { ...conversation.reply, remaining: 1 } });
  const first = `${"字".repeat(600)}。`;
  write(`${first}\n${"后".repeat(500)}`);
  fireEvent.click(screen.getByTestId("send-first"));
  expect(posts).toMatchObject([{ kind: "text", text: first }]);
  expect(area().value).toBe("后".repeat(500));
});

it("the_last_message_is_announced_before_it_is_sent", () => {
  show({ reply: { ...conversation.reply, remaining: 1 } });
  expect(screen.queryByTestId("cost")).toBeNull();
  write("您好");
  expect(screen.getByTestId("cost").textContent).toBe(
    "This is the last message until the customer answers.",
  );
});

it("what_the_next_messages_cost_is_said_while_they_are_written", () => {
  show({ reply: { ...conversation.reply, remaining: 4 } });
  write("short");
  expect(screen.getByTestId("cost-of").textContent).toBe("Uses 1 of 4 left");
  write("字".repeat(1000));
  expect(screen.getByTestId("cost-of").textContent).toBe(
    "Too long for one WeChat message: sent as 2 · Uses 2 of 4 left",
  );
});

it("messages_that_this_device_still_hands_over_are_not_counted_twice", () => {
  show({ reply: { ...conversation.reply, remaining: 2 } });
  write("one");
  fireEvent.keyDown(area(), { key: "Enter", keyCode: 13 });
  write("two");
  expect(screen.getByTestId("cost").textContent).toContain("the last message");
});

it("a_request_to_answer_is_written_in_the_customers_language", () => {
  const last_message = {
    seq: 1,
    kind: "text" as const,
    direction: "in" as const,
    text: "ありがとう",
    state: "received" as const,
    created_at: "2026-11-22T10:00:00Z",
  };
  show({ last_message, reply: { ...conversation.reply, remaining: 1 } });
  fireEvent.click(screen.getByTestId("nudge"));
  expect(area().value).toContain("ご返信");
});

it("after_the_window_the_line_says_at_most_and_a_video_leaves_for_its_price", () => {
  const reply = {
    ...conversation.reply,
    route: "monthly" as const,
    remaining: 3,
    until: "2126-12-31T16:00:00Z",
  };
  localStorage.setItem(
    "kefu.draft.ag_1.cv_1",
    JSON.stringify({
      text: "",
      mode: "reply",
      attachments: [{ id: "md_1", kind: "video", name: "a.mp4", bytes: 1 }],
      client_id: "c",
    }),
  );
  show({ reply });
  expect(screen.getByTestId("allowance").textContent).toContain("at most 3 more until");
  expect(screen.getByTestId("cost-of").textContent).toBe("Uses 1 of at most 3 left");
  fireEvent.click(screen.getByTestId("send"));
  expect(posts).toMatchObject([{ kind: "video", attachment_id: "md_1" }]);
  localStorage.clear();
});

it("a_closed_allowance_says_what_is_behind_it_and_when_it_opens", () => {
  const reply = {
    ...conversation.reply,
    allowed: false,
    reason: "quota_exhausted" as const,
    route: null,
    remaining: 0,
    detail: "month_used" as const,
    until: "2126-12-31T16:00:00Z",
  };
  show({ reply });
  const gate = screen.getByTestId("reply-gate").textContent;
  expect(gate).toContain("This month's messages to this customer are used up.");
  expect(gate).toContain("possible again");
});

it("a_viewer_has_no_composer", () => {
  show({}, { ...me, role: "viewer", permissions: [] });
  expect(screen.queryByTestId("composer-text")).toBeNull();
  expect(screen.queryByTestId("tab-note")).toBeNull();
});
