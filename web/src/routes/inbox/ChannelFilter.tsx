/** Which channel's conversations the list shows; deleted ones too, so that history is found. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../../api/directory";
import type { Channel } from "../../api/types";
import { Choice } from "../../components/Choice";

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

export function ChannelFilter() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/desk/inbox" });
  const navigate = useNavigate({ from: "/inbox" });
  const options = useChannelOptions();
  if (options.length < 2 && !search.channel) return null;
  return (
    <div className="list-filter list-channel">
      <Choice
        size="xs"
        aria-label={t("channel_filter.label")}
        options={[{ value: "", label: t("channel_filter.all") }, ...options]}
        value={search.channel ?? ""}
        onChoose={(id) =>
          void navigate({
            to: ".",
            search: (old) => ({ ...old, channel: id || undefined }),
            replace: true,
          })
        }
        data-testid="channel-filter"
      />
    </div>
  );
}
