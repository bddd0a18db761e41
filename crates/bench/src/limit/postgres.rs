//! The limit on PostgreSQL: a few writers, one statement per batch, so that a batch is one round trip and one commit.

use super::{BATCH, QUEUE, Scope, Submission};
use anyhow::Result;
use sqlx::{Connection, PgConnection};
use std::collections::HashSet;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Their commits overlap, and so do their fsyncs.
const WRITERS: usize = 4;

/// Known contacts: everything in one statement. Answers which pushes have no contact yet.
const KNOWN: &str = "
WITH n AS (
    SELECT * FROM UNNEST($3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[])
        WITH ORDINALITY AS n (external_id, dedupe_key, text, preview, sent_at, at, window_until, place)),
found AS (
    SELECT n.*, cv.id AS conversation_id, cv.ticket_id,
        cv.last_seq + row_number() OVER (PARTITION BY cv.id ORDER BY n.place) AS seq
    FROM n JOIN contacts ct ON ct.channel_id = $1 AND ct.external_id = n.external_id
    JOIN conversations cv ON cv.contact_id = ct.id),
made AS (
    INSERT INTO messages (conversation_id, seq, channel_id, dedupe_key, ticket_id, direction, kind, text, state,
        created_at, sent_at)
    SELECT conversation_id, seq, $1, dedupe_key, ticket_id, 'in', 'text', text, 'received', at, sent_at
    FROM found ORDER BY place
    ON CONFLICT (channel_id, dedupe_key) WHERE dedupe_key IS NOT NULL DO NOTHING
    RETURNING id, conversation_id, seq, created_at),
told AS (
    INSERT INTO events (kind, object_id, conversation_id, channel_id, department_id, created_at)
    SELECT 'message', id, conversation_id, $1, $2, created_at FROM made),
changed AS (
    UPDATE conversations cv SET responded = FALSE, unread_count = cv.unread_count + l.added,
        waiting_since = COALESCE(cv.waiting_since, l.first_at), last_seq = l.seq, last_message_kind = 'text',
        last_message_direction = 'in', last_message_text = l.preview, last_message_state = 'received',
        last_message_at = l.at, last_inbound_at = l.at, window_until = l.window_until
    FROM (
        SELECT DISTINCT ON (m.conversation_id) m.conversation_id, m.seq, f.preview, f.at, f.window_until,
            count(*) OVER w AS added, min(f.at) OVER w AS first_at
        FROM made m JOIN found f ON f.conversation_id = m.conversation_id AND f.seq = m.seq
        WINDOW w AS (PARTITION BY m.conversation_id)
        ORDER BY m.conversation_id, m.seq DESC) l
    WHERE cv.id = l.conversation_id)
SELECT n.place FROM n WHERE NOT EXISTS (SELECT 1 FROM found WHERE found.place = n.place)";

/// First contacts: contact, conversation, ticket, message and both events of each, again in one statement.
const FIRST: &str = "
WITH n AS MATERIALIZED (
    SELECT n.*, nextval(pg_get_serial_sequence('contacts', 'id')) AS contact_id,
        nextval(pg_get_serial_sequence('conversations', 'id')) AS conversation_id,
        nextval(pg_get_serial_sequence('tickets', 'id')) AS ticket_id,
        nextval(pg_get_serial_sequence('messages', 'id')) AS message_id
    FROM UNNEST($3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[], $10::text[])
        AS n (external_id, dedupe_key, text, preview, sent_at, at, window_until, subject)),
contact AS (
    INSERT INTO contacts (id, channel_id, external_id, name, alias, approved, created_at)
    SELECT contact_id, $1, external_id, external_id, external_id, FALSE, at FROM n),
conversation AS (
    INSERT INTO conversations (id, channel_id, contact_id, department_id, state, blocked, responded, unread_count,
        waiting_since, last_seq, last_message_kind, last_message_direction, last_message_text, last_message_state,
        last_message_at, ticket_id, last_inbound_at, window_until, created_at)
    SELECT conversation_id, $1, contact_id, $2, 'open', FALSE, FALSE, 1, at, 1, 'text', 'in', preview, 'received', at,
        ticket_id, at, window_until, at FROM n),
