import { describe, expect, it } from "vitest";
import { faceCodes, pieces } from "./faces";

const joined = (text: string) =>
  pieces(text)
    .map((piece) => piece.text)
    .join("");
const shown = (text: string) =>
  pieces(text)
    .map((piece) => piece.face?.emoji ?? piece.text)
    .join("");

/** The same numbers each time, so that a failure can be repeated. */
function numbers(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe("faces", () => {
  it("are known by all forms of their codes", () => {
    expect(shown("您好/::)[Smile][微笑]")).toBe("您好🙂🙂🙂");
    expect(shown("[OK]/:ok")).toBe("👌👌");
    expect(faceCodes.length).toBeGreaterThan(250);
    expect(new Set(faceCodes).size).toBe(faceCodes.length);
  });

  it("are the longest code that fits", () => {
    expect(shown("/:,@@")).toBe("😵");
    expect(shown("/::,@")).toBe("😌");
    expect(shown("/:8-)/:8*")).toBe("😎🥹");
    expect(shown("/:lvu/:li/:love")).toBe("🤟⚡💑");
    expect(shown("/::-|/::-S/::-O")).toBe("😅🤬🥱");
  });

  it("leave what is no code alone", () => {
    for (const text of ["https://a.example/x", "[unknown]", "/: /:: [", "a/b:c", "微笑"]) {
      expect(shown(text)).toBe(text);
    }
  });

  it("never lose a character, whatever is written", () => {
    const next = numbers(7);
    const other = [
      "[",
      "]",
      "/",
      ":",
      "/:",
      "您",
      "a",
      "👍🏽",
      "\u202e",
      "\n",
      " ",
      "微笑",
      "@",
      "&lt;",
    ];
    for (let round = 0; round < 3000; round += 1) {
      const parts = Array.from({ length: next(12) }, () => {
        const code = faceCodes[next(faceCodes.length)] ?? "";
        const cut = code.slice(0, next(code.length) + 1);
        return [code, cut, other[next(other.length)] ?? ""][next(3)] ?? "";
      });
      const text = parts.join("");
      expect(joined(text)).toBe(text);
    }
  });
});
