/** The reply allowance in words, for the line above the composer and the pill in a row. */
import i18next from "i18next";
import type { Reply } from "../../api/types";
import { duration, preciseTime } from "../../format/time";

const HOUR = 3_600_000;

export interface Words {
  text: string;
  tone: "plain" | "warn";
}

const remainingMs = (reply: Reply, now: Date) =>
  reply.until ? Date.parse(reply.until) - now.getTime() : null;

/** "Window closes in 3 h 12 min · 2 messages left …"; null where nothing may be sent. */
export function allowanceLine(reply: Reply, now: Date): Words | null {
  if (!reply.allowed) return null;
  const left = remainingMs(reply, now);
  const scarce = reply.remaining !== null && reply.remaining <= 1;
  const tone = scarce || (left !== null && left < 2 * HOUR) ? "warn" : "plain";
  if (reply.route === "monthly") {
    const count = i18next.t("allowance.monthly_left", { count: reply.remaining ?? 0 });
    return { text: `${i18next.t("allowance.monthly")} · ${count}`, tone };
  }
  const parts = [];
  if (left !== null) parts.push(i18next.t("allowance.until", { duration: duration(left) }));
  parts.push(
    reply.remaining === null
      ? i18next.t("allowance.no_limit")
      : i18next.t("allowance.left", { count: reply.remaining }),
  );
  return { text: parts.join(" · "), tone };
}

/** When a refusal ends by itself, in words. */
export function opensAgain(reply: Reply): string {
  if (reply.reason !== "quota_exhausted" || !reply.until) return "";
  return i18next.t("allowance.opens", { time: preciseTime(reply.until) });
}

const aboutPerson = ["unassigned", "not_assignee"];

/** Shown in a row only when the end is near: under 6 h, or a limited number of messages. */
export function allowancePill(reply: Reply, now: Date): Words | null {
  const open = reply.allowed || aboutPerson.includes(reply.reason);
  const left = remainingMs(reply, now);
  if (!open || left === null || left <= 0) return null;
  const soon = left < 6 * HOUR;
  const limited = reply.remaining !== null && reply.remaining <= 3;
  if (!soon && !limited) return null;
  const parts = [];
  if (soon) parts.push(duration(left));
  if (limited) parts.push(i18next.t("pill.left", { count: reply.remaining ?? 0 }));
  return {
    text: parts.join(" · "),
    tone: left < 2 * HOUR || reply.remaining === 0 ? "warn" : "plain",
  };
}
