/** Which kinds of messages a channel's account can send, and how files are handed over. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "./client";
import { keys } from "./keys";
import type { CanSend, SendRefusal } from "./types";

export type Kind = CanSend["kinds"][number]["kind"];

export const canSendQuery = (channelId: string) =>
  queryOptions({
    queryKey: keys.canSend(channelId),
    queryFn: () => api.get<CanSend>(`/channels/${channelId}/can-send`),
    staleTime: 5 * 60_000,
  });

/** Why a kind cannot be sent; null while nothing is known: the desk has the last word. */
export type RefusalOf = (kind: Kind) => SendRefusal | null;

export function useCanSend(channelId: string) {
  const rules = useQuery(canSendQuery(channelId)).data;
  const refusalOf: RefusalOf = (kind) =>
    rules?.kinds.find((one) => one.kind === kind)?.reason ?? null;
  return { refusalOf, fileLink: rules?.file_link ?? null };
}
