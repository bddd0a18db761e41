/** One channel, with what only administrators may read of it. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { Channel } from "../../api/types";

export const channelQuery = (id: string) =>
  queryOptions({
    queryKey: keys.channel(id),
    queryFn: ({ signal }) => api.get<Channel>(`/channels/${id}`, undefined, signal),
  });
