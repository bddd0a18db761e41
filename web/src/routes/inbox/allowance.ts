/** The reply allowance in words: for the line above the composer, the head of the thread, and the pill in a row. */
import i18next from "i18next";
import type { Reply } from "../../api/types";
import { duration, preciseTime } from "../../format/time";
import type { Cost } from "./cost";

const HOUR = 3_600_000;

export interface Words {
  text: string;
  tone: "plain" | "warn";
}

const remainingMs = (reply: Reply, now: Date) =>
  reply.until ? Date.parse(reply.until) - now.getTime() : null;

/** Whether the next message may be the last one, or the time is short. */
export function isScarce(reply: Reply, now: Date): boolean {
  const left = remainingMs(reply, now);
  const few = reply.remaining !== null && reply.remaining <= 1;
  return few || (reply.route === "window" && left !== null && left < 2 * HOUR);
}

/**
 * "Window closes in 3 h 12 min · 2 messages left …"; null where nothing may be sent. `providerAllows` is WeChat's own
 * count where the channel has none.
 */
export function allowanceLine(
  reply: Reply,
  now: Date,
  providerAllows: number | null = null,
): Words | null {
  if (!reply.allowed) return null;
  const tone = isScarce(reply, now) ? "warn" : "plain";
  if (reply.route === "monthly") {
    const time = reply.until ? preciseTime(reply.until, now) : "";
    const count = reply.remaining ?? 0;
    return { text: i18next.t("allowance.monthly_until", { count, time }), tone };
  }
  const left = remainingMs(reply, now);
  const parts = [];
  if (left !== null) parts.push(i18next.t("allowance.until", { duration: duration(left) }));
  parts.push(
    reply.remaining === null
      ? i18next.t("allowance.no_limit")
      : i18next.t("allowance.left", { count: reply.remaining }),
  );
  if (reply.remaining === null && providerAllows !== null) {
    parts.push(i18next.t("allowance.wechat_allows", { count: providerAllows }));
  }
  return { text: parts.join(" · "), tone };
}

/** The same in short, for the head of the thread. */
export function allowanceBrief(reply: Reply, now: Date): Words | null {
  if (!reply.allowed) return null;
  const tone = isScarce(reply, now) ? "warn" : "plain";
  if (reply.route === "monthly") {
    return { text: i18next.t("allowance.head.monthly", { count: reply.remaining ?? 0 }), tone };
  }
  const left = remainingMs(reply, now);
  const parts = [];
  if (left !== null) parts.push(i18next.t("allowance.head.window", { duration: duration(left) }));
  if (reply.remaining !== null) {
    parts.push(i18next.t("allowance.head.count", { count: reply.remaining }));
  }
  return { text: parts.join(" · "), tone };
}

/** What the next messages cost, where they are counted. */
export function costWords({ parts, left }: Pick<Cost, "parts" | "left">, reply: Reply): string {
  if (left === null || parts === 0) return "";
  const monthly = reply.route === "monthly";
  return i18next.t(monthly ? "cost.of_at_most" : "cost.of_left", { count: parts, left });
}

/** That nothing is left after the next message. */
export function lastMessage(reply: Reply, now: Date): string {
  if (reply.route !== "monthly") return i18next.t("cost.last.window");
  const time = reply.until ? preciseTime(reply.until, now) : "";
  return i18next.t("cost.last.monthly", { time });
}

/** What exactly is behind a refusal. */
export function replyDetail(reply: Reply): string {
  return reply.detail ? i18next.t(`allowance.detail.${reply.detail}`) : "";
}

/** When a refusal ends by itself, in words. */
export function opensAgain(reply: Reply, now?: Date): string {
  if (reply.reason !== "quota_exhausted" || !reply.until) return "";
  return i18next.t("allowance.opens", { time: preciseTime(reply.until, now) });
}

const aboutPerson = ["unassigned", "not_assignee"];

/** Shown in a row only when the end is near: under 6 h, or a limited number of messages. */
export function allowancePill(reply: Reply, now: Date): Words | null {
  const open = reply.allowed || aboutPerson.includes(reply.reason);
  const left = remainingMs(reply, now);
  if (reply.reason === "quota_exhausted") {
    return { text: i18next.t("allowance.row.none"), tone: "warn" };
  }
  if (!open || left === null || left <= 0) return null;
  if (reply.route === "monthly") {
    const count = reply.remaining ?? 0;
    return {
      text: i18next.t("allowance.row.monthly", { count }),
      tone: count <= 1 ? "warn" : "plain",
    };
  }
  const soon = left < 6 * HOUR;
  const limited = reply.remaining !== null && reply.remaining <= 3;
  if (!soon && !limited) return null;
  const parts = [];
  if (soon) parts.push(duration(left));
  if (limited) parts.push(i18next.t("pill.left", { count: reply.remaining ?? 0 }));
  return {
    text: parts.join(" · "),
    tone: isScarce(reply, now) ? "warn" : "plain",
  };
}
