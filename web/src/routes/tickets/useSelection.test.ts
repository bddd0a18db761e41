import { describe, expect, it } from "vitest";
import { selected } from "./useSelection";

const ids = ["a", "b", "c", "d"];

describe("a selection", () => {
  it("takes and gives back one row", () => {
    const one = selected(ids, new Set(), { id: "b", last: null, range: false });
    expect([...one]).toEqual(["b"]);
    expect([...selected(ids, one, { id: "b", last: "b", range: false })]).toEqual([]);
  });

  it("takes everything between with shift, in both directions", () => {
    const down = selected(ids, new Set(["a"]), { id: "c", last: "a", range: true });
    expect([...down].sort()).toEqual(["a", "b", "c"]);
    const up = selected(ids, new Set(["d"]), { id: "b", last: "d", range: true });
    expect([...up].sort()).toEqual(["b", "c", "d"]);
  });

  it("takes one row where the one before is not shown any more", () => {
    const one = selected(ids, new Set(), { id: "b", last: "gone", range: true });
    expect([...one]).toEqual(["b"]);
  });
});
