/** Asks before a channel is disabled or deleted: what stops, what stays, how much is concerned, what customers are told. */
import { Button, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Channel } from "../../api/types";
import { isTooLong } from "./channelRules";
import { OffNoticeField } from "./OffNoticeField";
import { channelImpactQuery, useChannelState } from "./useChannelState";

export type OffStep = "disable" | "delete";

interface Props {
  channel: Channel;
  /** `null`: the dialog is closed. */
  step: OffStep | null;
  onClose: () => void;
}

export function ChannelOffDialog({ channel, step, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={step !== null}
      onClose={onClose}
      title={step && t(`channel.${step}.title`, { name: channel.name })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {step && <Question channel={channel} step={step} onClose={onClose} />}
    </Modal>
  );
}

function Question({ channel, step, onClose }: Props & { step: OffStep }) {
  const { t } = useTranslation();
  const change = useChannelState(channel);
  const [notice, setNotice] = useState(channel.off_notice);
  const confirm = () =>
    change.mutate(
      { step, notice: step === "disable" ? notice.trim() : undefined },
      { onSuccess: onClose },
    );
  return (
    <>
      <Consequences channel={channel} step={step} noticed={notice.trim() !== ""} />
      {step === "disable" && <OffNoticeField value={notice} onChange={setNotice} />}
      <div className="form-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t("action.cancel")}
        </Button>
        <Button
          color="red"
          loading={change.isPending}
          disabled={step === "disable" && isTooLong(notice)}
          onClick={confirm}
          data-testid="confirm"
        >
          {t(step === "delete" ? "channel.delete.yes" : "channel.disable")}
        </Button>
      </div>
    </>
  );
}

interface ConsequencesProps {
  channel: Channel;
  step: OffStep;
  /** Whether customers are told something: then WeChat must go on sending their messages here. */
  noticed: boolean;
}

function Consequences({ channel, step, noticed }: ConsequencesProps) {
  const { t } = useTranslation();
  const impact = useQuery(channelImpactQuery(channel.id)).data;
  const { open_conversations: open = 0, queued_replies: queued = 0 } = impact ?? {};
  return (
    <div className="consequences">
      {step === "disable" ? (
        <p>{t("channel.disable.hint")}</p>
      ) : (
        <>
          <p>
            <b>{t("channel_off.final")}</b> {t("channel_off.gone")}
          </p>
          <p>{t("channel_off.stays")}</p>
        </>
      )}
      <ul data-testid="impact">
        <li>{t("channel_off.open", { count: open })}</li>
        {queued > 0 && (
          <li>
            {t("channel_off.queued", { count: queued })}
            {step === "disable" && ` ${t("channel_off.queued_again")}`}
          </li>
        )}
      </ul>
      <p className="dim">
        {t(
          step === "disable" && noticed ? "channel_off.notice.at_wechat" : "channel_off.at_wechat",
        )}
      </p>
    </div>
  );
}
