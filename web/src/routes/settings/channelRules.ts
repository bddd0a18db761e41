/** What the channel form checks before the desk does, so that mistakes are named at once. Both know the same rules. */
import i18next from "i18next";
import { byteLength, MAX_TEXT_BYTES } from "../../outbox/split";
import type { ChannelFields } from "./channelFields";

export type FieldTexts = Partial<Record<keyof ChannelFields, string>>;

const TOKEN = /^[A-Za-z0-9]{3,32}$/;
const KEY = /^[A-Za-z0-9]{43}$/;
const NAME_CHARS = 100;
const TEXT_CHARS = 255;
const WINDOW_HOURS = 31 * 24;
const MESSAGES = 10_000;
const UNFOLLOW_DAYS = 3650;

/** In the order of the form: the first of them gets the focus. */
export function channelProblems(fields: ChannelFields, secretKept: boolean): FieldTexts {
  return {
    ...textProblems(fields, secretKept),
    ...(fields.department_ids.length === 0 && { department_ids: i18next.t("form.required") }),
    ...callbackProblems(fields),
    ...(fields.reply_policy === "custom" && policyProblems(fields)),
    ...(fields.unfollow_policy === "erase" &&
      numberProblem("unfollow_days", fields.unfollow_days, 0, UNFOLLOW_DAYS)),
    ...(isTooLong(fields.off_notice) && { off_notice: i18next.t("field_error.too_long") }),
  };
}

/** More than one message holds, counted as WeChat counts. */
export const isTooLong = (text: string) => byteLength(text.trim()) > MAX_TEXT_BYTES;

function textProblems(fields: ChannelFields, secretKept: boolean): FieldTexts {
  const problems: FieldTexts = {};
  for (const name of ["name", "original_id", "app_id", "app_secret"] as const) {
    const length = [...fields[name].trim()].length;
    const kept = name === "app_secret" && secretKept;
    if (length === 0 && !kept) problems[name] = i18next.t("form.required");
    if (length > (name === "name" ? NAME_CHARS : TEXT_CHARS)) {
      problems[name] = i18next.t("field_error.too_long");
    }
  }
  return problems;
}

/** Left empty, both are made by the desk. */
function callbackProblems({ token, encoding_aes_key: key }: ChannelFields): FieldTexts {
  const problems: FieldTexts = {};
  const count = (text: string) => [...text.trim()].length;
  if (token.trim() && !TOKEN.test(token.trim())) {
    problems.token = i18next.t("field.token.wrong", { length: count(token) });
  }
  if (key.trim() && !KEY.test(key.trim())) {
    problems.encoding_aes_key = i18next.t("field.encoding_aes_key.wrong", { length: count(key) });
  }
  return problems;
}

function policyProblems(fields: ChannelFields): FieldTexts {
  const limited = fields.window_messages.trim() !== "";
  return {
    ...numberProblem("window_hours", fields.window_hours, 0, WINDOW_HOURS),
    ...(limited && numberProblem("window_messages", fields.window_messages, 0, MESSAGES)),
    ...numberProblem("burst_seconds", fields.burst_seconds, 0, WINDOW_HOURS * 3600),
    ...numberProblem("burst_messages", fields.burst_messages, 0, MESSAGES),
  };
}

/** Whole numbers only, within bounds. */
function numberProblem(
  name: keyof ChannelFields,
  text: string,
  least: number,
  most: number,
): FieldTexts {
  const number = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return {};
  return { [name]: i18next.t("field.number.wrong", { least, most }) };
}

/** Unusual but possible values: said, never refused. */
export function channelDoubts(fields: ChannelFields): FieldTexts {
  const doubts: FieldTexts = {};
  if (fields.original_id && !/^gh_[0-9a-f]{12}$/i.test(fields.original_id.trim())) {
    doubts.original_id = i18next.t("field.original_id.odd");
  }
  if (fields.app_id && !/^wx[0-9a-f]{16}$/i.test(fields.app_id.trim())) {
    doubts.app_id = i18next.t("field.app_id.odd");
  }
  return doubts;
}

type Account = Pick<ChannelFields, "account_kind" | "region">;

/** Why no survey can be sent, as the code of the desk; null where it can. */
export function surveyLimit({
  account_kind,
  region,
}: Account): "survey_test_account" | "survey_region" | null {
  if (account_kind === "test") return "survey_test_account";
  return region === "other" ? "survey_region" : null;
}

/** The fields with what this kind and region rule out put right, so that no refusal follows. */
export function withinLimits(fields: ChannelFields): ChannelFields {
  const noSurvey = surveyLimit(fields) !== null;
  return {
    ...fields,
    survey_enabled: fields.survey_enabled && !noSurvey,
    encryption_mode: fields.account_kind === "test" ? "plain" : fields.encryption_mode,
  };
}
