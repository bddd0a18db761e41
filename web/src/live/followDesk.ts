/** Keeps the cache up to date from the event feed, and tells the screen how the connection is. */
import type { QueryClient } from "@tanstack/react-query";
import { refreshLists } from "../api/inbox";
import { keys } from "../api/keys";
import { refreshMessage } from "../api/thread";
import { type Change, type Connection, startFeed } from "./feed";

const GATHER_MS = 120;

/** Starts the feed for a signed-in agent; the result ends it. */
export function followDesk(
  client: QueryClient,
  onConnection: (connection: Connection) => void,
): () => void {
  let gathered: Change[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flush = () => {
    timer = undefined;
    const changes = gathered;
    gathered = [];
    void apply(client, changes);
  };

  const stop = startFeed({
    onChange: (change) => {
      gathered.push(change);
      timer ??= setTimeout(flush, GATHER_MS);
    },
    onResync: () => void client.invalidateQueries(),
    onConnection,
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

const invalidate = (client: QueryClient, queryKey: readonly unknown[]) =>
  client.invalidateQueries({ queryKey });

/** Fetches again what these changes touch, each thing once. */
export async function apply(client: QueryClient, changes: Change[]): Promise<void> {
  const conversations = new Set<string>();
  const messages = new Map<string, string>();
  const others = new Set<readonly unknown[]>();
  for (const { kind, id, conversation_id } of changes) {
    const family = kind.split(/[._]/)[0];
    const conversation = conversation_id ?? (family === "conversation" ? id : null);
    if (conversation) conversations.add(conversation);
    const inThread = family === "message" || family === "conversation";
    if (inThread && conversation) messages.set(id, conversation);
    if (family === "ticket") others.add(keys.tickets);
    if (family === "channel") others.add(keys.channels);
    if (family === "agent") others.add(keys.agents).add(keys.me);
    // Deleting one takes it from its agents, the own name's included.
    if (family === "department") others.add(keys.departments).add(keys.agents).add(keys.me);
    if (family === "dead") others.add(keys.deadLetters);
    if (family === "contact") others.add(keys.contact(id)).add(["channels", "approvals"]);
    // A follower who waits for approval has written: only administrators hear of that.
    if (inThread) others.add(["channels", "approvals"]);
    if (family === "preferences") others.add(["preferences"]);
    if (family === "setup") others.add(keys.setupSteps);
    if (family === "installation") others.add(keys.installation);
  }
  // A disabled channel or a lost association changes what may be done in every conversation.
  if (others.has(keys.channels) || others.has(keys.me)) {
    others.add(["conversation"]).add(keys.lists).add(keys.counts);
  }
  // The organisation's name is on every page, and with what is known of oneself.
  if (changes.some(({ kind }) => kind === "installation")) {
    others.add(keys.installation).add(keys.setup).add(keys.me);
  }
  const work = [...others].map((key) => invalidate(client, key));
  for (const [id, conversation] of messages) work.push(refreshMessage(client, conversation, id));
  if (conversations.size > 0) {
    for (const id of conversations) work.push(invalidate(client, keys.conversation(id)));
    work.push(invalidate(client, keys.counts), refreshLists(client, conversations));
    work.push(invalidate(client, keys.tickets));
  }
  await Promise.allSettled(work);
}
