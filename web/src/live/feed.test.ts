import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { deskNow, setDeskTime } from "../format/deskClock";
import { startFeed } from "./feed";

const later = () => new Date(Date.now() + 49 * 3_600_000).toISOString();
const hoursAhead = () => Math.round((deskNow().getTime() - Date.now()) / 3_600_000);

let endings: (() => void)[] = [];
let heard: unknown[] = [];
let other: BroadcastChannel;

/** Whether this tab gets the lock that makes it the one that reads. */
function lock(granted: boolean): void {
  const request = (_name: string, _options: unknown, lead: () => Promise<void>) =>
    granted ? lead() : new Promise(() => {});
  vi.stubGlobal("navigator", { ...navigator, locks: { request } });
}

/** A stream that says these events and then stays open. */
function desk(...events: string[]): void {
  const body = () =>
    new ReadableStream<Uint8Array>({
      start: (stream) => stream.enqueue(new TextEncoder().encode(events.join(""))),
    });
  vi.stubGlobal("fetch", async () => new Response(body(), { status: 200 }));
}

function openTab() {
  const told: string[] = [];
  endings.push(
    startFeed({
      onChange: ({ kind }) => told.push(kind),
      onResync: () => told.push(`resync ${hoursAhead()} h ahead`),
      onConnection: (connection) => told.push(connection),
    }),
  );
  return told;
}

beforeEach(() => {
  heard = [];
  other = new BroadcastChannel("kefu.events");
  other.onmessage = ({ data }) => heard.push(data);
});

afterEach(() => {
  for (const end of endings) end();
  endings = [];
  other.close();
  vi.unstubAllGlobals();
  setDeskTime(new Date().toISOString());
});

it("the_reading_tab_passes_a_moved_clock_on_to_the_others", async () => {
  const now = later();
  lock(true);
  desk(`id: 7\nevent: resync\ndata: {"now":"${now}"}\n\n`);
  const told = openTab();
  await vi.waitFor(() => expect(heard).toContainEqual({ is: "time", now }));
  expect(told).toContain("resync 49 h ahead");
});

it("a_tab_that_does_not_read_learns_of_a_moved_clock", async () => {
  lock(false);
  openTab();
  other.postMessage({ is: "time", now: later() });
  await vi.waitFor(() => expect(hoursAhead()).toBe(49));
});

it("a_new_tab_is_told_the_time_and_the_connection_by_the_one_that_reads", async () => {
  lock(true);
  desk(`id: 7\nevent: hello\ndata: {"position":7,"now":"${later()}"}\n\n`);
  const told = openTab();
  await vi.waitFor(() => expect(told).toContain("live"));
  await vi.waitFor(() => expect(hoursAhead()).toBe(49));
  heard = [];
  other.postMessage({ is: "who" });
  await vi.waitFor(() => expect(heard).toContainEqual({ is: "connection", connection: "live" }));
  await vi.waitFor(() =>
    expect(heard.some((one) => (one as { is: string }).is === "time")).toBe(true),
  );
});
