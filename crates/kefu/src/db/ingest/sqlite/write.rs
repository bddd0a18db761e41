//! Writes the plan of one contact, and what a batch counts, by prepared statements.

use super::Applier;
use crate::db::ingest::batch::Group;
use crate::db::ingest::loaded::LoadedChannel;
use crate::db::ingest::{IngestError, NewDeadLetter};
use crate::domain::agent::Language;
use crate::domain::alias::alias;
use crate::domain::ids::{ChannelId, ContactId, ConversationId, DepartmentId, TicketId};
use crate::domain::inbound::{
    ContactPlan, KnownContact, PlannedEvent, PlannedMessage, ThreadState, TicketRef,
};
use crate::domain::time::Time;
use rusqlite::params;

impl Applier<'_> {
    pub(super) fn write(
        &mut self,
        group: &Group<'_>,
        (contact, had): (Option<KnownContact>, Option<ConversationId>),
        planned: &ContactPlan,
        language: Language,
    ) -> Result<(), IngestError> {
        if planned.conversation.is_none() && planned.contact_events.is_empty() {
            return Ok(());
        }
        let contact_id = match contact {
            Some(contact) => Some(contact.id),
            None if group.external_id.is_empty() => None,
            None => Some(self.new_contact(group, planned, language)?),
        };
        if let (Some(id), Some(unsubscribed_at), Some(_)) = (contact_id, planned.subscription, contact) {
            let mut statement = self.sql.prepare_cached(
                "UPDATE contacts SET unsubscribed_at = ?2, version = version + 1 WHERE id = ?1",
            )?;
            statement.execute(params![id.0, unsubscribed_at.map(|t| t.0)])?;
        }
        let scope = match (&planned.conversation, contact_id) {
            (Some(after), Some(contact_id)) => {
                Some(self.conversation(group.channel_id, contact_id, had, after, planned)?)
            }
            _ => None,
        };
        for event in &planned.contact_events {
            self.contact_event(group.channel_id, contact_id, scope.as_ref(), event)?;
        }
        Ok(())
    }

    fn new_contact(
        &self,
        group: &Group<'_>,
        planned: &ContactPlan,
        language: Language,
    ) -> Result<ContactId, IngestError> {
        let alias = alias(group.external_id, language);
        let created_at = group.pushes.first().map_or(0, |push| push.received_at.0);
        let mut statement = self.sql.prepare_cached(
            "INSERT INTO contacts (channel_id, external_id, name, alias, approved, unsubscribed_at, created_at)
             VALUES (?1, ?2, ?3, ?3, 0, ?4, ?5)",
        )?;
        let unsubscribed_at = planned.subscription.flatten().map(|t| t.0);
        let id = statement.insert(params![
            group.channel_id.0,
            group.external_id,
            alias,
            unsubscribed_at,
            created_at
        ])?;
        Ok(ContactId(id))
    }

    fn conversation(
        &mut self,
        channel_id: ChannelId,
        contact_id: ContactId,
        had: Option<ConversationId>,
        after: &ThreadState,
        planned: &ContactPlan,
    ) -> Result<Written, IngestError> {
        let id = match had {
            Some(id) => id,
            None => self.new_conversation(channel_id, contact_id, after)?,
        };
        let scope = Written {
            id,
            channel_id,
            contact_id,
            department_id: after.department_id,
            pending: after.pending,
        };
        let ticket_id = self.ticket(&scope, after, planned)?;
        for message in &planned.messages {
            self.message(&scope, message, ticket_id)?;
        }
        if planned.messages.is_empty() {
            self.event("conversation", id.0, Some(&scope), after.last_message.at)?;
        }
        for survey in &planned.surveys {
            self.survey(&scope, survey, after.last_message.at)?;
        }
        self.update_conversation(id, after, ticket_id)?;
        Ok(scope)
    }

    fn new_conversation(
        &self,
        channel_id: ChannelId,
        contact_id: ContactId,
        after: &ThreadState,
    ) -> Result<ConversationId, IngestError> {
        let mut statement = self.sql.prepare_cached(
            "INSERT INTO conversations (channel_id, contact_id, department_id, state, blocked, responded, unread_count,
                last_seq, last_message_kind, last_message_direction, last_message_text, last_message_state,
                last_message_at, created_at, pending)
             VALUES (?1, ?2, ?3, 'open', 0, 0, 0, 0, 'text', 'in', '', 'received', ?4, ?4, ?5)",
        )?;
        let at = after.last_message.at.0;
        Ok(ConversationId(statement.insert(params![
            channel_id.0,
            contact_id.0,
            after.department_id.0,
            at,
            after.pending
        ])?))
    }

    fn ticket(
        &self,
        scope: &Written,
        after: &ThreadState,
        planned: &ContactPlan,
    ) -> Result<Option<TicketId>, IngestError> {
        if let Some(ticket) = planned.reopened_ticket {
            let mut statement = self.sql.prepare_cached(
                "UPDATE tickets SET status = 'open', closed_at = NULL, assignee_id = ?2, version = version + 1 WHERE id = ?1",
            )?;
            statement.execute(params![ticket.id.0, after.assignee_id.map(|a| a.0)])?;
            self.event("ticket", ticket.id.0, Some(scope), after.last_message.at)?;
        }
        let Some(ticket) = &planned.new_ticket else {
            return Ok(match after.ticket {
                TicketRef::Stored(ticket) => Some(ticket.id),
                TicketRef::None | TicketRef::Planned => None,
            });
        };
        let mut statement = self.sql.prepare_cached(
            "INSERT INTO tickets (subject, status, priority, department_id, assignee_id, contact_id, channel_id,
                conversation_id, created_at)
             VALUES (?1, 'open', 'normal', ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        let assignee = after.assignee_id.map(|a| a.0);
        let (department, created_at) = (ticket.department_id.0, ticket.created_at.0);
        let id = statement.insert(params![
            ticket.subject,
            department,
            assignee,
            scope.contact_id.0,
            scope.channel_id.0,
            scope.id.0,
            created_at
        ])?;
        self.event("ticket", id, Some(scope), ticket.created_at)?;
        Ok(Some(TicketId(id)))
    }

    fn message(
        &mut self,
        scope: &Written,
        message: &PlannedMessage,
        ticket_id: Option<TicketId>,
    ) -> Result<(), IngestError> {
        let media_id = self.media(scope, message)?;
        let mut statement = self.sql.prepare_cached(
            "INSERT INTO messages (conversation_id, seq, channel_id, dedupe_key, ticket_id, direction, kind, text, data,
                media_id, state, created_at, sent_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?;
        let ticket = match message.ticket {
            TicketRef::Stored(ticket) => Some(ticket.id),
            TicketRef::Planned => ticket_id,
            TicketRef::None => None,
        };
        let id = statement.insert(params![
            scope.id.0,
            message.seq,
            scope.channel_id.0,
            message.dedupe_key,
            ticket.map(|t| t.0),
            message.direction.as_str(),
            message.kind.as_str(),
            message.text,
            message.data.as_ref().map(ToString::to_string),
            media_id,
            message.state().as_str(),
            message.created_at.0,
            message.sent_at.map(|t| t.0)
        ])?;
        self.event("message", id, Some(scope), message.created_at)
    }

    fn media(&mut self, scope: &Written, message: &PlannedMessage) -> Result<Option<i64>, IngestError> {
        let Some(media) = &message.media else {
            return Ok(None);
        };
        let mut statement = self.sql.prepare_cached(
            "INSERT INTO media (kind, purpose, state, channel_id, conversation_id, external_id, created_at)
             VALUES (?1, 'inbound', 'pending', ?2, ?3, ?4, ?5)",
        )?;
        let (kind, created_at) = (media.kind.as_str(), message.created_at.0);
        let id = statement.insert(params![
            kind,
            scope.channel_id.0,
            scope.id.0,
            media.external_id,
            created_at
        ])?;
        let mut job = self.sql.prepare_cached(
            "INSERT INTO jobs (kind, subject_id, run_at, tries) VALUES ('download_media', ?1, 0, 0)",
        )?;
        job.execute([id])?;
        self.jobs = true;
        Ok(Some(id))
    }

    fn update_conversation(
        &self,
        id: ConversationId,
        after: &ThreadState,
        ticket_id: Option<TicketId>,
    ) -> Result<(), IngestError> {
        let mut statement = self.sql.prepare_cached(
            "UPDATE conversations SET state = ?2, assignee_id = ?3, responded = ?4, unread_count = ?5, waiting_since = ?6,
                last_seq = ?7, last_message_kind = ?8, last_message_direction = ?9, last_message_text = ?10,
                last_message_state = ?11, last_message_at = ?12, ticket_id = ?13, last_inbound_at = ?14,
                window_until = ?15, window_left = ?16, burst_until = ?17, burst_left = ?18, survey_ticket_id = ?19
             WHERE id = ?1",
        )?;
        let (last, books) = (&after.last_message, &after.books);
        statement.execute(params![
            id.0,
            after.state.as_str(),
            after.assignee_id.map(|a| a.0),
            after.responded,
            after.unread_count,
            after.waiting_since.map(|t| t.0),
            after.last_seq,
            last.kind.as_str(),
            last.direction.as_str(),
            last.text,
            last.state.as_str(),
            last.at.0,
            ticket_id.map(|t| t.0),
            after.last_inbound_at.map(|t| t.0),
            books.window_until.map(|t| t.0),
            books.window_left,
            books.burst_until.map(|t| t.0),
            books.burst_left,
            after.survey_ticket_id.map(|t| t.0)
        ])?;
        Ok(())
    }

    fn contact_event(
        &self,
        channel_id: ChannelId,
        contact_id: Option<ContactId>,
        scope: Option<&Written>,
        event: &PlannedEvent,
    ) -> Result<(), IngestError> {
        let mut statement = self.sql.prepare_cached(
            "INSERT INTO contact_events (channel_id, contact_id, dedupe_key, kind, event_key, data, created_at, sent_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        statement.execute(params![
            channel_id.0,
            contact_id.map(|c| c.0),
            event.dedupe_key,
            event.event.kind.as_str(),
            event.event.event_key,
            event.event.data.as_ref().map(ToString::to_string),
            event.created_at.0,
            event.sent_at.0
        ])?;
        match contact_id {
            Some(contact_id) => self.event("contact", contact_id.0, scope, event.created_at),
            None => Ok(()),
        }
    }

    pub(super) fn dead_letter(
        &self,
        channel_id: ChannelId,
        letter: &NewDeadLetter,
    ) -> Result<(), IngestError> {
        let mut statement = self.sql.prepare_cached(
            "INSERT INTO dead_letters (channel_id, state, reason, detail, body, received_at)
             VALUES (?1, 'waiting', ?2, ?3, ?4, ?5)",
        )?;
        let id = statement.insert(params![
            channel_id.0,
            letter.reason,
            letter.detail,
            letter.body.as_ref(),
            letter.received_at.0
        ])?;
        self.event("dead_letter", id, None, letter.received_at)
    }

    /// Pushes that were dropped or misaddressed are counted; the time of the last push is kept roughly.
    pub(super) fn count(&self, id: ChannelId, channel: &LoadedChannel) -> Result<(), IngestError> {
        let Some(newest) = channel.to_write() else {
            return Ok(());
        };
        let mut statement = self.sql.prepare_cached(
            "UPDATE channels SET last_push_at = ?2, dropped_pushes = dropped_pushes + ?3,
                mismatched_pushes = mismatched_pushes + ?4 WHERE id = ?1",
        )?;
        statement.execute(params![id.0, newest, channel.dropped, channel.mismatched])?;
        self.event("channel", id.0, None, Time(newest))
    }

    pub(super) fn event(
        &self,
        kind: &str,
        object_id: i64,
        scope: Option<&Written>,
        at: Time,
    ) -> Result<(), IngestError> {
        let mut statement = self.sql.prepare_cached(
            "INSERT INTO events (kind, object_id, conversation_id, channel_id, department_id, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        let shown = scope.filter(|s| !s.pending);
        statement.execute(params![
            kind,
            object_id,
            scope.map(|s| s.id.0),
            shown.map(|s| s.channel_id.0),
            shown.map(|s| s.department_id.0),
            at.0
        ])?;
        Ok(())
    }
}

pub(super) struct Written {
    id: ConversationId,
    channel_id: ChannelId,
    contact_id: ContactId,
    department_id: DepartmentId,
    /// Out of sight: its events have no place, and so only administrators hear of them.
    pending: bool,
}
