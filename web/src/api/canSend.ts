/** Which kinds of messages a channel's account can send, and how files are handed over. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "./client";
import { keys } from "./keys";
import type { CanSend, Reply, SendRefusal } from "./types";

export type Kind = CanSend["kinds"][number]["kind"];

export const canSendQuery = (channelId: string) =>
  queryOptions({
    queryKey: keys.canSend(channelId),
    queryFn: () => api.get<CanSend>(`/channels/${channelId}/can-send`),
    staleTime: 5 * 60_000,
  });

/** Why a kind cannot be sent; null while nothing is known: the desk has the last word. */
export type RefusalOf = (kind: Kind) => SendRefusal | "kind_not_on_monthly_route" | null;

/** By what the account can send, and by what the route carries on which the next message leaves. */
export function useCanSend(channelId: string, route: Reply["route"]) {
  const rules = useQuery(canSendQuery(channelId)).data;
  const refusalOf: RefusalOf = (kind) => {
    const rule = rules?.kinds.find((one) => one.kind === kind);
    if (!rule) return null;
    const carried = route !== "monthly" || rule.monthly;
    return rule.reason ?? (carried ? null : "kind_not_on_monthly_route");
  };
  return { refusalOf, fileLink: rules?.file_link ?? null };
}
