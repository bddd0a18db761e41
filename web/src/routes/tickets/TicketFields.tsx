/** Status and priority of a ticket: changed in place, or read by those who may not change them. */
import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMay } from "../../api/directory";
import { useChangeTicket } from "../../api/tickets";
import type { Ticket, TicketPriority, TicketStatus } from "../../api/types";

export const statuses: TicketStatus[] = ["open", "on_hold", "escalated", "closed"];
export const priorities: TicketPriority[] = ["urgent", "high", "normal", "low"];

export function TicketFields({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const mayEdit = useMay("tickets.edit");
  const change = useChangeTicket(ticket);
  if (!mayEdit) {
    return (
      <dl className="facts">
        <dt>{t("ticket.status")}</dt>
        <dd>{t(`ticket.status.${ticket.status}`)}</dd>
        <dt>{t("ticket.priority")}</dt>
        <dd>{t(`ticket.priority.${ticket.priority}`)}</dd>
      </dl>
    );
  }
  return (
    <div className="fields">
      <NativeSelect
        label={t("ticket.status")}
        data={statuses.map((value) => ({ value, label: t(`ticket.status.${value}`) }))}
        value={ticket.status}
        onChange={(event) => change.mutate({ status: event.currentTarget.value as TicketStatus })}
        data-testid="ticket-status"
      />
      <NativeSelect
        label={t("ticket.priority")}
        data={priorities.map((value) => ({ value, label: t(`ticket.priority.${value}`) }))}
        value={ticket.priority}
        onChange={(event) =>
          change.mutate({ priority: event.currentTarget.value as TicketPriority })
        }
        data-testid="ticket-priority"
      />
    </div>
  );
}
