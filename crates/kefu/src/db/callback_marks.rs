//! What pushes prove about a channel: its address was verified, its new keys are in use, a first message arrived.

use super::events::{Change, EventKind, append};
use super::{Result, Tx, on};
use crate::domain::ids::ChannelId;
use crate::domain::time::Time;

/// The provider checked the callback address.
pub async fn url_verified(tx: &mut Tx, id: ChannelId, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE channels SET url_verified_at = $2 WHERE id = $1 AND state <> 'deleted'")
        .bind(id).bind(now).execute(c).await.map(|_| ())?);
    // What a right signature shows to be over; the other problems end with a push.
    on!(tx, c => sqlx::query(
        "UPDATE channels SET callback_problem = NULL, callback_problem_at = NULL
         WHERE id = $1 AND callback_problem IN ('wrong_signature', 'verification_refused')")
        .bind(id).execute(c).await.map(|_| ())?);
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

/// What ends, and when. `version`: of the channel as it was when the push came; a change since then began another
/// change-over, about which that push proves nothing.
#[derive(Debug, Clone, Copy)]
pub struct Ends {
    pub token: bool,
    pub key: bool,
    pub until: Time,
    pub version: i64,
}

/// The first push with the token or the key in force: the ones before end at `until`.
pub async fn end_rotation(tx: &mut Tx, id: ChannelId, ends: Ends, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE channels SET
             previous_until = CASE WHEN $2 AND previous_until IS NULL THEN $4 ELSE previous_until END,
             previous_key_until = CASE WHEN $3 AND previous_key_until IS NULL THEN $4 ELSE previous_key_until END
         WHERE id = $1 AND version = $5")
        .bind(id).bind(ends.token).bind(ends.key).bind(ends.until).bind(ends.version)
        .execute(c).await.map(|_| ())?);
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
