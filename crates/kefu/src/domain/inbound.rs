//! What a batch of pushes does to one contact: pure, so that both databases carry out the same plan.
//!
//! The database loads [`Known`], this module makes a [`ContactPlan`], the database applies it. Pushes come in the
//! order in which they arrived; what is planned keeps it.

use super::allowance::{Books, Grant, Policy};
use super::channel::ChannelState;
use super::conversation::ConversationState;
use super::ids::{AgentId, ContactId, ConversationId, DepartmentId};
use super::message::{Direction, MediaKind, MessageKind, MessageState, PREVIEW_CHARS, SystemLine, preview};
use super::text_enum::text_enum;
use super::ticket::{CurrentTicket, SUBJECT_CHARS, TicketStep, Timer, step};
use super::time::Time;
use serde_json::Value;
use std::collections::HashSet;

/// One accepted push in the desk's words.
#[derive(Debug, Clone)]
pub struct Push {
    /// The contact's id at the provider.
    pub external_id: String,
    /// Unique per channel, deterministic.
    pub dedupe_key: String,
    /// When the desk received it.
    pub received_at: Time,
    /// When the provider says it was sent.
    pub sent_at: Time,
    /// Addressed to another account than the channel's.
    pub mismatched: bool,
    /// What it carries.
    pub content: Content,
}

/// What a push carries.
#[derive(Debug, Clone)]
pub enum Content {
    /// A message of the contact.
    Message(InboundMessage),
    /// Something the contact did.
    Event(InboundEvent),
}

/// A message of the contact.
#[derive(Debug, Clone)]
pub struct InboundMessage {
    /// What it is.
    pub kind: MessageKind,
    /// Its text; empty for media.
    pub text: String,
    /// Kind-specific fields.
    pub data: Option<Value>,
    /// A file to fetch.
    pub media: Option<InboundMedia>,
    /// Which allowance it opens: a tap on a menu message is not a message of the contact.
    pub grant: Grant,
}

/// A file the provider holds for us.
#[derive(Debug, Clone)]
pub struct InboundMedia {
    /// What it should be.
    pub kind: MediaKind,
    /// The provider's id.
    pub external_id: String,
}

text_enum!(
/// What a contact did that is not a message.
ContactEventKind {
    Followed = "followed", Unfollowed = "unfollowed", Scanned = "scanned", MenuClicked = "menu_clicked",
    MenuViewed = "menu_viewed",
    /// A job of the monthly route has ended; no contact did this.
    MassFinished = "mass_finished",
    Other = "other",
});

/// Something the contact did.
#[derive(Debug, Clone)]
pub struct InboundEvent {
    /// What.
    pub kind: ContactEventKind,
    /// The key of the menu item or scene.
    pub event_key: Option<String>,
    /// The provider's own fields.
    pub data: Option<Value>,
}

impl ContactEventKind {
    const fn grant(self) -> Option<Grant> {
        match self {
            Self::Followed => Some(Grant::Follow),
            Self::Scanned => Some(Grant::Scan),
            Self::MenuClicked => Some(Grant::MenuClick),
            Self::Unfollowed | Self::MenuViewed | Self::MassFinished | Self::Other => None,
        }
    }
}

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
}

impl ChannelRules {
    fn timer(&self, department: DepartmentId) -> Timer {
        self.timers
            .iter()
            .find(|(id, _)| *id == department)
            .map_or(super::ticket::DEFAULT_TIMER, |(_, timer)| *timer)
    }
}

/// What is stored about the contact before the batch.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The contact, if they exist.
    pub contact: Option<KnownContact>,
    /// Their conversation, if it exists.
    pub conversation: Option<ThreadState>,
    /// Dedupe keys of this batch that are stored already.
    pub seen: HashSet<String>,
}

