/**
 * The desk's "now". It can differ from this computer's clock (wrong clock here, or a demo desk whose
 * time was moved), and every remaining time is counted from the desk's.
 */
import { useSyncExternalStore } from "react";

let offset = 0;
const watchers = new Set<() => void>();

/** Told whenever the desk says what time it is. */
export function setDeskTime(now: string | undefined | null): void {
  const time = now ? Date.parse(now) : Number.NaN;
  if (Number.isNaN(time)) return;
  const next = time - Date.now();
  // A few seconds are the way of the answer, not another clock.
  offset = Math.abs(next) < 5_000 ? 0 : next;
  beat();
}

export const deskNow = () => new Date(Date.now() + offset);

function beat() {
  quarter = Math.floor(deskNow().getTime() / 15_000);
  for (const watcher of watchers) watcher();
}

let quarter = Math.floor(Date.now() / 15_000);
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(watcher: () => void) {
  watchers.add(watcher);
  timer ??= setInterval(beat, 15_000);
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The desk's now, read again four times a minute. */
export function useDeskNow(): Date {
  useSyncExternalStore(subscribe, () => quarter);
  return deskNow();
}
