/** Whether WeChat accepts the credentials of a channel now. A warning where it does not, never an obstacle. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { ChannelCheck } from "../../api/types";

/** Asked when a channel was saved, when its details are opened, and when somebody presses the button. */
export const channelCheckQuery = (id: string) =>
  queryOptions({
    queryKey: keys.channelCheck(id),
    queryFn: () => api.post<ChannelCheck>(`/channels/${id}/check`),
    staleTime: 60_000,
    retry: false,
  });
