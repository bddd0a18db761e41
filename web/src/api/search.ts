/** Searching messages, people and tickets: one list for each, the newest first, further back on demand. */
import { infiniteQueryOptions } from "@tanstack/react-query";
import type { SearchScope } from "../router";
import { api } from "./client";
import { keys } from "./keys";
import type { SearchAnswer } from "./types";

/** While the index is being rebuilt, more is found by and by. */
const REBUILDING_MS = 3000;

export const searchQuery = (kind: SearchScope, q: string, limit: number) =>
  infiniteQueryOptions({
    queryKey: [...keys.search(kind, q), limit],
    queryFn: ({ pageParam, signal }) =>
      api.get<SearchAnswer>("/search", { q, kind, limit, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    enabled: q !== "",
    // No event says what is found.
    staleTime: 0,
    gcTime: 60_000,
    refetchInterval: ({ state }) =>
      state.data?.pages.at(-1)?.index.state === "rebuilding" ? REBUILDING_MS : false,
  });
