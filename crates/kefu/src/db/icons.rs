//! Media rows of channel icons and agents' pictures. Immutable: a new one is a new row.

use super::{Result, Tx, on};
use crate::domain::ids::{AgentId, ChannelId, MediaId};
use crate::domain::time::Time;

/// A picture in the store.
#[derive(Debug, Clone)]
pub struct Picture {
    /// `image/png` or `image/jpeg`.
    pub mime: &'static str,
    /// Its size.
    pub bytes: i64,
    /// Of its bytes, hexadecimal.
    pub sha256: String,
    /// Where it is in the store.
    pub storage_key: String,
}

/// Adds the row of a channel's icon.
pub async fn insert(tx: &mut Tx, channel_id: ChannelId, icon: &Picture, now: Time) -> Result<MediaId> {
    Ok(on!(tx, c => sqlx::query_scalar(
        "INSERT INTO media (kind, purpose, state, mime, bytes, sha256, storage_key, channel_id, created_at)
         VALUES ('icon', 'icon', 'ready', $1, $2, $3, $4, $5, $6) RETURNING id")
        .bind(icon.mime)
        .bind(icon.bytes)
        .bind(&icon.sha256)
        .bind(&icon.storage_key)
        .bind(channel_id)
        .bind(now)
        .fetch_one(c).await?))
}

/// Adds the row of an agent's picture. It is an icon: everybody who signs in sees it.
pub async fn insert_of_agent(tx: &mut Tx, id: AgentId, picture: &Picture, now: Time) -> Result<MediaId> {
    Ok(on!(tx, c => sqlx::query_scalar(
        "INSERT INTO media (kind, purpose, state, mime, bytes, sha256, storage_key, uploaded_by, created_at)
         VALUES ('icon', 'icon', 'ready', $1, $2, $3, $4, $5, $6) RETURNING id")
        .bind(picture.mime)
        .bind(picture.bytes)
        .bind(&picture.sha256)
        .bind(&picture.storage_key)
        .bind(id)
        .bind(now)
        .fetch_one(c).await?))
}

/// Nobody shows this picture any more: housekeeping removes it as it does an upload that nobody sent.
pub async fn give_up(tx: &mut Tx, id: MediaId, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE media SET purpose = 'attachment', state = 'expired', created_at = $2 WHERE id = $1")
        .bind(id).bind(now).execute(c).await.map(|_| ())?);
    Ok(())
}
