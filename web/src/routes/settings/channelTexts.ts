/** Names of the form's fields and words for their values, where they are told and not typed. */
import i18next from "i18next";
import { listOf } from "../../format/list";
import type { ChannelFields } from "./channelFields";

export const fieldLabel = (name: keyof ChannelFields): string => {
  if (name === "department_ids") return i18next.t("field.departments");
  if (name === "default_department_id") return i18next.t("field.default_department");
  if (name === "survey_scale" || name === "survey_question")
    return i18next.t(`survey.${name === "survey_scale" ? "scale" : "question"}`);
  if (name === "off_notice") return i18next.t("channel_off.notice");
  return i18next.t(`field.${name}`);
};

type Names = { department: (id: string) => string };

const families: Partial<Record<keyof ChannelFields, string>> = {
  account_kind: "channel.kind",
  region: "channel.region",
  encryption_mode: "channel.mode",
  reply_policy: "channel.policy",
  unfollow_policy: "channel.unfollow",
  survey_scale: "survey.scale",
};

/** A value in words; secrets are not told. */
export function fieldValue(name: keyof ChannelFields, value: unknown, names: Names): string {
  if (name === "token" || name === "encoding_aes_key") return i18next.t("form.conflict.secret");
  const family = families[name];
  if (family) return i18next.t(`${family}.${String(value)}`);
  if (Array.isArray(value)) return listOf(value.map(names.department));
  if (name === "default_department_id") return names.department(String(value));
  if (typeof value === "boolean")
    return i18next.t(value ? "channel.survey.on" : "channel.survey.off");
  return String(value ?? "");
}
