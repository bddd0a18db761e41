/** Above the composer: how long and how often one may still write, and a way to win more of it. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useNames } from "../../api/directory";
import { keys } from "../../api/keys";
import type { Conversation } from "../../api/types";
import { Icon } from "../../components/Icon";
import { useDeskNow } from "../../format/deskClock";
import { allowanceLine, isScarce } from "./allowance";

interface Props {
  conversation: Conversation;
  /** Writes a request to answer into the composer. */
  onNudge: () => void;
}

/** What was said holds until a moment of the desk's clock; then the desk is asked again, whoever moved that clock. */
function useAskedWhenOver(conversation: Conversation, now: Date) {
  const client = useQueryClient();
  const { id, reply } = conversation;
  const over = reply.until !== null && Date.parse(reply.until) <= now.getTime();
  useEffect(() => {
    if (over) void client.invalidateQueries({ queryKey: keys.conversation(id) });
  }, [over, id, client]);
}

export function AllowanceLine({ conversation, onNudge }: Props) {
  const { t } = useTranslation();
  const now = useDeskNow();
  const channel = useNames().channel(conversation.channel_id);
  const { reply } = conversation;
  useAskedWhenOver(conversation, now);
  const line = allowanceLine(reply, now, channel?.provider_allows ?? null);
  if (!line) return null;
  const monthly = reply.route === "monthly";
  return (
    <div className="allowance tabular" data-tone={line.tone} data-testid="allowance">
      <Icon name="clock" size={14} />
      <span title={monthly ? t("allowance.monthly_why") : undefined}>{line.text}</span>
      {(monthly || isScarce(reply, now)) && (
        <button
          type="button"
          className="text-button"
          title={t("allowance.nudge.why")}
          onClick={onNudge}
          data-testid="nudge"
        >
          {t("allowance.nudge")}
        </button>
      )}
    </div>
  );
}
