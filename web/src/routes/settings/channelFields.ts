/** What the channel form holds, how it is read out of a channel, and what goes back to the desk. */
import type { Channel, ChannelChange } from "../../api/types";

/** Numbers are kept as they are typed. */
export interface ChannelFields {
  name: string;
  department_ids: string[];
  default_department_id: string | null;
  account_kind: Channel["account_kind"];
  region: Channel["region"];
  verified: boolean;
  original_id: string;
  app_id: string;
  app_secret: string;
  token: string;
  encoding_aes_key: string;
  encryption_mode: Channel["encryption_mode"];
  reply_policy: Channel["reply_policy"];
  window_hours: string;
  window_messages: string;
  burst_seconds: string;
  burst_messages: string;
  time_zone: string;
  survey_enabled: boolean;
  survey_scale: Channel["survey_scale"];
  survey_question: string;
  unfollow_policy: Channel["unfollow_policy"];
  unfollow_days: string;
  off_notice: string;
}

/** In the order of the form. */
export const emptyChannel: ChannelFields = {
  name: "",
  department_ids: [],
  default_department_id: null,
  account_kind: "service",
  region: "mainland_china",
  verified: true,
  original_id: "",
  app_id: "",
  app_secret: "",
  token: "",
  encoding_aes_key: "",
  encryption_mode: "plain",
  reply_policy: "documented",
  window_hours: "48",
  window_messages: "5",
  burst_seconds: "60",
  burst_messages: "3",
  time_zone: "Asia/Shanghai",
  survey_enabled: false,
  survey_scale: "one_to_five",
  survey_question: "",
  unfollow_policy: "keep",
  unfollow_days: "30",
  off_notice: "",
};

export const fieldNames = Object.keys(emptyChannel) as (keyof ChannelFields)[];

const HOUR_MS = 3_600_000;
/** What WeChat grants after the window. */
const MONTHLY_MESSAGES = 4;
const SECOND_MS = 1000;

/** The form as a channel fills it. The secret never comes back. */
export function fieldsOf(channel: Channel): ChannelFields {
  const policy = channel.custom_policy;
  return {
    ...emptyChannel,
    ...Object.fromEntries(
      Object.entries(channel).filter(([name]) => (fieldNames as string[]).includes(name)),
    ),
    app_secret: "",
    token: channel.token ?? "",
    encoding_aes_key: channel.encoding_aes_key ?? "",
    survey_question: channel.survey_question ?? "",
    unfollow_days:
      channel.unfollow_policy === "erase"
        ? String(channel.unfollow_days)
        : emptyChannel.unfollow_days,
    ...(policy && {
      window_hours: String(policy.window_ms / HOUR_MS),
      window_messages: policy.window_messages == null ? "" : String(policy.window_messages),
      burst_seconds: String(policy.burst_ms / SECOND_MS),
      burst_messages: String(policy.burst_messages),
    }),
  };
}

/** What goes to the desk: token and key left empty are made there, an empty secret keeps the stored one. */
export function bodyOf(fields: ChannelFields, channel: Channel | null): ChannelChange {
  const { encryption_mode, account_kind, verified, region, reply_policy } = fields;
  const { department_ids, default_department_id, survey_enabled, survey_scale, unfollow_policy } =
    fields;
  return {
    ...{ encryption_mode, account_kind, verified, region, reply_policy },
    ...{ department_ids, default_department_id, survey_enabled, survey_scale, unfollow_policy },
    survey_question: fields.survey_question.trim(),
    off_notice: fields.off_notice.trim(),
    ...(channel ? { version: channel.version } : { kind: "wechat" }),
    ...(reply_policy === "custom" && { custom_policy: policyOf(fields, channel) }),
    ...(unfollow_policy === "erase" && { unfollow_days: Number(fields.unfollow_days) }),
    time_zone: fields.time_zone,
    name: fields.name.trim(),
    original_id: fields.original_id.trim(),
    app_id: fields.app_id.trim(),
    app_secret: fields.app_secret.trim() || undefined,
    token: fields.token.trim() || undefined,
    encoding_aes_key: fields.encoding_aes_key.trim() || undefined,
  };
}

/** Figures that this form does not show stay as they are. */
function policyOf(fields: ChannelFields, channel: Channel | null): ChannelChange["custom_policy"] {
  const limit = fields.window_messages.trim();
  return {
    monthly_messages: MONTHLY_MESSAGES,
    ...channel?.custom_policy,
    window_ms: Number(fields.window_hours) * HOUR_MS,
    window_messages: limit === "" ? null : Number(limit),
    burst_ms: Number(fields.burst_seconds) * SECOND_MS,
    burst_messages: Number(fields.burst_messages),
  };
}

const plain = (value: unknown) =>
  JSON.stringify(Array.isArray(value) ? [...value].sort() : (value ?? null));

/** Whether two values are the same; the order of departments means nothing. */
export const sameField = (a: unknown, b: unknown) => plain(a) === plain(b);

export const sameFields = (a: ChannelFields, b: ChannelFields) =>
  fieldNames.every((name) => sameField(a[name], b[name]));
