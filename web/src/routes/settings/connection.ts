/** How far the connection of a channel to WeChat has come: each step ticks itself. Pure, for the details page. */
import type { Channel, ChannelCheck } from "../../api/types";

export type StepState = "done" | "problem" | "open";

export interface Connection {
  /** WeChat takes our calls: the addresses are listed and the secret is right. */
  credentials: StepState;
  /** WeChat has checked the callback address. */
  verified: StepState;
  /** A customer's message has arrived. */
  firstMessage: StepState;
  complete: boolean;
}

export type CallbackProblem = NonNullable<Channel["callback_problem"]>;

/** Why the last push or verification was refused, where nothing has gone well since. */
export function callbackProblem(channel: Channel): CallbackProblem | null {
  const { callback_problem: problem, url_verified_at: verified } = channel;
  if (!problem) return null;
  return verified && Date.parse(verified) > Date.parse(problem.at) ? null : problem;
}

/** Whether the wizard's step "allow-list" was ticked counts as long as WeChat has not been asked. */
export function connection(
  channel: Channel,
  check: ChannelCheck | undefined,
  listed: boolean,
): Connection {
  const asked: StepState = check?.ok ? "done" : "problem";
  const unasked: StepState = listed ? "done" : "open";
  const verified: StepState = channel.url_verified_at
    ? "done"
    : callbackProblem(channel)
      ? "problem"
      : "open";
  const firstMessage: StepState = channel.first_message_at ? "done" : "open";
  return {
    credentials: check ? asked : unasked,
    verified,
    firstMessage,
    complete: verified === "done" && firstMessage === "done" && check?.ok !== false,
  };
}
