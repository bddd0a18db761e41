//! What the applier writes, and what became of each push.

use super::known::{ThreadState, TicketRef};
use super::push::{InboundEvent, InboundMedia};
use super::said::MaybeSaid;
use crate::domain::ids::DepartmentId;
use crate::domain::message::{Direction, MessageKind, MessageState};
use crate::domain::survey::AskedSurvey;
use crate::domain::ticket::CurrentTicket;
use crate::domain::time::Time;
use serde_json::Value;

/// What the applier writes.
#[derive(Debug, Clone, Default)]
pub struct ContactPlan {
    /// The contact's `unsubscribed_at` afterwards, where it changed.
    pub subscription: Option<Option<Time>>,
    /// The conversation afterwards; `None` when nothing of it changed.
    pub conversation: Option<ThreadState>,
    /// Messages to insert, in order.
    pub messages: Vec<PlannedMessage>,
    /// A ticket to insert. One batch opens at most one: it is open for the rest of the batch.
    pub new_ticket: Option<NewTicket>,
    /// Whether the stored ticket is opened again.
    pub reopened_ticket: Option<CurrentTicket>,
    /// Contact events to insert.
    pub contact_events: Vec<PlannedEvent>,
    /// Surveys that were answered, as they are afterwards.
    pub surveys: Vec<AskedSurvey>,
    /// Messages that are said in the response to a push.
    pub said: i64,
    /// One answer per push, in order.
    pub outcomes: Vec<Outcome>,
    /// Pushes dropped because the channel is off.
    pub dropped: i64,
    /// Pushes addressed to another account.
    pub mismatched: i64,
    /// Messages that have a file to fetch.
    pub files: i64,
}

/// A message to insert.
#[derive(Debug, Clone)]
pub struct PlannedMessage {
    /// Its place.
    pub seq: i64,
    /// Its ticket.
    pub ticket: TicketRef,
    /// Direction: `in`, `out` for what is said in response, or `internal` for a system line.
    pub direction: Direction,
    /// What it is.
    pub kind: MessageKind,
    /// Its text.
    pub text: String,
    /// Kind-specific fields.
    pub data: Option<Value>,
    /// A file to fetch.
    pub media: Option<InboundMedia>,
    /// Unique per channel; system lines have none.
    pub dedupe_key: Option<String>,
    /// Receipt.
    pub created_at: Time,
    /// The provider's time.
    pub sent_at: Option<Time>,
}

/// A ticket to insert.
#[derive(Debug, Clone)]
pub struct NewTicket {
    /// First characters of the message; empty for media.
    pub subject: String,
    /// Its department.
    pub department_id: DepartmentId,
    /// Receipt of its first message.
    pub created_at: Time,
}

/// A contact event to insert.
#[derive(Debug, Clone)]
pub struct PlannedEvent {
    /// Unique per channel.
    pub dedupe_key: String,
    /// What happened.
    pub event: InboundEvent,
    /// Receipt.
    pub created_at: Time,
    /// The provider's time.
    pub sent_at: Time,
}

/// What became of one push; all but an error are answered `success`.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It is on disk, and this is said in response.
    Stored(MaybeSaid),
    /// It was on disk before; the same is said again.
    Duplicate(MaybeSaid),
    /// The channel is disabled or deleted: counted, not stored.
    Dropped,
}

impl ContactPlan {
    /// Whether nothing happens but new messages without files in a conversation and ticket that are there.
    pub const fn only_adds_messages(&self) -> bool {
        self.new_ticket.is_none() && self.said == 0 && self.has_plain_messages_only()
    }

    /// Whether nothing happens but a conversation with a ticket and messages without files. What is said in response is
    /// among the messages.
    pub const fn only_begins(&self) -> bool {
        self.new_ticket.is_some() && self.has_plain_messages_only()
    }

    /// Whether the contact, tickets that are there, surveys and the channel's counts stay as they are.
    const fn has_plain_messages_only(&self) -> bool {
        let contact_stays = self.subscription.is_none() && self.contact_events.is_empty();
        let tickets_stay = self.reopened_ticket.is_none() && self.surveys.is_empty();
        let channel_stays = self.dropped == 0 && self.mismatched == 0;
        contact_stays && tickets_stay && channel_stays && self.files == 0
    }
}

impl PlannedMessage {
    /// The state it is stored in.
    pub const fn state(&self) -> MessageState {
        match self.direction {
            Direction::In => MessageState::Received,
            Direction::Out | Direction::Internal => MessageState::Sent,
        }
    }
}
