//! What the database knows before the plan: the channel's rules, the contact, their conversation.

use super::answers::Answers;
use super::said::MaybeSaid;
use crate::domain::agent::Language;
use crate::domain::allowance::{Books, Policy};
use crate::domain::channel::ChannelState;
use crate::domain::conversation::ConversationState;
use crate::domain::ids::{AgentId, ContactId, ConversationId, DepartmentId, TicketId};
use crate::domain::message::{Direction, MessageKind, MessageState};
use crate::domain::survey::AskedSurvey;
use crate::domain::ticket::{CurrentTicket, DEFAULT_TIMER, Timer};
use crate::domain::time::Time;
use std::collections::HashMap;
use std::sync::Arc;

/// What the channel says about all its contacts.
#[derive(Debug, Clone)]
pub struct ChannelRules {
    /// Its state inside the batch's transaction.
    pub state: ChannelState,
    /// Where new conversations go.
    pub default_department: DepartmentId,
    /// The figures of its reply policy.
    pub policy: Policy,
    /// The timer per department.
    pub timers: Vec<(DepartmentId, Timer)>,
    /// Whether only approved contacts may be written to.
    pub needs_approval: bool,
    /// What it answers by itself; `None` = nothing.
    pub answers: Option<Arc<Answers>>,
    /// Whether nothing may be said: the desk is quarantined.
    pub silent: bool,
    /// The installation's language, for words of thanks.
    pub language: Language,
}

impl ChannelRules {
    pub(super) fn timer(&self, department: DepartmentId) -> Timer {
        self.timers
            .iter()
            .find(|(id, _)| *id == department)
            .map_or(DEFAULT_TIMER, |(_, timer)| *timer)
    }
}

/// What is stored about the contact before the batch.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The contact, if they exist.
    pub contact: Option<KnownContact>,
    /// Their conversation, if it exists.
    pub conversation: Option<ThreadState>,
    /// Surveys that messages of this batch may answer.
    pub surveys: Vec<AskedSurvey>,
    /// Dedupe keys of this batch that are stored already, with what was said in response.
    pub seen: HashMap<String, MaybeSaid>,
}

/// A stored contact.
#[derive(Debug, Clone, Copy)]
pub struct KnownContact {
    /// Their id.
    pub id: ContactId,
    /// When they unfollowed.
    pub unsubscribed_at: Option<Time>,
    /// Whether they are approved (asked of enterprise accounts only).
    pub approved: bool,
}

/// A conversation as the plan changes it.
#[derive(Debug, Clone)]
pub struct ThreadState {
    /// `None` until it is inserted.
    pub id: Option<ConversationId>,
    /// Its department.
    pub department_id: DepartmentId,
    /// Open or ended.
    pub state: ConversationState,
    /// Whether the contact is blocked.
    pub blocked: bool,
    /// Who has it.
    pub assignee_id: Option<AgentId>,
    /// Whether that agent may still have it (asked only for ended ones).
    pub assignee_stays: bool,
    /// Whether the last message was answered.
    pub responded: bool,
    /// Unread messages.
    pub unread_count: i64,
    /// Since when the contact waits for an answer.
    pub waiting_since: Option<Time>,
    /// The last `seq` given.
    pub last_seq: i64,
    /// When the contact last wrote.
    pub last_inbound_at: Option<Time>,
    /// The allowance.
    pub books: Books,
    /// The last message, for lists.
    pub last_message: LastMessage,
    /// The current ticket.
    pub ticket: TicketRef,
    /// The ticket whose survey the next text may answer.
    pub survey_ticket_id: Option<TicketId>,
    /// Whether it waits for an approval, out of sight.
    pub pending: bool,
}

/// The last message of a conversation as lists show it.
#[derive(Debug, Clone)]
pub struct LastMessage {
    /// Its kind.
    pub kind: MessageKind,
    /// Its direction.
    pub direction: Direction,
    /// The first characters.
    pub text: String,
    /// Its state.
    pub state: MessageState,
    /// When it came.
    pub at: Time,
}

/// A ticket that is stored, or one this plan makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketRef {
    /// None yet.
    None,
    /// Stored before.
    Stored(CurrentTicket),
    /// [`ContactPlan::new_ticket`](super::ContactPlan::new_ticket).
    Planned,
}

impl ThreadState {
    /// A conversation that begins now.
    pub(super) fn fresh(department_id: DepartmentId, pending: bool, now: Time) -> Self {
        Self {
            id: None,
            department_id,
            state: ConversationState::Open,
            blocked: false,
            assignee_id: None,
            assignee_stays: true,
            responded: false,
            unread_count: 0,
            waiting_since: None,
            last_seq: 0,
            last_inbound_at: None,
            books: Books::default(),
            last_message: LastMessage {
                kind: MessageKind::Text,
                direction: Direction::In,
                text: String::new(),
                state: MessageState::Received,
                at: now,
            },
            ticket: TicketRef::None,
            survey_ticket_id: None,
            pending,
        }
    }
}
