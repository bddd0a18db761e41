/** What a draft costs of the allowance, and which part of it still fits. */
import type { Reply } from "../../api/types";
import type { Draft } from "../../outbox/drafts";
import type { Outgoing } from "../../outbox/outbox";

export interface Cost {
  /** Messages the draft goes as. */
  parts: number;
  /** Messages left once those have gone that this device still hands over; null = no limit. */
  left: number | null;
  tooMany: boolean;
  /** Nothing is left after it. */
  last: boolean;
}

export function costOf(messages: Outgoing[], onTheWay: Outgoing[], reply: Reply): Cost {
  const waiting = onTheWay.filter((one) => one.kind !== "note" && !one.refused).length;
  const left = reply.remaining === null ? null : Math.max(0, reply.remaining - waiting);
  const parts = messages.length;
  return {
    parts,
    left,
    tooMany: left !== null && parts > left,
    last: left !== null && parts > 0 && parts === left,
  };
}

/** The draft without its first messages: attachments go first, then the text from its beginning. */
export function restOf(draft: Draft, messages: Outgoing[], sent: number): Draft {
  const attachments = draft.attachments.slice(sent);
  let from = 0;
  for (const { text } of messages.slice(0, sent)) {
    if (text) from = draft.text.indexOf(text, from) + text.length;
  }
  return { ...draft, attachments, text: draft.text.slice(from).trimStart() };
}
