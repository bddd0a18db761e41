//! Media rows of channel icons. Immutable: a new icon is a new row.

use super::{Result, Tx, on};
use crate::domain::ids::{ChannelId, MediaId};
use crate::domain::time::Time;

/// A stored icon.
#[derive(Debug, Clone)]
pub struct NewIcon {
    /// Whose.
    pub channel_id: ChannelId,
    /// `image/png` or `image/jpeg`.
    pub mime: &'static str,
    /// Its size.
    pub bytes: i64,
    /// Of its bytes, hexadecimal.
    pub sha256: String,
    /// Where it is in the store.
    pub storage_key: String,
}

/// Adds the row.
pub async fn insert(tx: &mut Tx, icon: &NewIcon, now: Time) -> Result<MediaId> {
    Ok(on!(tx, c => sqlx::query_scalar(
        "INSERT INTO media (kind, purpose, state, mime, bytes, sha256, storage_key, channel_id, created_at)
         VALUES ('icon', 'icon', 'ready', $1, $2, $3, $4, $5, $6) RETURNING id")
        .bind(icon.mime)
        .bind(icon.bytes)
        .bind(&icon.sha256)
        .bind(&icon.storage_key)
        .bind(icon.channel_id)
        .bind(now)
        .fetch_one(c).await?))
}