ticket AS (
    INSERT INTO tickets (id, subject, status, priority, department_id, contact_id, channel_id, conversation_id, created_at)
    SELECT ticket_id, subject, 'open', 'normal', $2, contact_id, $1, conversation_id, at FROM n),
message AS (
    INSERT INTO messages (id, conversation_id, seq, channel_id, dedupe_key, ticket_id, direction, kind, text, state,
        created_at, sent_at)
    SELECT message_id, conversation_id, 1, $1, dedupe_key, ticket_id, 'in', 'text', text, 'received', at, sent_at FROM n)
INSERT INTO events (kind, object_id, conversation_id, channel_id, department_id, created_at)
SELECT 'ticket', ticket_id, conversation_id, $1, $2, at FROM n
UNION ALL SELECT 'message', message_id, conversation_id, $1, $2, at FROM n";

/// Binds what both statements share: the scope, and one array per column.
macro_rules! bind_columns {
    ($query:expr, $scope:expr, $batch:expr) => {
        $query
            .bind($scope.channel_id)
            .bind($scope.department_id)
            .bind($batch.iter().map(|s| s.push.openid.as_str()).collect::<Vec<_>>())
            .bind(
                $batch
                    .iter()
                    .map(|s| s.push.dedupe_key.as_str())
                    .collect::<Vec<_>>(),
            )
            .bind($batch.iter().map(|s| s.push.text.as_str()).collect::<Vec<_>>())
            .bind($batch.iter().map(|s| s.push.preview()).collect::<Vec<_>>())
            .bind($batch.iter().map(|s| s.push.sent_at).collect::<Vec<_>>())
            .bind($batch.iter().map(|s| s.push.received_at).collect::<Vec<_>>())
            .bind($batch.iter().map(|s| s.push.window_until()).collect::<Vec<_>>())
    };
}

/// Starts the writers.
pub(super) async fn start(url: &str, scope: Scope) -> Result<Vec<Sender<Submission>>> {
    let mut writers = Vec::with_capacity(WRITERS);
    for _ in 0..WRITERS {
        let writer = Writer {
            connection: PgConnection::connect(url).await?,
            scope,
        };
        let (sender, receiver) = channel(QUEUE);
        tokio::spawn(writer.run(receiver));
        writers.push(sender);
    }
    Ok(writers)
}

struct Writer {
    connection: PgConnection,
    scope: Scope,
}

impl Writer {
    async fn run(mut self, mut queue: Receiver<Submission>) {
        let mut batch = Vec::with_capacity(BATCH);
        while queue.recv_many(&mut batch, BATCH).await > 0 {
            if let Err(error) = self.store(&batch).await {
                // Whoever waits gets no answer, and the run fails.
                crate::report::complain(&format!("the limit stopped: {error:#}"));
                return;
            }
            for submission in batch.drain(..) {
                submission.stored.send(()).unwrap_or_default();
            }
        }
    }

    async fn store(&mut self, batch: &[Submission]) -> Result<()> {
        let all: Vec<&Submission> = batch.iter().collect();
        let unknown = self.known(&all).await?;
        if unknown.is_empty() {
            return Ok(());
        }
        let unknown = unknown
            .iter()
            .filter_map(|place| all.get(usize::try_from(*place - 1).ok()?).copied());
        let (firsts, later) = split_first(unknown);
        self.first(&firsts).await?;
        if later.is_empty() {
            Ok(())
        } else {
            self.known(&later).await.map(drop)
        }
    }

    async fn known(&mut self, batch: &[&Submission]) -> Result<Vec<i64>> {
        let query = bind_columns!(sqlx::query_scalar(KNOWN), self.scope, batch);
        Ok(query.fetch_all(&mut self.connection).await?)
    }

    async fn first(&mut self, batch: &[&Submission]) -> Result<()> {
        let subjects: Vec<&str> = batch.iter().map(|s| s.push.subject()).collect();
        let query = bind_columns!(sqlx::query(FIRST), self.scope, batch).bind(subjects);
        query.execute(&mut self.connection).await?;
        Ok(())
    }
}

/// The first push of each contact, and the rest.
fn split_first<'s>(
    unknown: impl Iterator<Item = &'s Submission>,
) -> (Vec<&'s Submission>, Vec<&'s Submission>) {
    let mut seen = HashSet::new();
    unknown.partition(|submission| seen.insert(submission.push.openid.as_str()))
}
