/** One ticket: its fields, and the way to its conversation. */
import { Button, Skeleton, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { asApiError } from "../../api/client";
import { useMay, useNames } from "../../api/directory";
import { conversationQuery } from "../../api/inbox";
import { ticketQuery, useChangeTicket } from "../../api/tickets";
import type { Ticket } from "../../api/types";
import { ErrorNotice, Notice } from "../../components/Notice";
import { fullTime } from "../../format/time";
import { ChannelBanner } from "../inbox/ThreadNotices";
import { SurveyResult } from "./SurveyResult";
import { TicketFields } from "./TicketFields";
import { TicketMessages } from "./TicketMessages";
import "./tickets.css";

export function TicketPage() {
  const { ticketId } = useParams({ from: "/desk/tickets/$ticketId" });
  const ticket = useQuery(ticketQuery(ticketId));
  return (
    <div className="page">
      <div className="page-inner">
        {ticket.isPending && <Skeleton height={300} radius={10} />}
        {ticket.isError && !ticket.data && <Failed error={ticket.error} retry={ticket.refetch} />}
        {ticket.data && <TicketDetails ticket={ticket.data} />}
      </div>
    </div>
  );
}

function Failed({ error, retry }: { error: unknown; retry: () => unknown }) {
  const { t } = useTranslation();
  if (asApiError(error).status !== 404) {
    return <ErrorNotice error={error} onRetry={() => void retry()} />;
  }
  return (
    <Notice icon="ticket" title={t("ticket.not_found")} hint={t("error.404.hint")}>
      <Button component={Link} to="/tickets">
        {t("tickets.to_list")}
      </Button>
    </Notice>
  );
}

function TicketDetails({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const names = useNames();
  const conversation = useQuery(conversationQuery(ticket.conversation_id)).data;
  useEffect(() => {
    document.title = `#${ticket.number} · Kefu`;
  }, [ticket.number]);
  const contact = ticket.contact?.name ?? conversation?.contact.name;
  return (
    <>
      <div className="page-head">
        <h1>{t("ticket.heading", { number: ticket.number })}</h1>
        <Button
          component={Link}
          to={`/inbox/${ticket.conversation_id}?view=all` as "/inbox"}
          data-testid="open-conversation"
        >
          {t("ticket.open_conversation")}
        </Button>
      </div>
      <ChannelBanner channelId={ticket.channel_id} />
      <div className="ticket-grid">
        <div className="card">
          <Subject ticket={ticket} key={ticket.subject} />
          <dl className="facts" style={{ marginTop: 20 }}>
            <dt>{t("panel.contact")}</dt>
            <dd>{contact}</dd>
            <dt>{t("panel.channel")}</dt>
            <dd>{names.channel(ticket.channel_id)?.name}</dd>
            <dt>{t("panel.department")}</dt>
            <dd>{names.department(ticket.department_id)}</dd>
            <dt>{t("panel.assignee")}</dt>
            <dd>{names.agent(ticket.assignee_id) || t("panel.nobody")}</dd>
            <dt>{t("ticket.created")}</dt>
            <dd>{fullTime(ticket.created_at)}</dd>
            {ticket.closed_at && (
              <>
                <dt>{t("ticket.closed")}</dt>
                <dd>{fullTime(ticket.closed_at)}</dd>
              </>
            )}
          </dl>
        </div>
        <div className="card">
          <TicketFields ticket={ticket} />
          <SurveyResult survey={ticket.survey} />
        </div>
      </div>
      <TicketMessages ticket={ticket} />
    </>
  );
}

function Subject({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const mayEdit = useMay("tickets.edit");
  const change = useChangeTicket(ticket);
  const [subject, setSubject] = useState(ticket.subject);
  const changed = subject.trim() !== ticket.subject;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (changed) change.mutate({ subject: subject.trim() });
  };
  return (
    <form onSubmit={submit} style={{ display: "flex", gap: 8, alignItems: "end" }}>
      <TextInput
        style={{ flex: 1 }}
        label={t("ticket.subject")}
        placeholder={t("ticket.no_subject")}
        value={subject}
        maxLength={255}
        readOnly={!mayEdit}
        onChange={(event) => setSubject(event.currentTarget.value)}
      />
      {changed && (
        <Button type="submit" loading={change.isPending}>
          {t("action.save")}
        </Button>
      )}
    </form>
  );
}
