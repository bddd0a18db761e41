/** What the desk knows of the organisation, and whether it may send. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { keys } from "./keys";
import type { Installation } from "./types";

export const installationQuery = queryOptions({
  queryKey: keys.installation,
  queryFn: ({ signal }) => api.get<Installation>("/installation", undefined, signal),
});
