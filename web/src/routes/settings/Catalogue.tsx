/** Channels → Instant messaging: the services that can be connected. The whole card opens the list, as its button does. */
import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../../api/directory";
import { ChannelIcon } from "./ChannelIcon";

export function Catalogue() {
  const { t } = useTranslation();
  const channels = useQuery(channelsQuery(false));
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
          <div className="small dim" data-testid="channel-count">
            {channels.data ? (
              t(channels.data.length > 0 ? "wechat.count" : "wechat.none", {
                count: channels.data.length,
              })
            ) : (
              <Skeleton height={16} width={90} />
            )}
          </div>
          <Button component={Link} to="/settings/channels/wechat" data-testid="set-up-wechat">
            {t("wechat.set_up")}
          </Button>
        </div>
      </div>
    </>
  );
}
