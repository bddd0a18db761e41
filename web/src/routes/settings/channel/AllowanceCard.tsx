/** What the account behind a channel has used of its own limits, and what WeChat said against the channel's count. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../../../api/client";
import { useMay } from "../../../api/directory";
import { keys } from "../../../api/keys";
import type { Channel, ChannelAllowance } from "../../../api/types";
import { Icon } from "../../../components/Icon";
import { say, sayError } from "../../../components/toasts";
import { preciseTime } from "../../../format/time";

export function AllowanceCard({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const known = useQuery({
    queryKey: keys.channelAllowance(channel.id),
    queryFn: ({ signal }) =>
      api.get<ChannelAllowance>(`/channels/${channel.id}/allowance`, undefined, signal),
  }).data;
  const hasRoute = channel.account_kind === "service" || channel.account_kind === "subscription";
  return (
    <div className="card" data-testid="channel-allowance">
      <h2>{t("channel.allowance")}</h2>
      {known?.count_refused_at && <Refused channel={channel} at={known.count_refused_at} />}
      {known?.full_until && (
        <p className="verify">
          <Icon name="alert" />
          {t("channel.allowance.full", { time: preciseTime(known.full_until) })}
        </p>
      )}
      <dl className="details">
        <dt>{t("field.reply_policy")}</dt>
        <dd>
          {t(`channel.policy.${channel.reply_policy}`)}
          {channel.provider_allows != null &&
            ` · ${t("allowance.wechat_allows", { count: channel.provider_allows })}`}
        </dd>
        {known && hasRoute && (
          <>
            <dt>{t("channel.allowance.today")}</dt>
            <dd className="tabular">
              {t("channel.allowance.today_of", { used: known.day_used, limit: known.day_limit })}
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}

/** The first 45047 of a channel that counts nothing: one click counts as WeChat does. */
function Refused({ channel, at }: { channel: Channel; at: string }) {
  const { t } = useTranslation();
  const mayManage = useMay("channels.manage");
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: () =>
      api.patch<Channel>(`/channels/${channel.id}`, {
        reply_policy: "wechat_current",
        version: channel.version,
      }),
    onSuccess: () => say(t("channel.allowance.switched")),
    onError: (error) => sayError(error, t("action.copy_details")),
    onSettled: () => client.invalidateQueries({ queryKey: keys.channels }),
  });
  return (
    <div className="allowance-refused" role="status" data-testid="count-refused">
      <p className="verify">
        <Icon name="alert" />
        {t("channel.allowance.refused", { time: preciseTime(at) })}
      </p>
      {mayManage && (
        <Button
          onClick={() => change.mutate()}
          loading={change.isPending}
          data-testid="count-as-wechat"
        >
          {t("channel.allowance.switch")}
        </Button>
      )}
    </div>
  );
}
