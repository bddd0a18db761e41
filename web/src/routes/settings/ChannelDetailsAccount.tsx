/** What is known of the account: its kind with the limits in words, and how it is doing. */
import { useTranslation } from "react-i18next";
import { useNames } from "../../api/directory";
import type { Channel } from "../../api/types";
import { listOf } from "../../format/list";
import { preciseTime } from "../../format/time";
import { fieldErrorText } from "../../i18n/words";
import { surveyLimit } from "./channelRules";
import { Fact } from "./Fact";

export function ChannelDetailsAccount({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <div className="card" data-testid="account">
      <h2>{t("channel.account")}</h2>
      <dl className="details">
        <Fact label={t("field.original_id")} copy={channel.original_id}>
          <span className="mono">{channel.original_id}</span>
        </Fact>
        <Fact label={t("field.app_id")} copy={channel.app_id}>
          <span className="mono">{channel.app_id}</span>
        </Fact>
        <Fact label={t("field.app_secret")}>{channel.app_secret ? "•••••••" : "–"}</Fact>
        <Fact label={t("field.account_kind")}>
          {t(`channel.kind.${channel.account_kind}`)}
          {channel.account_kind !== "test" && (
            <span className="tag" data-tone={channel.verified ? "active" : "disabled"}>
              {t(channel.verified ? "channel.verified" : "channel.not_verified")}
            </span>
          )}
          <span className="limits">
            {t(
              channel.verified || channel.account_kind === "test"
                ? `channel.kind.${channel.account_kind}.limits`
                : "channel.not_verified.limits",
            )}
          </span>
        </Fact>
        <Fact label={t("field.region")}>
          {t(`channel.region.${channel.region}`)}
          <span className="limits">{t(`channel.region.${channel.region}.limits`)}</span>
        </Fact>
        <Fact label={t("field.departments")}>
          {listOf(channel.department_ids.map(names.department))}
        </Fact>
        <Fact label={t("field.default_department")}>
          {names.department(channel.default_department_id)}
        </Fact>
        <Fact label={t("field.reply_policy")}>
          {t(`channel.policy.${channel.reply_policy}`)}
          <CustomFigures channel={channel} />
        </Fact>
        <Fact label={t("field.time_zone")}>{channel.time_zone}</Fact>
        <Fact label={t("field.survey_enabled")}>
          {t(channel.survey_enabled ? "channel.survey.on" : "channel.survey.off")}
          <SurveyLimit channel={channel} />
        </Fact>
        <Fact label={t("field.unfollow_policy")}>
          {channel.unfollow_policy === "erase"
            ? t("channel.unfollow.erase_after", { count: channel.unfollow_days })
            : t(`channel.unfollow.${channel.unfollow_policy}`)}
        </Fact>
        <Fact label={t("channel_off.notice")}>
          <span className="pre-line">{channel.off_notice || "–"}</span>
        </Fact>
      </dl>
      <h2 className="second">{t("channel.activity")}</h2>
      <dl className="details">
        <Fact label={t("channel.last_push")}>
          {channel.last_push_at ? preciseTime(channel.last_push_at) : t("channel.last_push.none")}
        </Fact>
        {channel.dropped_pushes > 0 && (
          <Fact label={t("channel.dropped")}>
            {channel.dropped_pushes}
            <span className="limits">{t("channel.dropped.hint")}</span>
          </Fact>
        )}
        {channel.mismatched_pushes > 0 && (
          <Fact label={t("channel.mismatched")}>
            {channel.mismatched_pushes}
            <span className="limits">{t("channel.mismatched.hint")}</span>
          </Fact>
        )}
        <Fact label={t("channel.created_at")}>{preciseTime(channel.created_at)}</Fact>
        {channel.changed_by && (
          <Fact label={t("channel.changed_by")}>{names.agent(channel.changed_by)}</Fact>
        )}
      </dl>
    </div>
  );
}

function CustomFigures({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const { custom_policy: policy, reply_policy } = channel;
  if (reply_policy !== "custom" || !policy) return null;
  const hours = policy.window_ms / 3_600_000;
  const messages = policy.window_messages;
  return (
    <span className="limits">
      {messages == null
        ? t("channel.policy.figures_unlimited", { hours })
        : t("channel.policy.figures", { hours, messages })}
    </span>
  );
}

function SurveyLimit({ channel }: { channel: Channel }) {
  const limit = surveyLimit(channel);
  return limit && <span className="limits">{fieldErrorText(limit)}</span>;
}
