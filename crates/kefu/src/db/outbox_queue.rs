//! The queueing side of the outbox: what has to leave. Claiming and settling belong to the sender.

use super::{Result, Tx, on};
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
