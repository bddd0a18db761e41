/** The conversation list: pages by cursor, kept in place when something on the first page changes. */
import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
} from "@tanstack/react-query";
import { api } from "./client";
import { keys, type ListFilter } from "./keys";
import type { Conversation, ConversationCounts, Page, TransferTargets } from "./types";

export const LIST_PAGE = 50;

type ListData = InfiniteData<Page<Conversation>, string | null>;

const readPage = (filter: ListFilter, cursor: string | null, signal?: AbortSignal) =>
  api.get<Page<Conversation>>("/conversations", { ...filter, cursor, limit: LIST_PAGE }, signal);

export const listQuery = (filter: ListFilter) =>
  infiniteQueryOptions({
    queryKey: keys.list(filter),
    queryFn: ({ pageParam, signal }) => readPage(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (previous) => previous,
  });

export const countsQuery = queryOptions({
  queryKey: keys.counts,
  queryFn: ({ signal }) => api.get<ConversationCounts>("/conversations/counts", undefined, signal),
});

export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: keys.conversation(id),
    queryFn: ({ signal }) => api.get<Conversation>(`/conversations/${id}`, undefined, signal),
    // What may be written depends on the time, which passes without an event.
    refetchOnWindowFocus: "always",
  });

/** Asked anew each time: who is there and how much they have changes by the minute. */
export const transferTargetsQuery = (id: string) =>
  queryOptions({
    queryKey: keys.transferTargets(id),
    queryFn: ({ signal }) =>
      api.get<TransferTargets>(`/conversations/${id}/transfer-targets`, undefined, signal),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });

/** The conversation as a list already has it: enough to show at once while it is fetched. */
export function fromLists(client: QueryClient, id: string): Conversation | undefined {
  const lists = client.getQueriesData<ListData>({ queryKey: keys.lists });
  for (const [, data] of lists) {
    for (const page of data?.pages ?? []) {
      const found = page.items.find((item) => item.id === id);
      if (found) return found;
    }
  }
  return undefined;
}

/**
 * Joins a fresh first page to the older pages. Rows that slid off the first page go to the second,
 * unless they are among those that changed: these may have left the view.
 */
export function mergeFirstPage(
  data: ListData,
  fresh: Page<Conversation>,
  changed: ReadonlySet<string>,
): ListData {
  const [first, ...older] = data.pages;
  if (!first || older.length === 0) return { ...data, pages: [fresh], pageParams: [null] };
  const onTop = new Set(fresh.items.map((item) => item.id));
  const stays = (item: Conversation) => !onTop.has(item.id) && !changed.has(item.id);
  const slid = first.items.filter(stays);
  const rest = older.map((page) => ({ ...page, items: page.items.filter(stays) }));
  const [second, ...others] = rest as [Page<Conversation>, ...Page<Conversation>[]];
  return {
    ...data,
    pages: [fresh, { ...second, items: [...slid, ...second.items] }, ...others],
  };
}

/** Brings every list that is on screen up to date after these conversations changed. */
export async function refreshLists(client: QueryClient, changed: ReadonlySet<string>) {
  const queries = client.getQueryCache().findAll({ queryKey: keys.lists });
  await Promise.all(
    queries.map(async (query) => {
      const filter = query.queryKey[1] as ListFilter;
      const data = query.state.data as ListData | undefined;
      const deep = data?.pages.slice(1).some((page) => page.items.some((i) => changed.has(i.id)));
      if (!query.isActive() || !data || deep) {
        return client.invalidateQueries({ queryKey: query.queryKey, exact: true });
      }
      const fresh = await readPage(filter, null);
      client.setQueryData<ListData>(query.queryKey, (old) =>
        old ? mergeFirstPage(old, fresh, changed) : old,
      );
    }),
  );
}
