/** One conversation in the list: two lines, 64 px. */
import { VisuallyHidden } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { useMe, useNames } from "../../api/directory";
import type { Conversation, LastMessage } from "../../api/types";
import { Avatar, initials } from "../../components/Avatar";
import { useDeskNow } from "../../format/deskClock";
import { duration, fullTime, shortTime } from "../../format/time";
import { readDraft } from "../../outbox/drafts";
import type { InboxSearch } from "../../router";
import { allowancePill } from "./allowance";

interface Props {
  conversation: Conversation;
  selected: boolean;
  waitsLongest: boolean;
  search: InboxSearch;
  index: number;
  /** Where it stands in the list, in pixels. */
  top: number;
}

function usePreview() {
  const { t } = useTranslation();
  return (last: LastMessage | null, mine: boolean) => {
    if (!last) return "";
    const kind = last.kind === "text" ? "" : `${t(`preview.${last.kind}`)} `;
    const text = `${kind}${last.text ?? ""}`.replace(/\s+/g, " ");
    if (last.direction !== "out") return text;
    return t(mine ? "list.you" : "list.outgoing", { text });
  };
}

/** In a row that is open, the draft is already before one's eyes. */
function Preview({ conversation, selected }: Pick<Props, "conversation" | "selected">) {
  const { t } = useTranslation();
  const me = useMe();
  const preview = usePreview();
  const draft = selected ? "" : readDraft(me.id, conversation.id).text.replace(/\s+/g, " ");
  const last = conversation.last_message;
  if (draft) {
    const [before, after] = t("list.draft", { text: "\u0000" }).split("\u0000");
    return (
      <span className="row-preview one-line" data-tone="draft">
        <b>{before}</b>
        {draft}
        {after}
      </span>
    );
  }
  const text = preview(last, conversation.assignee_id === me.id);
  if (last?.state !== "failed" && last?.state !== "unknown") {
    return <span className="row-preview one-line">{text}</span>;
  }
  return (
    <span className="row-preview one-line" data-tone={last.state === "failed" ? "danger" : "warn"}>
      <b>{t(`list.state.${last.state}`)}</b> · {text}
    </span>
  );
}

/** Drawn again only when something of it changed: scrolling moves the list, not its rows. */
export const ConversationRow = memo(function ConversationRow({
  conversation,
  selected,
  waitsLongest,
  search,
  index,
  top,
}: Props) {
  const { t } = useTranslation();
  const now = useDeskNow();
  const names = useNames();
  const me = useMe();
  const { contact, last_message, unread_count, waiting_since, assignee_id } = conversation;
  const time = last_message?.created_at ?? conversation.created_at;
  const channel = names.channel(conversation.channel_id);
  const off = channel && channel.state !== "active" ? channel.state : null;
  const pill = conversation.state === "open" ? allowancePill(conversation.reply, now) : null;
  const waiting = waiting_since ? duration(now.getTime() - Date.parse(waiting_since)) : "";
  const other = assignee_id && assignee_id !== me.id ? names.agent(assignee_id) : "";
  const picture = names.picture(assignee_id);
  return (
    <Link
      className="row"
      to="/inbox/$conversationId"
      params={{ conversationId: conversation.id }}
      search={search}
      preload="intent"
      aria-current={selected ? "page" : undefined}
      data-unread={unread_count > 0}
      data-waiting={waitsLongest}
      data-testid="conversation-row"
      title={waitsLongest ? t("list.waiting_longest", { duration: waiting }) : undefined}
      data-index={index}
      style={{ transform: `translateY(${top}px)` }}
    >
      <Avatar id={contact.id} name={contact.name} size={38} />
      <span className="row-lines">
        <span className="row-line">
          <span className="row-name">
            <span className="one-line">{contact.name}</span>
            {conversation.ticket && (
              <span className="small dim tabular">#{conversation.ticket.number}</span>
            )}
          </span>
          <time className="row-time tabular" dateTime={time} title={fullTime(time)}>
            {shortTime(time, now)}
          </time>
        </span>
        <span className="row-line">
          <Preview conversation={conversation} selected={selected} />
          <span className="row-marks">
            {off && <span className="row-channel">{t(`channel_off.mark.${off}`)}</span>}
            {pill && (
              <span className="pill" data-tone={pill.tone}>
                {pill.text}
              </span>
            )}
            {other && (
              <span className="assignee" title={t("list.assigned_to", { name: other })}>
                {picture ? <img src={picture} alt="" /> : initials(other)}
              </span>
            )}
            {unread_count > 0 && (
              <span className="unread">
                <span aria-hidden="true">{unread_count > 99 ? "99+" : unread_count}</span>
                <VisuallyHidden>{t("list.unread", { count: unread_count })}</VisuallyHidden>
              </span>
            )}
          </span>
        </span>
      </span>
    </Link>
  );
});
