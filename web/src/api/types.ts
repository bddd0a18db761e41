/**
 * The objects of the desk's API under the console's names. Their fields come from `schema.gen.ts`,
 * which is made from `docs/openapi.json` (`npm run gen`): nothing is written down here by hand that
 * the document says.
 */
import type { components, operations } from "./schema.gen";

type Schemas = components["schemas"];
type Asked<Name extends keyof operations> = NonNullable<operations[Name]["parameters"]["query"]>;

export type Channel = Schemas["ChannelOut"];
export type ChannelCheck = Schemas["ChannelCheckOut"];
export type ChannelImpact = Schemas["ChannelImpactOut"];
export type CanSend = Schemas["CanSendOut"];
export type SendRefusal = Schemas["SendRefusal"];
export type ChannelAllowance = Schemas["ChannelAllowanceOut"];
export type ChannelSecret = Schemas["ChannelSecretOut"];
export type SetupSteps = Schemas["SetupStepsOut"];
export type SetupStep = Schemas["SetupStepOut"];
export type SetupStepChange = Schemas["SetupStepIn"];
export type DoctorReport = Schemas["DoctorOut"];
export type DoctorLine = DoctorReport["checks"][number];
export type DoctorFinding = NonNullable<DoctorLine["code"]>;
export type AccountCapability = DoctorReport["capabilities"][number];
export type AddressItem = Schemas["AddressesOut"]["items"][number];
export type ChannelQrCode = Schemas["ChannelQrOut"];

export type CardPreset = Omit<Schemas["CardPresetOut"], "data"> & { data: Record<string, unknown> };
export type SurveyFigures = Schemas["SurveyFiguresOut"];

export type Reply = Schemas["Reply"];
export type ReplyReason = Reply["reason"];

export type Message = Schemas["MessageOut"];
export type MessageKind = Message["kind"];
export type MessageState = Message["state"];
export type Media = Schemas["MediaOut"];
export type Attachment = Schemas["AttachmentOut"];
export type LastMessage = Schemas["LastMessageOut"];

export type Conversation = Schemas["ConversationOut"];
export type ConversationCounts = Schemas["ConversationCountsOut"];
export type ConversationQuery = Asked<"list_conversations">;
export type ConversationView = NonNullable<ConversationQuery["view"]>;
export type ConversationSort = NonNullable<ConversationQuery["sort"]>;

export type Ticket = Schemas["TicketOut"];
export type TicketStatus = Ticket["status"];
export type TicketPriority = Ticket["priority"];
export type TicketQuery = Asked<"list_tickets">;

export type SearchHit = Schemas["HitOut"];
export type SearchKind = SearchHit["kind"];
export type SearchAnswer = Schemas["SearchOut"];

export type Setup = Schemas["SetupOut"];
export type Installation = Schemas["InstallationOut"];
export type SecondFactor = Schemas["SecondFactorOut"];
export type SecondFactorBegun = Schemas["SecondFactorBegun"];
export type Invitation = Schemas["InvitationOut"];
export type Approval = Schemas["ApprovalOut"];
export type ApprovalCounts = Schemas["ApprovalCounts"];
export type Login = Schemas["LoginOut"];
export type TicketsBulk = Schemas["TicketsBulkIn"];
export type TicketsBulkResult = Schemas["TicketsBulkOut"];

export type Preferences = Schemas["PreferencesOut"];
export type Associations = Schemas["AssociationsOut"];
export type TicketPreview = Schemas["TicketPreviewOut"];
export type TimerValue = number | "none" | "always";
export type TransferTargets = Schemas["TransferTargetsOut"];

export type Contact = Schemas["ContactOut"];
export type Department = Schemas["DepartmentOut"];
export type DeadLetter = Schemas["DeadLetterOut"];

export type Agent = Schemas["AgentOut"];
export type Role = Agent["role"];
export type Me = Schemas["MeOut"];
export type Permission = Me["permissions"][number];

/** One answer of a list, and where the next one begins. */
export type Page<Item> = Omit<Schemas["Page_TicketOut"], "items"> & { items: Item[] };

export type NewAgent = Schemas["AgentIn"];
export type NewMessage = Schemas["MessageIn"];
export type LoginOptions = Schemas["LoginOptionsOut"];
export type ChannelChange = Schemas["ChannelIn"];

/** The error inside an error answer. The document does not say that `fields` are codes by name. */
export type Failure = Pick<Schemas["ErrorObject"], "code" | "detail" | "request_id"> & {
  fields?: Record<string, string>;
  reason?: string;
};

/** `data.failure` of a message that failed or is uncertain: what WeChat said. The document leaves `data` open. */
export interface SendFailure {
  message?: string | null;
  rid?: string | null;
  status?: number | null;
  code: number | null;
}
