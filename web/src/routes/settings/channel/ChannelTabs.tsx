/** The pages of one channel, side by side. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Channel } from "../../../api/types";
import { PendingCount } from "./PendingCount";

const tabs = [
  { to: "/settings/channels/wechat/$channelId", label: "channel.tab.details" },
  { to: "/settings/channels/wechat/$channelId/doctor", label: "channel.tab.doctor" },
  { to: "/settings/channels/wechat/$channelId/automation", label: "channel.tab.automation" },
  { to: "/settings/channels/wechat/$channelId/cards", label: "channel.tab.cards" },
  { to: "/settings/channels/wechat/$channelId/surveys", label: "channel.tab.surveys" },
  { to: "/settings/channels/wechat/$channelId/approvals", label: "channel.tab.approvals" },
] as const;

/** Approvals belong to enterprise accounts only; a deleted channel has nothing left but its details. */
export function ChannelTabs({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  if (channel.state === "deleted") return null;
  const enterprise = channel.account_kind === "enterprise";
  const shown = tabs.filter((tab) => enterprise || tab.label !== "channel.tab.approvals");
  return (
    <nav className="channel-tabs" aria-label={channel.name}>
      {shown.map((tab) => (
        <Link
          key={tab.to}
          to={tab.to}
          params={{ channelId: channel.id }}
          activeOptions={{ exact: true }}
          activeProps={{ "data-active": "true", "aria-current": "page" }}
        >
          {t(tab.label)}
          {tab.label === "channel.tab.approvals" && <PendingCount channelId={channel.id} />}
        </Link>
      ))}
    </nav>
  );
}