/// A stored contact.
#[derive(Debug, Clone, Copy)]
pub struct KnownContact {
    /// Their id.
    pub id: ContactId,
    /// When they unfollowed.
    pub unsubscribed_at: Option<Time>,
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
    /// [`ContactPlan::new_ticket`].
    Planned,
}

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
    /// Direction: `in`, or `internal` for a system line.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is on disk.
    Stored,
    /// It was on disk before.
    Duplicate,
    /// The channel is disabled or deleted: counted, not stored.
    Dropped,
}

/// The plan for one contact's pushes, in arrival order.
pub fn plan<'a>(pushes: &[&'a Push], rules: &'a ChannelRules, known: Known) -> ContactPlan {
    let mut planner = Planner {
        rules,
        stored: known.seen,
        taken: Vec::with_capacity(pushes.len()),
        conversation: known.conversation,
        unsubscribed_at: known.contact.and_then(|c| c.unsubscribed_at),
        touched: false,
        plan: ContactPlan::default(),
    };
    for &push in pushes {
        let outcome = planner.take(push);
        planner.plan.outcomes.push(outcome);
    }
    planner.finish()
}

struct Planner<'a> {
    rules: &'a ChannelRules,
    stored: HashSet<String>,
    taken: Vec<&'a str>,
    conversation: Option<ThreadState>,
    unsubscribed_at: Option<Time>,
    touched: bool,
    plan: ContactPlan,
}

impl<'a> Planner<'a> {
    fn take(&mut self, push: &'a Push) -> Outcome {
        if self.rules.state != ChannelState::Active {
            self.plan.dropped += 1;
            return Outcome::Dropped;
        }
        let key = push.dedupe_key.as_str();
        if self.stored.contains(key) || self.taken.contains(&key) {
            return Outcome::Duplicate;
        }
        self.taken.push(key);
        self.plan.mismatched += i64::from(push.mismatched);
        match &push.content {
            Content::Message(message) => self.message(push, message),
            Content::Event(event) => self.event(push, event),
        }
        Outcome::Stored
    }

    fn message(&mut self, push: &Push, message: &InboundMessage) {
        // Whoever writes follows: a lost follow event must not keep the composer closed.
        self.subscribe(None);
        let ticket = self.ticket_for(push, message);
        self.add(push, ticket, message);
        self.touched = true;
    }

    fn event(&mut self, push: &Push, event: &InboundEvent) {
        match event.kind {
            ContactEventKind::Followed => self.subscribe(None),
            ContactEventKind::Unfollowed => self.unfollow(push),
            _ => {}
        }
        if let (Some(grant), Some(conversation)) = (event.kind.grant(), self.conversation.as_mut()) {
            conversation
                .books
                .grant(&self.rules.policy, grant, push.sent_at.min(push.received_at));
            self.touched = true;
        }
        self.plan.contact_events.push(PlannedEvent {
            dedupe_key: push.dedupe_key.clone(),
            event: event.clone(),
            created_at: push.received_at,
            sent_at: push.sent_at,
        });
    }

    fn unfollow(&mut self, push: &Push) {
        self.subscribe(Some(push.received_at));
        if let Some(conversation) = self.conversation.as_mut() {
            conversation.books.close();
            self.touched = true;
        }
    }

    fn subscribe(&mut self, unsubscribed_at: Option<Time>) {
        if self.unsubscribed_at.is_some() != unsubscribed_at.is_some() {
            self.unsubscribed_at = unsubscribed_at;
            self.plan.subscription = Some(unsubscribed_at);
        }
    }

    /// Applies the ticket rule and wakes an ended conversation.
    fn ticket_for(&mut self, push: &Push, message: &InboundMessage) -> TicketRef {
        let now = push.received_at;
        let conversation = self
            .conversation
            .get_or_insert_with(|| fresh(self.rules.default_department, now));
        let current = match conversation.ticket {
            TicketRef::Stored(ticket) => Some(ticket),
            TicketRef::Planned => Some(CurrentTicket {
                id: super::ids::TicketId(0),
                closed_at: None,
            }),
            TicketRef::None => None,
        };
        let decided = step(current, self.rules.timer(conversation.department_id), now);
        let woken = conversation.state == ConversationState::Ended;
        if woken {
            conversation.state = ConversationState::Open;
            if decided == TicketStep::New || !conversation.assignee_stays {
                conversation.assignee_id = None;
            }
        }
        match decided {
            TicketStep::Append => {}
            TicketStep::Reopen => self.reopen_ticket(),
            TicketStep::New => self.new_ticket(now, message),
        }
        if woken {
            self.system_line(&SystemLine::ReopenedByContact, now);
        }
        self.conversation.as_ref().map_or(TicketRef::None, |c| c.ticket)
    }

