/** The pages of one channel, side by side. */
import { Link, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
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
  const nav = useRef<HTMLElement>(null);
  const path = useLocation({ select: (location) => location.pathname });
  // On a phone they are one line that scrolls: the page one is on must not be out of sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is marked when the path changes
  useEffect(() => {
    const active = nav.current?.querySelector("[data-active]");
    active?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [path]);
  if (channel.state === "deleted") return null;
  const enterprise = channel.account_kind === "enterprise";
  const shown = tabs.filter((tab) => enterprise || tab.label !== "channel.tab.approvals");
  return (
    <nav className="channel-tabs" ref={nav} aria-label={channel.name}>
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
