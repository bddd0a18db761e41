/** "Is typing" for the customer: at most every fifteen seconds, as long as WeChat shows it, and taken away when the agent stops. Nobody waits for it. */
import { useEffect, useRef } from "react";
import { api } from "../../api/client";

const EVERY_MS = 15_000;
const STOPPED_MS = 5_000;

export class TypingSignal {
  private shownAt = Number.NEGATIVE_INFINITY;
  private shown = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly send: (typing: boolean) => void;

  constructor(send: (typing: boolean) => void) {
    this.send = send;
  }

  typed(text: string): void {
    if (!text.trim()) {
      this.stop();
      return;
    }
    const now = performance.now();
    if (now - this.shownAt >= EVERY_MS) {
      this.shownAt = now;
      this.shown = true;
      this.send(true);
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.stop(), STOPPED_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
    if (this.shown) this.send(false);
    this.shown = false;
  }
}

/** A courtesy: what the desk or WeChat says to it changes nothing. */
export function useTypingSignal(conversationId: string): TypingSignal {
  const path = `/conversations/${conversationId}/typing`;
  const signal = useRef<TypingSignal>(undefined);
  signal.current ??= new TypingSignal((typing) => void api.post(path, { typing }).catch(() => {}));
  useEffect(() => () => signal.current?.stop(), []);
  return signal.current;
}
