import { expect, it } from "vitest";
import { startTexts } from "../i18n";
import { acceptedFiles, fileProblem, kindOf, lengthWarning, offersFor } from "./fileRules";

const MB = 1_048_576;
await startTexts("en");

it.each([
  ["a.jpg", "image/jpeg", 10 * MB],
  ["a.PNG", "image/png", 1],
  ["a.mp4", "video/mp4", 10 * MB],
  ["a.AMR", "", 2 * MB],
  ["a.mp3", "audio/mpeg", 2 * MB],
])("%s of %s with %d bytes can be sent", (name, type, size) => {
  expect(fileProblem({ name, type, size })).toBeNull();
});

it.each([
  ["a.jpg", "image/jpeg", 10 * MB + 1, "this one has 10.01 MB"],
  ["a.mp4", "video/mp4", 10 * MB + 1, "10 MB"],
  ["a.amr", "", 2 * MB + 1, "2 MB"],
  ["a.gif", "image/gif", 5, "cannot be sent"],
  ["a.mov", "video/quicktime", 5, "cannot be sent"],
  ["a.pdf", "application/pdf", 5, "cannot be sent"],
  ["a.wav", "audio/wav", 5, "cannot be sent"],
  ["a.png", "image/png", 0, "empty"],
])("%s of %s with %d bytes is refused and the rule is named", (name, type, size, words) => {
  expect(fileProblem({ name, type, size })).toContain(words);
});

it("takes_the_content_type_over_the_name", () => {
  expect(kindOf({ name: "picture.jpg", type: "video/mp4", size: 1 })).toBe("video");
});

it("takes_mpeg_audio_whatever_the_browser_calls_it", () => {
  expect(kindOf({ name: "a.mpeg", type: "video/mpeg", size: 1 })).toBe("voice");
  expect(kindOf({ name: "a.mpeg", type: "audio/mpeg", size: 1 })).toBe("voice");
  expect(kindOf({ name: "a.mpg", type: "video/mpeg", size: 1 })).toBeNull();
});

it("says_the_accounts_reason_before_the_size", () => {
  const refused = () => "kind_region_other";
  const problem = fileProblem({ name: "a.mp3", type: "audio/mpeg", size: 9 * MB }, refused);
  expect(problem).toContain("neither voice nor video");
});

it("leaves_out_of_the_picker_what_the_account_cannot_send", () => {
  expect(acceptedFiles()).toContain(".mp4");
  const pictures = acceptedFiles((kind) => kind === "image");
  expect(pictures).toContain(".png");
  expect(pictures).not.toMatch(/mp4|amr|mp3/);
});

it.each([
  ["a.jpg", "image/jpeg", 12 * MB, ["shrink", "link"]],
  ["a.webp", "image/webp", MB, ["shrink", "link"]],
  ["a.gif", "image/gif", MB, ["shrink", "link"]],
  ["a.HEIC", "", MB, ["shrink", "link"]],
  ["a.svg", "image/svg+xml", MB, ["link"]],
  ["a.mp4", "video/mp4", 12 * MB, ["link"]],
  ["a.pdf", "application/pdf", 50 * MB, ["link"]],
  ["a.pdf", "application/pdf", 50 * MB + 1, []],
  ["a.png", "image/png", 0, ["shrink"]],
])("for %s (%s) of %d bytes offers %j", (name, type, size, offers) => {
  expect(offersFor({ name, type, size }, 50 * MB)).toEqual(offers);
});

it("offers_no_link_before_the_desks_limit_is_known", () => {
  expect(offersFor({ name: "a.pdf", type: "application/pdf", size: 1 }, null)).toEqual([]);
});

it("warns_of_a_recording_over_a_minute", () => {
  expect(lengthWarning(60_000)).toBeNull();
  expect(lengthWarning(null)).toBeNull();
  expect(lengthWarning(60_020)).toContain("61 s");
});
