import { expect, it } from "vitest";
import { emptyDraft } from "../../outbox/drafts";
import { endsToo, messagesOf, sends } from "./composing";

const enter = { key: "Enter", shiftKey: false, altKey: false, keyCode: 13, isComposing: false };
const at = "2026-11-22T10:00:00Z";

it("enter_sends", () => expect(sends(enter)).toBe(true));
it("shift_enter_does_not_send", () => expect(sends({ ...enter, shiftKey: true })).toBe(false));
it("enter_during_composition_does_not_send", () => {
  expect(sends({ ...enter, isComposing: true })).toBe(false);
});
it("the_enter_that_ends_a_composition_in_safari_does_not_send", () => {
  expect(sends({ ...enter, keyCode: 229 })).toBe(false);
});

it("the_same_draft_makes_the_same_client_ids", () => {
  const file = { id: "md_9", kind: "image" as const, name: "a.jpg", bytes: 1 };
  const draft = { ...emptyDraft(), text: "字".repeat(1000), attachments: [file] };
  const first = messagesOf(draft, "cv_1", at);
  expect(first.map((m) => m.kind)).toEqual(["image", "text", "text"]);
  expect(messagesOf(draft, "cv_1", at)).toEqual(first);
  expect(new Set(first.map((m) => m.client_id)).size).toBe(3);
  expect(first.every((m) => m.client_id.length <= 64)).toBe(true);
});

it("a_note_takes_no_files_with_it", () => {
  const file = { id: "md_9", kind: "image" as const, name: "a.jpg", bytes: 1 };
  const draft = { ...emptyDraft("note"), text: "call back", attachments: [file] };
  expect(messagesOf(draft, "cv_1", at).map((m) => m.kind)).toEqual(["note"]);
});

it("white_space_is_no_message", () => {
  expect(messagesOf({ ...emptyDraft(), text: " \n" }, "cv_1", at)).toEqual([]);
});

it("control_shift_enter_ends_too_also_with_an_event_of_the_browser", () => {
  const press = (more: KeyboardEventInit) =>
    new KeyboardEvent("keydown", { key: "Enter", shiftKey: true, ...more });
  expect(endsToo(press({ ctrlKey: true }))).toBe(true);
  expect(endsToo(press({ metaKey: true }))).toBe(true);
  expect(endsToo(press({}))).toBe(false);
  expect(endsToo(press({ ctrlKey: true, isComposing: true }))).toBe(false);
});
