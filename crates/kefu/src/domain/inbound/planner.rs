//! Makes the plan of one contact, push by push.

use super::known::{ChannelRules, Known, LastMessage, ThreadState, TicketRef};
use super::planned::{ContactPlan, NewTicket, Outcome, PlannedEvent, PlannedMessage};
use super::push::{ContactEventKind, Content, InboundEvent, InboundMessage, Push};
use super::said::MaybeSaid;
use crate::domain::channel::ChannelState;
use crate::domain::conversation::ConversationState;
use crate::domain::ids::TicketId;
use crate::domain::message::{Direction, MessageKind, MessageState, PREVIEW_CHARS, SystemLine, preview};
use crate::domain::survey::AskedSurvey;
use crate::domain::ticket::{CurrentTicket, SUBJECT_CHARS, TicketStep, step};
use crate::domain::time::Time;
use std::collections::HashMap;

/// The plan for one contact's pushes, in arrival order.
pub fn plan<'a>(pushes: &[&'a Push], rules: &'a ChannelRules, known: Known) -> ContactPlan {
    let mut planner = Planner {
        rules,
        stored: known.seen,
        taken: Vec::with_capacity(pushes.len()),
        surveys: known.surveys,
        approved: known.contact.is_some_and(|c| c.approved),
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

pub(super) struct Planner<'a> {
    pub(super) rules: &'a ChannelRules,
    stored: HashMap<String, MaybeSaid>,
    /// Keys of this batch, with what was said.
    taken: Vec<(&'a str, MaybeSaid)>,
    pub(super) conversation: Option<ThreadState>,
    pub(super) surveys: Vec<AskedSurvey>,
    pub(super) approved: bool,
    unsubscribed_at: Option<Time>,
    pub(super) touched: bool,
    pub(super) plan: ContactPlan,
}

impl<'a> Planner<'a> {
    fn take(&mut self, push: &'a Push) -> Outcome {
        if self.rules.state != ChannelState::Active {
            self.plan.dropped += 1;
            return Outcome::Dropped;
        }
        let key = push.dedupe_key.as_str();
        if let Some(said) = self.stored.get(key) {
            return Outcome::Duplicate(said.clone());
        }
        if let Some((_, said)) = self.taken.iter().find(|(taken, _)| *taken == key) {
            return Outcome::Duplicate(said.clone());
        }
        self.plan.mismatched += i64::from(push.mismatched);
        let said = match &push.content {
            Content::Message(message) => self.message(push, message),
            Content::Event(event) => self.event(push, event),
        };
        self.taken.push((key, said.clone()));
        Outcome::Stored(said)
    }

    fn message(&mut self, push: &Push, message: &InboundMessage) -> MaybeSaid {
        // Whoever writes follows: a lost follow event must not keep the composer closed.
        self.subscribe(None);
        if let Some(said) = self.survey_answer(push, message) {
            return said;
        }
        let tickets = self.plan.new_ticket.is_some();
        let ticket = self.ticket_for(push, message);
        self.add(push, ticket, message);
        self.touched = true;
        let opened_ticket = self.plan.new_ticket.is_some() && !tickets;
        self.answer_message(push, message, opened_ticket)
    }

    fn event(&mut self, push: &Push, event: &InboundEvent) -> MaybeSaid {
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
        let said = self.answer_event(push, event);
        let mut event = event.clone();
        if let (Some(said), None) = (&said, &self.conversation) {
            event.data = Some(said.with_event(event.data.take()));
        }
        self.plan.contact_events.push(PlannedEvent {
            dedupe_key: push.dedupe_key.clone(),
            event,
            created_at: push.received_at,
            sent_at: push.sent_at,
        });
        said
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
        let unapproved = self.rules.needs_approval && !self.approved;
        let conversation = self
            .conversation
            .get_or_insert_with(|| ThreadState::fresh(self.rules.default_department, unapproved, now));
        let current = match conversation.ticket {
            TicketRef::Stored(ticket) => Some(ticket),
            TicketRef::Planned => Some(CurrentTicket {
                id: TicketId(0),
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

    /// Stores a message that somebody has to answer.
    fn add(&mut self, push: &Push, ticket: TicketRef, message: &InboundMessage) {
        if let Some(conversation) = self.conversation.as_mut() {
            conversation.unread_count += 1;
            conversation.responded = false;
            conversation.waiting_since.get_or_insert(push.received_at);
            conversation.survey_ticket_id = None;
        }
        self.store(push, ticket, message);
    }

    /// Stores a message with the allowance it opens.
    pub(super) fn store(&mut self, push: &Push, ticket: TicketRef, message: &InboundMessage) {
        let Some(conversation) = self.conversation.as_mut() else {
            return;
        };
        conversation.last_seq += 1;
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
