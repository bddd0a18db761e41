//! The append-only log of what changed; browsers replay and follow it. Ids only, never content.

use super::{Conn, Either, Result, Tx, on};
use crate::domain::ids::{ChannelId, ConversationId, DepartmentId};
use crate::domain::text_enum::text_enum;
use crate::domain::time::Time;

text_enum!(
/// What changed.
EventKind {
    Message = "message", Conversation = "conversation", Ticket = "ticket", Contact = "contact",
    Channel = "channel", Department = "department", Agent = "agent", Preferences = "preferences",
    DeadLetter = "dead_letter", SetupSteps = "setup_steps", Installation = "installation",
});

/// One change to append. `object_id` is the bare number of the changed object.
#[derive(Debug, Clone, Copy)]
pub struct Change {
    /// What kind of object.
    pub kind: EventKind,
    /// Its number.
    pub object_id: i64,
    /// The conversation it belongs to: who may not see that is not told.
    pub scope: Option<Scope>,
}

/// Where a change happened, for visibility.
#[derive(Debug, Clone, Copy)]
pub struct Scope {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// Its channel.
    pub channel_id: ChannelId,
    /// Its department at that time.
    pub department_id: DepartmentId,
}

/// A stored change.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct EventRow {
    /// Position within its transaction.
    pub seq: i64,
    /// Position of its transaction; 0 on SQLite.
    pub tx: i64,
    /// What kind of object.
    pub kind: String,
    /// Its number.
    pub object_id: i64,
    /// Its conversation.
    pub conversation_id: Option<i64>,
    /// Its channel.
    pub channel_id: Option<i64>,
    /// Its department.
    pub department_id: Option<i64>,
}

/// A place in the log: everything up to and including it has been seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Position {
    /// Transaction (PostgreSQL), 0 on SQLite.
    pub tx: i64,
    /// Sequence.
    pub seq: i64,
}

/// Appends a change inside the transaction that made it. What happens in a conversation that waits for an approval gets
/// no place, so that only administrators hear of it.
pub async fn append(tx: &mut Tx, change: Change, now: Time) -> Result<()> {
    let scope = change.scope;
    on!(tx, c => sqlx::query(
        "INSERT INTO events (kind, object_id, conversation_id, channel_id, department_id, created_at)
         SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CASE WHEN shown THEN CAST($4 AS BIGINT) END,
             CASE WHEN shown THEN CAST($5 AS BIGINT) END, CAST($6 AS BIGINT)
         FROM (SELECT NOT EXISTS (SELECT 1 FROM conversations WHERE id = $3 AND pending) AS shown) place")
        .bind(change.kind.as_str())
        .bind(change.object_id)
        .bind(scope.map(|s| s.conversation_id.0))
        .bind(scope.map(|s| s.channel_id.0))
        .bind(scope.map(|s| s.department_id.0))
        .bind(now)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// Changes after `position` that no running transaction can still overtake, oldest first.
pub async fn after(conn: &mut Conn, position: Position, limit: i64) -> Result<Vec<EventRow>> {
    Ok(match conn.either() {
        Either::Sqlite(c) => {
            sqlx::query_as(
                "SELECT seq, 0 AS tx, kind, object_id, conversation_id, channel_id, department_id
                 FROM events WHERE seq > $1 ORDER BY seq LIMIT $2",
            )
            .bind(position.seq)
            .bind(limit)
            .fetch_all(c)
            .await?
        }
        Either::Postgres(c) => sqlx::query_as(
            "SELECT seq, tx::text::bigint AS tx, kind, object_id, conversation_id, channel_id, department_id
                 FROM events
                 WHERE (tx, seq) > ($1::text::xid8, $2) AND tx < pg_snapshot_xmin(pg_current_snapshot())
                 ORDER BY tx, seq LIMIT $3",
        )
        .bind(position.tx.to_string())
        .bind(position.seq)
        .bind(limit)
        .fetch_all(c)
        .await?,
    })
}

/// The channels that changed after `position`, and the place up to which that is known.
pub async fn channels_after(conn: &mut Conn, position: Position) -> Result<(Vec<ChannelId>, Position)> {
    // The place first: what is appended meanwhile is only looked at again.
    let (newest, _) = bounds(conn).await?;
    let changed =
        match conn.either() {
            Either::Sqlite(c) => {
                sqlx::query_scalar("SELECT object_id FROM events WHERE seq > $1 AND kind = 'channel'")
                    .bind(position.seq)
                    .fetch_all(c)
                    .await?
            }
            Either::Postgres(c) => sqlx::query_scalar(
                "SELECT object_id FROM events WHERE (tx, seq) > ($1::text::xid8, $2) AND kind = 'channel'",
            )
            .bind(position.tx.to_string())
            .bind(position.seq)
            .fetch_all(c)
            .await?,
        };
    Ok((changed, newest))
}

/// The newest place that can be read, and the oldest that is still kept.
pub async fn bounds(conn: &mut Conn) -> Result<(Position, Position)> {
    let rows: Vec<(bool, i64, i64)> = match conn.either() {
        Either::Sqlite(c) => {
            sqlx::query_as(
                "SELECT TRUE, 0, COALESCE(MAX(seq), 0) FROM events
                 UNION ALL SELECT FALSE, 0, COALESCE(MIN(seq) - 1, 0) FROM events",
            )
            .fetch_all(c)
            .await?
        }
        Either::Postgres(c) => {
            sqlx::query_as(
                "(SELECT TRUE, tx::text::bigint, seq FROM events
                  WHERE tx < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY tx DESC, seq DESC LIMIT 1)
                 UNION ALL
                 (SELECT FALSE, tx::text::bigint, seq - 1 FROM events ORDER BY tx, seq LIMIT 1)",
            )
            .fetch_all(c)
            .await?
        }
    };
    let position = |newest: bool| {
        rows.iter()
            .find(|(which, ..)| *which == newest)
            .map_or_else(Position::default, |(_, tx, seq)| Position { tx: *tx, seq: *seq })
    };
    Ok((position(true), position(false)))
}

/// So many places of the log are looked at by one [`forget_before`]: the writers of pushes wait meanwhile.
const FORGET_AT_ONCE: i64 = 5_000;

/// Forgets the oldest changes that are older than `before`, and says how many. None: nothing is left to forget.
pub async fn forget_before(tx: &mut Tx, before: Time) -> Result<u64> {
    Ok(on!(tx, c => sqlx::query(
        "DELETE FROM events WHERE seq < (SELECT MIN(seq) FROM events) + $2 AND created_at < $1")
        .bind(before).bind(FORGET_AT_ONCE).execute(c).await?.rows_affected()))
}
