import { describe, expect, it } from "vitest";
import { square } from "./crop";

describe("the square that is cut out", () => {
  it("is the largest in the middle at first", () => {
    expect(square({ width: 400, height: 200 }, { zoom: 1, x: 0.5, y: 0.5 })).toEqual({
      left: 100,
      top: 0,
      side: 200,
    });
  });

  it("never leaves the picture", () => {
    for (const x of [0, 0.3, 1]) {
      for (const zoom of [1, 2.5, 4]) {
        const { left, top, side } = square({ width: 90, height: 300 }, { zoom, x, y: 1 - x });
        expect(left).toBeGreaterThanOrEqual(0);
        expect(top).toBeGreaterThanOrEqual(0);
        expect(left + side).toBeLessThanOrEqual(90.0001);
        expect(top + side).toBeLessThanOrEqual(300.0001);
      }
    }
  });
});
