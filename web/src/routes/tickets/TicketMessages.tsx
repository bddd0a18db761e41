/** The messages of a ticket in short, each with the way to its place in the conversation. */
import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useNames } from "../../api/directory";
import { ticketMessagesQuery } from "../../api/tickets";
import type { Message, Ticket } from "../../api/types";
import { ErrorNotice } from "../../components/Notice";
import { fullTime, preciseTime } from "../../format/time";
import { systemLine } from "../../i18n/words";
import { FaceText } from "../inbox/FaceText";

export function TicketMessages({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(ticketMessagesQuery(ticket.id));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className="card ticket-messages">
      <h2>{t("ticket.messages")}</h2>
      {list.isPending && <Skeleton height={120} />}
      {list.isError && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && <p className="dim">{t("ticket.messages.empty")}</p>}
      <ol>
        {items.map((message) => (
          <Line key={message.id} message={message} ticket={ticket} />
        ))}
      </ol>
      {list.hasNextPage && (
        <Button
          variant="default"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t("action.load_more")}
        </Button>
      )}
    </section>
  );
}

function useWords() {
  const { t } = useTranslation();
  return (message: Message) => {
    if (message.kind === "system") return systemLine(message.data ?? {});
    if (message.kind === "text") return <FaceText text={message.text ?? ""} />;
    return `${t(`preview.${message.kind}`)} ${message.text ?? ""}`;
  };
}

function Line({ message, ticket }: { message: Message; ticket: Ticket }) {
  const { t } = useTranslation();
  const names = useNames();
  const words = useWords();
  const agent = message.author?.name || names.agent(message.author_id) || t("thread.automation");
  const who = message.direction === "in" ? ticket.contact.name : agent;
  return (
    <li data-testid="ticket-message" data-kind={message.kind}>
      <span className="ticket-message-head small dim">
        {message.kind !== "system" && <b>{who}</b>}
        <time
          className="tabular"
          dateTime={message.created_at}
          title={fullTime(message.created_at)}
        >
          {preciseTime(message.created_at)}
        </time>
        <Link
          to="/inbox/$conversationId"
          params={{ conversationId: message.conversation_id }}
          search={{ view: "all", message: message.id }}
          data-testid="show-message"
        >
          {t("ticket.show_message")}
        </Link>
      </span>
      <span className="ticket-message-text">{words(message)}</span>
    </li>
  );
}
