/** What a channel that is off has dropped, since when, and what to do about it at WeChat. */
import { useTranslation } from "react-i18next";
import type { Channel } from "../../api/types";
import { preciseTime } from "../../format/time";

export function ChannelDropped({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const { dropped_pushes: count, dropping_since: since } = channel;
  if (!since || count === 0) return null;
  return (
    <div className="channel-dropped" role="status" data-testid="channel-dropped">
      <b>{t("channel_off.dropped", { count, time: preciseTime(since) })}</b>
      <span>
        {t(
          channel.state === "disabled" && channel.off_notice
            ? "channel_off.notice.at_wechat"
            : "channel_off.at_wechat",
        )}
      </span>
    </div>
  );
}
