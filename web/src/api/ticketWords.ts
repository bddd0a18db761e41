/** What a ticket can be, in the order in which people choose. */
import type { TicketPriority, TicketStatus } from "./types";

export const statuses: TicketStatus[] = ["open", "on_hold", "escalated", "closed"];
export const priorities: TicketPriority[] = ["urgent", "high", "normal", "low"];
