/** Status and priority of a ticket, changed in place. */
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
  return (
    <div className="fields">
      <NativeSelect
        label={t("ticket.status")}
        data={statuses.map((value) => ({ value, label: t(`ticket.status.${value}`) }))}
        value={ticket.status}
        onChange={(event) => change.mutate({ status: event.currentTarget.value as TicketStatus })}
        disabled={!mayEdit}
        data-testid="ticket-status"
      />
      <NativeSelect
        label={t("ticket.priority")}
        data={priorities.map((value) => ({ value, label: t(`ticket.priority.${value}`) }))}
        value={ticket.priority}
        onChange={(event) =>
          change.mutate({ priority: event.currentTarget.value as TicketPriority })
        }
        disabled={!mayEdit}
        data-testid="ticket-priority"
      />
    </div>
  );
}
