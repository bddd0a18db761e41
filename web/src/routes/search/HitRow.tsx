/** One thing that was found: a message, a person, a ticket. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe } from "../../api/directory";
import type { SearchHit } from "../../api/types";
import { Avatar } from "../../components/Avatar";
import { Icon } from "../../components/Icon";
import { fullTime, shortTime } from "../../format/time";
import { Marked } from "./Marked";

interface Props {
  hit: SearchHit;
  id: string;
  chosen: boolean;
  onPoint: () => void;
}

/** Where a hit leads. */
export function wayTo(hit: SearchHit) {
  if (hit.kind === "ticket") {
    return { to: "/tickets/$ticketId", params: { ticketId: hit.id } } as const;
  }
  return {
    to: "/inbox/$conversationId",
    params: { conversationId: hit.conversation_id },
    search: { view: "all", message: hit.kind === "message" ? hit.id : undefined },
  } as const;
}

export function HitRow({ hit, id, chosen, onPoint }: Props) {
  return (
    <Link
      {...wayTo(hit)}
      id={id}
      className="hit"
      role="option"
      aria-selected={chosen}
      tabIndex={-1}
      onMouseMove={onPoint}
      data-testid={`hit-${hit.kind}`}
    >
      {hit.kind === "ticket" ? (
        <span className="hit-icon">
          <Icon name="ticket" />
        </span>
      ) : (
        <Avatar id={hit.contact.id} name={hit.contact.name} size={32} />
      )}
      <span className="hit-lines">
        <span className="hit-line">
          <Heading hit={hit} />
          <time className="small dim tabular" dateTime={hit.at} title={fullTime(hit.at)}>
            {shortTime(hit.at)}
          </time>
        </span>
        <Detail hit={hit} />
      </span>
    </Link>
  );
}

function Heading({ hit }: { hit: SearchHit }) {
  const { t } = useTranslation();
  if (hit.kind === "ticket") {
    return (
      <span className="hit-name one-line">
        <span className="tabular">{`#${hit.ticket?.number ?? ""} `}</span>
        {hit.field === "subject" ? <Marked hit={hit} /> : null}
      </span>
    );
  }
  if (hit.kind === "message" || hit.field !== "name") {
    return (
      <span className="hit-name one-line">
        {hit.contact.name}
        {hit.message?.kind === "note" && <span className="hit-note">{t("search.note")}</span>}
      </span>
    );
  }
  return (
    <span className="hit-name one-line">
      <Marked hit={hit} />
    </span>
  );
}

function Detail({ hit }: { hit: SearchHit }) {
  const { t } = useTranslation();
  if (hit.kind === "ticket") {
    return (
      <span className="hit-text small dim one-line">
        {`${t(`ticket.status.${hit.ticket?.status}`)} · ${hit.contact.name}`}
      </span>
    );
  }
  if (hit.kind === "message") {
    return (
      <span className="hit-text">
        <Writer hit={hit} />
        {hit.field !== "text" && (
          <span className="dim">{`${t(`search.field.${hit.field}`)} · `}</span>
        )}
        <Marked hit={hit} />
      </span>
    );
  }
  if (hit.field === "name") return null;
  return (
    <span className="hit-text small">
      <span className="dim">{`${t(`search.field.${hit.field}`)} · `}</span>
      <Marked hit={hit} />
    </span>
  );
}

/** Who wrote it, where it was not the customer. */
function Writer({ hit }: { hit: SearchHit }) {
  const { t } = useTranslation();
  const me = useMe();
  const { direction, author_name } = hit.message ?? {};
  if (direction === "in" || !direction) return null;
  if (author_name === me.name) return <span className="dim">{t("search.you")}</span>;
  return (
    <span className="dim">{t("search.by", { name: author_name ?? t("thread.automation") })}</span>
  );
}
