/** Asks before a channel is disabled or deleted: what stops, what stays, how much is concerned. */
import { Button, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Channel } from "../../api/types";
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
  const change = useChannelState(channel);
  return (
    <Modal
      opened={step !== null}
      onClose={onClose}
      title={step && t(`channel.${step}.title`, { name: channel.name })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {step && <Consequences channel={channel} step={step} />}
      <div className="form-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t("action.cancel")}
        </Button>
        <Button
          color="red"
          loading={change.isPending}
          onClick={() => step && change.mutate(step, { onSettled: onClose })}
          data-testid="confirm"
        >
          {t(step === "delete" ? "channel.delete.yes" : "channel.disable")}
        </Button>
      </div>
    </Modal>
  );
}

function Consequences({ channel, step }: { channel: Channel; step: OffStep }) {
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
      <p className="dim">{t("channel_off.at_wechat")}</p>
    </div>
  );
}
