/** Edit, disable or enable, delete: with a dialog for what cannot be taken back at once. */
import { Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Channel } from "../../api/types";
import { Icon } from "../../components/Icon";
import { ChannelOffDialog, type OffStep } from "./ChannelOffDialog";
import { useChannelState } from "./useChannelState";

export function ChannelMenu({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<OffStep | null>(null);
  const change = useChannelState(channel);
  if (channel.state === "deleted") return null;
  const active = channel.state === "active";
  return (
    <>
      <Menu width={200}>
        <Menu.Target>
          <button
            type="button"
            className="icon-button"
            aria-label={`${t("action.more")}: ${channel.name}`}
            data-testid="channel-menu"
          >
            <Icon name="more" />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            component={Link}
            to={`/settings/channels/wechat/${channel.id}/edit` as "/settings"}
          >
            {t("action.edit")}
          </Menu.Item>
          <Menu.Item
            onClick={() => (active ? setAsked("disable") : change.mutate({ step: "enable" }))}
          >
            {t(active ? "channel.disable" : "channel.enable")}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" onClick={() => setAsked("delete")}>
            {t("channel.delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ChannelOffDialog channel={channel} step={asked} onClose={() => setAsked(null)} />
    </>
  );
}
