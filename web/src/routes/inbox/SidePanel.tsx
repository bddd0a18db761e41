/** Who the customer is, and the ticket of the conversation. */
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useNames } from "../../api/directory";
import { keys } from "../../api/keys";
import { ticketQuery } from "../../api/tickets";
import type { Contact, Conversation, Page, Ticket } from "../../api/types";
import { Avatar } from "../../components/Avatar";
import { CopyButton } from "../../components/CopyButton";
import { fullTime, preciseTime } from "../../format/time";
import { SurveyResult } from "../tickets/SurveyResult";
import { TicketFields } from "../tickets/TicketFields";

export function SidePanel({ conversation }: { conversation: Conversation }) {
  return (
    <>
      <ContactCard conversation={conversation} />
      <CurrentTicket conversation={conversation} />
      <OtherTickets conversation={conversation} />
    </>
  );
}

function ContactCard({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const names = useNames();
  const { contact } = conversation;
  const channel = names.channel(conversation.channel_id);
  const more = useQuery({
    queryKey: keys.contact(contact.id),
    queryFn: ({ signal }) => api.get<Contact>(`/contacts/${contact.id}`, undefined, signal),
  }).data;
  return (
    <>
      <div className="panel-head">
        <Avatar id={contact.id} name={contact.name} size={44} />
        <div>
          <h2>{contact.name}</h2>
          {/* Its line is there before it is known. */}
          <span className="small dim">
            {more ? t(more.unsubscribed_at ? "panel.unfollowed" : "panel.follows") : "\u00a0"}
          </span>
          {more?.anonymised_at && (
            <div className="small dim">
              {t(more.erased_at ? "panel.erased" : "panel.anonymised")}
            </div>
          )}
        </div>
      </div>
      <section>
        <dl className="facts">
          <dt>{t("panel.channel")}</dt>
          <dd>{channel?.state === "deleted" ? t("panel.deleted_channel") : channel?.name}</dd>
          <dt>{t("panel.department")}</dt>
          <dd>{names.department(conversation.department_id)}</dd>
          <dt>{t("panel.assignee")}</dt>
          <dd>{names.agent(conversation.assignee_id) || t("panel.nobody")}</dd>
          <dt>{t("panel.started")}</dt>
          <dd title={fullTime(conversation.created_at)}>{preciseTime(conversation.created_at)}</dd>
          <dt>{t("panel.conversation_id")}</dt>
          <dd>
            <CopyButton
              text={conversation.id}
              label={conversation.id}
              what={t("panel.conversation_id")}
              size="compact-xs"
            />
          </dd>
        </dl>
      </section>
    </>
  );
}

function CurrentTicket({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const id = conversation.ticket?.id;
  const ticket = useQuery({ ...ticketQuery(id ?? ""), enabled: id !== undefined });
  return (
    <section>
      <h3>
        {t("panel.ticket")}
        {conversation.ticket && (
          <Link
            to="/tickets/$ticketId"
            params={{ ticketId: conversation.ticket.id }}
            data-testid="ticket-link"
          >
            #{conversation.ticket.number}
          </Link>
        )}
      </h3>
      {!id && <span className="dim">{t("panel.no_ticket")}</span>}
      {id && ticket.isPending && <Skeleton height={128} />}
      {ticket.data && (
        <>
          <p style={{ margin: "0 0 10px", overflowWrap: "anywhere" }}>
            {ticket.data.subject || t("ticket.no_subject")}
          </p>
          <TicketFields ticket={ticket.data} />
          <SurveyResult survey={ticket.data.survey} />
        </>
      )}
    </section>
  );
}

function OtherTickets({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const contactId = conversation.contact.id;
  const tickets = useQuery({
    queryKey: keys.contactTickets(contactId),
    queryFn: ({ signal }) =>
      api.get<Page<Ticket>>("/tickets", { contact_id: contactId, limit: 10 }, signal),
  });
  const others = tickets.data?.items.filter((one) => one.id !== conversation.ticket?.id);
  if (!others) return null;
  return (
    <section>
      <h3>{t("panel.other_tickets")}</h3>
      {others.length === 0 && <span className="dim">{t("panel.no_other_tickets")}</span>}
      <ul className="panel-list">
        {others.map((one) => (
          <li key={one.id}>
            <Link to="/tickets/$ticketId" params={{ ticketId: one.id }}>
              <span className="dim tabular">#{one.number}</span>
              <span className="one-line" style={{ flex: 1 }}>
                {one.subject || t("ticket.no_subject")}
              </span>
              <span className="small dim">{t(`ticket.status.${one.status}`)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
