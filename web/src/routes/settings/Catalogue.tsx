/** Channels → Instant messaging: the services that can be connected. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ChannelIcon } from "./ChannelIcon";

export function Catalogue() {
  const { t } = useTranslation();
  return (
    <>
      <div className="crumbs">{t("settings.channels")}</div>
      <div className="page-head">
        <h1>{t("settings.im")}</h1>
      </div>
      <div className="catalogue">
        <div className="card channel-card">
          <header>
            <ChannelIcon />
            <h3>
              <Link className="row-link" to="/settings/channels/wechat">
                {t("wechat.title")}
              </Link>
            </h3>
          </header>
          <p>{t("wechat.card")}</p>
          <Button component={Link} to="/settings/channels/wechat" data-testid="set-up-wechat">
            {t("wechat.set_up")}
          </Button>
        </div>
      </div>
    </>
  );
}
