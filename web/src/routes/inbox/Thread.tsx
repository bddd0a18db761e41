/** Head, messages and composer of one conversation. */
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useMay, useMe, useNames } from "../../api/directory";
import { keys } from "../../api/keys";
import type { Conversation } from "../../api/types";
import { Icon } from "../../components/Icon";
import { menuOnDemand, OnDemand } from "../../components/OnDemand";
import { useShortcuts } from "../../components/shortcuts";
import { useDeskNow } from "../../format/deskClock";
import { allowanceBrief } from "./allowance";
import { Composer, type ComposerHandle } from "./Composer";
import { ComposerPut } from "./composerPut";
import { MessageStream } from "./MessageStream";
import { BlacklistNotice, ChannelBanner } from "./ThreadNotices";
import { type ConversationActions, useConversationActions } from "./useConversationActions";
import "./thread.css";

const TransferDialog = lazy(async () => ({
  default: (await import("./TransferDialog")).TransferDialog,
}));
const BlockDialog = lazy(async () => ({ default: (await import("./BlockDialog")).BlockDialog }));
const ThreadMenu = menuOnDemand(async () => (await import("./ThreadItems")).ThreadItems);
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
  const mayAssign = useMay("conversations.assign");
  const [ending, setEnding] = useState(false);
  const [asked, setAsked] = useState<"transfer" | "block" | null>(null);
  const composer = useRef<ComposerHandle>(null);
  const canEnd = mayReply && conversation.state === "open" && !channelGone(conversation);
  const alive = mayAssign && !channelGone(conversation);
  const canTransfer = alive && conversation.state === "open";
  const free = !conversation.assignee_id && !conversation.blocked;
  const put = useCallback((text: string) => composer.current?.put(text), []);
  useMarkRead(conversation);
  useShortcuts({
    a: () => canTransfer && (free ? actions.pickUp() : setAsked("transfer")),
    t: () => canTransfer && setAsked("transfer"),
    b: () => alive && !conversation.blocked && setAsked("block"),
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
        onAsk={mayAssign ? setAsked : null}
        onShowPanel={onShowPanel}
      />
      <ChannelBanner channelId={conversation.channel_id} />
      <BlacklistNotice conversation={conversation} />
      <ComposerPut value={mayReply && conversation.reply.allowed ? put : null}>
        <MessageStream conversation={conversation} onEditAgain={put} />
      </ComposerPut>
      <Composer ref={composer} conversation={conversation} actions={actions} />
      <Suspense fallback={null}>
        {asked === "transfer" && (
          <TransferDialog
            conversation={conversation}
            onClose={() => setAsked(null)}
            onTransfer={actions.transfer}
          />
        )}
        {asked === "block" && (
          <BlockDialog
            name={conversation.contact.name}
            onClose={() => setAsked(null)}
            onBlock={actions.block}
          />
        )}
      </Suspense>
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

/** Only reading and ticket work are left; on a disabled channel only sending is off. */
const channelGone = ({ reply }: Conversation) => reply.reason === "channel_deleted";

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
  onAsk: ((what: "transfer" | "block") => void) | null;
}

function ThreadHead({ conversation, actions, onEnd, onAsk, onShowPanel }: HeadProps) {
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
      {onAsk && (
        <ThreadMenu
          trigger={{
            className: "icon-button",
            label: t("action.more"),
            testId: "thread-menu",
            children: <Icon name="more" size={20} />,
          }}
          conversation={conversation}
          onTransfer={() => onAsk("transfer")}
          onBlock={() => onAsk("block")}
          onUnblock={actions.unblock}
        />
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
