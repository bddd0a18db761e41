//! First messages: whoever writes for the first time gets a conversation, a ticket and their messages in one statement that
//! is its own transaction; and a contact, where nobody knew them.
//!
//! Each is stored whole or not at all: whom another node knows by now, or has changed, is left alone and goes the way with
//! locks. So do all of them when one of their channels is no longer the remembered version.

use super::memory::{self, Memory, Remembered};
use super::ways::Beginning;
use crate::db::ingest::IngestError;
use crate::domain::alias::alias;
use crate::domain::ids::{ContactId, ConversationId, TicketId};
use crate::domain::inbound::{KnownContact, PlannedMessage, TicketRef};
use crate::domain::ticket::CurrentTicket;
use sqlx::PgConnection;
use std::collections::HashMap;

/// Those who were stored, by their place among the beginnings.
pub(super) type Stored = HashMap<i64, Remembered>;

// A contact that another node makes at this moment is waited for, and left to it. Channels are held as in `load.rs`: whoever
// changes one at this moment is waited for, and then it is another version. `c` are those who are stored.
const STATEMENT: &str = "
WITH n AS (
    SELECT * FROM UNNEST($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[],
        $8::bigint[], $9::bigint[], $10::text[], $11::text[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[],
        $16::bigint[], $17::bigint[], $18::text[], $19::bigint[], $20::int[])
        AS n (place, channel_id, external_id, name, created_at, department_id, unread_count, waiting_since, last_seq, kind,
            text, at, inbound_at, window_until, window_left, burst_until, burst_left, subject, contact_id,
            contact_stamp)
    WHERE (SELECT language FROM installation WHERE id = 1) = $21
        AND cardinality($22) = (
            SELECT count(*) FROM (
                SELECT ch.id FROM UNNEST($22::bigint[], $23::int[]) AS wanted (id, stamp)
                JOIN channels ch ON ch.id = wanted.id AND ch.xmin = wanted.stamp
                ORDER BY ch.id FOR KEY SHARE OF ch) held)),
contact AS (
    INSERT INTO contacts (channel_id, external_id, name, alias, approved, created_at)
    SELECT channel_id, external_id, name, name, FALSE, created_at FROM n WHERE contact_id IS NULL
    ON CONFLICT DO NOTHING
    RETURNING id, channel_id, external_id),
whose AS (
    SELECT contact.id AS person_id, n.* FROM contact
    JOIN n ON n.channel_id = contact.channel_id AND n.external_id = contact.external_id
    UNION ALL
    SELECT ct.id, n.* FROM n JOIN contacts ct ON ct.id = n.contact_id AND ct.xmin = n.contact_stamp),
c AS MATERIALIZED (
    SELECT nextval('conversations_id_seq') AS conversation_id, nextval('tickets_id_seq') AS ticket_id, whose.* FROM whose),
conversation AS (
    INSERT INTO conversations (id, channel_id, contact_id, department_id, state, blocked, responded, unread_count,
        waiting_since, last_seq, last_message_kind, last_message_direction, last_message_text, last_message_state,
        last_message_at, last_inbound_at, window_until, window_left, burst_until, burst_left, ticket_id, created_at)
    SELECT conversation_id, channel_id, person_id, department_id, 'open', FALSE, FALSE, unread_count, waiting_since,
        last_seq, kind, 'in', text, 'received', at, inbound_at, window_until, window_left, burst_until, burst_left, ticket_id,
        created_at
    FROM c),
ticket AS (
    INSERT INTO tickets (id, subject, status, priority, department_id, contact_id, channel_id, conversation_id, created_at)
    SELECT ticket_id, subject, 'open', 'normal', department_id, person_id, channel_id, conversation_id, created_at FROM c),
m AS MATERIALIZED (
    SELECT nextval('messages_id_seq') AS id, ordered.* FROM (
        SELECT c.conversation_id, c.ticket_id, c.channel_id, c.department_id, m.*
        FROM UNNEST($24::bigint[], $25::bigint[], $26::text[], $27::text[], $28::text[], $29::text[], $30::text[],
            $31::text[], $32::bigint[], $33::bigint[])
            AS m (place, seq, dedupe_key, direction, kind, text, data, state, created_at, sent_at)
        JOIN c ON c.place = m.place ORDER BY m.place, m.seq) ordered),
message AS (
    INSERT INTO messages (id, conversation_id, seq, channel_id, dedupe_key, ticket_id, direction, kind, text, data, state,
        created_at, sent_at)
    SELECT id, conversation_id, seq, channel_id, dedupe_key, ticket_id, direction, kind, text, data, state, created_at, sent_at
    FROM m),
told AS (
    INSERT INTO events (kind, object_id, conversation_id, channel_id, department_id, created_at)
    SELECT 'ticket', ticket_id, conversation_id, channel_id, department_id, created_at FROM c
    UNION ALL SELECT 'message', id, conversation_id, channel_id, department_id, created_at FROM m)
SELECT place, person_id, conversation_id, ticket_id, pg_current_xact_id()::text AS transaction FROM c";

#[derive(sqlx::FromRow)]
struct Made {
    place: i64,
    person_id: i64,
    conversation_id: i64,
    ticket_id: i64,
    transaction: String,
}

/// Stores the beginnings whose contact and channel are as they were seen.
pub(super) async fn store(
    c: &mut PgConnection,
    memory: &Memory,
    beginnings: &[Beginning<'_>],
) -> Result<Stored, IngestError> {
    let all: Vec<(i64, &Beginning<'_>)> = (0..).zip(beginnings).collect();
    let rows: Vec<(i64, &PlannedMessage)> = all
        .iter()
        .flat_map(|(place, beginning)| {
            beginning
                .plan
                .messages
                .iter()
                .map(move |message| (*place, message))
        })
        .collect();
    let (channels, stamps) = memory.versions(beginnings.iter().map(|b| b.group.channel_id.0));
    macro_rules! each {
        ($rows:expr, $row:pat => $column:expr) => {
            $rows.iter().map(|$row| $column).collect::<Vec<_>>()
        };
    }
    let Some((_, first)) = all.first() else {
        return Ok(Stored::new());
    };
    let language = first.language;
    let made: Vec<Made> = sqlx::query_as(STATEMENT)
        .bind(each!(all, (place, _) => *place))
        .bind(each!(all, (_, b) => b.group.channel_id.0))
        .bind(each!(all, (_, b) => b.group.external_id))
        .bind(each!(all, (_, b) => alias(b.group.external_id, language)))
        .bind(each!(all, (_, b) => b.ticket.created_at.0))
        .bind(each!(all, (_, b) => b.after.department_id.0))
        .bind(each!(all, (_, b) => b.after.unread_count))
        .bind(each!(all, (_, b) => b.after.waiting_since.map(|t| t.0)))
        .bind(each!(all, (_, b) => b.after.last_seq))
        .bind(each!(all, (_, b) => b.after.last_message.kind.as_str()))
        .bind(each!(all, (_, b) => b.after.last_message.text.as_str()))
        .bind(each!(all, (_, b) => b.after.last_message.at.0))
        .bind(each!(all, (_, b) => b.after.last_inbound_at.map(|t| t.0)))
        .bind(each!(all, (_, b) => b.after.books.window_until.map(|t| t.0)))
        .bind(each!(all, (_, b) => b.after.books.window_left))
        .bind(each!(all, (_, b) => b.after.books.burst_until.map(|t| t.0)))
        .bind(each!(all, (_, b) => b.after.books.burst_left))
        .bind(each!(all, (_, b) => b.ticket.subject.as_str()))
        .bind(each!(all, (_, b) => b.contact.map(|(contact, _)| contact.id.0)))
        .bind(each!(all, (_, b) => b.contact.map(|(_, stamp)| stamp)))
        .bind(language.as_str())
        .bind(channels)
        .bind(stamps)
        .bind(each!(rows, (place, _) => *place))
        .bind(each!(rows, (_, m) => m.seq))
        .bind(each!(rows, (_, m) => m.dedupe_key.as_deref()))
        .bind(each!(rows, (_, m) => m.direction.as_str()))
        .bind(each!(rows, (_, m) => m.kind.as_str()))
        .bind(each!(rows, (_, m) => m.text.as_str()))
        .bind(each!(rows, (_, m) => m.data.as_ref().map(ToString::to_string)))
        .bind(each!(rows, (_, m) => m.state().as_str()))
        .bind(each!(rows, (_, m) => m.created_at.0))
        .bind(each!(rows, (_, m) => m.sent_at.map(|t| t.0)))
        .fetch_all(c)
        .await?;
    made.iter()
        .map(|made| Ok((made.place, remembered(made, beginnings)?)))
        .collect()
}

/// The conversation as it is stored now.
fn remembered(made: &Made, beginnings: &[Beginning<'_>]) -> Result<Remembered, IngestError> {
    let unexpected = || IngestError::Data("the database answered what was not asked".into());
    let place = usize::try_from(made.place).map_err(|_| unexpected())?;
    let beginning = beginnings.get(place).ok_or_else(unexpected)?;
    let mut thread = beginning.after.clone();
    thread.id = Some(ConversationId(made.conversation_id));
    thread.ticket = TicketRef::Stored(CurrentTicket {
        id: TicketId(made.ticket_id),
        closed_at: None,
    });
    Ok(Remembered {
        contact: KnownContact {
            id: ContactId(made.person_id),
            unsubscribed_at: None,
            approved: beginning.contact.is_some_and(|(contact, _)| contact.approved),
        },
        thread,
        stamp: memory::stamp_of(&made.transaction)?,
    })
}
