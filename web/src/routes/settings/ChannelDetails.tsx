/** One channel: what has to be entered at WeChat, with copy buttons, and what is known of the account. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNames } from "../../api/directory";
import type { Channel } from "../../api/types";
import { CopyButton } from "../../components/CopyButton";
import { Icon } from "../../components/Icon";
import { preciseTime } from "../../format/time";
import { channelWarning } from "../../i18n/words";
import { AllowanceCard } from "./channel/AllowanceCard";
import { ChannelPage } from "./channel/ChannelPage";

export function ChannelDetails() {
  return (
    <ChannelPage
      action={(channel) => channel.state !== "deleted" && <EditButton id={channel.id} />}
    >
      {(channel) => (
        <>
          {channel.state !== "deleted" && <AtWeChat channel={channel} />}
          <AllowanceCard channel={channel} />
          <Account channel={channel} />
        </>
      )}
    </ChannelPage>
  );
}

function EditButton({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <Button
      variant="default"
      component={Link}
      to={`/settings/channels/wechat/${id}/edit` as "/settings"}
    >
      {t("action.edit")}
    </Button>
  );
}

function Fact({
  label,
  children,
  copy,
}: {
  label: string;
  children: ReactNode;
  copy?: string | null;
}) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <span>{children}</span>
        {copy && <CopyButton text={copy} what={label} />}
      </dd>
    </>
  );
}

function AtWeChat({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const secret = (value: string | null | undefined) =>
    value ? (
      <span className="mono">{value}</span>
    ) : (
      <span className="dim">{t("channel.admins_only")}</span>
    );
  return (
    <div className="card" data-testid="at-wechat">
      <h2>{t("channel.at_wechat")}</h2>
      <p>{t("channel.at_wechat.hint")}</p>
      {channel.warnings?.map((code) => (
        <p className="verify" key={code} data-testid="channel-warning">
          <Icon name="alert" />
          {channelWarning(code)}
        </p>
      ))}
      <dl className="details">
        <Fact label={t("channel.callback_url")} copy={channel.callback_url}>
          <span className="mono" data-testid="callback-url">
            {channel.callback_url}
          </span>
        </Fact>
        <Fact label={t("field.token")} copy={channel.token}>
          {secret(channel.token)}
        </Fact>
        <Fact label={t("field.encoding_aes_key")} copy={channel.encoding_aes_key}>
          {secret(channel.encoding_aes_key)}
        </Fact>
        <Fact label={t("field.encryption_mode")}>
          {t(`channel.mode.${channel.encryption_mode}`)}
        </Fact>
        <Fact label={t("channels.column.verified")}>
          {channel.url_verified_at ? (
            <span className="verify" data-ok="true" data-testid="url-verified">
              <Icon name="check" />
              {t("channel.url_verified", { time: preciseTime(channel.url_verified_at) })}
            </span>
          ) : (
            <span className="verify">
              <Icon name="clock" />
              {t("channel.waiting_verification")}
            </span>
          )}
        </Fact>
      </dl>
    </div>
  );
}

function Account({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <div className="card">
      <h2>{t("channel.account")}</h2>
      <dl className="details">
        <Fact label={t("field.original_id")} copy={channel.original_id}>
          <span className="mono">{channel.original_id}</span>
        </Fact>
        <Fact label={t("field.app_id")} copy={channel.app_id}>
          <span className="mono">{channel.app_id}</span>
        </Fact>
        <Fact label={t("field.app_secret")}>{channel.app_secret ? "•••••••" : ""}</Fact>
        <Fact label={t("field.account_kind")}>{t(`channel.kind.${channel.account_kind}`)}</Fact>
        <Fact label={t("field.region")}>{t(`channel.region.${channel.region}`)}</Fact>
        <Fact label={t("field.departments")}>
          {channel.department_ids.map(names.department).join(", ")}
        </Fact>
        <Fact label={t("field.default_department")}>
          {names.department(channel.default_department_id)}
        </Fact>
        <Fact label={t("channel.survey")}>
          {t(channel.survey_enabled ? "channel.survey.on" : "channel.survey.off")}
        </Fact>
      </dl>
    </div>
  );
}
