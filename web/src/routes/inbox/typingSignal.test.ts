import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TypingSignal } from "./typingSignal";

describe("the sign of typing", () => {
  let sent: boolean[];
  let signal: TypingSignal;
  beforeEach(() => {
    vi.useFakeTimers();
    sent = [];
    signal = new TypingSignal((typing) => sent.push(typing));
  });
  afterEach(() => vi.useRealTimers());

  it("is repeated at most every fifteen seconds while keys are pressed", () => {
    for (let second = 0; second <= 30; second++) {
      signal.typed("hello");
      vi.advanceTimersByTime(1000);
    }
    expect(sent).toEqual([true, true, true]);
  });

  it("is taken away once when the agent pauses, sends or empties the text", () => {
    signal.typed("hello");
    vi.advanceTimersByTime(5000);
    expect(sent).toEqual([true, false]);
    signal.stop();
    signal.typed("");
    expect(sent).toEqual([true, false]);
  });

  it("does not flicker: after a pause the fifteen seconds still hold", () => {
    signal.typed("hello");
    vi.advanceTimersByTime(6000);
    signal.typed("hello again");
    expect(sent).toEqual([true, false]);
    vi.advanceTimersByTime(9000);
    signal.typed("hello again!");
    expect(sent).toEqual([true, false, true]);
  });
});
