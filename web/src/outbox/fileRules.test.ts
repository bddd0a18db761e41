import { expect, it } from "vitest";
import { startTexts } from "../i18n";
import { fileProblem, kindOf } from "./fileRules";

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
