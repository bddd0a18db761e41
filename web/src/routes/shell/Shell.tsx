/** What stands around every screen: top bar, rail, connection bar; and what runs while signed in. */
import { useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../api/directory";
import type { ConversationView } from "../../api/types";
import { giveFocusBack, isFloating } from "../../components/focusReturn";
import { Icon } from "../../components/Icon";
import { Logo } from "../../components/Logo";
import { OnDemand } from "../../components/OnDemand";
import { isTyping, useShortcuts } from "../../components/shortcuts";
import { setZone } from "../../format/time";
import { changeLanguage, nearestLanguage } from "../../i18n";
import type { Connection } from "../../live/feed";
import { followDesk } from "../../live/followDesk";
import { OutboxProvider } from "../../outbox/OutboxProvider";
import { ConnectionBar } from "./ConnectionBar";
import { ProfileMenu } from "./ProfileMenu";
import { QuarantineBar } from "./QuarantineBar";
import { Rail } from "./Rail";
import "./shell.css";

const KeysHelp = lazy(async () => ({ default: (await import("./KeysHelp")).KeysHelp }));

/** Escape leaves a field, wherever nothing nearer takes it. */
function leaveFieldsByEscape() {
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || isFloating())
      return;
    if (isTyping(event.target)) (event.target as HTMLElement).blur();
  };
  window.addEventListener("keydown", onKey);
  return () => window.removeEventListener("keydown", onKey);
}

export function Shell() {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [connection, setConnection] = useState<Connection>("connecting");
  const [keysShown, setKeysShown] = useState(false);
  // One's own profile is in the menu beside the gear.
  const setsUp = me.permissions.some(
    (permission) => permission.endsWith(".manage") || permission === "surveys.read",
  );

  setZone(me.time_zone);
  useEffect(() => followDesk(client, setConnection), [client]);
  useEffect(giveFocusBack, []);
  useEffect(leaveFieldsByEscape, []);
  useEffect(() => {
    const language = nearestLanguage(me.language);
    if (language) void changeLanguage(language);
  }, [me.language]);
  const toView = (view: ConversationView) => void navigate({ to: "/inbox", search: { view } });
  useShortcuts({
    "?": () => setKeysShown(true),
    "g i": () => toView("mine"),
    "g t": () => void navigate({ to: "/tickets" }),
    "/": () => void navigate({ to: "/search" }),
    u: () => toView("unassigned"),
  });

  return (
    <OutboxProvider agentId={me.id}>
      <div className="shell">
        <a className="skip" href="#main">
          {t("nav.skip")}
        </a>
        <header className="top">
          <Link className="top-brand" to="/inbox" search={{ view: "mine" }}>
            <Logo size={26} />
            <span className="one-line" data-testid="organisation">
              {me.organisation || "Kefu"}
            </span>
          </Link>
          <Link
            className="top-search"
            to="/search"
            aria-label={t("search.open")}
            data-testid="search"
          >
            <Icon name="search" size={18} />
            <span className="one-line">{t("search.short")}</span>
            <kbd>/</kbd>
          </Link>
          <div className="top-end">
            {setsUp && (
              <Link
                className="icon-button"
                to="/settings"
                aria-label={t("nav.settings")}
                title={t("nav.settings")}
                activeProps={{ "data-active": "true" }}
                data-testid="settings"
              >
                <Icon name="gear" size={20} />
              </Link>
            )}
            <ProfileMenu onShowKeys={() => setKeysShown(true)} />
          </div>
        </header>
        <div className="bars">
          <QuarantineBar />
          <ConnectionBar connection={connection} />
        </div>
        <Rail />
        <main className="shell-main" id="main" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <OnDemand when={keysShown}>
        <KeysHelp opened={keysShown} onClose={() => setKeysShown(false)} />
      </OnDemand>
    </OutboxProvider>
  );
}
