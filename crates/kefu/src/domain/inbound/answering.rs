//! Which answer goes into the response to a push, and keeping it. Which one fits is `answers.rs`.
//!
//! An answer changes nothing of the conversation but its thread: it is no agent's, so the contact still waits.

use super::answers::Asked;
use super::known::TicketRef;
use super::planned::PlannedMessage;
use super::planner::Planner;
use super::push::{ContactEventKind, InboundEvent, InboundMessage, Push};
use super::said::{MaybeSaid, Said, answer_key};
use crate::domain::message::Direction;
use std::sync::Arc;

impl Planner<'_> {
    /// Whether anything may be said to this contact, and somebody still waits to carry it.
    pub(super) fn may_answer(&self, push: &Push) -> bool {
        let blocked = self.conversation.as_ref().is_some_and(|c| c.blocked);
        let approved = self.approved || !self.rules.needs_approval;
        push.awaited && !self.rules.silent && !blocked && approved
    }

    /// The answer to a message, kept behind it.
    pub(super) fn answer_message(
        &mut self,
        push: &Push,
        message: &InboundMessage,
        opened_ticket: bool,
    ) -> MaybeSaid {
        let answers = self.rules.answers.as_deref().filter(|_| self.may_answer(push))?;
        let asked = Asked {
            kind: message.kind,
            text: &message.text,
            opened_ticket,
            unassigned: self.conversation.as_ref()?.assignee_id.is_none(),
        };
        let said = answers.to_message(asked).map(|answer| Arc::new(Said::of(answer)));
        self.say(push, None, said.clone());
        said
    }

    /// The answer to an event; kept in the conversation, where there is one.
    pub(super) fn answer_event(&mut self, push: &Push, event: &InboundEvent) -> MaybeSaid {
        let answers = self.rules.answers.as_deref().filter(|_| self.may_answer(push))?;
        let answer = match event.kind {
            ContactEventKind::Followed => answers.to_follow(),
            ContactEventKind::MenuClicked => answers.to_menu_click(event.event_key.as_deref()?),
            _ => None,
        };
        let said = answer.map(|answer| Arc::new(Said::of(answer)));
        self.say(push, None, said.clone());
        said
    }

    /// Keeps what is said in the thread, with this ticket or the current one.
    pub(super) fn say(&mut self, push: &Push, ticket: Option<TicketRef>, said: MaybeSaid) {
        let (Some(said), Some(conversation)) = (said, self.conversation.as_mut()) else {
            return;
        };
        conversation.last_seq += 1;
        self.touched = true;
        self.plan.said += 1;
        self.plan.messages.push(PlannedMessage {
            seq: conversation.last_seq,
            ticket: ticket.unwrap_or(conversation.ticket),
            direction: Direction::Out,
            kind: said.message_kind(),
            text: said.text.clone(),
            data: Some(said.data.clone()),
            media: None,
            dedupe_key: Some(answer_key(&push.dedupe_key)),
            created_at: push.received_at,
            sent_at: None,
        });
    }
}
