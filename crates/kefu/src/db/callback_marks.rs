//! What pushes prove about a channel: its address was verified, its new keys are in use, a first message arrived.

use super::events::{Change, EventKind, append};
use super::{Result, Tx, on};
use crate::domain::ids::ChannelId;
use crate::domain::time::Time;

/// The provider checked the callback address.
pub async fn url_verified(tx: &mut Tx, id: ChannelId, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE channels SET url_verified_at = $2 WHERE id = $1 AND state <> 'deleted'")
        .bind(id).bind(now).execute(c).await.map(|_| ())?);
    append(
        tx,
        Change {
            kind: EventKind::Channel,
            object_id: id.0,
            scope: None,
        },
        now,
    )
    .await
}

/// The first push with the current token and key: the previous ones end at `until`.
pub async fn end_rotation(tx: &mut Tx, id: ChannelId, until: Time, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE channels SET previous_until = $2 WHERE id = $1 AND previous_until IS NULL")
        .bind(id).bind(until).execute(c).await.map(|_| ())?);
    append(
        tx,
        Change {
            kind: EventKind::Channel,
            object_id: id.0,
            scope: None,
        },
        now,
    )
    .await
}

/// The first message of a channel.
#[derive(Debug, Clone)]
pub struct FirstMessage {
    pub channel_id: ChannelId,
    /// Who wrote it, as the provider calls them.
    pub external_id: String,
    pub at: Time,
}

/// Writes it down, unless there was one before, or the message was not kept (a channel that is off).
pub async fn first_message(tx: &mut Tx, first: &FirstMessage) -> Result<()> {
    let noted = on!(tx, c => sqlx::query(
        "UPDATE channels SET first_message_at = $3, first_conversation_id = (
             SELECT v.id FROM contacts p JOIN conversations v ON v.contact_id = p.id
             WHERE p.channel_id = $1 AND p.external_id = $2)
         WHERE id = $1 AND first_message_at IS NULL AND EXISTS (
             SELECT 1 FROM contacts p JOIN conversations v ON v.contact_id = p.id
             WHERE p.channel_id = $1 AND p.external_id = $2)")
        .bind(first.channel_id).bind(&first.external_id).bind(first.at)
        .execute(c).await?.rows_affected());
    if noted == 0 {
        return Ok(());
    }
    append(
        tx,
        Change {
            kind: EventKind::Channel,
            object_id: first.channel_id.0,
            scope: None,
        },
        first.at,
    )
    .await
}
