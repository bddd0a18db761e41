/** Head, messages and composer of one conversation. */
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { lazy, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useMay, useMe, useNames } from "../../api/directory";
import { keys } from "../../api/keys";
import type { Conversation } from "../../api/types";
import { Icon } from "../../components/Icon";
import { OnDemand } from "../../components/OnDemand";
import { useShortcuts } from "../../components/shortcuts";
import { useDeskNow } from "../../format/deskClock";
import { allowanceBrief } from "./allowance";
import { Composer, type ComposerHandle } from "./Composer";
import { MessageStream } from "./MessageStream";
import { type ConversationActions, useConversationActions } from "./useConversationActions";
import "./thread.css";

const EndDialog = lazy(async () => ({ default: (await import("./EndDialog")).EndDialog }));

interface Props {
  conversation: Conversation;
  onShowPanel: () => void;
}

/** Reading resets the shared unread count: by the assignee, and by anybody while nobody has it. */
function useMarkRead(conversation: Conversation) {
  const me = useMe();
  const client = useQueryClient();
  const { id, unread_count, assignee_id } = conversation;
  const counts = me.role !== "viewer" && (assignee_id === null || assignee_id === me.id);
  useEffect(() => {
    if (!counts || unread_count === 0) return;
    const read = () => {
      if (document.visibilityState !== "visible") return;
      api.post(`/conversations/${id}/read`).then(
        () => client.invalidateQueries({ queryKey: keys.conversation(id) }),
        () => {}, // Not worth a word: the next message tries again.
      );
    };
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [id, unread_count, counts, client]);
}

export function Thread({ conversation, onShowPanel }: Props) {
  const { t } = useTranslation();
  const mayReply = useMay("conversations.reply");
  const actions = useConversationActions(conversation);
  const [ending, setEnding] = useState(false);
  const composer = useRef<ComposerHandle>(null);
  const canEnd = mayReply && conversation.state === "open" && !channelGone(conversation);
  useMarkRead(conversation);
  useShortcuts({
    r: () => composer.current?.write("reply"),
    n: () => composer.current?.write("note"),
    e: () => canEnd && setEnding(true),
  });

  return (
    <section
      className="thread"
      aria-label={t("thread.messages", { name: conversation.contact.name })}
    >
      <ThreadHead
        conversation={conversation}
        actions={actions}
        onEnd={canEnd ? () => setEnding(true) : null}
        onShowPanel={onShowPanel}
      />
      <MessageStream
        conversation={conversation}
        onEditAgain={(text) => composer.current?.put(text)}
      />
      <Composer ref={composer} conversation={conversation} actions={actions} />
      <OnDemand when={ending}>
        <EndDialog
          conversation={conversation}
          opened={ending}
          onClose={() => setEnding(false)}
          onEnd={actions.end}
        />
      </OnDemand>
    </section>
  );
}

const channelGone = ({ reply }: Conversation) =>
  reply.reason === "channel_deleted" || reply.reason === "channel_disabled";

function HeadAllowance({ conversation }: { conversation: Conversation }) {
  const brief = allowanceBrief(conversation.reply, useDeskNow());
  if (!brief?.text) return null;
  return (
    <span className="head-allowance tabular" data-tone={brief.tone} data-testid="head-allowance">
      {` · ${brief.text}`}
    </span>
  );
}

function useStatusWords(conversation: Conversation): string {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  if (conversation.blocked) return t("status.blocked");
  if (conversation.state === "ended") return t("status.ended");
  if (!conversation.assignee_id) return t("status.unassigned");
  if (conversation.assignee_id === me.id) return t("status.yours");
  return t("status.with", { name: names.agent(conversation.assignee_id) });
}

interface HeadProps extends Props {
  actions: ConversationActions;
  onEnd: (() => void) | null;
}

function ThreadHead({ conversation, actions, onEnd, onShowPanel }: HeadProps) {
  const { t } = useTranslation();
  const search = useSearch({ from: "/desk/inbox" });
  const names = useNames();
  const mayReply = useMay("conversations.reply");
  const status = useStatusWords(conversation);
  const channel = names.channel(conversation.channel_id);
  const free = conversation.state === "open" && !conversation.blocked && !conversation.assignee_id;
  return (
    <header className="thread-head">
      <Link
        className="icon-button thread-back"
        to="/inbox"
        search={search}
        aria-label={t("action.back")}
      >
        <Icon name="back" size={20} />
      </Link>
      <div className="thread-who">
        <h1 className="one-line">{conversation.contact.name}</h1>
        <div className="one-line" data-testid="conversation-status">
          {status}
          {channel && ` · ${channel.name}`}
          <HeadAllowance conversation={conversation} />
        </div>
      </div>
      {free && mayReply && !channelGone(conversation) && (
        <Button
          onClick={() => actions.pickUp()}
          loading={actions.busy === "pick-up"}
          data-testid="pick-up"
        >
          {t("do.pick_up")}
        </Button>
      )}
      {onEnd && !free && (
        <Button
          variant="default"
          onClick={onEnd}
          loading={actions.busy === "end"}
          data-testid="end"
        >
          {t("do.end")}
        </Button>
      )}
      <button
        type="button"
        className="icon-button panel-toggle"
        aria-label={t("panel.open")}
        onClick={onShowPanel}
      >
        <Icon name="panel" size={20} />
      </button>
    </header>
  );
}
