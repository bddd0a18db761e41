/** The messages of a thread, and where the reader is in them. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { dropFarBack, loadNewer, loadNewest, loadOlder, threadQuery } from "../../api/thread";
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
/** Closer to an end of what is loaded, more is read. */
const READ_MORE = 400;
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
  const hasOlder = thread.data?.hasOlder ?? false;
  const hasNewer = thread.data?.hasNewer ?? false;
  const place = useReadersPlace(items, waiting.length, hasNewer);
  const onItsWay = useLinkedMessage(conversation.id, items, place.inner);

  const [reading, setReading] = useState<"older" | "newer" | null>(null);
  const read = useCallback(
    async (which: "older" | "newer") => {
      setReading(which);
      await (which === "older" ? loadOlder : loadNewer)(client, conversation.id).catch((error) =>
        sayError(error, t("action.copy_details")),
      );
      setReading(null);
    },
    [client, conversation.id, t],
  );
  const onScroll = () => {
    place.onScroll();
    const box = place.box.current;
    if (!box || reading || onItsWay) return;
    const fromEnd = box.scrollHeight - box.scrollTop - box.clientHeight;
    if (box.scrollTop < READ_MORE && hasOlder) void read("older");
    else if (fromEnd < READ_MORE && hasNewer) void read("newer");
  };
  const toNewest = useCallback(() => {
    if (!hasNewer) return place.toEnd();
    place.stick();
    loadNewest(client, conversation.id).catch((error) => sayError(error, t("action.copy_details")));
  }, [hasNewer, place.toEnd, place.stick, client, conversation.id, t]);
  // Whoever comes back begins at the end.
  useEffect(() => () => dropFarBack(client, conversation.id), [client, conversation.id]);
  // What one has just written stands at the end.
  useEffect(() => {
    if (waiting.length > 0 && hasNewer) toNewest();
  }, [waiting.length, hasNewer, toNewest]);

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
            {reading === "older"
              ? t("thread.loading_older")
              : hasOlder
                ? ""
                : t("thread.beginning")}
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
          {hasNewer && (
            <div className="system" style={{ minHeight: 18 }}>
              {reading === "newer" ? t("thread.loading_newer") : ""}
            </div>
          )}
          <OutgoingBubbles outgoing={waiting} onEditAgain={onEditAgain} />
        </div>
      </div>
      {onItsWay && (
        <div className="stream-cover" aria-hidden="true">
          <StreamSkeleton />
        </div>
      )}
      {(!place.atEnd || hasNewer) && (
        <button
          type="button"
          className="to-latest"
          data-new={place.unseen > 0}
          onClick={toNewest}
          data-testid="to-latest"
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
function useReadersPlace(items: Message[], waiting: number, hasNewer: boolean) {
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
  /** As soon as the end is there, it is shown. */
  const stick = useCallback(() => {
    sticking.current = true;
    before.current.first = -1;
  }, []);
  const onScroll = useCallback(() => {
    const element = box.current;
    if (!element) return;
    const fromEnd = element.scrollHeight - element.scrollTop - element.clientHeight;
    // The end of what is loaded is not the end of the conversation.
    sticking.current = fromEnd < NEAR_END && !hasNewer;
    before.current.fromEnd = fromEnd;
    setAtEnd(sticking.current);
  }, [hasNewer]);

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
    if (atEnd && !hasNewer) setSeenUpTo(last);
  }, [atEnd, hasNewer, last]);

  // What one has just written is always shown.
  useEffect(() => {
    if (waiting > 0 && !hasNewer) toEnd();
  }, [waiting, hasNewer, toEnd]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the observer starts once the stream is drawn
  useEffect(() => {
    if (!inner.current || !box.current) return;
    const observer = new ResizeObserver(() => sticking.current && toEnd());
    observer.observe(inner.current);
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [items.length > 0, toEnd]);

  const unseen = items.filter((m) => m.seq > seenUpTo && m.direction === "in").length;
  return {
    box,
    inner,
    onScroll,
    toEnd,
    stick,
    atEnd,
    unseen: hasNewer || seenUpTo === 0 ? 0 : unseen,
  };
}
