/** What a visitor who is not signed in may know of the desk. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { keys } from "./keys";
import type { Setup } from "./types";

export const setupQuery = queryOptions({
  queryKey: keys.setup,
  queryFn: ({ signal }) => api.get<Setup>("/setup", undefined, signal),
  retry: false,
});
