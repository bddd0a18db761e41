/** Status and priority of a ticket: changed in place, or read by those who may not change them. */
import { useTranslation } from "react-i18next";
import { useMay } from "../../api/directory";
import { useChangeTicket } from "../../api/tickets";
import { priorities, statuses } from "../../api/ticketWords";
import type { Ticket } from "../../api/types";
import { Choice } from "../../components/Choice";

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
      <Choice
        label={t("ticket.status")}
        options={statuses.map((value) => ({ value, label: t(`ticket.status.${value}`) }))}
        value={ticket.status}
        onChoose={(status) => change.mutate({ status })}
        data-testid="ticket-status"
      />
      <Choice
        label={t("ticket.priority")}
        options={priorities.map((value) => ({ value, label: t(`ticket.priority.${value}`) }))}
        value={ticket.priority}
        onChoose={(priority) => change.mutate({ priority })}
        data-testid="ticket-priority"
      />
    </div>
  );
}
