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
  expect(screen.getByTestId("composer").textContent).toContain("This needs 2 messages");
});

it("a_viewer_has_no_composer", () => {
  show({}, { ...me, role: "viewer", permissions: [] });
  expect(screen.queryByTestId("composer-text")).toBeNull();
  expect(screen.queryByTestId("tab-note")).toBeNull();
});
