/** Set-up: what the gear at top right opens. */
import { Link, Navigate, Outlet, useLocation } from "@tanstack/react-router";
import { Fragment, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../api/directory";
import type { Permission } from "../../api/types";
import { Icon, type IconName } from "../../components/Icon";
import { ChannelsSubMenu } from "./ChannelsSubMenu";
import "../tickets/tickets.css";
import "./settings.css";

const pages = [
  {
    to: "/settings/channels",
    permission: "channels.manage",
    icon: "chat",
    label: "settings.channels",
  },
  {
    to: "/settings/surveys",
    permission: "surveys.read",
    icon: "done",
    label: "settings.surveys",
  },
  {
    to: "/settings/organisation",
    permission: "installation.manage",
    icon: "gear",
    label: "settings.organisation",
  },
  {
    to: "/settings/departments",
    permission: "departments.manage",
    icon: "building",
    label: "settings.departments",
  },
  { to: "/settings/agents", permission: "agents.manage", icon: "users", label: "settings.agents" },
  {
    to: "/settings/dead-letters",
    permission: "dead_letters.manage",
    icon: "dead",
    label: "settings.dead_letters",
  },
] as const satisfies { to: string; permission: Permission; icon: IconName; label: string }[];

export function Settings() {
  const { t } = useTranslation();
  const me = useMe();
  const shown = pages.filter((page) => me.permissions.includes(page.permission));
  useEffect(() => {
    document.title = `${t("settings.title")} · Kefu`;
  }, [t]);
  const nav = useRef<HTMLElement>(null);
  const path = useLocation({ select: (location) => location.pathname });
  // Where it is one line that scrolls, the page one is on must not be out of sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is marked when the path changes
  useEffect(() => {
    const active = nav.current?.querySelector("[data-active]");
    active?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [path]);
  return (
    <div className="settings">
      <nav className="settings-nav" ref={nav} aria-label={t("settings.title")}>
        {shown.length > 0 && <h2>{t("settings.desk")}</h2>}
        {shown.map((page) => (
          <Fragment key={page.to}>
            <Link to={page.to} activeProps={{ "data-active": "true" }}>
              <Icon name={page.icon} />
              {t(page.label)}
            </Link>
            {page.to === "/settings/channels" && <ChannelsSubMenu path={path} />}
          </Fragment>
        ))}
        <h2>{t("settings.personal")}</h2>
        <Link to="/settings/profile" activeProps={{ "data-active": "true" }}>
          <Icon name="user" />
          {t("profile.page")}
        </Link>
      </nav>
      <div className="settings-page">
        <div className="settings-inner">
          <Outlet />
        </div>
      </div>
    </div>
  );
}

/** The gear leads to the channels, or to the profile for those who set nothing up. */
export function SettingsHome() {
  const me = useMe();
  const first = pages.find((page) => me.permissions.includes(page.permission));
  return <Navigate to={first?.to ?? "/settings/profile"} replace />;
}
