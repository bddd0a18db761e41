/** What is special about a conversation and is said above its messages: a channel that is off, WeChat's blacklist. */
import { useTranslation } from "react-i18next";
import { useNames } from "../../api/directory";
import type { Conversation } from "../../api/types";
import { Icon } from "../../components/Icon";
import { preciseTime } from "../../format/time";
import { messageReason } from "../../i18n/words";

/** Who switched the channel off and when, and what that means; nothing while it is on. */
export function ChannelBanner({ channelId }: { channelId: string }) {
  const { t } = useTranslation();
  const names = useNames();
  const channel = names.channel(channelId);
  if (!channel || channel.state === "active") return null;
  const at = channel.state === "deleted" ? channel.deleted_at : channel.disabled_at;
  const name = names.agent(channel.state_changed_by) || t("system.someone");
  return (
    <div className="thread-notice" role="status" data-testid="channel-banner">
      <Icon name="alert" />
      <span>
        <b>{t(`channel_off.banner.${channel.state}`, { name, date: at ? preciseTime(at) : "" })}</b>{" "}
        {t(`channel_off.why.${channel.state}`)}
      </span>
    </div>
  );
}

export function BlacklistNotice({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const { blacklist } = conversation;
  if (!blacklist) return null;
  const reason = messageReason(blacklist.reason);
  return (
    <div
      className="thread-notice"
      role="status"
      data-testid="blacklist"
      data-state={blacklist.state}
    >
      <Icon name="block" />
      <span>{t(`blacklist.${blacklist.state}`, { reason })}</span>
    </div>
  );
}
