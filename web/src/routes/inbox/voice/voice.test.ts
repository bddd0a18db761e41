import { beforeEach, expect, it } from "vitest";
import type { Media } from "../../../api/types";
import { nextSpeed, playable, readSpeed } from "./sound";
import { wav } from "./wav";

beforeEach(() => localStorage.clear());

const media = (mime: string, hd: Media["hd"] = null): Media => ({
  id: "md_1",
  mime,
  hd,
  bytes: 9,
  state: "ready",
  reason: null,
  file_name: null,
  width: null,
  height: null,
  duration_ms: null,
  link: null,
});

it("plays_the_better_variant_only_where_it_can_be_decoded", () => {
  const wide = { id: "md_2", mime: "audio/amr-wb" };
  const narrow = { id: "md_2", mime: "audio/amr" };
  expect(playable(media("audio/amr", narrow))?.id).toBe("md_2");
  expect(playable(media("audio/amr", wide))?.id).toBe("md_1");
  expect(playable(media("audio/mpeg"))?.id).toBe("md_1");
  expect(playable(media("audio/amr-wb"))).toBeNull();
  expect(playable(media("application/octet-stream", wide))).toBeNull();
});

it("goes_through_the_speeds_and_remembers_the_last", () => {
  expect(readSpeed()).toBe(1);
  expect([1, 1.25, 1.5, 2].map(nextSpeed)).toEqual([1.25, 1.5, 2, 1]);
  nextSpeed(1.25);
  expect(readSpeed()).toBe(1.5);
  localStorage.setItem("kefu.voice_speed", "99");
  expect(readSpeed()).toBe(1);
});

it("writes_samples_as_sixteen_bit_wav", async () => {
  const file = wav(new Float32Array([0, 1, -1, 2]), 8000);
  const reader = new FileReader();
  const bytes = await new Promise<ArrayBuffer>((resolve) => {
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.readAsArrayBuffer(file);
  });
  const view = new DataView(bytes);
  expect(bytes.byteLength).toBe(44 + 8);
  expect(view.getUint32(24, true)).toBe(8000);
  expect([44, 46, 48, 50].map((at) => view.getInt16(at, true))).toEqual([
    0, 32_767, -32_767, 32_767,
  ]);
});
