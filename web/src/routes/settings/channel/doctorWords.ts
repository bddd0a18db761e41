/** Findings of the doctor as sentences: figures and codes of the API in the words of the page's language. */
import i18next from "i18next";
import type { DoctorLine } from "../../../api/types";
import { listOf } from "../../../format/list";
import { preciseTime } from "../../../format/time";
import { messageReason } from "../../../i18n/words";

type Params = Record<string, unknown>;

const text = (value: unknown) => (value === null || value === undefined ? "–" : String(value));
const time = (value: unknown) => (typeof value === "string" ? preciseTime(value) : "–");
const listed = (value: unknown, word: (item: string) => string = (item) => item) =>
  Array.isArray(value) ? listOf(value.map((item) => word(String(item)))) : "";

const shown: Record<string, (value: unknown) => string> = {
  at: time,
  last_at: time,
  configured: (value) => i18next.t(`channel.mode.${text(value)}`),
  seen: (value) => i18next.t(`channel.mode.${text(value)}`),
  policy: (value) => i18next.t(`channel.policy.${text(value)}`),
  reason: (value) => (value ? messageReason(String(value)) : ""),
  addresses: (value) => listed(value),
  capabilities: (value) => listed(value, (word) => i18next.t(`doctor.capability.${word}`)),
};

function params(line: DoctorLine): Params {
  const told = line.params as Params;
  const direction = i18next.t(told.ahead ? "doctor.direction.ahead" : "doctor.direction.behind");
  const entries = Object.entries(told).map(([name, value]) => [name, (shown[name] ?? text)(value)]);
  return { direction, ...Object.fromEntries(entries) };
}

export function foundText(line: DoctorLine): string {
  return line.code ? i18next.t(`doctor.found.${line.code}`, params(line)) : "";
}

/** Only what is not as it should be has a cause and a fix. */
export function causeText(line: DoctorLine): string {
  const key = `doctor.cause.${line.code}`;
  return isBad(line) && i18next.exists(key) ? i18next.t(key, params(line)) : "";
}

export function fixText(line: DoctorLine): string {
  const key = `doctor.fix.${line.code}`;
  return isBad(line) && i18next.exists(key) ? i18next.t(key, params(line)) : "";
}

export const isBad = (line: DoctorLine) => line.state === "failed" || line.state === "warning";

/** The doctor's whole report as text, for somebody who helps. */
export function reportText(lines: readonly DoctorLine[]): string {
  return lines
    .map((line) => `${line.state} ${line.check} ${line.code ?? ""} ${JSON.stringify(line.params)}`)
    .join("\n");
}
