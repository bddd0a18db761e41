/** Turns codes of the API into sentences. Unknown codes still give a sentence that names them. */
import i18next from "i18next";
import type { ApiError } from "../api/client";
import type { ReplyReason } from "../api/types";

type Params = Record<string, unknown>;

function known(prefix: string, code: string, params: Params = {}): string {
  const key = `${prefix}.${code}`;
  return i18next.exists(key)
    ? i18next.t(key, params)
    : i18next.t(`${prefix}.other`, { code, ...params });
}

/** "window closed … (45015)": why a message failed or is uncertain. */
export function messageReason(code: string | null): string {
  if (!code) return "";
  const number = /^wechat_(-?\d+)$/.exec(code)?.[1];
  if (number === undefined) return known("reason", code);
  if (!i18next.exists(`wechat.${number}`)) return i18next.t("wechat.other", { code: number });
  return `${i18next.t(`wechat.${number}`)} (${number})`;
}

export const replyReason = (reason: ReplyReason) => known("reply.reason", reason);

export function replyNextStep(reason: ReplyReason): string {
  const key = `reply.next.${reason}`;
  return i18next.exists(key) ? i18next.t(key) : "";
}

/** A sentence for a failed call: the error's own text, or that of the reply reason it carries. */
export function errorText(error: ApiError, params: Params = {}): string {
  const { code } = error;
  const file = error.fields.file;
  if (file) return fieldErrorText(file);
  if (i18next.exists(`error.${code}`)) return i18next.t(`error.${code}`, params);
  if (i18next.exists(`reply.reason.${code}`)) return i18next.t(`reply.reason.${code}`);
  return error.status >= 500 ? i18next.t("error.internal") : i18next.t("error.other", { code });
}

/** A sentence for a code that came without its error. */
export const refusalText = (code: string) => known("error", code);

export const fieldErrorText = (code: string) => known("field_error", code);

export const channelWarning = (code: string) => known("channel_warning", code);

/** Why a push could not be read. */
export const deadLetterReason = (code: string) => known("dead_letter", code);

/** What is copied for a bug report: never more than the code, the place and the request. */
export function errorDetails(error: ApiError): string {
  return [
    `code: ${error.code}`,
    `status: ${error.status}`,
    `request: ${error.requestId || "-"}`,
    `detail: ${error.detail || "-"}`,
    `page: ${location.pathname}`,
    `at: ${new Date().toISOString()}`,
  ].join("\n");
}

/** A system line is stored as a code and names; a name that is not known becomes "someone". */
export function systemLine(data: Params): string {
  const code = String(data.code ?? "");
  const someone = i18next.t("system.someone");
  const name = (key: string) => data[key] || someone;
  return known("system", variant(code, data), {
    agent_name: name("agent_name"),
    by_name: name("by_name"),
    department_name: data.department_name || "–",
    from_name: data.from_name,
    number: data.number,
  });
}

function variant(code: string, data: Params): string {
  if (code === "picked_up" && data.from_name) return "picked_up.from";
  if (code === "ended" && data.ticket_closed) return "ended.ticket_closed";
  return code;
}
