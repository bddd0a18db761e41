//! The quick way: messages of remembered conversations, in one statement that is its own transaction.
//!
//! Each conversation is stored whole or not at all: one that is no longer the remembered version is left alone and goes
//! the way with locks. So do all of them when one of their channels is no longer the remembered version.

use super::memory::{self, Memory, Stamp};
use super::ways::Addition;
use crate::db::ingest::IngestError;
use crate::domain::inbound::{PlannedMessage, TicketRef};
use sqlx::PgConnection;
use std::collections::HashSet;

/// The conversations that were stored, and the version that their rows have now.
#[derive(Debug, Default)]
pub(super) struct Stored {
    pub(super) ids: HashSet<i64>,
    pub(super) stamp: Stamp,
}

const STATEMENT: &str = "
WITH n AS (
    SELECT * FROM UNNEST($1::bigint[], $2::int[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[],
        $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[])
        AS n (id, stamp, unread_count, waiting_since, last_seq, kind, text, at, inbound_at, window_until, window_left,
            burst_until, burst_left)),
changed AS (
    UPDATE conversations cv SET responded = FALSE, unread_count = n.unread_count, waiting_since = n.waiting_since,
        last_seq = n.last_seq, last_message_kind = n.kind, last_message_direction = 'in', last_message_text = n.text,
        last_message_state = 'received', last_message_at = n.at, last_inbound_at = n.inbound_at,
        window_until = n.window_until, window_left = n.window_left, burst_until = n.burst_until, burst_left = n.burst_left
    FROM n WHERE cv.id = n.id AND cv.xmin = n.stamp AND cardinality($15) = (
        SELECT count(*) FROM UNNEST($15::bigint[], $16::int[]) AS wanted (id, stamp)
        JOIN channels ch ON ch.id = wanted.id AND ch.xmin = wanted.stamp)
    RETURNING cv.id),
m AS MATERIALIZED (
    SELECT nextval('messages_id_seq') AS id, m.*
    FROM UNNEST($14::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::text[], $21::bigint[], $22::text[],
        $23::text[], $24::text[], $25::bigint[], $26::bigint[])
        AS m (department_id, conversation_id, seq, channel_id, dedupe_key, ticket_id, kind, text, data, created_at, sent_at)
    WHERE m.conversation_id = ANY(ARRAY(SELECT id FROM changed))),
made AS (
    INSERT INTO messages (id, conversation_id, seq, channel_id, dedupe_key, ticket_id, direction, kind, text, data, state,
        created_at, sent_at)
    SELECT id, conversation_id, seq, channel_id, dedupe_key, ticket_id, 'in', kind, text, data, 'received', created_at, sent_at
    FROM m),
told AS (
    INSERT INTO events (kind, object_id, conversation_id, channel_id, department_id, created_at)
    SELECT 'message', id, conversation_id, channel_id, department_id, created_at FROM m)
SELECT COALESCE(array_agg(id), '{}'), pg_current_xact_id()::text FROM changed";

/// Stores the additions whose conversation and channel are as remembered.
pub(super) async fn store(
    c: &mut PgConnection,
    memory: &Memory,
    additions: &[Addition<'_>],
) -> Result<Stored, IngestError> {
    let rows: Vec<(&Addition<'_>, &PlannedMessage)> = additions
        .iter()
        .flat_map(|addition| {
            addition
                .plan
                .messages
                .iter()
                .map(move |message| (addition, message))
        })
        .collect();
    let (channels, stamps) = memory.versions(additions.iter().map(|a| a.group.channel_id.0));
    macro_rules! each {
        ($rows:expr, $row:pat => $column:expr) => {
            $rows.iter().map(|$row| $column).collect::<Vec<_>>()
        };
    }
    let (ids, transaction): (Vec<i64>, String) = sqlx::query_as(STATEMENT)
        .bind(each!(additions, a => a.after.id.map(|id| id.0)))
        .bind(each!(additions, a => a.stamp))
        .bind(each!(additions, a => a.after.unread_count))
        .bind(each!(additions, a => a.after.waiting_since.map(|t| t.0)))
        .bind(each!(additions, a => a.after.last_seq))
        .bind(each!(additions, a => a.after.last_message.kind.as_str()))
        .bind(each!(additions, a => a.after.last_message.text.as_str()))
        .bind(each!(additions, a => a.after.last_message.at.0))
        .bind(each!(additions, a => a.after.last_inbound_at.map(|t| t.0)))
        .bind(each!(additions, a => a.after.books.window_until.map(|t| t.0)))
        .bind(each!(additions, a => a.after.books.window_left))
        .bind(each!(additions, a => a.after.books.burst_until.map(|t| t.0)))
        .bind(each!(additions, a => a.after.books.burst_left))
        .bind(each!(rows, (a, _) => a.after.department_id.0))
        .bind(channels)
        .bind(stamps)
        .bind(each!(rows, (a, _) => a.after.id.map(|id| id.0)))
        .bind(each!(rows, (_, m) => m.seq))
        .bind(each!(rows, (a, _) => a.group.channel_id.0))
        .bind(each!(rows, (_, m) => m.dedupe_key.as_deref()))
        .bind(each!(rows, (_, m) => ticket(m)))
        .bind(each!(rows, (_, m) => m.kind.as_str()))
        .bind(each!(rows, (_, m) => m.text.as_str()))
        .bind(each!(rows, (_, m) => m.data.as_ref().map(ToString::to_string)))
        .bind(each!(rows, (_, m) => m.created_at.0))
        .bind(each!(rows, (_, m) => m.sent_at.map(|t| t.0)))
        .fetch_one(c)
        .await?;
    Ok(Stored {
        ids: ids.into_iter().collect(),
        stamp: memory::stamp_of(&transaction)?,
    })
}

fn ticket(message: &PlannedMessage) -> Option<i64> {
    match message.ticket {
        TicketRef::Stored(ticket) => Some(ticket.id.0),
        TicketRef::None | TicketRef::Planned => None,
    }
}
