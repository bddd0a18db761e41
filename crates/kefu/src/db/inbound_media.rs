//! Files that contacts sent: what is still to be fetched, and what became of it.

use super::events::{self, Change, EventKind, Scope};
use super::{Conn, Result, Tx, on};
use crate::domain::failure::MediaReason;
use crate::domain::ids::{ChannelId, ConversationId, DepartmentId, MediaId, MessageId};
use crate::domain::message::{MediaKind, MediaState};
use crate::domain::time::Time;

/// A file that is still to be fetched.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PendingRow {
    /// Its id.
    pub id: MediaId,
    /// What it should be.
    pub kind: MediaKind,
    /// Its channel.
    pub channel_id: Option<ChannelId>,
    /// The provider's id.
    pub external_id: Option<String>,
    /// Until when the provider keeps it.
    pub external_expires_at: Option<Time>,
    /// When its message came.
    pub created_at: Time,
}

/// The file, if nobody has settled it.
pub async fn find_pending(conn: &mut Conn, id: MediaId) -> Result<Option<PendingRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT id, kind, channel_id, external_id, external_expires_at, created_at FROM media
         WHERE id = $1 AND state = 'pending'")
        .bind(id).fetch_optional(c).await?))
}

/// A file in the store.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its key in the store.
    pub key: String,
    /// What its content is.
    pub mime: &'static str,
    /// Its size.
    pub bytes: i64,
    /// Its checksum, in hexadecimal.
    pub sha256: String,
    /// What the provider called it.
    pub file_name: Option<String>,
    /// Its size in pixels.
    pub pixels: Option<(i64, i64)>,
    /// `not_in_list` where its kind is not one that was agreed on.
    pub reason: Option<MediaReason>,
}

/// It is in the store. False when it was settled before.
pub async fn ready(tx: &mut Tx, id: MediaId, file: &Stored, now: Time) -> Result<bool> {
    let (width, height) = file.pixels.unzip();
    let rows = on!(tx, c => sqlx::query(
        "UPDATE media SET state = 'ready', storage_key = $2, mime = $3, bytes = $4, sha256 = $5, file_name = $6,
                          width = $7, height = $8, reason = $9
         WHERE id = $1 AND state = 'pending'")
        .bind(id).bind(file.key.as_str()).bind(file.mime).bind(file.bytes).bind(file.sha256.as_str())
        .bind(file.file_name.as_deref()).bind(width).bind(height).bind(file.reason.map(MediaReason::as_str))
        .execute(c).await?.rows_affected());
    tell(tx, id, now).await?;
    Ok(rows == 1)
}

/// It will not come.
pub async fn missing(
    tx: &mut Tx,
    id: MediaId,
    state: MediaState,
    reason: MediaReason,
    now: Time,
) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE media SET state = $2, reason = $3 WHERE id = $1 AND state = 'pending'")
        .bind(id).bind(state).bind(reason.as_str())
        .execute(c).await.map(|_| ())?);
    tell(tx, id, now).await
}

#[derive(Debug, sqlx::FromRow)]
struct WhereRow {
    message_id: MessageId,
    conversation_id: ConversationId,
    channel_id: ChannelId,
    department_id: DepartmentId,
}

/// Its message changed: consoles read it again.
async fn tell(tx: &mut Tx, id: MediaId, now: Time) -> Result<()> {
    let row: Option<WhereRow> = on!(tx, c => sqlx::query_as(
        "SELECT m.id AS message_id, cv.id AS conversation_id, cv.channel_id, cv.department_id
         FROM media f
         JOIN conversations cv ON cv.id = f.conversation_id
         JOIN messages m ON m.conversation_id = cv.id AND m.media_id = f.id
         WHERE f.id = $1 ORDER BY m.seq DESC LIMIT 1")
        .bind(id).fetch_optional(c).await?);
    let Some(WhereRow {
        message_id,
        conversation_id,
        channel_id,
        department_id,
    }) = row
    else {
        return Ok(());
    };
    let scope = Some(Scope {
        conversation_id,
        channel_id,
        department_id,
    });
    events::append(
        tx,
        Change {
            kind: EventKind::Message,
            object_id: message_id.0,
            scope,
        },
        now,
    )
    .await
}
