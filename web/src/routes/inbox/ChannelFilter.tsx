/** Which channel's conversations the list shows; deleted ones too, so that history is found. */
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../../api/directory";
import type { Channel } from "../../api/types";
import { Choice } from "../../components/Choice";
import { useChangeList } from "./useChangeList";

/** The channels as options: those that live first, the others with the word that says what they are. */
export function useChannelOptions() {
  const { t } = useTranslation();
  const channels = useQuery(channelsQuery(true)).data ?? [];
  const order = { active: 0, disabled: 1, deleted: 2 };
  const label = ({ name, state }: Channel) =>
    state === "active" ? name : `${name} (${t(`channel_off.mark.${state}`)})`;
  return [...channels]
    .sort((a, b) => order[a.state] - order[b.state])
    .map((channel) => ({ value: channel.id, label: label(channel) }));
}

const SHOWN = "kefu.channel_filter";

/** Whether there is something to choose between; until the channels are known, as it was last time: nothing jumps. */
function useIsShown(): boolean {
  const channels = useQuery(channelsQuery(true)).data;
  const shown = channels ? channels.length > 1 : localStorage.getItem(SHOWN) === "1";
  useEffect(() => {
    if (channels) localStorage.setItem(SHOWN, shown ? "1" : "0");
  }, [channels, shown]);
  return shown;
}

export function ChannelFilter() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/desk/inbox" });
  const changeList = useChangeList();
  const options = useChannelOptions();
  const shown = useIsShown();
  if (!shown && !search.channel) return null;
  return (
    <div className="list-filter list-channel">
      <Choice
        size="xs"
        aria-label={t("channel_filter.label")}
        options={[{ value: "", label: t("channel_filter.all") }, ...options]}
        value={search.channel ?? ""}
        onChoose={(id) => changeList({ channel: id || undefined })}
        data-testid="channel-filter"
      />
    </div>
  );
}
