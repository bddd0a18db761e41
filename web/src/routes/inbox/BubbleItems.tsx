/** What can be done with one message: its ticket, a new ticket from here, a link to it. */
import { Menu } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useMay } from "../../api/directory";
import { conversationQuery } from "../../api/inbox";
import { keys } from "../../api/keys";
import type { Thread } from "../../api/thread";
import type { Message, Ticket } from "../../api/types";
import { copyText } from "../../components/copy";
import { type MenuTrigger, TriggerButton } from "../../components/OnDemand";
import { say, sayError } from "../../components/toasts";

function useNewTicket(message: Message) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { conversation_id: id } = message;
  return useMutation({
    mutationFn: () => api.post<Ticket>(`/messages/${message.id}/ticket`),
    onSuccess: (made) => {
      // Older pages are not read again by themselves.
      client.setQueryData<Thread>(keys.messages(id), (thread) => {
        const moves = (one: Message) =>
          one.seq >= message.seq && one.ticket_id === message.ticket_id;
        const items = thread?.items.map((one) =>
          moves(one) ? { ...one, ticket_id: made.id } : one,
        );
        return thread && items && { ...thread, items };
      });
      const open = () => void navigate({ to: "/tickets/$ticketId", params: { ticketId: made.id } });
      say(t("bubble.new_ticket.done", { number: made.number }), {
        label: t("bubble.open"),
        run: open,
      });
    },
    onError: (error) => sayError(error, t("action.copy_details")),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.conversation(id) }),
        client.invalidateQueries({ queryKey: keys.messages(id) }),
        client.invalidateQueries({ queryKey: keys.tickets }),
      ]),
  });
}

export function BubbleItems({ message, trigger }: { message: Message; trigger: MenuTrigger }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayEdit = useMay("tickets.edit");
  const newTicket = useNewTicket(message);
  const { conversation_id: id, ticket_id: ticketId } = message;
  const current = useQuery(conversationQuery(id)).data?.ticket?.id;
  const link = `${location.origin}/inbox/${id}?view=all&message=${message.id}`;
  return (
    <Menu position="bottom" width={300} defaultOpened>
      <Menu.Target>
        <TriggerButton {...trigger} />
      </Menu.Target>
      <Menu.Dropdown>
        {ticketId && (
          <Menu.Item
            onClick={() => void navigate({ to: "/tickets/$ticketId", params: { ticketId } })}
            data-testid="bubble-ticket"
          >
            {t("bubble.ticket", { number: ticketId.replace("tk_", "") })}
          </Menu.Item>
        )}
        {mayEdit && ticketId !== null && ticketId === current && (
          <Menu.Item onClick={() => newTicket.mutate()} data-testid="bubble-new-ticket">
            {t("bubble.new_ticket")}
          </Menu.Item>
        )}
        <Menu.Item onClick={() => void copyText(link).then(() => say(t("action.copied")))}>
          {t("bubble.copy_link")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
