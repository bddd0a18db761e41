/** Many tickets changed at once, with a way back. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { say, sayError } from "../components/toasts";
import { errorText } from "../i18n/words";
import { ApiError, api } from "./client";
import { keys } from "./keys";
import type { Ticket, TicketsBulk, TicketsBulkResult } from "./types";

export type BulkChange = Pick<TicketsBulk, "status" | "priority" | "assignee_id">;

const post = (tickets: Ticket[], change: BulkChange) =>
  api.post<TicketsBulkResult>("/tickets/bulk", {
    ...change,
    ticket_ids: tickets.map(({ id }) => id),
  });

/** What each ticket was before, in as few calls as there were different values. */
export function wayBack(before: Ticket[], change: BulkChange): [Ticket[], BulkChange][] {
  const groups = new Map<string, [Ticket[], BulkChange]>();
  for (const ticket of before) {
    const old: BulkChange = {};
    if (change.status !== undefined) old.status = ticket.status;
    if (change.priority !== undefined) old.priority = ticket.priority;
    if (change.assignee_id !== undefined) old.assignee_id = ticket.assignee_id;
    const key = JSON.stringify(old);
    const [tickets] = groups.get(key) ?? [[]];
    groups.set(key, [[...tickets, ticket], old]);
  }
  return [...groups.values()];
}

export function useBulkChange(onDone: () => void) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: keys.tickets }),
      client.invalidateQueries({ queryKey: ["conversation"] }),
      client.invalidateQueries({ queryKey: keys.lists }),
    ]);
  const undo = async (before: Ticket[], change: BulkChange) => {
    try {
      for (const [tickets, old] of wayBack(before, change)) await post(tickets, old);
      say(t("bulk.undone"));
    } catch (error) {
      sayError(error, t("action.copy_details"));
    }
    await refresh();
  };
  return useMutation({
    mutationFn: ({ tickets, change }: { tickets: Ticket[]; change: BulkChange }) =>
      post(tickets, change),
    onSuccess: ({ items }, { tickets, change }) => {
      const done = new Set(items.filter((item) => item.ok).map((item) => item.id));
      const refused = items.find((item) => !item.ok);
      const action = {
        label: t("bulk.undo"),
        run: () =>
          void undo(
            tickets.filter(({ id }) => done.has(id)),
            change,
          ),
      };
      const reason = errorText(new ApiError({ status: 409, code: refused?.code ?? "" }));
      const counts = { done: done.size, failed: items.length - done.size, reason };
      say(
        refused ? t("bulk.some", counts) : t("bulk.done", { count: done.size }),
        done.size > 0 ? action : undefined,
      );
      onDone();
    },
    onError: (error) => sayError(error, t("action.copy_details")),
    onSettled: refresh,
  });
}
