/** Tickets: lists by cursor, one ticket, and changing it. */
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { say, sayError } from "../components/toasts";
import { api } from "./client";
import { keys, type TicketFilter } from "./keys";
import type { Message, Page, Ticket } from "./types";

export const ticketQuery = (id: string) =>
  queryOptions({
    queryKey: keys.ticket(id),
    queryFn: ({ signal }) => api.get<Ticket>(`/tickets/${id}`, undefined, signal),
  });

export const ticketListQuery = (filter: TicketFilter) =>
  infiniteQueryOptions({
    queryKey: keys.ticketList(filter),
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Ticket>>("/tickets", { ...filter, cursor: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (previous) => previous,
  });

export const ticketMessagesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: keys.ticketMessages(id),
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Message>>(`/tickets/${id}/messages`, { cursor: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export type TicketChange = Partial<Pick<Ticket, "status" | "priority" | "subject">>;

/** Shows the change at once, and takes it back when the desk says no. */
export function useChangeTicket(ticket: Ticket) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const queryKey = keys.ticket(ticket.id);
  return useMutation({
    mutationFn: (change: TicketChange) =>
      api.patch<Ticket>(`/tickets/${ticket.id}`, { ...change, version: ticket.version }),
    onMutate: (change) =>
      client.setQueryData<Ticket>(queryKey, (old) => old && { ...old, ...change }),
    onSuccess: (fresh) => {
      client.setQueryData(queryKey, fresh);
      say(t("ticket.saved"));
    },
    onError: (error) => sayError(error, t("action.copy_details")),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.tickets }),
        client.invalidateQueries({ queryKey: keys.conversation(ticket.conversation_id) }),
        client.invalidateQueries({ queryKey: keys.messages(ticket.conversation_id) }),
      ]),
  });
}
