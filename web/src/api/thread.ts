/**
 * The messages of one conversation, without gaps: the newest page first, older ones on demand, new ones merged in by
 * `seq`. A link to a message far back shows what is around it instead; newer ones are then read on demand too.
 */
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { keys } from "./keys";
import type { Message, Page } from "./types";

export const PAGE = 50;
/** A message that is not farther back than this is reached by reading what is between. */
const BACK_PAGE = 200;
/** What is read on each side of a message far back. */
const AROUND = 30;

export interface Thread {
  items: Message[];
  hasOlder: boolean;
  /** The end of the conversation is not among them. */
  hasNewer: boolean;
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
  if (known?.hasNewer) return readAgain(id, known);
  let fresh = await page(id, {});
  const newest = known?.items.at(-1)?.seq;
  if (!known || newest === undefined) return newestPage(fresh);
  while ((fresh[0]?.seq ?? 0) > newest + 1) {
    const older = await page(id, { before: fresh[0]?.seq });
    if (older.length === 0) break;
    fresh = [...older, ...fresh];
  }
  const items = mergeMessages(known.items, fresh);
  return { items, hasOlder: !beginsAtOne(items), hasNewer: false };
}

const newestPage = (items: Message[]): Thread => ({
  items,
  hasOlder: !beginsAtOne(items),
  hasNewer: false,
});

/** Far back, the same messages are read again; what is new at the end does not belong here. */
async function readAgain(id: string, known: Thread): Promise<Thread> {
  const first = known.items[0]?.seq ?? 1;
  const last = known.items.at(-1)?.seq ?? first;
  const fresh = await page(id, { after: first - 1 }, BACK_PAGE);
  const same = fresh.filter((message) => message.seq <= last);
  return { ...known, items: mergeMessages(known.items, same) };
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

export async function loadNewer(client: QueryClient, id: string): Promise<void> {
  const newest = client.getQueryData<Thread>(keys.messages(id))?.items.at(-1)?.seq;
  if (newest === undefined) return;
  const fresh = await page(id, { after: newest });
  client.setQueryData<Thread>(keys.messages(id), (thread) => {
    // Somebody may have gone to the end meanwhile.
    if (!thread?.hasNewer) return thread;
    const items = mergeMessages(thread.items, fresh);
    return { ...thread, items, hasNewer: fresh.length === PAGE };
  });
}

/** The end of the conversation, whatever was shown before. */
export async function loadNewest(client: QueryClient, id: string): Promise<void> {
  await replaceThread(client, id, newestPage(await page(id, {})));
}

/** Shows another place of the conversation. A read on its way began at the old place, and must not bring it back. */
async function replaceThread(client: QueryClient, id: string, thread: Thread): Promise<void> {
  await client.cancelQueries({ queryKey: keys.messages(id) });
  client.setQueryData<Thread>(keys.messages(id), thread);
}

/** Forgets messages far back that nobody looks at any more. */
export function dropFarBack(client: QueryClient, id: string): void {
  const queryKey = keys.messages(id);
  if (client.getQueryData<Thread>(queryKey)?.hasNewer) client.removeQueries({ queryKey });
}

/** Brings this message among those that are shown: by reading back to it, or, far back, by reading around it. */
export async function loadMessage(client: QueryClient, id: string, messageId: string) {
  const { seq } = await api.get<Message>(`/messages/${messageId}`);
  const thread = client.getQueryData<Thread>(keys.messages(id));
  const oldest = thread?.items[0]?.seq ?? 0;
  const newest = thread?.items.at(-1)?.seq ?? 0;
  if (oldest <= seq && seq <= newest) return;
  const between = oldest - seq;
  if (between > 0 && between <= BACK_PAGE) {
    putMessages(client, id, await page(id, { before: oldest }, between));
    return;
  }
  const [before, after] = await Promise.all([
    page(id, { before: seq }, AROUND),
    page(id, { after: seq - 1 }, AROUND),
  ]);
  const items = [...before, ...after];
  const hasNewer = after.length === AROUND;
  await replaceThread(client, id, { items, hasOlder: !beginsAtOne(items), hasNewer });
}

/** Far back, only what is next to what is shown: a gap would look like the whole. */
export function putMessages(client: QueryClient, id: string, fresh: Message[]): void {
  client.setQueryData<Thread>(keys.messages(id), (thread) => {
    if (!thread) return thread;
    const last = thread.items.at(-1)?.seq ?? 0;
    const fitting = thread.hasNewer ? fresh.filter((message) => message.seq <= last) : fresh;
    const items = mergeMessages(thread.items, fitting);
    return { ...thread, items, hasOlder: fresh.length > 0 ? !beginsAtOne(items) : false };
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
  if (!known && thread.hasNewer) return;
  if (!known || (!thread.hasNewer && thread.items.length - at <= PAGE)) {
    await client.invalidateQueries({ queryKey: keys.messages(conversationId) });
    return;
  }
  putMessages(client, conversationId, await page(conversationId, { after: known.seq - 1 }, 1));
}
