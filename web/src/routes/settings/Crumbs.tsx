/** Channels › Instant messaging › WeChat. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Icon } from "../../components/Icon";

export function Crumbs({ withList = false }: { withList?: boolean }) {
  const { t } = useTranslation();
  return (
    <nav className="crumbs" aria-label={t("settings.channels")}>
      <span>{t("settings.channels")}</span>
      <Icon name="next" size={12} />
      <Link to="/settings/channels">{t("settings.im")}</Link>
      {withList && (
        <>
          <Icon name="next" size={12} />
          <Link to="/settings/channels/wechat">{t("wechat.title")}</Link>
        </>
      )}
    </nav>
  );
}
