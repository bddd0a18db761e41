// Live changes. One stream for all tabs of this browser (a browser opens only six connections to a host),
// and a question every two seconds while there is no stream.

import { eventsUrl } from "./api.mjs";

const POLL_MS = 2_000;
const REOPEN_MS = 3_000;
const NAME = "kefu-phone-live";

/** Calls `onChange({kind, app_id, openid})` for every change, `onLink(connected)` when the link comes or goes. */
export function startLive(onChange, onLink) {
  const channel = new BroadcastChannel(NAME);
  const take = (message) => ("connected" in message ? onLink(message.connected) : onChange(message));
  channel.onmessage = ({ data }) => take(data);
  const tell = (message) => {
    channel.postMessage(message);
    take(message);
  };
  if (!navigator.locks) {
    listen(take);
    return;
  }
  // Whoever holds the lock listens for the others; when that tab closes, the next one takes over.
  navigator.locks.request(NAME, () => {
    listen(tell);
    return new Promise(() => {});
  });
}

function listen(tell) {
  let polling = null;
  const connected = (yes) => {
    clearInterval(polling);
    polling = yes ? null : setInterval(() => tell({ kind: "poll" }), POLL_MS);
    tell({ connected: yes });
  };
  const open = () => {
    const source = new EventSource(eventsUrl());
    const hear = (event) => hearChange(event.data, tell);
    source.addEventListener("message", hear);
    source.addEventListener("change", hear);
    source.addEventListener("open", () => {
      connected(true);
      tell({ kind: "all" });
    });
    source.addEventListener("error", () => {
      if (polling === null) connected(false);
      if (source.readyState === EventSource.CLOSED) setTimeout(open, REOPEN_MS);
    });
  };
  open();
}

function hearChange(data, tell) {
  try {
    tell(JSON.parse(data));
  } catch {
    // A line that is no JSON says no more than "something changed".
    tell({ kind: "all" });
  }
}