    fn reopen_ticket(&mut self) {
        let Some(conversation) = self.conversation.as_mut() else {
            return;
        };
        if let TicketRef::Stored(ticket) = conversation.ticket {
            let open = CurrentTicket {
                closed_at: None,
                ..ticket
            };
            conversation.ticket = TicketRef::Stored(open);
            self.plan.reopened_ticket = Some(open);
        }
    }

    fn new_ticket(&mut self, now: Time, message: &InboundMessage) {
        let Some(conversation) = self.conversation.as_mut() else {
            return;
        };
        // A new ticket starts unassigned, and so does the conversation it mirrors.
        if conversation.ticket != TicketRef::None {
            conversation.assignee_id = None;
        }
        conversation.ticket = TicketRef::Planned;
        self.plan.new_ticket = Some(NewTicket {
            subject: preview(message.text.trim(), SUBJECT_CHARS),
            department_id: conversation.department_id,
            created_at: now,
        });
    }

    fn system_line(&mut self, line: &SystemLine, now: Time) {
        let Some(conversation) = self.conversation.as_mut() else {
            return;
        };
        conversation.last_seq += 1;
        self.plan.messages.push(PlannedMessage {
            seq: conversation.last_seq,
            ticket: conversation.ticket,
            direction: Direction::Internal,
            kind: MessageKind::System,
            text: String::new(),
            data: Some(line.data()),
            media: None,
            dedupe_key: None,
            created_at: now,
            sent_at: None,
        });
    }

    fn add(&mut self, push: &Push, ticket: TicketRef, message: &InboundMessage) {
        let Some(conversation) = self.conversation.as_mut() else {
            return;
        };
        conversation.last_seq += 1;
        conversation.unread_count += 1;
        conversation.responded = false;
        conversation.waiting_since.get_or_insert(push.received_at);
        conversation.last_inbound_at = Some(push.received_at);
        conversation.books.grant(
            &self.rules.policy,
            message.grant,
            push.sent_at.min(push.received_at),
        );
        conversation.last_message = LastMessage {
            kind: message.kind,
            direction: Direction::In,
            text: preview(&message.text, PREVIEW_CHARS),
            state: MessageState::Received,
            at: push.received_at,
        };
        self.plan.files += i64::from(message.media.is_some());
        self.plan.messages.push(PlannedMessage {
            seq: conversation.last_seq,
            ticket,
            direction: Direction::In,
            kind: message.kind,
            text: message.text.clone(),
            data: message.data.clone(),
            media: message.media.clone(),
            dedupe_key: Some(push.dedupe_key.clone()),
            created_at: push.received_at,
            sent_at: Some(push.sent_at),
        });
    }

    fn finish(mut self) -> ContactPlan {
        if self.touched {
            self.plan.conversation = self.conversation;
        }
        self.plan
    }
}

fn fresh(department_id: DepartmentId, now: Time) -> ThreadState {
    ThreadState {
        id: None,
        department_id,
        state: ConversationState::Open,
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
    }
}

impl ContactPlan {
    /// Whether nothing happens but new messages without files in a conversation and ticket that are there.
    pub const fn only_adds_messages(&self) -> bool {
        let ticket_stays = self.new_ticket.is_none() && self.reopened_ticket.is_none();
        let contact_stays = self.subscription.is_none() && self.contact_events.is_empty();
        ticket_stays && contact_stays && self.dropped == 0 && self.mismatched == 0 && self.files == 0
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
