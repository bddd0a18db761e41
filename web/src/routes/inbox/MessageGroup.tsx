/** Consecutive messages of one author, a note, and a system line. */
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { useMe, useNames } from "../../api/directory";
import type { Message } from "../../api/types";
import { Icon } from "../../components/Icon";
import { menuOnDemand } from "../../components/OnDemand";
import { clockTime, fullTime } from "../../format/time";
import { systemLine } from "../../i18n/words";
import { AutomationMark, isSaid } from "./AutomationMark";
import { Bubble } from "./Bubble";
import { MessageState } from "./MessageState";

const BubbleMenu = menuOnDemand(async () => (await import("./BubbleItems")).BubbleItems);

function Time({ time }: { time: string }) {
  return (
    <time className="tabular" dateTime={time} title={fullTime(time)}>
      {clockTime(time)}
    </time>
  );
}

function useAuthor() {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  return (message: Message) => {
    if (message.author_id === null) return t("thread.automation");
    if (message.author_id === me.id) return t("thread.you");
    return message.author?.name || names.agent(message.author_id) || t("thread.agent");
  };
}

interface GroupProps {
  messages: Message[];
  contactName: string;
}

/** The array is made anew with each change of the thread; the messages in it are not. */
const sameGroup = (before: GroupProps, after: GroupProps) =>
  before.contactName === after.contactName &&
  before.messages.length === after.messages.length &&
  before.messages.every((message, index) => message === after.messages[index]);

export const MessageGroup = memo(function MessageGroup({ messages, contactName }: GroupProps) {
  const author = useAuthor();
  const first = messages[0];
  if (!first) return null;
  const inbound = first.direction === "in";
  const automatic = !inbound && first.author_id === null;
  return (
    <div
      className="group"
      data-side={inbound ? "in" : "out"}
      data-tone={automatic ? "automation" : undefined}
    >
      <div className="group-head">
        <b>{inbound ? contactName : author(first)}</b>
        <Time time={first.created_at} />
      </div>
      {messages.map((message, index) => (
        <MessageInGroup key={message.id} message={message} next={messages[index + 1]} />
      ))}
    </div>
  );
}, sameGroup);

/** The state of a run of sent messages is said once, under the last of them. */
function MessageInGroup({ message, next }: { message: Message; next: Message | undefined }) {
  const { t } = useTranslation();
  const saidLater = message.state === "sent" && next?.state === "sent" && !isSaid(next);
  return (
    <>
      <div className="with-menu" data-message={message.id}>
        <Bubble message={message} />
        <BubbleMenu
          message={message}
          trigger={{
            className: "icon-button bubble-menu",
            label: t("bubble.menu"),
            testId: "bubble-menu",
            children: <Icon name="more" size={16} />,
          }}
        />
      </div>
      <AutomationMark message={message} />
      {message.direction === "out" && !saidLater && !isSaid(message) && (
        <MessageState message={message} />
      )}
    </>
  );
}

export const NoteCard = memo(function NoteCard({ message }: { message: Message }) {
  const { t } = useTranslation();
  const author = useAuthor();
  return (
    <div className="note" data-testid="note" data-message={message.id}>
      <div className="note-head">
        <b>{author(message)}</b>
        <span>{t("thread.note_hint")}</span>
        <Time time={message.created_at} />
      </div>
      {message.text}
    </div>
  );
});

export const SystemLine = memo(function SystemLine({ message }: { message: Message }) {
  return (
    <div className="system" title={fullTime(message.created_at)} data-testid="system-line">
      {systemLine(message.data ?? {})} ·{" "}
      <span className="tabular">{clockTime(message.created_at)}</span>
    </div>
  );
});
