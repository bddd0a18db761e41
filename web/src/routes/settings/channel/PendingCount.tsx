/** How many followers of an enterprise account wait for an approval. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../../api/client";
import { keys } from "../../../api/keys";
import type { ApprovalCounts } from "../../../api/types";

export function useApprovalCounts(channelId: string) {
  return useQuery({
    queryKey: [...keys.approvals(channelId), "counts"],
    queryFn: ({ signal }) =>
      api.get<ApprovalCounts>(`/channels/${channelId}/approvals/counts`, undefined, signal),
  }).data;
}

export function PendingCount({ channelId }: { channelId: string }) {
  const waiting = useApprovalCounts(channelId)?.pending ?? 0;
  if (waiting === 0) return null;
  return (
    <span className="pending-count tabular" data-testid="pending-count">
      {waiting}
    </span>
  );
}
