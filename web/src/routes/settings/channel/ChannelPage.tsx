/** The frame of every page of one channel: crumbs, name, state, tabs. */
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Channel } from "../../../api/types";
import { ErrorNotice } from "../../../components/Notice";
import { ChannelDropped } from "../ChannelDropped";
import { ChannelIcon } from "../ChannelIcon";
import { ChannelMenu } from "../ChannelMenu";
import { Crumbs } from "../Crumbs";
import { channelQuery } from "../channelQuery";
import { ChannelTabs } from "./ChannelTabs";

interface Props {
  /** Beside the name. */
  action?: (channel: Channel) => ReactNode;
  children: (channel: Channel) => ReactNode;
}

export function ChannelPage({ action, children }: Props) {
  const { t } = useTranslation();
  const { channelId = "" } = useParams({ strict: false });
  const query = useQuery(channelQuery(channelId));
  const channel = query.data;
  if (query.isPending) return <Skeleton height={420} radius={10} />;
  if (!channel) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <>
      <Crumbs withList />
      <div className="page-head channel-head">
        <ChannelIcon url={channel.icon_url} />
        <h1>{channel.name}</h1>
        <span className="tag" data-tone={channel.state}>
          {t(`channel.state.${channel.state}`)}
        </span>
        {action?.(channel)}
        <ChannelMenu channel={channel} />
      </div>
      <ChannelDropped channel={channel} />
      <ChannelTabs channel={channel} />
      {children(channel)}
    </>
  );
}
