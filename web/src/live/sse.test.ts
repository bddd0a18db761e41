import { expect, it } from "vitest";
import { type SseEvent, sseParser } from "./sse";

function read(...pieces: string[]): SseEvent[] {
  const events: SseEvent[] = [];
  const feed = sseParser((event) => events.push(event));
  for (const piece of pieces) feed(piece);
  return events;
}

it("reads_an_event_that_arrives_in_pieces", () => {
  expect(read("id: 7\nevent: cha", 'nge\ndata: {"a":', "1}\n", "\n")).toEqual([
    { id: "7", event: "change", data: '{"a":1}' },
  ]);
});

it("keeps_the_last_id_for_events_without_one", () => {
  const events = read("id: 7\ndata: a\n\ndata: b\n\n");
  expect(events.map((event) => event.id)).toEqual(["7", "7"]);
});

it("ignores_pings_and_joins_lines", () => {
  expect(read(": ping\n\ndata: a\ndata: b\r\n\r\n")).toEqual([
    { id: null, event: "message", data: "a\nb" },
  ]);
});
