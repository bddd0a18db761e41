/** What customers who write are told while the channel is disabled, with the bubble they will see. */
import { Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { byteLength, MAX_TEXT_BYTES } from "../../outbox/split";
import { isTooLong } from "./channelRules";
import "./channel/automation/automation.css";

interface Props {
  value: string;
  problem?: string;
  onChange: (text: string) => void;
}

export function OffNoticeField({ value, problem, onChange }: Props) {
  const { t } = useTranslation();
  const used = byteLength(value.trim());
  return (
    <div className="off-notice">
      <Textarea
        name="off_notice"
        label={t("channel_off.notice")}
        description={
          <>
            {t("channel_off.notice.hint")} {t("automation.bytes", { used, most: MAX_TEXT_BYTES })}
          </>
        }
        placeholder={t("channel_off.notice.example")}
        value={value}
        error={problem ?? (isTooLong(value) ? t("field_error.too_long") : undefined)}
        autosize
        minRows={2}
        maxRows={8}
        onChange={(event) => onChange(event.currentTarget.value)}
        data-testid="field-off_notice"
      />
      <div className="dim small">{t("card.preview")}</div>
      <div className="phone-preview" data-testid="off-notice-preview">
        {value.trim() ? (
          <div className="phone-bubble">{value.trim()}</div>
        ) : (
          <span className="dim small">{t("channel_off.notice.none")}</span>
        )}
      </div>
    </div>
  );
}
