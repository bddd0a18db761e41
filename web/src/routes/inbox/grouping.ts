/** Cuts a thread into what is drawn together: days, groups of one author, notes, system lines. */
import type { Message } from "../../api/types";
import { dayOf } from "../../format/time";

const TOGETHER_MS = 2 * 60_000;

export type Block =
  | { is: "day"; key: string; time: string }
  | { is: "new"; key: string }
  | { is: "system"; key: string; message: Message }
  | { is: "note"; key: string; message: Message }
  | { is: "group"; key: string; messages: Message[] };

const authorOf = (message: Message) => `${message.direction}|${message.author_id ?? ""}`;

function joins(group: Message[], message: Message): boolean {
  const last = group.at(-1);
  if (!last || authorOf(last) !== authorOf(message)) return false;
  return Date.parse(message.created_at) - Date.parse(last.created_at) < TOGETHER_MS;
}

/** `unreadFrom`: the first message the agent had not seen when the thread was opened. */
export function blocksOf(messages: Message[], unreadFrom: number | null): Block[] {
  const blocks: Block[] = [];
  let day = "";
  for (const message of messages) {
    const today = dayOf(message.created_at);
    if (today !== day)
      blocks.push({ is: "day", key: `day-${today}-${message.seq}`, time: message.created_at });
    day = today;
    if (message.seq === unreadFrom && blocks.some(({ is }) => is !== "day"))
      blocks.push({ is: "new", key: "new" });
    const previous = blocks.at(-1);
    if (message.kind === "system" || message.kind === "note") {
      blocks.push({ is: message.kind, key: message.id, message });
    } else if (previous?.is === "group" && joins(previous.messages, message)) {
      previous.messages.push(message);
    } else {
      blocks.push({ is: "group", key: message.id, messages: [message] });
    }
  }
  return blocks;
}

/** Where the unread messages begin: the oldest of the last `count` that the customer sent. */
export function firstUnread(messages: Message[], count: number): number | null {
  if (count === 0) return null;
  const inbound = messages.filter((message) => message.direction === "in");
  return inbound.at(-count)?.seq ?? inbound[0]?.seq ?? null;
}
