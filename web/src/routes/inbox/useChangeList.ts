/** Changes what the list shows (search, order, filters) and leaves the conversation beside it open. */
import { useNavigate, useParams } from "@tanstack/react-router";
import type { InboxSearch } from "../../router";

export function useChangeList(): (change: Partial<InboxSearch>) => void {
  const navigate = useNavigate();
  const { conversationId } = useParams({ strict: false });
  return (change) => {
    const search = (old: Partial<InboxSearch>) => ({
      ...old,
      view: old.view ?? "mine",
      ...change,
    });
    if (conversationId === undefined) {
      void navigate({ to: "/inbox", search, replace: true });
      return;
    }
    const params = { conversationId };
    void navigate({ to: "/inbox/$conversationId", params, search, replace: true });
  };
}
