import { afterEach, expect, it, vi } from "vitest";
import {
  forgetRecording,
  keepRecording,
  keptRecordings,
  placeOf,
  recordingsOfPage,
  watchRecordings,
} from "./recordings";

const place = placeOf("ag_1", "cv_1");
const file = (name: string) => new File(["sound"], name, { type: "audio/wav" });

afterEach(() => {
  for (const { key } of recordingsOfPage(place)) forgetRecording(key);
});

it("keeps_recordings_of_a_conversation_until_they_are_forgotten_without_a_store_too", async () => {
  expect("indexedDB" in globalThis).toBe(false);
  keepRecording(place, file("first.wav"));
  keepRecording(place, file("second.wav"));
  keepRecording(placeOf("ag_2", "cv_1"), file("of another agent.wav"));
  const kept = await keptRecordings(place);
  expect(kept.map((one) => one.file.name)).toEqual(["first.wav", "second.wav"]);
  forgetRecording(kept[0]?.key ?? "");
  expect((await keptRecordings(place)).map((one) => one.file.name)).toEqual(["second.wav"]);
});

it("tells_whose_composer_has_got_a_recording", () => {
  const told = vi.fn();
  const stop = watchRecordings(told);
  keepRecording(place, file("a.wav"));
  stop();
  keepRecording(place, file("b.wav"));
  expect(told.mock.calls).toEqual([[place]]);
});
