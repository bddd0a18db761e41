//! The limit on SQLite: one thread, one connection with Kefu's settings, statements prepared once.

use super::{BATCH, QUEUE, Scope, Submission};
use anyhow::Result;
use rusqlite::{Connection, OptionalExtension, Statement, params};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// As Kefu's committer has it.
const CHECKPOINT_PAGES: i64 = 4_096;

/// Starts the writer.
pub(super) fn start(path: &str, scope: Scope) -> Result<Sender<Submission>> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    let (sender, receiver) = channel(QUEUE);
    let work = move || {
        if let Err(error) = write(&connection, scope, receiver) {
            // Whoever waits gets no answer, and the run fails.
            crate::report::complain(&format!("the limit stopped: {error:#}"));
        }
    };
    std::thread::Builder::new()
        .name("writer".to_owned())
        .spawn(work)?;
    Ok(sender)
}

fn write(connection: &Connection, scope: Scope, mut queue: Receiver<Submission>) -> Result<()> {
    let mut statements = Statements::prepare(connection, scope)?;
    let mut batch = Vec::with_capacity(BATCH);
    while let Some(first) = queue.blocking_recv() {
        batch.push(first);
        while batch.len() < BATCH {
            let Ok(next) = queue.try_recv() else { break };
            batch.push(next);
        }
        statements.begin.execute([])?;
        for submission in &batch {
            statements.store(submission)?;
        }
        statements.commit.execute([])?;
        for submission in batch.drain(..) {
            submission.stored.send(()).unwrap_or_default();
        }
    }
    Ok(())
}

struct Statements<'c> {
    connection: &'c Connection,
    scope: Scope,
    begin: Statement<'c>,
    commit: Statement<'c>,
    find: Statement<'c>,
    message: Statement<'c>,
    conversation: Statement<'c>,
    event: Statement<'c>,
    new_contact: Statement<'c>,
    new_conversation: Statement<'c>,
    new_ticket: Statement<'c>,
    set_ticket: Statement<'c>,
}

/// Conversation, its last `seq`, its ticket.
type Thread = (i64, i64, Option<i64>);

impl<'c> Statements<'c> {
    fn prepare(connection: &'c Connection, scope: Scope) -> Result<Self> {
        let prepare = |sql: &str| connection.prepare(sql);
        Ok(Self {
            connection,
            scope,
            begin: prepare("BEGIN IMMEDIATE")?,
            commit: prepare("COMMIT")?,
            find: prepare(
                "SELECT cv.id, cv.last_seq, cv.ticket_id FROM contacts ct JOIN conversations cv ON cv.contact_id = ct.id
                 WHERE ct.channel_id = ?1 AND ct.external_id = ?2",
            )?,
            message: prepare(
                "INSERT INTO messages (conversation_id, seq, channel_id, dedupe_key, ticket_id, direction, kind, text,
                    state, created_at, sent_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, 'in', 'text', ?6, 'received', ?7, ?8)
                 ON CONFLICT (channel_id, dedupe_key) WHERE dedupe_key IS NOT NULL DO NOTHING",
            )?,
            conversation: prepare(
                "UPDATE conversations SET responded = 0, unread_count = unread_count + 1,
                    waiting_since = COALESCE(waiting_since, ?3), last_seq = ?2, last_message_kind = 'text',
                    last_message_direction = 'in', last_message_text = ?4, last_message_state = 'received',
                    last_message_at = ?3, last_inbound_at = ?3, window_until = ?5
                 WHERE id = ?1",
            )?,
            event: prepare(
                "INSERT INTO events (kind, object_id, conversation_id, channel_id, department_id, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?,
            new_contact: prepare(
                "INSERT INTO contacts (channel_id, external_id, name, alias, approved, created_at)
                 VALUES (?1, ?2, ?2, ?2, 0, ?3)",
            )?,
            new_conversation: prepare(
                "INSERT INTO conversations (channel_id, contact_id, department_id, state, blocked, responded,
                    unread_count, last_seq, last_message_kind, last_message_direction, last_message_text,
                    last_message_state, last_message_at, created_at)
                 VALUES (?1, ?2, ?3, 'open', 0, 0, 0, 0, 'text', 'in', '', 'received', ?4, ?4)",
            )?,
            new_ticket: prepare(
                "INSERT INTO tickets (subject, status, priority, department_id, contact_id, channel_id,
                    conversation_id, created_at)
                 VALUES (?1, 'open', 'normal', ?2, ?3, ?4, ?5, ?6)",
            )?,
            set_ticket: prepare("UPDATE conversations SET ticket_id = ?2 WHERE id = ?1")?,
        })
    }

    fn store(&mut self, submission: &Submission) -> Result<()> {
        let Scope {
            channel_id,
            department_id,
        } = self.scope;
        let push = &submission.push;
        let known = self.find.query_row(params![channel_id, push.openid], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        });
        let (conversation, last_seq, ticket): Thread = match known.optional()? {
            Some(thread) => thread,
            None => self.first(submission)?,
        };
        let (at, seq) = (push.received_at, last_seq + 1);
        let message = params![
            conversation,
            seq,
            channel_id,
            push.dedupe_key,
            ticket,
            push.text,
            at,
            push.sent_at
        ];
        if self.message.execute(message)? == 0 {
            return Ok(());
        }
        let id = self.connection.last_insert_rowid();
        self.conversation.execute(params![
            conversation,
            seq,
            at,
            push.preview(),
            push.window_until()
        ])?;
        self.event.execute(params![
            "message",
            id,
            conversation,
            channel_id,
            department_id,
            at
        ])?;
        Ok(())
    }

    fn first(&mut self, submission: &Submission) -> Result<Thread> {
        let Scope {
            channel_id,
            department_id,
        } = self.scope;
        let (push, at) = (&submission.push, submission.push.received_at);
        let contact = self.new_contact.insert(params![channel_id, push.openid, at])?;
        let conversation = self
            .new_conversation
            .insert(params![channel_id, contact, department_id, at])?;
        let row = params![
            push.subject(),
            department_id,
            contact,
            channel_id,
            conversation,
            at
        ];
        let ticket = self.new_ticket.insert(row)?;
        self.set_ticket.execute(params![conversation, ticket])?;
        self.event.execute(params![
            "ticket",
            ticket,
            conversation,
            channel_id,
            department_id,
            at
        ])?;
        Ok((conversation, 0, Some(ticket)))
    }
}
