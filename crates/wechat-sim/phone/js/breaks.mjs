// What can be broken, on purpose, between one phone and the desk: ordering it, undoing it, and what it led to.
// Faults live on the simulator, so that every tab sees the same; the callback token is spoiled on the account itself.

import * as api from "./api.mjs";
import { toMillis } from "./clock.mjs";
import { t } from "./i18n.mjs";

export const SEND_PATH = "/cgi-bin/message/custom/send";
/** How long a slow desk takes: WeChat waits 5 s for an answer. */
const SLOW_MS = 5_000;
/** What a spoiled token ends with. It is cut off again to mend it. */
const SPOIL = "Wrong";

/** Faults by name, as the control API wants them. */
const FAULTS = {
  cut: { on: "api", path: SEND_PATH, cut: "after" },
  triple: { on: "push", duplicate: 2 },
  slow: { on: "push", delay_ms: SLOW_MS, cut: "after" },
};
export const BREAKS = [...Object.keys(FAULTS), "token"];

/** Whether `name` is broken for this follower now. */
export function isBroken(name, { account, faults }, openid) {
  if (name === "token") return Boolean(account?.token?.endsWith(SPOIL));
  return faults.some((fault) => isOurs(fault, name, openid));
}

/** Answers the simulator's time just before. */
export async function breakIt(name, { account }, openid) {
  const { now } = await api.clock();
  if (name === "token") await api.changeAccount(account.app_id, { token: account.token + SPOIL });
  else await api.orderFault({ ...FAULTS[name], app_id: account.app_id, openid, times: 1 });
  return toMillis(now);
}

/** Undoes it, and leaves all other faults alone. */
export async function mend(name, { account }, openid) {
  if (name === "token") return api.changeAccount(account.app_id, { token: account.token.slice(0, -SPOIL.length) });
  const ours = (await api.faults()).filter((fault) => isOurs(fault, name, openid));
  for (const fault of ours) await cancel(fault);
}

/** One that was used up meanwhile needs no cancelling. */
async function cancel({ id }) {
  try {
    await api.cancelFault(id);
  } catch (error) {
    if (error.code !== "fault_not_found") throw error;
  }
}

function isOurs(fault, name, openid) {
  const wanted = FAULTS[name];
  return fault.openid === openid && Object.keys(wanted).every((key) => fault[key] === wanted[key]);
}

/** What a break that was ordered at `since` and used up led to, by the simulator's books; nothing while they do not say. */
export function outcome(name, { pushes, calls }, openid, since) {
  if (name === "cut") return cutOutcome(calls, openid, since);
  const push = pushes.findLast((one) => one.msg_id && one.attempts.length > 1);
  if (!push) return "";
  const words = { n: push.attempts.length, taken: push.attempts.filter((attempt) => attempt.outcome === "accepted").length };
  return t(push.acknowledged ? `break.${name}_outcome` : "break.pending", words);
}

function cutOutcome(calls, openid, since) {
  const call = calls.find((one) => one.path === SEND_PATH && one.openid === openid && toMillis(one.at) >= since);
  if (!call) return "";
  return t(call.took_effect ? "break.cut_outcome" : "break.cut_nothing");
}
