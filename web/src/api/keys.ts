/** Names of what is cached, so that whoever changes a thing can say what to fetch again. */
import type { ConversationQuery, ConversationView, TicketQuery } from "./types";

export type ListFilter = { view: ConversationView } & Pick<
  ConversationQuery,
  "responded" | "q" | "sort"
>;

export type TicketFilter = Pick<
  TicketQuery,
  "status" | "priority" | "department_id" | "assignee_id" | "q"
>;

export const keys = {
  me: ["me"] as const,
  counts: ["counts"] as const,
  lists: ["conversations"] as const,
  list: (filter: ListFilter) => ["conversations", filter] as const,
  conversation: (id: string) => ["conversation", id] as const,
  messages: (id: string) => ["messages", id] as const,
  contact: (id: string) => ["contact", id] as const,
  tickets: ["tickets"] as const,
  ticketList: (filter: TicketFilter) => ["tickets", "list", filter] as const,
  contactTickets: (contactId: string) => ["tickets", "contact", contactId] as const,
  ticket: (id: string) => ["tickets", "one", id] as const,
  channels: ["channels"] as const,
  channelList: (includeDeleted: boolean) => ["channels", "list", includeDeleted] as const,
  channel: (id: string) => ["channels", "one", id] as const,
  channelAllowance: (id: string) => ["channels", "allowance", id] as const,
  agents: ["agents"] as const,
  departments: ["departments"] as const,
  preferences: (departmentId: string, channelId: string) =>
    ["preferences", departmentId, channelId] as const,
  deadLetters: ["dead-letters"] as const,
};
