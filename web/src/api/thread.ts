/** The messages of one conversation: newest page first, older ones on demand, new ones merged in by `seq`. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { keys } from "./keys";
import type { Message, Page } from "./types";

export const PAGE = 50;
/** A link may lead far back. */
const BACK_PAGE = 200;

export interface Thread {
  items: Message[];
  hasOlder: boolean;
}

/** Joins two sets of messages; of the same message the second one counts. */
export function mergeMessages(old: Message[], fresh: Message[]): Message[] {
  const bySeq = new Map(old.map((message) => [message.seq, message]));
  for (const message of fresh) bySeq.set(message.seq, message);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

async function page(id: string, query: { before?: number; after?: number }, limit = PAGE) {
  const { items } = await api.get<Page<Message>>(`/conversations/${id}/messages`, {
    ...query,
    limit,
  });
  return items;
}

const beginsAtOne = (items: Message[]) => (items[0]?.seq ?? 1) <= 1;

/** The newest page, joined to what is already there; a gap between both is filled. */
async function readThread(id: string, known: Thread | undefined): Promise<Thread> {
  let fresh = await page(id, {});
  const newest = known?.items.at(-1)?.seq;
  if (!known || newest === undefined) return { items: fresh, hasOlder: !beginsAtOne(fresh) };
  while ((fresh[0]?.seq ?? 0) > newest + 1) {
    const older = await page(id, { before: fresh[0]?.seq });
    if (older.length === 0) break;
    fresh = [...older, ...fresh];
  }
  const items = mergeMessages(known.items, fresh);
  return { items, hasOlder: !beginsAtOne(items) };
}

export const threadQuery = (client: QueryClient, id: string) =>
  queryOptions({
    queryKey: keys.messages(id),
    queryFn: () => readThread(id, client.getQueryData<Thread>(keys.messages(id))),
  });

export async function loadOlder(client: QueryClient, id: string): Promise<void> {
  const oldest = client.getQueryData<Thread>(keys.messages(id))?.items[0]?.seq;
  if (oldest === undefined) return;
  putMessages(client, id, await page(id, { before: oldest }));
}

/** Reads older pages until this message is among them. */
export async function loadBackTo(client: QueryClient, id: string, messageId: string) {
  const { seq } = await api.get<Message>(`/messages/${messageId}`);
  for (;;) {
    const oldest = client.getQueryData<Thread>(keys.messages(id))?.items[0]?.seq;
    if (oldest === undefined || oldest <= seq) return;
    const older = await page(id, { before: oldest }, BACK_PAGE);
    if (older.length === 0) return;
    putMessages(client, id, older);
  }
}

export function putMessages(client: QueryClient, id: string, fresh: Message[]): void {
  client.setQueryData<Thread>(keys.messages(id), (thread) => {
    if (!thread) return thread;
    const items = mergeMessages(thread.items, fresh);
    return { items, hasOlder: fresh.length > 0 ? !beginsAtOne(items) : false };
  });
}

/** A message changed: a known old one is read again by its place, anything else with the newest page. */
export async function refreshMessage(
  client: QueryClient,
  conversationId: string,
  messageId: string,
): Promise<void> {
  const thread = client.getQueryData<Thread>(keys.messages(conversationId));
  if (!thread) return;
  const at = thread.items.findIndex((message) => message.id === messageId);
  const known = thread.items[at];
  if (!known || thread.items.length - at <= PAGE) {
    await client.invalidateQueries({ queryKey: keys.messages(conversationId) });
    return;
  }
  putMessages(client, conversationId, await page(conversationId, { after: known.seq - 1 }, 1));
}
