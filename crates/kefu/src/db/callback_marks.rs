//! What pushes prove about a channel: its address was verified, its new keys are in use.

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
