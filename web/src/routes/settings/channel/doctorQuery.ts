/** The last examination of a channel; asked again while one is under way. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../api/client";
import { keys } from "../../../api/keys";
import type { DoctorReport } from "../../../api/types";

const WHILE_RUNNING_MS = 500;

export const doctorQuery = (id: string) =>
  queryOptions({
    queryKey: keys.doctor(id),
    queryFn: ({ signal }) => api.get<DoctorReport>(`/channels/${id}/doctor`, undefined, signal),
    refetchInterval: (query) =>
      query.state.data?.state === "running" ? WHILE_RUNNING_MS : (false as const),
  });
