import { expect, it } from "vitest";
import { cropSquare, dragged, iconProblem, isWhole, wholePicture } from "./iconRules";

const MB = 1_048_576;
const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0);
const gif = new TextEncoder().encode("GIF89a");

it.each([
  [png, MB, null],
  [png, MB + 1, "icon.too_large"],
  [jpeg, MB, null],
  [gif, 100, "icon.kind"],
  [new TextEncoder().encode("<svg xmlns="), 100, "icon.kind"],
  [png, 0, "icon.empty"],
])("the content decides and 1 MB is still right", (head, size, problem) => {
  expect(iconProblem(head, size)).toBe(problem);
});

it("the_square_lies_in_the_middle_of_the_picture_and_never_outside_it", () => {
  expect(cropSquare(400, 200, wholePicture)).toEqual({ left: 100, top: 0, side: 200 });
  expect(cropSquare(400, 200, { zoom: 2, x: 1, y: 1 })).toEqual({ left: 300, top: 100, side: 100 });
  expect(cropSquare(400, 200, { zoom: 2, x: 9, y: -9 })).toEqual({ left: 300, top: 0, side: 100 });
});

it("dragging_to_the_right_shows_more_of_the_left", () => {
  const moved = dragged(wholePicture, { width: 400, height: 200 }, 200, { x: 50, y: 50 });
  expect(cropSquare(400, 200, moved)).toEqual({ left: 50, top: 0, side: 200 });
});

it("a_square_picture_that_is_not_zoomed_is_used_as_it_is", () => {
  expect(isWhole(64, 64, wholePicture)).toBe(true);
  expect(isWhole(64, 64, { ...wholePicture, zoom: 1.5 })).toBe(false);
  expect(isWhole(64, 65, wholePicture)).toBe(false);
});
