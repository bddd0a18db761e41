import { renderHook } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { useShortcuts } from "./shortcuts";

let done: string[] = [];

function press(...keys: string[]): void {
  for (const key of keys) window.dispatchEvent(new KeyboardEvent("keydown", { key }));
}

beforeEach(() => {
  done = [];
  const shortcuts = { i: () => done.push("i"), "g i": () => done.push("g i") };
  const { unmount } = renderHook(() => useShortcuts(shortcuts));
  return unmount;
});

it("a_key_alone_and_after_g_do_different_things", () => {
  press("i");
  press("g", "i");
  expect(done).toEqual(["i", "g i"]);
});

it("g_counts_for_the_next_key_only", () => {
  press("g", "x", "i");
  expect(done).toEqual(["i"]);
});

it("nothing_happens_while_somebody_types", () => {
  const field = document.body.appendChild(document.createElement("textarea"));
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "i", bubbles: true }));
  field.remove();
  expect(done).toEqual([]);
});

it("nothing_happens_with_a_modifier", () => {
  window.dispatchEvent(new KeyboardEvent("keydown", { key: "i", ctrlKey: true }));
  expect(done).toEqual([]);
});
