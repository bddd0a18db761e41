/** Preferences of a department: who answers which channel, and the ticket timers. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { keys } from "./keys";
import type { Associations, Preferences, TicketPreview, TimerValue } from "./types";

/** The values of the timer in the order they are offered: none, minutes, always. */
export const timers: TimerValue[] = [
  "none",
  10,
  20,
  30,
  40,
  50,
  60,
  120,
  180,
  360,
  540,
  720,
  1080,
  1440,
  2880,
  4320,
  5760,
  "always",
];

export const preferencesQuery = (departmentId: string) =>
  queryOptions({
    queryKey: keys.preferencesOf(departmentId),
    queryFn: async ({ signal }) => {
      const path = `/departments/${departmentId}/preferences`;
      return (await api.get<{ items: Preferences[] }>(path, undefined, signal)).items;
    },
  });

const associationsPath = (departmentId: string, agentId: string) =>
  `/departments/${departmentId}/agents/${agentId}/channels`;

/** Asked anew each time the dialog opens: how many conversations are open changes by the minute. */
export const associationsQuery = (departmentId: string, agentId: string) =>
  queryOptions({
    queryKey: keys.associations(departmentId, agentId),
    queryFn: ({ signal }) =>
      api.get<Associations>(associationsPath(departmentId, agentId), undefined, signal),
    staleTime: 0,
    gcTime: 0,
  });

export const saveAssociations = (seen: Associations, channelIds: string[]) =>
  api.put<Associations>(associationsPath(seen.department_id, seen.agent_id), {
    channel_ids: channelIds,
    seen_channel_ids: seen.items.filter((one) => one.associated).map((one) => one.channel_id),
  });

export const saveTimer = (seen: Preferences, timer: TimerValue) =>
  api.put<Preferences>(
    `/departments/${seen.department_id}/channels/${seen.channel_id}/preferences`,
    {
      ticket_timer_minutes: timer,
      version: seen.version,
    },
  );

export const ticketPreviewQuery = (of: Preferences, timer: TimerValue) =>
  queryOptions({
    queryKey: keys.ticketPreview(of.department_id, of.channel_id, timer),
    queryFn: ({ signal }) =>
      api.get<TicketPreview>(
        `/departments/${of.department_id}/channels/${of.channel_id}/ticket-preview`,
        { timer },
        signal,
      ),
    staleTime: 60_000,
  });
