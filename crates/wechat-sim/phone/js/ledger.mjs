// The window ledger of one follower: what may still be sent, and until when. WeChat keeps it and tells nobody.

import { ledger } from "./api.mjs";
import { dayTime, simNow, toMillis } from "./clock.mjs";
import { el } from "./dom.mjs";
import { has, t } from "./i18n.mjs";

const MINUTE = 60_000;

/** The ledger, or what the follower's own entry says when the simulator keeps no more than that. */
export async function readLedger(appId, follower) {
  try {
    return await ledger(appId, follower.openid);
  } catch (error) {
    if (error.code !== "path_not_found") throw error;
    return { grants: follower.window ? [{ scene: null, ...follower.window }] : [], custom_send: null, monthly: null };
  }
}

/** "Window open for 47 h 59 min, 5 left", or why it is closed. */
export function windowWords(book) {
  if (!book) return "";
  const answer = book.custom_send;
  if (answer && answer.errcode !== 0) return t("ledger.refused", { reason: codeWords(answer) });
  const grants = book.grants.filter((grant) => toMillis(grant.until) > simNow());
  if (grants.length === 0) return t("ledger.closed");
  const latest = grants.reduce((a, b) => (toMillis(b.until) > toMillis(a.until) ? b : a));
  return t("ledger.open", { time: duration(toMillis(latest.until) - simNow()), left: leftWords(latest.left) });
}

/** The whole ledger, line by line. */
export function ledgerLines(book) {
  const lines = book.grants.map((grant) => line(sceneWords(grant.scene), t("ledger.grant", {
    left: leftWords(grant.left),
    time: dayTime(toMillis(grant.until)),
  })));
  if (lines.length === 0) lines.push(line(t("ledger.window"), t("ledger.closed")));
  if (book.custom_send) lines.push(line(t("ledger.next"), codeWords(book.custom_send)));
  if (book.monthly) lines.push(line(t("ledger.monthly"), t("ledger.monthly_used", book.monthly)));
  if (book.refuses) lines.push(line(t("ledger.refuses"), t("ledger.yes")));
  if (book.blacklisted) lines.push(line(t("ledger.blacklisted"), t("ledger.yes")));
  return lines;
}

/** An answer of WeChat in words, with its code. */
export function codeWords({ errcode, errmsg }) {
  const key = `errcode.${errcode}`;
  return has(key) ? t(key) : t("errcode.other", { errcode, errmsg: errmsg ?? "" });
}

function line(name, value) {
  return [el("dt", {}, name), el("dd", {}, value)];
}

function sceneWords(scene) {
  const key = `scene.${scene}`;
  return has(key) ? t(key) : (scene ?? t("ledger.window"));
}

function leftWords(left) {
  return left === null || left === undefined ? t("ledger.no_limit") : t("ledger.left", { n: left });
}

function duration(ms) {
  const minutes = Math.floor(ms / MINUTE);
  if (minutes < 1) return t("time.seconds", { s: Math.max(1, Math.ceil(ms / 1_000)) });
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? t("time.hours_minutes", { h: hours, m: minutes % 60 }) : t("time.minutes", { m: minutes });
}
