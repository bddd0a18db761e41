/**
 * One event stream per browser, shared by its tabs: the tab that holds the lock reads it and tells
 * the others. When that tab closes, the next one goes on from the last id that anybody has seen.
 */
import { eventsUrl } from "../api/client";
import { deskNow, setDeskTime } from "../format/deskClock";
import { readEvents, type SseEvent } from "./sse";

export interface Change {
  kind: string;
  id: string;
  conversation_id: string | null;
}

export type Connection = "connecting" | "live" | "lost";

type Told =
  | { is: "change"; change: Change; lastId: string | null }
  | { is: "resync"; lastId: string | null }
  | { is: "connection"; connection: Connection }
  /** The desk's time, which can be moved: every tab counts remaining times from it. */
  | { is: "time"; now: string }
  | { is: "who" };

interface Listener {
  onChange: (change: Change) => void;
  /** Something may have been missed: everything on screen is to be fetched again. */
  onResync: () => void;
  onConnection: (connection: Connection) => void;
}

export function startFeed(listener: Listener): () => void {
  const stop = new AbortController();
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("kefu.events") : null;
  let lastId: string | null = null;
  let connection: Connection = "connecting";
  let leading = false;

  const hear = (told: Told) => {
    if (told.is === "who") {
      if (leading) greet();
      return;
    }
    if (told.is === "time") return setDeskTime(told.now);
    if (told.is === "connection") {
      connection = told.connection;
      listener.onConnection(connection);
      return;
    }
    lastId = told.lastId ?? lastId;
    if (told.is === "change") listener.onChange(told.change);
    else listener.onResync();
  };

  const pass = (told: Told) => channel?.postMessage(told);
  const greet = () => {
    pass({ is: "connection", connection });
    pass({ is: "time", now: deskNow().toISOString() });
  };
  const tell = (told: Told) => {
    hear(told);
    pass(told);
  };

  const onEvent = ({ id, event, data }: SseEvent) => {
    const body = parse(data);
    // Before the resync that comes with a moved clock: what is drawn again then is drawn by the new time.
    if (typeof body.now === "string") tell({ is: "time", now: body.now });
    if (event === "change") tell({ is: "change", change: body as unknown as Change, lastId: id });
    else if (event === "resync") tell({ is: "resync", lastId: id });
    else if (event === "hello") lastId = id ?? lastId;
  };

  const lead = async () => {
    leading = true;
    let failures = 0;
    while (!stop.signal.aborted) {
      const status = await readEvents(eventsUrl, lastId, stop.signal, onEvent, () => {
        // Without an id nothing can be replayed: what changed before now is fetched instead.
        if (!lastId) tell({ is: "resync", lastId: null });
        failures = 0;
        tell({ is: "connection", connection: "live" });
      }).catch(() => 0);
      if (stop.signal.aborted) return;
      if (status === 401) return tell({ is: "resync", lastId: null });
      failures += 1;
      if (failures > 1 || status !== 200) tell({ is: "connection", connection: "lost" });
      await pause(Math.min(15_000, 300 * 2 ** failures) * (0.75 + Math.random() / 2), stop.signal);
    }
  };

  if (channel) channel.onmessage = (event: MessageEvent<Told>) => hear(event.data);
  if (channel && navigator.locks) {
    navigator.locks.request("kefu.events", { signal: stop.signal }, lead).catch(() => {});
    pass({ is: "who" });
  } else {
    void lead();
  }
  return () => {
    stop.abort();
    channel?.close();
  };
}

function parse(data: string): Record<string, unknown> {
  try {
    return (JSON.parse(data) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Waits, but not longer than until the network is back. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    window.addEventListener("online", done);
    signal.addEventListener("abort", done);
  });
}
