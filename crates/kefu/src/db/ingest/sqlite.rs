//! The batch on SQLite: one connection of its own, prepared statements, under the lock all writers share.

use super::batch::Group;
use super::loaded::{LoadedChannel, count_dropped};
use super::{Batch, Committed, Entry, IngestError, NewDeadLetter};
use crate::db::{Backend, Db, Signals};
use crate::domain::agent::Language;
use crate::domain::alias::alias;
use crate::domain::allowance::Books;
use crate::domain::channel::ReplyPolicy;
use crate::domain::ids::{AgentId, ChannelId, ContactId, ConversationId, DepartmentId, TicketId};
use crate::domain::inbound::{
    ChannelRules, ContactPlan, Known, KnownContact, LastMessage, Outcome, PlannedEvent, PlannedMessage, Push,
    ThreadState, TicketRef, plan,
};
use crate::domain::ticket::{CurrentTicket, Timer};
use crate::domain::time::Time;
use rusqlite::types::Type;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, params};
use std::collections::{HashMap, HashSet};
use std::str::FromStr;
use std::sync::Arc;
use tokio::sync::Mutex;

/// The write-ahead log is folded back into the database above this size.
const CHECKPOINT_PAGES: i64 = 16_384;

/// The committer's connection.
#[derive(Debug)]
pub struct SqliteIngest {
    connection: Connection,
    gate: Arc<Mutex<()>>,
    signals: Arc<Signals>,
    language: Language,
}

impl SqliteIngest {
    /// Opens the connection beside the pools of `db`; `None` when that is not SQLite.
    pub fn open(db: &Db, language: Language) -> Result<Option<Self>, IngestError> {
        let Backend::Sqlite(sqlite) = &db.backend else {
            return Ok(None);
        };
        let connection = Connection::open(&sqlite.path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES / 4)?;
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        connection.set_prepared_statement_cache_capacity(64);
        let gate = Arc::clone(&sqlite.gate);
        Ok(Some(Self {
            connection,
            gate,
            signals: Arc::clone(&db.signals),
            language,
        }))
    }

    /// Stores the batch; on disk when this returns. Waits its turn, then blocks its thread.
    pub async fn commit<E: AsRef<Entry>>(&mut self, entries: &[E]) -> Committed {
        let batch = Batch::of(entries);
        let gate = Arc::clone(&self.gate).lock_owned().await;
        let transaction = self
            .connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let mut applier = Applier {
            sql: &transaction,
            language: self.language,
            jobs: false,
        };
        let outcomes = applier.apply(&batch)?;
        let jobs = applier.jobs;
        transaction.commit()?;
        drop(gate);
        self.signals.events.notify_one();
        if jobs {
            self.signals.jobs.notify_one();
        }
        Ok(outcomes)
    }
}

impl From<rusqlite::Error> for IngestError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::SystemIoFailure
                | ErrorCode::DiskFull
                | ErrorCode::CannotOpen
                | ErrorCode::ReadOnly
                | ErrorCode::OutOfMemory
                | ErrorCode::PermissionDenied,
            ) => Self::Unavailable(error.to_string()),
            _ => Self::Data(error.to_string()),
        }
    }
}

struct Applier<'c> {
    sql: &'c Connection,
    language: Language,
    jobs: bool,
}

