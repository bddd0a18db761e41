/** What is below "Channels" in the menu at the left: instant messaging, and its preferences. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

const CHANNELS = "/settings/channels";
const PREFERENCES = "/settings/channels/preferences";

export function ChannelsSubMenu({ path }: { path: string }) {
  const { t } = useTranslation();
  if (!path.startsWith(CHANNELS)) return null;
  const inPreferences = path.startsWith(PREFERENCES);
  const mark = (active: boolean) =>
    active ? ({ "data-current": "true", "aria-current": "page" } as const) : {};
  return (
    <div className="sub-menu">
      <Link to={CHANNELS} {...mark(!inPreferences)}>
        {t("settings.im")}
      </Link>
      <Link to={PREFERENCES} {...mark(inPreferences)} data-testid="nav-preferences">
        {t("settings.im.preferences")}
      </Link>
    </div>
  );
}
