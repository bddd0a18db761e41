//! Pushes that could not be stored as messages: kept raw until somebody replays them.

use super::events::{Change, EventKind, append};
use super::{Conn, Result, Tx, on};
use crate::domain::ids::{ChannelId, DeadLetterId};
use crate::domain::time::Time;

/// A kept push.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DeadLetterRow {
    /// Its id.
    pub id: DeadLetterId,
    /// Its channel.
    pub channel_id: ChannelId,
    /// `waiting` or `replayed`.
    pub state: String,
    /// Stable code.
    pub reason: String,
    /// For people.
    pub detail: String,
    /// What came.
    pub body: Vec<u8>,
    /// When it came.
    pub received_at: Time,
    /// When it was replayed.
    pub replayed_at: Option<Time>,
}

/// Newest first, below `before`.
pub async fn list(conn: &mut Conn, before: Option<i64>, limit: i64) -> Result<Vec<DeadLetterRow>> {
    Ok(
        on!(conn, c => sqlx::query_as("SELECT * FROM dead_letters WHERE id < $1 ORDER BY id DESC LIMIT $2")
        .bind(before.unwrap_or(i64::MAX)).bind(limit).fetch_all(c).await?),
    )
}

/// One.
pub async fn find(conn: &mut Conn, id: DeadLetterId) -> Result<Option<DeadLetterRow>> {
    Ok(
        on!(conn, c => sqlx::query_as("SELECT * FROM dead_letters WHERE id = $1").bind(id).fetch_optional(c).await?),
    )
}

/// It is a message now.
pub async fn mark_replayed(tx: &mut Tx, id: DeadLetterId, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE dead_letters SET state = 'replayed', replayed_at = $2 WHERE id = $1")
        .bind(id).bind(now).execute(c).await.map(|_| ())?);
    append(
        tx,
        Change {
            kind: EventKind::DeadLetter,
            object_id: id.0,
            scope: None,
        },
        now,
    )
    .await
}
