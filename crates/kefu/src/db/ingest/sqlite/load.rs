//! What is known before the plan, by prepared statements.

use super::Applier;
use crate::db::ingest::IngestError;
use crate::db::ingest::batch::Group;
use crate::db::ingest::loaded::LoadedChannel;
use crate::domain::allowance::{Books, Policy};
use crate::domain::channel::{AccountKind, ReplyPolicy};
use crate::domain::ids::{AgentId, ChannelId, ContactId, ConversationId, DepartmentId, TicketId};
use crate::domain::inbound::{
    ChannelRules, Content, Known, KnownContact, LastMessage, MaybeSaid, Push, Said, ThreadState, TicketRef,
    answer_key,
};
use crate::domain::ticket::{CurrentTicket, Timer};
use crate::domain::time::Time;
use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Row, params};
use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;

impl Applier<'_> {
    pub(super) fn channel(&mut self, id: ChannelId) -> Result<LoadedChannel, IngestError> {
        let mut timers = self.sql.prepare_cached(
            "SELECT department_id, ticket_timer_minutes FROM preferences WHERE channel_id = ?1",
        )?;
        let timers = timers
            .query_map([id.0], |row| {
                Ok((DepartmentId(row.get(0)?), Timer::from_stored(row.get(1)?)))
            })?
            .collect::<Result<Vec<_>, _>>()?;
        let mut channel = self.sql.prepare_cached(
            "SELECT state, default_department_id, reply_policy, custom_policy, last_push_at,
                automation, account_kind, i.language, i.quarantined_since IS NOT NULL
             FROM channels ch JOIN installation i WHERE ch.id = ?1",
        )?;
        let answers = &mut self.answers;
        Ok(channel.query_row([id.0], |row| {
            let policy: ReplyPolicy = word(row, 2)?;
            let custom: Option<String> = row.get(3)?;
            Ok(LoadedChannel {
                rules: ChannelRules {
                    state: word(row, 0)?,
                    default_department: DepartmentId(row.get(1)?),
                    policy: Policy::of(policy, custom.as_deref()),
                    timers,
                    needs_approval: word::<AccountKind>(row, 6)? == AccountKind::Enterprise,
                    answers: answers.of(id.0, row.get(5)?),
                    silent: row.get(8)?,
                    language: word(row, 7)?,
                },
                language: word(row, 7)?,
                stamp: 0,
                last_push_at: row.get(4)?,
                newest: None,
                dropped: 0,
                mismatched: 0,
            })
        })?)
    }

    pub(super) fn known(&self, group: &Group<'_>) -> Result<Known, IngestError> {
        let (contact, conversation) = self.contact(group)?.unzip();
        let conversation = conversation.flatten();
        let mut seen = HashMap::new();
        if contact.is_some() || group.external_id.is_empty() {
            for push in &group.pushes {
                if self.is_stored(group.channel_id, push)? {
                    let said = self.said(group.channel_id, push)?;
                    seen.insert(push.dedupe_key.clone(), said);
                }
            }
        }
        Ok(Known {
            surveys: self.surveys(group, conversation.as_ref())?,
            contact,
            conversation,
            seen,
        })
    }

    fn is_stored(&self, channel_id: ChannelId, push: &Push) -> Result<bool, IngestError> {
        let sql = match push.content {
            Content::Message(_) => "SELECT 1 FROM messages WHERE channel_id = ?1 AND dedupe_key = ?2",
            Content::Event(_) => "SELECT 1 FROM contact_events WHERE channel_id = ?1 AND dedupe_key = ?2",
        };
        Ok(self
            .sql
            .prepare_cached(sql)?
            .exists(params![channel_id.0, push.dedupe_key])?)
    }

    /// What was said in response to a push that is stored.
    fn said(&self, channel_id: ChannelId, push: &Push) -> Result<MaybeSaid, IngestError> {
        let key = answer_key(&push.dedupe_key);
        let mut answer = self.sql.prepare_cached(
            "SELECT kind, text, data FROM messages WHERE channel_id = ?1 AND dedupe_key = ?2 AND data IS NOT NULL",
        )?;
        let message = answer
            .query_row(params![channel_id.0, key], |row| {
                Ok(Said::of_message(
                    word(row, 0)?,
                    row.get(1)?,
                    &row.get::<_, String>(2)?,
                ))
            })
            .optional()?;
        if message.is_some() || matches!(push.content, Content::Message(_)) {
            return Ok(message.flatten().map(Arc::new));
        }
        let mut event = self.sql.prepare_cached(
            "SELECT data FROM contact_events WHERE channel_id = ?1 AND dedupe_key = ?2 AND data IS NOT NULL",
        )?;
        let data: Option<String> = event
            .query_row(params![channel_id.0, push.dedupe_key], |row| row.get(0))
            .optional()?;
        Ok(data.as_deref().and_then(Said::of_event).map(Arc::new))
    }

    fn contact(&self, group: &Group<'_>) -> Result<Option<(KnownContact, Option<ThreadState>)>, IngestError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT ct.id, ct.unsubscribed_at, cv.id, cv.department_id, cv.state, cv.assignee_id, cv.responded,
                    cv.unread_count, cv.waiting_since, cv.last_seq, cv.last_inbound_at, cv.window_until, cv.window_left,
                    cv.burst_until, cv.burst_left, cv.pending_replies, cv.last_message_kind, cv.last_message_direction,
                    cv.last_message_text, cv.last_message_state, cv.last_message_at, cv.ticket_id, tk.closed_at,
                    ct.approved, cv.blocked, cv.survey_ticket_id,
                    cv.state = 'open' OR EXISTS (
                        SELECT 1 FROM agents a WHERE a.id = cv.assignee_id AND a.state = 'active' AND (
                            a.role = 'admin'
                            OR (a.role = 'supervisor' AND EXISTS (SELECT 1 FROM agent_departments d
                                WHERE d.agent_id = a.id AND d.department_id = cv.department_id))
                            OR EXISTS (SELECT 1 FROM preference_agents p WHERE p.agent_id = a.id
                                AND p.channel_id = cv.channel_id AND p.department_id = cv.department_id))),
                    cv.pending
             FROM contacts ct
             LEFT JOIN conversations cv ON cv.contact_id = ct.id
             LEFT JOIN tickets tk ON tk.id = cv.ticket_id
             WHERE ct.channel_id = ?1 AND ct.external_id = ?2",
        )?;
        Ok(statement
            .query_row(params![group.channel_id.0, group.external_id], |row| {
                let contact = KnownContact {
                    id: ContactId(row.get(0)?),
                    unsubscribed_at: time(row, 1)?,
                    approved: row.get(23)?,
                };
                Ok((contact, thread(row)?))
            })
            .optional()?)
    }
}

