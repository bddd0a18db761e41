import { expect, it } from "vitest";
import { limitReached, RATES, VIDEO_LIMIT_MS, VIDEO_MAX_BYTES, videoType } from "./videoType";

it("takes_what_every_phone_plays_before_anything_else", () => {
  expect(videoType(() => true)).toMatchObject({ sure: true });
  expect(videoType((mime) => mime.includes("64001F"))?.mime).toContain("avc1.64001F,mp4a");
});

it("takes_another_mp4_where_there_is_no_h264_and_says_that_it_is_unsure", () => {
  const type = videoType((mime) => mime.includes("vp9,opus"));
  expect(type).toEqual({ mime: 'video/mp4;codecs="vp9,opus"', sure: false });
  expect(videoType((mime) => mime === "video/mp4")).toMatchObject({ sure: false });
  // H.264 with a sound that phones need not know is not sure either.
  expect(videoType((mime) => mime.includes("avc1.42E01F,opus"))).toMatchObject({ sure: false });
});

it("records_nothing_but_mp4", () => {
  expect(videoType((mime) => mime.startsWith("video/webm"))).toBeNull();
  expect(videoType(() => false)).toBeNull();
});

it("ends_at_a_minute_and_before_ten_megabytes", () => {
  expect(limitReached(VIDEO_LIMIT_MS - 1, 0)).toBeNull();
  expect(limitReached(VIDEO_LIMIT_MS, 0)).toBe("time");
  expect(limitReached(0, VIDEO_MAX_BYTES - 1_048_576 - 1)).toBeNull();
  expect(limitReached(0, VIDEO_MAX_BYTES - 1_048_576)).toBe("size");
  // A minute at the rates that are asked for does not meet the size.
  const minute = ((RATES.videoBitsPerSecond + RATES.audioBitsPerSecond) / 8) * 60;
  expect(limitReached(0, minute)).toBeNull();
});
