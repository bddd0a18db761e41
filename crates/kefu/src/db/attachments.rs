//! Files as agents upload and read them. Inbound files are filled in by the download job.

use super::{Conn, Error, Result, Tx, on};
use crate::domain::ids::{AgentId, ChannelId, ConversationId, MediaId};
use crate::domain::message::{MediaKind, MediaState};
use crate::domain::time::Time;

/// A stored file.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct FileRow {
    pub id: MediaId,
    pub kind: MediaKind,
    pub purpose: String,
    pub state: MediaState,
    pub mime: Option<String>,
    pub bytes: Option<i64>,
    pub sha256: Option<String>,
    pub file_name: Option<String>,
    pub width: Option<i64>,
    pub height: Option<i64>,
    pub duration_ms: Option<i64>,
    pub storage_key: Option<String>,
    pub conversation_id: Option<ConversationId>,
    pub uploaded_by: Option<AgentId>,
    pub created_at: Time,
}

/// One file.
pub async fn find(conn: &mut Conn, id: MediaId) -> Result<Option<FileRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT id, kind, purpose, state, mime, bytes, sha256, file_name, width, height, duration_ms, storage_key,
            conversation_id, uploaded_by, created_at
         FROM media WHERE id = $1")
        .bind(id).fetch_optional(c).await?))
}

/// An uploaded file whose bytes are in the store.
#[derive(Debug, Clone)]
pub struct NewAttachment {
    pub kind: MediaKind,
    pub mime: &'static str,
    pub bytes: i64,
    pub sha256: String,
    pub file_name: String,
    pub width: Option<i64>,
    pub height: Option<i64>,
    pub duration_ms: Option<i64>,
    pub storage_key: String,
    pub uploaded_by: AgentId,
    pub created_at: Time,
}

/// Inserts one; it belongs to its uploader until it is sent.
pub async fn insert(tx: &mut Tx, new: &NewAttachment) -> Result<MediaId> {
    Ok(on!(tx, c => sqlx::query_scalar(
        "INSERT INTO media (kind, purpose, state, mime, bytes, sha256, file_name, width, height, duration_ms,
            storage_key, uploaded_by, created_at)
         VALUES ($1, 'attachment', 'ready', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id")
        .bind(new.kind)
        .bind(new.mime)
        .bind(new.bytes)
        .bind(&new.sha256)
        .bind(&new.file_name)
        .bind(new.width)
        .bind(new.height)
        .bind(new.duration_ms)
        .bind(&new.storage_key)
        .bind(new.uploaded_by)
        .bind(new.created_at)
        .fetch_one(c).await?))
}

/// Binds an attachment to the conversation it is sent in; from then on whoever sees that sees the file.
pub async fn bind(
    tx: &mut Tx,
    id: MediaId,
    channel: ChannelId,
    conversation: ConversationId,
    thumb: Option<MediaId>,
) -> Result<()> {
    let rows = on!(tx, c => sqlx::query(
        "UPDATE media SET channel_id = $2, conversation_id = $3, thumb_media_id = COALESCE($4, thumb_media_id) WHERE id = $1")
        .bind(id).bind(channel).bind(conversation).bind(thumb).execute(c).await?.rows_affected());
    if rows == 1 {
        Ok(())
    } else {
        Err(Error::Rows { table: "media", rows })
    }
}
