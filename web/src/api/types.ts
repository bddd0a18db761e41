/**
 * The objects of the desk's API under the console's names. Their fields come from `schema.gen.ts`,
 * which is made from `docs/openapi.json` (`npm run gen`): nothing is written down here by hand that
 * the document says.
 */
import type { components, operations } from "./schema.gen";
import type { Told } from "./told";

type Schemas = components["schemas"];
type Change<Body> = { [Key in keyof Body]: Told<Body[Key]> };
type Asked<Name extends keyof operations> = Change<
  NonNullable<operations[Name]["parameters"]["query"]>
>;

export type Channel = Told<Schemas["ChannelOut"]>;
export type ChannelSecret = Told<Schemas["ChannelSecretOut"]>;

export type Reply = Told<Schemas["Reply"]>;
export type ReplyReason = Reply["reason"];

export type Message = Told<Schemas["MessageOut"]>;
export type MessageKind = Message["kind"];
export type MessageState = Message["state"];
export type Media = Told<Schemas["MediaOut"]>;
export type Attachment = Told<Schemas["AttachmentOut"]>;
export type LastMessage = Told<Schemas["LastMessageOut"]>;

export type Conversation = Told<Schemas["ConversationOut"]>;
export type ConversationCounts = Told<Schemas["ConversationCountsOut"]>;
export type ConversationQuery = Asked<"list_conversations">;
export type ConversationView = NonNullable<ConversationQuery["view"]>;

export type Ticket = Told<Schemas["TicketOut"]>;
export type TicketStatus = Ticket["status"];
export type TicketPriority = Ticket["priority"];
export type TicketQuery = Asked<"list_tickets">;

export type Contact = Told<Schemas["ContactOut"]>;
export type Department = Told<Schemas["DepartmentOut"]>;
export type DeadLetter = Told<Schemas["DeadLetterOut"]>;

export type Agent = Told<Schemas["AgentOut"]>;
export type Role = Agent["role"];
export type Me = Told<Schemas["MeOut"]>;
export type Permission = Me["permissions"][number];

/** One answer of a list, and where the next one begins. */
export type Page<Item> = Omit<Told<Schemas["Page_TicketOut"]>, "items"> & { items: Item[] };

export type NewAgent = Change<Schemas["AgentIn"]>;
export type NewMessage = Change<Schemas["MessageIn"]>;
export type ChannelChange = Change<Schemas["ChannelIn"]>;

/** The error inside an error answer. The document does not say that `fields` are codes by name. */
export type Failure = Pick<Schemas["ErrorObject"], "code" | "detail" | "request_id"> & {
  fields?: Record<string, string>;
};

/** `data.failure` of a message that failed or is uncertain: what WeChat said. The document leaves `data` open. */
export interface SendFailure {
  message?: string | null;
  rid?: string | null;
  status?: number | null;
  code: number | null;
}
