/** Codes of the API that the console must have a text for. A test holds each against every language. */

export const replyReasons = [
  "ok",
  "unassigned",
  "not_assignee",
  "conversation_ended",
  "contact_blocked",
  "channel_disabled",
  "channel_deleted",
  "window_closed",
  "quota_exhausted",
  "contact_unsubscribed",
  "contact_not_approved",
  "account_not_permitted",
  "contact_never_wrote",
] as const;

/** Why a message failed or is uncertain, and why media could not be fetched (desk codes). */
export const messageReasons = [
  ...replyReasons.filter((code) => code !== "ok"),
  "connection_lost",
  "interrupted",
  "timeout",
  "unreadable_answer",
  "unreachable",
  "retries_exhausted",
  "media_missing",
  "media_too_large",
  "media_format",
  "text_too_long",
  "too_large",
  "download_failed",
  "not_in_list",
  "empty",
] as const;

/** WeChat's own refusals; they arrive as `wechat_<number>`. */
export const wechatCodes = [
  -1, 40001, 40003, 40004, 40005, 40006, 40007, 40008, 40009, 40010, 40011, 40013, 40125, 40137,
  40164, 40200, 40243, 42001, 43004, 43019, 43101, 44004, 45002, 45009, 45011, 45015, 45028, 45047,
  45050, 45087, 45093, 45094, 46004, 48001, 48002, 48004,
] as const;

export const systemCodes = [
  "conversation_started",
  "picked_up",
  "taken_over",
  "transferred",
  "ended",
  "reopened",
  "reopened_by_contact",
  "blocked",
  "unblocked",
  "ticket_created",
  "ticket_closed",
  "ticket_reopened",
  "unassigned",
  "subscribed",
  "unsubscribed",
] as const;

export const errorCodes = [
  "unreachable",
  "internal",
  "internal_console",
  "unavailable",
  "malformed",
  "not_signed_in",
  "wrong_credentials",
  "too_many_attempts",
  "rate_limited",
  "forbidden",
  "not_found",
  "validation_failed",
  "already_assigned",
  "changed_meanwhile",
  "client_id_reused",
  "text_too_long",
  "not_retryable",
  "already_ended",
  "not_ended",
  "too_large",
  "unsupported_media_type",
  "method_not_allowed",
  "csrf",
] as const;

export const fieldErrorCodes = [
  "required",
  "too_long",
  "too_short",
  "invalid",
  "taken",
  "unknown",
  "too_large",
  "format",
] as const;
