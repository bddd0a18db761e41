/** Enabling, disabling and deleting a channel, with what is said afterwards. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { Channel, ChannelImpact } from "../../api/types";
import { say, sayError } from "../../components/toasts";

/** What switching it off concerns, asked when the dialog opens. */
export const channelImpactQuery = (id: string) =>
  queryOptions({
    queryKey: keys.channelImpact(id),
    queryFn: ({ signal }) => api.get<ChannelImpact>(`/channels/${id}/impact`, undefined, signal),
    staleTime: 0,
    gcTime: 0,
  });

export function useChannelState(channel: Channel) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const path = `/channels/${channel.id}`;
  /** What customers are told is stored first: the first message may come at once. */
  const keepNotice = async (notice: string | undefined) => {
    if (notice === undefined || notice === channel.off_notice) return;
    await api.patch(path, { off_notice: notice });
  };
  const calls = {
    enable: () => api.post(`${path}/enable`),
    disable: () => api.post(`${path}/disable`),
    delete: () => api.delete(path),
  };
  const done = {
    enable: t("channel.was_enabled"),
    disable: t("channel.was_disabled"),
    delete: t("channel.was_deleted"),
  };
  return useMutation({
    mutationFn: async ({ step, notice }: { step: keyof typeof calls; notice?: string }) => {
      await keepNotice(notice);
      await calls[step]();
    },
    onSuccess: (_, { step }) => say(done[step]),
    onError: (error) => sayError(error, t("action.copy_details")),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.channels }),
        client.invalidateQueries({ queryKey: ["conversation"] }),
        client.invalidateQueries({ queryKey: ["preferences"] }),
        client.invalidateQueries({ queryKey: keys.lists }),
      ]),
  });
}
