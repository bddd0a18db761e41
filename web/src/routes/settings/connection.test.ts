import { expect, it } from "vitest";
import type { Channel } from "../../api/types";
import { callbackProblem, connection } from "./connection";

const channel = { url_verified_at: null, first_message_at: null } as Channel;
const verified = { ...channel, url_verified_at: "2026-11-25T12:03:00Z" };

it("each_step_ticks_itself", () => {
  expect(connection(channel, undefined, false)).toEqual({
    credentials: "open",
    verified: "open",
    firstMessage: "open",
    complete: false,
  });
  const done = { ...verified, first_message_at: "2026-11-25T12:05:00Z" };
  expect(connection(done, { ok: true }, false)).toEqual({
    credentials: "done",
    verified: "done",
    firstMessage: "done",
    complete: true,
  });
});

it("what_WeChat_answers_counts_more_than_what_was_ticked", () => {
  expect(connection(channel, undefined, true).credentials).toBe("done");
  expect(connection(channel, { ok: false, code: "wechat_40164" }, true).credentials).toBe(
    "problem",
  );
});

it("a_refused_push_is_a_problem_until_a_verification_succeeds_after_it", () => {
  const refused = {
    ...channel,
    callback_problem: { code: "wrong_key", at: "2026-11-25T12:02:00Z" } as const,
  };
  expect(connection(refused, undefined, false).verified).toBe("problem");
  const mended = { ...refused, url_verified_at: verified.url_verified_at };
  expect(callbackProblem(mended)).toBeNull();
  const broken = {
    ...mended,
    callback_problem: { code: "wrong_mode", at: "2026-11-25T12:09:00Z" } as const,
  };
  expect(callbackProblem(broken)?.code).toBe("wrong_mode");
});
