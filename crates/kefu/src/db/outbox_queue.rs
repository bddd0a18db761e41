//! The queueing side of the outbox: what has to leave. Claiming and settling belong to the sender.

use super::{Conn, Result, Tx, on};
use crate::domain::ids::{ChannelId, ConversationId, MessageId};
use crate::domain::time::Time;

/// A message that has to leave.
#[derive(Debug, Clone, Copy)]
pub struct Queued {
    /// The message.
    pub message_id: MessageId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// Its channel.
    pub channel_id: ChannelId,
    /// Its place.
    pub seq: i64,
    /// Whether a person asked for it again: it neither waits for others nor keeps them waiting.
    pub manual: bool,
}

/// Queues it, due at once (`wall` is real time), and wakes the sender after the commit.
pub async fn add(tx: &mut Tx, queued: Queued, wall: Time) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO outbox (message_id, conversation_id, channel_id, seq, manual, tries, next_try_at)
         VALUES ($1, $2, $3, $4, $5, 0, $6)
         ON CONFLICT (message_id) DO UPDATE SET manual = excluded.manual, tries = 0,
            next_try_at = excluded.next_try_at, attempt_id = NULL, lease_owner = NULL, lease_until = NULL")
        .bind(queued.message_id)
        .bind(queued.conversation_id)
        .bind(queued.channel_id)
        .bind(queued.seq)
        .bind(queued.manual)
        .bind(wall)
        .execute(c).await.map(|_| ())?);
    tx.ring_outbox();
    Ok(())
}

/// A message that waits to be tried.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct WaitingRow {
    /// The message.
    pub message_id: MessageId,
    /// Its conversation.
    pub conversation_id: ConversationId,
}

/// Messages of a channel that nobody is sending, with ids greater than `after`.
pub async fn waiting(conn: &mut Conn, channel: ChannelId, after: i64, limit: i64) -> Result<Vec<WaitingRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT message_id, conversation_id FROM outbox
         WHERE channel_id = $1 AND message_id > $2 AND lease_owner IS NULL ORDER BY message_id LIMIT $3")
        .bind(channel).bind(after).bind(limit).fetch_all(c).await?))
}

/// Takes a message out that nobody is sending; false when somebody is, or it is gone.
pub async fn withdraw(tx: &mut Tx, message: MessageId) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query("DELETE FROM outbox WHERE message_id = $1 AND lease_owner IS NULL")
        .bind(message).execute(c).await?.rows_affected());
    Ok(rows == 1)
}

/// What a backup left in the outbox.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct LeftRow {
    /// The message.
    pub message_id: MessageId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// The try that was under way.
    pub attempt_id: Option<i64>,
}

/// Everything in the outbox, leased or not, by conversation.
pub async fn left(conn: &mut Conn, limit: i64) -> Result<Vec<LeftRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT message_id, conversation_id, attempt_id FROM outbox ORDER BY conversation_id, seq LIMIT $1")
        .bind(limit).fetch_all(c).await?))
}

/// Takes a message out, whoever has it: nobody is alive.
pub async fn take_out(tx: &mut Tx, message: MessageId) -> Result<()> {
    on!(tx, c => sqlx::query("DELETE FROM outbox WHERE message_id = $1")
        .bind(message).execute(c).await.map(|_| ())?);
    Ok(())
}
