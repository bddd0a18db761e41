/** The small lists that many screens name things by: me, agents, departments, channels. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "./client";
import { keys } from "./keys";
import type { Agent, Channel, Department, Me, Page, Permission } from "./types";

export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: ({ signal }) => api.get<Me>("/me", undefined, signal),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Who is signed in. Only for screens behind the sign-in, where the answer is already there. */
export function useMe(): Me {
  const { data } = useQuery(meQuery);
  if (!data) throw new Error("useMe is for signed-in screens");
  return data;
}

export function useMay(permission: Permission): boolean {
  return useMe().permissions.includes(permission);
}

/** Reads every page: these lists are small on any desk. */
export async function readAll<T>(path: string, query: Record<string, string> = {}): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await api.get<Page<T>>(path, { ...query, limit: 200, cursor });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return items;
}

export const agentsQuery = queryOptions({
  queryKey: keys.agents,
  queryFn: () => readAll<Agent>("/agents"),
  staleTime: 5 * 60_000,
});

export const departmentsQuery = queryOptions({
  queryKey: keys.departments,
  queryFn: () => readAll<Department>("/departments"),
  staleTime: 5 * 60_000,
});

export const channelsQuery = (includeDeleted: boolean) =>
  queryOptions({
    queryKey: keys.channelList(includeDeleted),
    queryFn: () => readAll<Channel>("/channels", includeDeleted ? { include_deleted: "true" } : {}),
    staleTime: 5 * 60_000,
  });

const nameOf = (items: { id: string; name: string }[] | undefined, id: string | null | undefined) =>
  items?.find((item) => item.id === id)?.name ?? "";

/** Names by id; empty until they are loaded. */
export function useNames() {
  const agents = useQuery(agentsQuery).data;
  const departments = useQuery(departmentsQuery).data;
  const channels = useQuery(channelsQuery(true)).data;
  return {
    agent: (id: string | null | undefined) => nameOf(agents, id),
    picture: (id: string | null | undefined) => agents?.find((item) => item.id === id)?.picture_url,
    department: (id: string | null | undefined) => nameOf(departments, id),
    channel: (id: string | null | undefined) => channels?.find((item) => item.id === id),
  };
}
