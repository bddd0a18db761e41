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
  "timed_out",
  "bad_answer",
  "interrupted",
  "wechat_unreachable",
  "wechat_http_status",
  "wechat_setup",
  "file_missing",
  "file_store_unavailable",
  "gave_up",
  "too_large",
  "expired",
  "unavailable",
  "not_in_list",
] as const;

/** WeChat's own refusals; they arrive as `wechat_<number>`. */
export const wechatCodes = [
  -1, 40001, 40003, 40004, 40005, 40006, 40007, 40008, 40009, 40010, 40011, 40013, 40125, 40137,
  40164, 40200, 40243, 42001, 43004, 43019, 43101, 44004, 45002, 45009, 45011, 45015, 45028, 45047,
  45050, 45087, 45093, 45094, 46004, 48001, 48002, 48004,
] as const;

export const systemCodes = [
  "picked_up",
  "transferred_to_agent",
  "transferred_to_department",
  "ended",
  "reopened",
  "reopened_by_contact",
  "blocked",
  "unblocked",
] as const;

/** Codes of failed requests; the first two are the console's own. */
export const errorCodes = [
  "unreachable",
  "internal_console",
  "internal",
  "unavailable",
  "malformed",
  "not_signed_in",
  "wrong_credentials",
  "too_many_requests",
  "not_permitted",
  "not_found",
  "invalid_fields",
  "forged_request",
  "method_not_allowed",
  "unsupported_media_type",
  "too_large",
  "already_assigned",
  "conversation_open",
  "already_blocked",
  "not_blocked",
  "not_associated",
  "changed_meanwhile",
  "client_id_reused",
  "not_retryable",
  "department_not_served",
  "department_in_use",
  "last_admin",
  "already_replayed",
  "still_unreadable",
  "media_not_ready",
  "range_outside",
] as const;

export const fieldErrorCodes = [
  "required",
  "too_long",
  "unknown_value",
  "out_of_range",
  "email_form",
  "email_taken",
  "name_taken",
  "password_too_short",
  "password_too_long",
  "wrong_password",
  "unknown_invitation",
  "unknown_time_zone",
  "unknown_department",
  "unknown_agent",
  "not_served",
  "token_form",
  "key_form",
  "app_id_taken",
  "original_id_taken",
  "file_empty",
  "file_kind",
  "file_too_large",
  "text_too_long",
  "bad_characters",
  "unknown_kind",
  "unknown_attachment",
  "not_with_this_kind",
  "not_with_agent_id",
] as const;

export const channelWarnings = [
  "callback_url_port",
  "callback_url_private",
  "app_id_form",
  "original_id_form",
] as const;

export const deadLetterReasons = [
  "callback_key_missing",
  "callback_not_decryptable",
  "callback_receiver_mismatch",
  "callback_sender_missing",
  "push_doctype",
  "push_entity",
  "push_field_invalid",
  "push_field_missing",
  "push_format_unknown",
  "push_not_storable",
  "push_not_well_formed",
  "push_too_deep",
  "push_too_many_fields",
  "push_too_large",
] as const;
