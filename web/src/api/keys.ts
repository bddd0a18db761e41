/** Names of what is cached, so that whoever changes a thing can say what to fetch again. */
import type { ConversationQuery, ConversationView, TicketQuery } from "./types";

export type ListFilter = { view: ConversationView } & Pick<
  ConversationQuery,
  "responded" | "q" | "channel_id" | "sort"
>;

export type TicketFilter = Pick<
  TicketQuery,
  "status" | "priority" | "department_id" | "assignee_id" | "q" | "channel_id"
>;

export const keys = {
  me: ["me"] as const,
  myLogins: ["me", "logins"] as const,
  mySecondFactor: ["me", "second-factor"] as const,
  setup: ["setup"] as const,
  installation: ["installation"] as const,
  approvals: (channelId: string) => ["channels", "approvals", channelId] as const,
  counts: ["counts"] as const,
  lists: ["conversations"] as const,
  list: (filter: ListFilter) => ["conversations", filter] as const,
  conversation: (id: string) => ["conversation", id] as const,
  messages: (id: string) => ["messages", id] as const,
  contact: (id: string) => ["contact", id] as const,
  search: (kind: string, q: string) => ["search", kind, q] as const,
  tickets: ["tickets"] as const,
  ticketList: (filter: TicketFilter) => ["tickets", "list", filter] as const,
  contactTickets: (contactId: string) => ["tickets", "contact", contactId] as const,
  ticket: (id: string) => ["tickets", "one", id] as const,
  channels: ["channels"] as const,
  channelList: (includeDeleted: boolean) => ["channels", "list", includeDeleted] as const,
  channel: (id: string) => ["channels", "one", id] as const,
  channelCheck: (id: string) => ["channel-check", id] as const,
  setupSteps: ["setup-steps"] as const,
  doctor: (id: string) => ["channels", "doctor", id] as const,
  addresses: (id: string | null) => ["channels", "addresses", id] as const,
  channelQr: (id: string) => ["channel-qr", id] as const,
  canSend: (id: string) => ["channels", "can-send", id] as const,
  channelAllowance: (id: string) => ["channels", "allowance", id] as const,
  /** Below the channel's own key: an event about the channel fetches them again. */
  cardPresets: (id: string) => ["channels", "one", id, "card-presets"] as const,
  surveyFigures: (id: string, days: number) => ["survey-figures", id, days] as const,
  agents: ["agents"] as const,
  departments: ["departments"] as const,
  preferences: (departmentId: string, channelId: string) =>
    ["preferences", departmentId, channelId] as const,
  preferencesOf: (departmentId: string) => ["preferences", departmentId] as const,
  associations: (departmentId: string, agentId: string) =>
    ["preferences", departmentId, "agent", agentId] as const,
  ticketPreview: (departmentId: string, channelId: string, timer: string | number) =>
    ["preferences", departmentId, "preview", channelId, timer] as const,
  channelImpact: (id: string) => ["channels", "impact", id] as const,
  transferTargets: (id: string) => ["conversation", id, "targets"] as const,
  ticketMessages: (id: string) => ["tickets", "messages", id] as const,
  deadLetters: ["dead-letters"] as const,
};