impl Applier<'_> {
    fn apply(&mut self, batch: &Batch<'_>) -> Committed {
        let mut outcomes = batch.outcomes();
        let mut channels = HashMap::new();
        for id in batch.channel_ids() {
            channels.insert(id, self.channel(ChannelId(id))?);
        }
        for group in &batch.groups {
            let channel = channels
                .get_mut(&group.channel_id.0)
                .expect("every group's channel was loaded");
            let decided = self.group(group, channel)?;
            Batch::settle(&mut outcomes, group, &decided);
        }
        count_dropped(&mut channels, batch);
        for (id, channel) in &channels {
            self.count(ChannelId(*id), channel)?;
        }
        for (channel_id, letter) in &batch.dead_letters {
            self.dead_letter(*channel_id, letter)?;
        }
        Ok(outcomes)
    }

    fn channel(&self, id: ChannelId) -> Result<LoadedChannel, IngestError> {
        let mut timers = self.sql.prepare_cached(
            "SELECT department_id, ticket_timer_minutes FROM preferences WHERE channel_id = ?1",
        )?;
        let timers = timers
            .query_map([id.0], |row| {
                Ok((DepartmentId(row.get(0)?), Timer::from_stored(row.get(1)?)))
            })?
            .collect::<Result<Vec<_>, _>>()?;
        let mut channel = self.sql.prepare_cached(
            "SELECT state, default_department_id, reply_policy, custom_policy, last_push_at FROM channels WHERE id = ?1",
        )?;
        Ok(channel.query_row([id.0], |row| {
            let policy: ReplyPolicy = word(row, 2)?;
            let custom: Option<String> = row.get(3)?;
            Ok(LoadedChannel {
                rules: ChannelRules {
                    state: word(row, 0)?,
                    default_department: DepartmentId(row.get(1)?),
                    policy: crate::domain::allowance::Policy::of(policy, custom.as_deref()),
                    timers,
                },
                stamp: 0,
                last_push_at: row.get(4)?,
                newest: None,
                dropped: 0,
                mismatched: 0,
            })
        })?)
    }

    fn group(&mut self, group: &Group<'_>, channel: &mut LoadedChannel) -> Result<Vec<Outcome>, IngestError> {
        let known = self.known(group)?;
        let contact = known.contact;
        let had = known.conversation.as_ref().and_then(|c| c.id);
        let planned = plan(&group.pushes, &channel.rules, known);
        channel.dropped += planned.dropped;
        channel.mismatched += planned.mismatched;
        channel.newest = channel
            .newest
            .max(group.pushes.last().map(|push| push.received_at.0));
        self.write(group, contact, had, &planned)?;
        Ok(planned.outcomes)
    }

    fn known(&self, group: &Group<'_>) -> Result<Known, IngestError> {
        let (contact, conversation) = self.contact(group)?.unzip();
        let mut seen = HashSet::new();
        if contact.is_some() || group.external_id.is_empty() {
            for push in &group.pushes {
                if self.is_stored(group.channel_id, push)? {
                    seen.insert(push.dedupe_key.clone());
                }
            }
        }
        Ok(Known {
            contact,
            conversation: conversation.flatten(),
            seen,
        })
    }

    fn is_stored(&self, channel_id: ChannelId, push: &Push) -> Result<bool, IngestError> {
        let sql = match push.content {
            crate::domain::inbound::Content::Message(_) => {
                "SELECT 1 FROM messages WHERE channel_id = ?1 AND dedupe_key = ?2"
            }
            crate::domain::inbound::Content::Event(_) => {
                "SELECT 1 FROM contact_events WHERE channel_id = ?1 AND dedupe_key = ?2"
            }
        };
        Ok(self
            .sql
            .prepare_cached(sql)?
            .exists(params![channel_id.0, push.dedupe_key])?)
    }

    fn contact(&self, group: &Group<'_>) -> Result<Option<(KnownContact, Option<ThreadState>)>, IngestError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT ct.id, ct.unsubscribed_at, cv.id, cv.department_id, cv.state, cv.assignee_id, cv.responded,
                    cv.unread_count, cv.waiting_since, cv.last_seq, cv.last_inbound_at, cv.window_until, cv.window_left,
                    cv.burst_until, cv.burst_left, cv.pending_replies, cv.last_message_kind, cv.last_message_direction,
                    cv.last_message_text, cv.last_message_state, cv.last_message_at, cv.ticket_id, tk.closed_at,
                    cv.state = 'open' OR EXISTS (
                        SELECT 1 FROM agents a WHERE a.id = cv.assignee_id AND a.state = 'active' AND (
                            a.role = 'admin'
                            OR (a.role = 'supervisor' AND EXISTS (SELECT 1 FROM agent_departments d
                                WHERE d.agent_id = a.id AND d.department_id = cv.department_id))
                            OR EXISTS (SELECT 1 FROM preference_agents p WHERE p.agent_id = a.id
                                AND p.channel_id = cv.channel_id AND p.department_id = cv.department_id)))
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
                };
                Ok((contact, thread(row)?))
            })
            .optional()?)
    }

    fn write(
        &mut self,
        group: &Group<'_>,
        contact: Option<KnownContact>,
        had: Option<ConversationId>,
        planned: &ContactPlan,
    ) -> Result<(), IngestError> {
        if planned.conversation.is_none() && planned.contact_events.is_empty() {
            return Ok(());
        }
        let contact_id = match contact {
            Some(contact) => Some(contact.id),
            None if group.external_id.is_empty() => None,
            None => Some(self.new_contact(group, planned)?),
        };
        if let (Some(id), Some(unsubscribed_at), Some(_)) = (contact_id, planned.subscription, contact) {
            let mut statement = self.sql.prepare_cached(
                "UPDATE contacts SET unsubscribed_at = ?2, version = version + 1 WHERE id = ?1",
            )?;
            statement.execute(params![id.0, unsubscribed_at.map(|t| t.0)])?;
        }
        if let (Some(after), Some(contact_id)) = (&planned.conversation, contact_id) {
            self.conversation(group.channel_id, contact_id, had, after, planned)?;
        }
        for event in &planned.contact_events {
            self.contact_event(group.channel_id, contact_id, event)?;
        }
        Ok(())
    }

    fn new_contact(&self, group: &Group<'_>, planned: &ContactPlan) -> Result<ContactId, IngestError> {
        let alias = alias(group.external_id, self.language);
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
    ) -> Result<(), IngestError> {
        let id = match had {
            Some(id) => id,
            None => self.new_conversation(channel_id, contact_id, after)?,
        };
        let scope = Written {
            id,
            channel_id,
            contact_id,
            department_id: after.department_id,
        };
        let ticket_id = self.ticket(&scope, after, planned)?;
        for message in &planned.messages {
            self.message(&scope, message, ticket_id)?;
        }
        if planned.messages.is_empty() {
            self.event("conversation", id.0, Some(&scope), after.last_message.at)?;
        }
        self.update_conversation(id, after, ticket_id)
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
                last_message_at, created_at)
             VALUES (?1, ?2, ?3, 'open', 0, 0, 0, 0, 'text', 'in', '', 'received', ?4, ?4)",
        )?;
        let at = after.last_message.at.0;
        Ok(ConversationId(statement.insert(params![
            channel_id.0,
            contact_id.0,
            after.department_id.0,
            at
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
                window_until = ?15, window_left = ?16, burst_until = ?17, burst_left = ?18
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
            books.burst_left
        ])?;
        Ok(())
    }

    fn contact_event(
        &self,
        channel_id: ChannelId,
        contact_id: Option<ContactId>,
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
            Some(contact_id) => self.event("contact", contact_id.0, None, event.created_at),
            None => Ok(()),
        }
    }

    fn dead_letter(&self, channel_id: ChannelId, letter: &NewDeadLetter) -> Result<(), IngestError> {
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
    fn count(&self, id: ChannelId, channel: &LoadedChannel) -> Result<(), IngestError> {
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

    fn event(
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
        statement.execute(params![
            kind,
            object_id,
            scope.map(|s| s.id.0),
            scope.map(|s| s.channel_id.0),
            scope.map(|s| s.department_id.0),
            at.0
        ])?;
        Ok(())
    }
}

struct Written {
    id: ConversationId,
    channel_id: ChannelId,
    contact_id: ContactId,
    department_id: DepartmentId,
}

fn word<T: FromStr>(row: &Row<'_>, index: usize) -> rusqlite::Result<T> {
    let text: String = row.get(index)?;
    text.parse()
        .map_err(|_| rusqlite::Error::InvalidColumnType(index, text, Type::Text))
}

fn time(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<Time>> {
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
        assignee_stays: row.get(23)?,
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
    }))
}
