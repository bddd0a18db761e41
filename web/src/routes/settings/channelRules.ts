/** What the channel form checks before the desk does, so that mistakes are named at once. */
import i18next from "i18next";
import type { Channel } from "../../api/types";

export interface ChannelFields {
  name: string;
  original_id: string;
  app_id: string;
  app_secret: string;
  token: string;
  encoding_aes_key: string;
  encryption_mode: Channel["encryption_mode"];
  account_kind: Channel["account_kind"];
  verified: boolean;
  region: Channel["region"];
  department_ids: string[];
  default_department_id: string | null;
  reply_policy: Channel["reply_policy"];
  survey_enabled: boolean;
  survey_scale: Channel["survey_scale"];
  survey_question: string;
}

export const emptyChannel: ChannelFields = {
  name: "",
  original_id: "",
  app_id: "",
  app_secret: "",
  token: "",
  encoding_aes_key: "",
  encryption_mode: "plain",
  account_kind: "service",
  verified: true,
  region: "mainland_china",
  department_ids: [],
  default_department_id: null,
  reply_policy: "documented",
  survey_enabled: false,
  survey_scale: "one_to_five",
  survey_question: "",
};

export type FieldTexts = Partial<Record<keyof ChannelFields, string>>;

/** In the order of the form: the first of them gets the focus. */
export function channelProblems(fields: ChannelFields, secretKept: boolean): FieldTexts {
  const problems: FieldTexts = {};
  const required = i18next.t("form.required");
  if (!fields.name.trim()) problems.name = required;
  else if (fields.name.trim().length > 100) problems.name = i18next.t("field_error.too_long");
  if (!fields.original_id.trim()) problems.original_id = required;
  if (!fields.app_id.trim()) problems.app_id = required;
  if (!fields.app_secret && !secretKept) problems.app_secret = required;
  if (fields.token && !/^[A-Za-z0-9]{3,32}$/.test(fields.token)) {
    problems.token = i18next.t("field.token.hint");
  }
  if (fields.encoding_aes_key && !/^[A-Za-z0-9]{43}$/.test(fields.encoding_aes_key)) {
    problems.encoding_aes_key = i18next.t("field.encoding_aes_key.hint");
  }
  if (fields.department_ids.length === 0) problems.department_ids = required;
  return problems;
}

/** Unusual but possible values: said, never refused. */
export function channelDoubts(fields: ChannelFields): FieldTexts {
  const doubts: FieldTexts = {};
  if (fields.original_id && !/^gh_/.test(fields.original_id)) {
    doubts.original_id = i18next.t("field.original_id.odd");
  }
  if (fields.app_id && !/^wx[0-9a-z]{16}$/i.test(fields.app_id)) {
    doubts.app_id = i18next.t("field.app_id.odd");
  }
  return doubts;
}
