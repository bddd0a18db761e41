//! Answers to surveys: they belong to their ticket, and wake neither that nor the conversation.

use super::known::TicketRef;
use super::planner::Planner;
use super::push::{InboundMessage, Push};
use super::said::{MaybeSaid, Said};
use crate::domain::allowance::Grant;
use crate::domain::conversation::ConversationState;
use crate::domain::ids::TicketId;
use crate::domain::message::MessageKind;
use crate::domain::survey::AskedSurvey;
use crate::domain::survey_texts;
use crate::domain::ticket::CurrentTicket;
use crate::domain::time::Time;
use serde_json::{Value, json};
use std::sync::Arc;

/// What a message says about a survey.
enum Meaning {
    Score(usize, i64),
    Comment(usize),
}

impl Planner<'_> {
    /// Takes a message that answers a survey; `None` when it does not.
    pub(super) fn survey_answer(&mut self, push: &Push, message: &InboundMessage) -> Option<MaybeSaid> {
        let meaning = self.meaning(push, message)?;
        let ended = self.conversation.as_ref().map(|c| c.state) == Some(ConversationState::Ended);
        let language = self.rules.language;
        let (at, data, invites, thanks) = match meaning {
            Meaning::Score(at, score) => {
                let survey = &mut self.surveys[at];
                survey.score(score, push.received_at);
                let invites = ended && survey.comment.is_none();
                let data = json!({"survey": "score", "score": score, "scale": survey.scale});
                (at, data, invites, survey_texts::thanks(language, invites))
            }
            Meaning::Comment(at) => {
                self.surveys[at].comment = Some(message.text.trim().to_owned());
                (
                    at,
                    json!({"survey": "comment"}),
                    false,
                    survey_texts::noted(language),
                )
            }
        };
        let survey = self.surveys[at].clone();
        let ticket_id = survey.ticket_id;
        self.add_quietly(push, message, ticket_id, data);
        if let Some(conversation) = self.conversation.as_mut() {
            conversation.survey_ticket_id = invites.then_some(ticket_id);
        }
        self.plan.surveys.push(survey);
        let said = self.may_answer(push).then(|| Arc::new(Said::thanks(thanks)));
        self.say(push, Some(stored(ticket_id)), said.clone());
        Some(said)
    }

    fn meaning(&self, push: &Push, message: &InboundMessage) -> Option<Meaning> {
        if message.kind != MessageKind::Text || self.surveys.is_empty() {
            return None;
        }
        let now = push.received_at;
        if let Some(tap) = message.tap() {
            let found = self.surveys.iter().enumerate();
            return found
                .filter_map(|(at, survey)| Some(Meaning::Score(at, survey.tapped(&tap, now)?)))
                .next();
        }
        if message.grant != Grant::Message {
            return None;
        }
        let (at, survey) = self.awaited()?;
        if let Some(score) = self.rests(survey, now, &message.text) {
            return Some(Meaning::Score(at, score));
        }
        let ended = self.conversation.as_ref()?.state == ConversationState::Ended;
        (ended && survey.takes_comment(now)).then_some(Meaning::Comment(at))
    }

    /// The survey whose answer, or comment, is the next text.
    fn awaited(&self) -> Option<(usize, &AskedSurvey)> {
        let awaited = self.conversation.as_ref()?.survey_ticket_id?;
        let mut surveys = self.surveys.iter().enumerate();
        surveys.find(|(_, survey)| survey.ticket_id == awaited)
    }

    /// A bare number is a score only while nobody works on the conversation's ticket: it may mean anything else.
    fn rests(&self, survey: &AskedSurvey, now: Time, text: &str) -> Option<i64> {
        let conversation = self.conversation.as_ref()?;
        let closed = matches!(conversation.ticket, TicketRef::Stored(ticket) if ticket.closed_at.is_some());
        let rests = conversation.state == ConversationState::Ended || closed;
        survey.typed(text, now).filter(|_| rests)
    }

    /// Stores a message of a ticket without anybody having to answer it.
    fn add_quietly(&mut self, push: &Push, message: &InboundMessage, ticket_id: TicketId, data: Value) {
        self.touched = true;
        let mut fields = message.data.clone().unwrap_or_else(|| json!({}));
        if let (Some(fields), Value::Object(more)) = (fields.as_object_mut(), data) {
            fields.extend(more);
        }
        let message = InboundMessage {
            data: Some(fields),
            ..message.clone()
        };
        self.store(push, stored(ticket_id), &message);
    }
}

const fn stored(id: TicketId) -> TicketRef {
    TicketRef::Stored(CurrentTicket { id, closed_at: None })
}
