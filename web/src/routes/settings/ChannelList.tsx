/** The WeChat channels of the desk, each with its state. */
import { Button, Checkbox, Skeleton, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { channelsQuery, useNames } from "../../api/directory";
import type { Channel } from "../../api/types";
import { ErrorNotice, Notice } from "../../components/Notice";
import { listOf } from "../../format/list";
import { preciseTime } from "../../format/time";
import { ChannelDropped } from "./ChannelDropped";
import { ChannelIcon } from "./ChannelIcon";
import { ChannelMenu } from "./ChannelMenu";
import { ChannelSwitch } from "./ChannelSwitch";
import { Crumbs } from "./Crumbs";

export function ChannelList() {
  const { t } = useTranslation();
  const [deletedToo, setDeletedToo] = useState(false);
  const list = useQuery(channelsQuery(deletedToo));
  return (
    <>
      <Crumbs />
      <div className="page-head">
        <h1>{t("wechat.title")}</h1>
        <Checkbox
          label={t("channel.show_deleted")}
          checked={deletedToo}
          onChange={(event) => setDeletedToo(event.currentTarget.checked)}
        />
        <Button component={Link} to="/settings/channels/wechat/new" data-testid="create-channel">
          {t("channels.create")}
        </Button>
      </div>
      {list.isPending && <Skeleton height={160} radius={10} />}
      {list.isError && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.length === 0 && (
        <Notice icon="chat" title={t("channels.empty")} hint={t("channels.empty.hint")}>
          <Button component={Link} to="/settings/channels/wechat/new">
            {t("channels.create")}
          </Button>
        </Notice>
      )}
      {list.data && list.data.length > 0 && <ChannelTable channels={list.data} />}
    </>
  );
}

function ChannelTable({ channels }: { channels: Channel[] }) {
  const { t } = useTranslation();
  return (
    <div className="table-box">
      <table className="table">
        <thead>
          <tr>
            <th className="lead">{t("channels.column.name")}</th>
            <th style={{ width: 128 }}>{t("channels.column.state")}</th>
            <th className="wide extra">{t("channels.column.departments")}</th>
            <th className="wide">{t("channels.column.verified")}</th>
            <th style={{ width: 44 }}>
              <VisuallyHidden>{t("action.more")}</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody>
          {channels.map((channel) => (
            <ChannelRow key={channel.id} channel={channel} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ChannelRow({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const names = useNames();
  const verified = channel.url_verified_at
    ? t("channel.url_verified", { time: preciseTime(channel.url_verified_at) })
    : t("channel.url_not_verified");
  return (
    <tr data-testid="channel-row">
      <td className="wrap">
        <span style={{ display: "flex", alignItems: "center", gap: 10 }}>
          <ChannelIcon url={channel.icon_url} small />
          <span style={{ minWidth: 0 }}>
            <Link
              className="row-link"
              to="/settings/channels/wechat/$channelId"
              params={{ channelId: channel.id }}
            >
              {channel.name}
            </Link>
            <span className="small dim" style={{ display: "block" }}>
              {t(`channel.kind.${channel.account_kind}`)}
            </span>
            <ChannelDropped channel={channel} />
          </span>
        </span>
      </td>
      <td style={{ position: "relative", zIndex: 1 }}>
        <ChannelSwitch channel={channel} />
      </td>
      <td className="wide extra wrap">{listOf(channel.department_ids.map(names.department))}</td>
      <td className="wide wrap">{verified}</td>
      <td style={{ padding: 0, position: "relative", zIndex: 1 }}>
        <ChannelMenu channel={channel} />
      </td>
    </tr>
  );
}
