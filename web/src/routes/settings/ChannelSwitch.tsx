/** The toggle of a channel: off asks first, on does not. */
import { Switch } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Channel } from "../../api/types";
import { ChannelOffDialog } from "./ChannelOffDialog";
import { useChannelState } from "./useChannelState";

export function ChannelSwitch({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  const change = useChannelState(channel);
  const active = channel.state === "active";
  const word = t(`channel.state.${channel.state}`);
  if (channel.state === "deleted") {
    return (
      <span className="tag" data-tone="deleted">
        {word}
      </span>
    );
  }
  return (
    <>
      <Switch
        checked={active}
        disabled={change.isPending}
        label={word}
        aria-label={t("channel_off.switch", { name: channel.name })}
        onChange={() => (active ? setAsked(true) : change.mutate({ step: "enable" }))}
        data-testid="channel-switch"
      />
      <ChannelOffDialog
        channel={channel}
        step={asked ? "disable" : null}
        onClose={() => setAsked(false)}
      />
    </>
  );
}