pub(super) fn word<T: FromStr>(row: &Row<'_>, index: usize) -> rusqlite::Result<T> {
    let text: String = row.get(index)?;
    text.parse()
        .map_err(|_| rusqlite::Error::InvalidColumnType(index, text, Type::Text))
}

pub(super) fn time(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<Time>> {
    Ok(row.get::<_, Option<i64>>(index)?.map(Time))
}

fn thread(row: &Row<'_>) -> rusqlite::Result<Option<ThreadState>> {
    let Some(id) = row.get::<_, Option<i64>>(2)? else {
        return Ok(None);
    };
    let ticket = match row.get::<_, Option<i64>>(21)? {
        Some(ticket_id) => TicketRef::Stored(CurrentTicket {
            id: TicketId(ticket_id),
            closed_at: time(row, 22)?,
        }),
        None => TicketRef::None,
    };
    Ok(Some(ThreadState {
        id: Some(ConversationId(id)),
        department_id: DepartmentId(row.get(3)?),
        state: word(row, 4)?,
        assignee_id: row.get::<_, Option<i64>>(5)?.map(AgentId),
        assignee_stays: row.get(26)?,
        blocked: row.get(24)?,
        responded: row.get(6)?,
        unread_count: row.get(7)?,
        waiting_since: time(row, 8)?,
        last_seq: row.get(9)?,
        last_inbound_at: time(row, 10)?,
        books: Books {
            window_until: time(row, 11)?,
            window_left: row.get(12)?,
            burst_until: time(row, 13)?,
            burst_left: row.get(14)?,
            pending_replies: row.get(15)?,
        },
        last_message: LastMessage {
            kind: word(row, 16)?,
            direction: word(row, 17)?,
            text: row.get(18)?,
            state: word(row, 19)?,
            at: Time(row.get(20)?),
        },
        ticket,
        survey_ticket_id: row.get::<_, Option<i64>>(25)?.map(TicketId),
        pending: row.get(27)?,
    }))
}
