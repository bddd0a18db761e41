/**
 * Messages on their way from this device to the desk. Each is written to local storage before its
 * first POST and removed after the answer, so a reload or a crash repeats the same POST; the desk
 * knows its `client_id` and stores it once. One message of a conversation is under way at a time.
 */
import { useSyncExternalStore } from "react";
import { type ApiError, api, asApiError } from "../api/client";
import type { Message, MessageKind } from "../api/types";

export interface Outgoing {
  client_id: string;
  conversation_id: string;
  kind: Extract<
    MessageKind,
    "text" | "image" | "voice" | "video" | "note" | "link" | "miniprogram"
  >;
  text?: string;
  attachment_id?: string;
  thumb_attachment_id?: string;
  /** Of a card. */
  data?: Record<string, string>;
  created_at: string;
  /** Set when the desk said no: repeating it would not help. */
  refused?: { code: string; request_id: string };
}

const TAKE_OVER_MS = 15_000;

type Handed = (message: Message) => void;

export class Outbox {
  private items: Outgoing[];
  private readonly key: string;
  private readonly watchers = new Set<() => void>();
  private readonly busy = new Set<string>();
  private readonly waiting = new Map<string, ReturnType<typeof setTimeout>>();
  private stopped = false;
  private readonly handed: Handed;

  constructor(agentId: string, handed: Handed) {
    this.key = `kefu.outbox.${agentId}`;
    this.handed = handed;
    this.items = this.read();
    window.addEventListener("online", this.pumpAll);
    window.addEventListener("storage", this.onStorage);
    this.pumpAll();
  }

  stop(): void {
    this.stopped = true;
    window.removeEventListener("online", this.pumpAll);
    window.removeEventListener("storage", this.onStorage);
    for (const timer of this.waiting.values()) clearTimeout(timer);
  }

  subscribe = (watcher: () => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  snapshot = () => this.items;

  /** Stores the messages, then begins to hand them over. */
  add(items: Outgoing[]): void {
    this.change((all) => [...all, ...items]);
    for (const item of items) this.pump(item.conversation_id);
  }

  /** Once the desk has these messages: `true`; `false` when it said no to one. */
  accepted(clientIds: string[]): Promise<boolean> {
    const state = () => {
      const left = this.items.filter((item) => clientIds.includes(item.client_id));
      if (left.length === 0) return true;
      return left.some((item) => item.refused) ? false : null;
    };
    return new Promise((resolve) => {
      const stop = this.subscribe(() => look());
      const look = () => {
        const now = state();
        if (now === null) return;
        stop();
        resolve(now);
      };
      look();
    });
  }

  discard(clientId: string): void {
    const item = this.items.find((one) => one.client_id === clientId);
    this.change((all) => all.filter((one) => one.client_id !== clientId));
    if (item) this.pump(item.conversation_id);
  }

  private readonly pumpAll = () => {
    for (const id of new Set(this.items.map((item) => item.conversation_id))) this.pump(id);
  };

  private pump(conversationId: string): void {
    if (this.stopped || this.busy.has(conversationId)) return;
    const next = this.items.find(
      (item) => item.conversation_id === conversationId && !item.refused,
    );
    if (!next) return;
    this.busy.add(conversationId);
    clearTimeout(this.waiting.get(conversationId));
    void this.hand(next).then((retryMs) => {
      this.busy.delete(conversationId);
      if (this.stopped) return;
      if (retryMs === null) return this.pump(conversationId);
      const timer = setTimeout(() => this.pump(conversationId), retryMs);
      this.waiting.set(conversationId, timer);
    });
  }

  /** Hands one message over; answers after how many milliseconds to try again, or null when it is settled. */
  private async hand(item: Outgoing): Promise<number | null> {
    const { conversation_id, created_at: _, refused: __, ...body } = item;
    try {
      const message = await api.post<Message>(`/conversations/${conversation_id}/messages`, body);
      this.handed(message);
      this.change((all) => all.filter((one) => one.client_id !== item.client_id));
      return null;
    } catch (error) {
      const failure = asApiError(error);
      if (failure.temporary || failure.status === 401) return retryAfter(failure);
      this.refuse(item, failure);
      return null;
    }
  }

  private refuse(item: Outgoing, failure: ApiError): void {
    // Of a wrong field its own code says more than "some fields need another look".
    const code = Object.values(failure.fields)[0] ?? failure.code;
    const refused = { code, request_id: failure.requestId };
    this.change((all) =>
      all.map((one) => (one.client_id === item.client_id ? { ...one, refused } : one)),
    );
  }

  private change(edit: (all: Outgoing[]) => Outgoing[]): void {
    // Read again: another tab of this agent may have added its own.
    this.items = edit(this.read());
    localStorage.setItem(this.key, JSON.stringify(this.items));
    this.notify();
  }

  private readonly onStorage = (event: StorageEvent) => {
    if (event.key !== this.key) return;
    this.items = this.read();
    this.notify();
    // Left behind by a tab that was closed in between: this one takes them over after a while.
    clearTimeout(this.waiting.get("other tabs"));
    this.waiting.set("other tabs", setTimeout(this.pumpAll, TAKE_OVER_MS));
  };

  private notify(): void {
    for (const watcher of this.watchers) watcher();
  }

  private read(): Outgoing[] {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "[]") as Outgoing[];
    } catch {
      return [];
    }
  }
}

function retryAfter(failure: ApiError): number {
  return failure.retryAfter ? failure.retryAfter * 1000 : 3000;
}

/** The messages of one conversation that the desk does not have yet. */
export function useOutgoing(outbox: Outbox, conversationId: string): Outgoing[] {
  const items = useSyncExternalStore(outbox.subscribe, outbox.snapshot);
  return items.filter((item) => item.conversation_id === conversationId);
}
