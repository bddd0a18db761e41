/** The four values that go into WeChat's form, each with a copy button, and all of them together. */
import { useTranslation } from "react-i18next";
import type { Channel } from "../../api/types";
import { CopyButton } from "../../components/CopyButton";
import { Icon } from "../../components/Icon";
import { channelWarning } from "../../i18n/words";
import { Fact } from "./Fact";

export function ChannelDetailsValues({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const test = channel.account_kind === "test";
  const mode = t(`channel.mode.${channel.encryption_mode}`);
  const all = [
    `URL: ${channel.callback_url}`,
    `Token: ${channel.token ?? ""}`,
    ...(test ? [] : [`EncodingAESKey: ${channel.encoding_aes_key ?? ""}`]),
    ...(test ? [] : [`${t("field.encryption_mode")}: ${mode}`]),
  ].join("\n");
  return (
    <>
      {channel.warnings.map((code) => (
        <p className="warn" key={code} data-testid="channel-warning">
          <Icon name="alert" size={16} />
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
          <Secret value={channel.token} />
        </Fact>
        {!test && (
          <>
            <Fact label={t("field.encoding_aes_key")} copy={channel.encoding_aes_key}>
              <Secret value={channel.encoding_aes_key} />
            </Fact>
            <Fact label={t("field.encryption_mode")}>{mode}</Fact>
          </>
        )}
      </dl>
      {channel.token && <CopyButton text={all} label={t("connect.copy_all")} />}
    </>
  );
}

function Secret({ value }: { value: string | null | undefined }) {
  const { t } = useTranslation();
  if (!value) return <span className="dim">{t("channel.admins_only")}</span>;
  return <span className="mono">{value}</span>;
}
