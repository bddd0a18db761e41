/** Makes messages of a draft. The ids follow from the draft's own, so a repeat makes the same ones. */
import type { Draft } from "../../outbox/drafts";
import type { Outgoing } from "../../outbox/outbox";
import { splitText } from "../../outbox/split";

export function messagesOf(draft: Draft, conversationId: string, at: string): Outgoing[] {
  const shared = { conversation_id: conversationId, created_at: at };
  if (draft.mode === "note") {
    const text = draft.text.trim();
    return text ? [{ ...shared, client_id: draft.client_id, kind: "note", text }] : [];
  }
  const files = draft.attachments.map(
    (file): Outgoing => ({
      ...shared,
      client_id: `${draft.client_id}-${file.id}`,
      attachment_id: file.id,
      ...(file.text === undefined
        ? { kind: file.kind as Outgoing["kind"] }
        : { kind: "text", text: file.text }),
      ...(file.thumb_id ? { thumb_attachment_id: file.thumb_id } : {}),
    }),
  );
  const texts = splitText(draft.text).map(
    (text, index): Outgoing => ({
      ...shared,
      client_id: index === 0 ? draft.client_id : `${draft.client_id}-${index}`,
      kind: "text",
      text,
    }),
  );
  return [...files, ...texts];
}

interface KeyFacts {
  ctrlKey?: boolean;
  metaKey?: boolean;
  key: string;
  shiftKey: boolean;
  altKey: boolean;
  keyCode: number;
  isComposing: boolean;
}

/**
 * Enter sends, unless an input method is still composing: some browsers say so by `isComposing`,
 * Safari only by the key code 229 of the Enter that ends the composition.
 */
export function sends({ key, shiftKey, altKey, keyCode, isComposing }: KeyFacts): boolean {
  return key === "Enter" && !shiftKey && !altKey && !isComposing && keyCode !== 229;
}

/** Ctrl or Command with Shift and Enter sends and ends the conversation; never while composing. */
export function endsToo(event: KeyFacts): boolean {
  // Field by field: an event of the browser cannot be spread.
  const { key, altKey, keyCode, isComposing } = event;
  const held = event.shiftKey && Boolean(event.ctrlKey || event.metaKey);
  return held && sends({ key, altKey, keyCode, isComposing, shiftKey: false });
}
