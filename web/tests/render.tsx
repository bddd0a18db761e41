/** Draws a part of the console for a test, with a signed-in agent and what the cache should hold. */
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { keys } from "../src/api/keys";
import type { Conversation, Me, Message } from "../src/api/types";
import { OutboxProvider } from "../src/outbox/OutboxProvider";

export const me: Me = {
  id: "ag_1",
  email: "mika@example.com",
  name: "Mika",
  role: "agent",
  state: "active",
  department_ids: ["dp_1"],
  availability: "online",
  picture_url: null,
  organisation: "",
  language: null,
  time_zone: null,
  invited: false,
  second_factor: false,
  lacks_second_factor: false,
  version: 1,
  created_at: "2026-11-01T10:00:00Z",
  permissions: ["conversations.reply", "conversations.assign", "tickets.edit"],
};

export const conversation: Conversation = {
  id: "cv_1",
  channel_id: "ch_1",
  department_id: "dp_1",
  contact: { id: "ct_1", name: "李小明" },
  state: "open",
  blocked: false,
  blacklist: null,
  assignee_id: "ag_1",
  responded: false,
  unread_count: 0,
  waiting_since: null,
  last_message: null,
  ticket: null,
  reply: { allowed: true, reason: "ok", route: "window", until: null, remaining: 5, detail: null },
  pending_approval: false,
  created_at: "2026-11-22T10:00:00Z",
};

export const message: Message = {
  id: "ms_1",
  conversation_id: "cv_1",
  ticket_id: null,
  seq: 1,
  direction: "out",
  kind: "text",
  text: "hello",
  media: null,
  data: null,
  state: "sent",
  reason: null,
  author_id: "ag_1",
  author: { id: "ag_1", name: "Mika" },
  sent_at: null,
  client_id: "c1",
  created_at: "2026-11-22T10:00:00Z",
};

export function draw(part: ReactNode, as: Me = me) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 1e9 } } });
  client.setQueryData(keys.me, as);
  client.setQueryData(keys.agents, [as, { ...as, id: "ag_2", name: "Li" }]);
  client.setQueryData(keys.departments, []);
  client.setQueryData(keys.channelList(true), []);
  return render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <OutboxProvider agentId={as.id}>{part}</OutboxProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
}
