/** The messages of a thread, and where the reader is in them. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { loadOlder, threadQuery } from "../../api/thread";
import type { Conversation, Message } from "../../api/types";
import { Icon } from "../../components/Icon";
import { ErrorNotice } from "../../components/Notice";
import { sayError } from "../../components/toasts";
import { dayHeading } from "../../format/time";
import { useOutbox } from "../../outbox/OutboxProvider";
import { useOutgoing } from "../../outbox/outbox";
import { blocksOf, firstUnread } from "./grouping";
import { useLinkedMessage } from "./linkedMessage";
import { MessageGroup, NoteCard, SystemLine } from "./MessageGroup";
import { OutgoingBubbles } from "./OutgoingBubbles";
import { StreamSkeleton } from "./ThreadSkeleton";

const NEAR_END = 80;
const NEAR_START = 400;
const NONE: Message[] = [];

interface Props {
  conversation: Conversation;
  onEditAgain: (text: string) => void;
}

export function MessageStream({ conversation, onEditAgain }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const thread = useQuery(threadQuery(client, conversation.id));
  const items = thread.data?.items ?? NONE;
  const outgoing = useOutgoing(useOutbox(), conversation.id);
  const waiting = outgoing.filter((one) => !items.some((m) => m.client_id === one.client_id));
  const unreadFrom = useUnreadMark(items, conversation.unread_count);
  const blocks = useMemo(() => blocksOf(items, unreadFrom), [items, unreadFrom]);
  const place = useReadersPlace(items, waiting.length);
  useLinkedMessage(conversation.id, items, place.inner);

  const [older, setOlder] = useState(false);
  const hasOlder = thread.data?.hasOlder ?? false;
  const readOlder = useCallback(async () => {
    setOlder(true);
    await loadOlder(client, conversation.id).catch((error) =>
      sayError(error, t("action.copy_details")),
    );
    setOlder(false);
  }, [client, conversation.id, t]);
  const onScroll = () => {
    place.onScroll();
    const box = place.box.current;
    if (box && box.scrollTop < NEAR_START && hasOlder && !older) void readOlder();
  };

  if (thread.isPending) {
    return (
      <div className="stream" aria-hidden="true">
        <StreamSkeleton />
      </div>
    );
  }
  if (thread.isError && !thread.data) {
    return (
      <div className="stream">
        <ErrorNotice error={thread.error} onRetry={() => void thread.refetch()} />
      </div>
    );
  }
  return (
    <div className="stream">
      <div className="stream-scroll" ref={place.box} onScroll={onScroll}>
        <div
          className="stream-inner"
          ref={place.inner}
          role="log"
          aria-live="polite"
          aria-label={t("thread.messages", { name: conversation.contact.name })}
          data-testid="thread"
        >
          <div className="system" style={{ minHeight: 18 }}>
            {older ? t("thread.loading_older") : hasOlder ? "" : t("thread.beginning")}
          </div>
          {blocks.map((block) => {
            if (block.is === "day") {
              return (
                <div className="day" key={block.key}>
                  {dayHeading(block.time)}
                </div>
              );
            }
            if (block.is === "new") {
              return (
                <div className="day" data-new="true" key={block.key}>
                  {t("thread.unread_marker")}
                </div>
              );
            }
            if (block.is === "system")
              return <SystemLine key={block.key} message={block.message} />;
            if (block.is === "note") return <NoteCard key={block.key} message={block.message} />;
            return (
              <MessageGroup
                key={block.key}
                messages={block.messages}
                contactName={conversation.contact.name}
              />
            );
          })}
          <OutgoingBubbles outgoing={waiting} onEditAgain={onEditAgain} />
        </div>
      </div>
      {!place.atEnd && (
        <button
          type="button"
          className="to-latest"
          data-new={place.unseen > 0}
          onClick={place.toEnd}
        >
          <Icon name="down" size={16} />
          {place.unseen > 0
            ? t("thread.new_messages", { count: place.unseen })
            : t("thread.to_latest")}
        </button>
      )}
    </div>
  );
}

/** Fixed when the thread is first shown, so that the mark does not move while one reads. */
function useUnreadMark(items: Message[], unread: number): number | null {
  const mark = useRef<number | null | undefined>(undefined);
  if (mark.current === undefined && items.length > 0) mark.current = firstUnread(items, unread);
  return mark.current ?? null;
}

/**
 * Keeps the reader's place: at the end new messages are followed; elsewhere nothing moves, neither
 * when older messages arrive above nor when pictures load.
 */
function useReadersPlace(items: Message[], waiting: number) {
  const box = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const sticking = useRef(true);
  const [atEnd, setAtEnd] = useState(true);
  const [seenUpTo, setSeenUpTo] = useState(0);
  const first = items[0]?.seq ?? 0;
  const last = items.at(-1)?.seq ?? 0;
  const before = useRef({ first, fromEnd: 0 });

  const toEnd = useCallback(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, []);
  const onScroll = useCallback(() => {
    const element = box.current;
    if (!element) return;
    const fromEnd = element.scrollHeight - element.scrollTop - element.clientHeight;
    sticking.current = fromEnd < NEAR_END;
    before.current.fromEnd = fromEnd;
    setAtEnd(sticking.current);
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the place is set again after each change of what is drawn
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    if (sticking.current) toEnd();
    else if (first !== before.current.first) {
      element.scrollTop = element.scrollHeight - element.clientHeight - before.current.fromEnd;
    }
    before.current.first = first;
  }, [first, last, waiting, toEnd]);

  useEffect(() => {
    if (atEnd) setSeenUpTo(last);
  }, [atEnd, last]);

  // What one has just written is always shown.
  useEffect(() => {
    if (waiting > 0) toEnd();
  }, [waiting, toEnd]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the observer starts once the stream is drawn
  useEffect(() => {
    if (!inner.current || !box.current) return;
    const observer = new ResizeObserver(() => sticking.current && toEnd());
    observer.observe(inner.current);
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [items.length > 0, toEnd]);

  const unseen = items.filter((m) => m.seq > seenUpTo && m.direction === "in").length;
  return { box, inner, onScroll, toEnd, atEnd, unseen: seenUpTo === 0 ? 0 : unseen };
}
