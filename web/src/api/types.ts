/** The objects of the desk's API, as the console uses them. */

export type ChannelState = "active" | "disabled" | "deleted";
export type AccountKind = "service" | "subscription" | "enterprise" | "test";
export type Region = "mainland_china" | "other";
export type EncryptionMode = "plain" | "compatible" | "safe";
export type ReplyPolicy = "documented" | "wechat_current" | "custom";

export interface Channel {
  id: string;
  kind: string;
  name: string;
  state: ChannelState;
  account_kind: AccountKind;
  verified: boolean;
  region: Region;
  original_id: string;
  app_id: string;
  app_secret?: string | null;
  /** Readable by administrators only. */
  token?: string | null;
  encoding_aes_key?: string | null;
  encryption_mode: EncryptionMode;
  department_ids: string[];
  default_department_id: string | null;
  reply_policy: ReplyPolicy;
  survey_enabled: boolean;
  callback_url?: string | null;
  url_verified_at?: string | null;
  icon_url?: string | null;
  /** What WeChat will probably not accept, or what looks mistyped. */
  warnings?: string[];
  version?: number;
  created_at?: string;
}

export type ReplyReason =
  | "ok"
  | "unassigned"
  | "not_assignee"
  | "conversation_ended"
  | "contact_blocked"
  | "channel_disabled"
  | "channel_deleted"
  | "window_closed"
  | "quota_exhausted"
  | "contact_unsubscribed"
  | "contact_not_approved"
  | "account_not_permitted"
  | "contact_never_wrote";

export interface Reply {
  allowed: boolean;
  reason: ReplyReason;
  route: "window" | "monthly" | null;
  until: string | null;
  remaining: number | null;
}

export type Direction = "in" | "out" | "internal";
export type MessageKind =
  | "text"
  | "image"
  | "voice"
  | "video"
  | "location"
  | "link"
  | "file"
  | "miniprogram"
  | "sticker"
  | "unsupported"
  | "note"
  | "system";
export type MessageState = "received" | "queued" | "sending" | "sent" | "failed" | "unknown";

export interface Media {
  id: string;
  mime: string;
  bytes: number;
  state: "pending" | "ready" | "failed" | "expired";
  reason?: string | null;
  width?: number | null;
  height?: number | null;
  duration_ms?: number | null;
}

export interface Person {
  id: string;
  name: string;
}

export interface Message {
  id: string;
  conversation_id: string;
  ticket_id: string | null;
  seq: number;
  direction: Direction;
  kind: MessageKind;
  text: string | null;
  media: Media | null;
  data: Record<string, unknown> | null;
  state: MessageState;
  reason: string | null;
  author_id: string | null;
  author?: Person | null;
  client_id: string | null;
  created_at: string;
  sent_at?: string | null;
}

/** `data.failure` of a message that failed or is uncertain: what WeChat said. */
export interface SendFailure {
  message?: string | null;
  rid?: string | null;
  status?: number | null;
  code: number | null;
}

export interface LastMessage {
  seq: number;
  kind: MessageKind;
  direction: Direction;
  text: string | null;
  state: MessageState;
  created_at: string;
}

export interface Conversation {
  id: string;
  channel_id: string;
  department_id: string | null;
  contact: Person;
  state: "open" | "ended";
  blocked: boolean;
  assignee_id: string | null;
  responded: boolean;
  unread_count: number;
  waiting_since: string | null;
  last_message: LastMessage | null;
  ticket: { id: string; number: number; status: TicketStatus } | null;
  reply: Reply;
  created_at: string;
}

export type ConversationView = "mine" | "unassigned" | "all" | "ended" | "blocked";

export interface ConversationCounts {
  mine: number;
  mine_unresponded: number;
  unassigned: number;
  all: number;
  ended: number;
  blocked: number;
}

export type TicketStatus = "open" | "on_hold" | "escalated" | "closed";
export type TicketPriority = "low" | "normal" | "high" | "urgent";

export interface Ticket {
  id: string;
  number: number;
  subject: string;
  status: TicketStatus;
  priority: TicketPriority;
  department_id: string | null;
  assignee_id: string | null;
  contact_id: string;
  contact?: Person | null;
  channel_id: string;
  conversation_id: string;
  created_at: string;
  closed_at: string | null;
  updated_at?: string | null;
  version?: number;
}

export interface Contact {
  id: string;
  name: string;
  channel_id: string;
  openid?: string | null;
  remark?: string | null;
  subscribed?: boolean | null;
  created_at?: string;
  version?: number;
}

export type Role = "admin" | "supervisor" | "agent" | "viewer";

export interface Agent {
  id: string;
  email: string;
  name: string;
  role: Role;
  state: "active" | "disabled";
  department_ids: string[];
  availability: "online" | "away" | "offline";
  language?: string | null;
  time_zone?: string | null;
}

/** What a role may do; the console shows and hides by these words. */
export const permissions = [
  "agents.manage",
  "channels.manage",
  "channels.read",
  "departments.manage",
  "dead_letters.manage",
  "preferences.manage",
  "conversations.read",
  "conversations.reply",
  "conversations.assign",
  "tickets.edit",
  "contacts.edit",
] as const;
export type Permission = (typeof permissions)[number];

export interface Me extends Agent {
  permissions: Permission[];
}

export interface Department {
  id: string;
  name: string;
}

export interface Attachment {
  id: string;
  kind: "image" | "voice" | "video" | string;
  mime: string;
  bytes: number;
  width?: number | null;
  height?: number | null;
  duration_ms?: number | null;
}

export interface DeadLetter {
  id: string;
  channel_id: string;
  state: "waiting" | "replayed";
  reason: string;
  detail: string;
  body: string;
  received_at: string;
  replayed_at: string | null;
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
