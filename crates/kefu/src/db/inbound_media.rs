//! Files that contacts sent: what is still to be fetched, and what became of it.

use super::events::{self, Change, EventKind, Scope};
use super::jobs::{self, JobKind};
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
    /// How long it lasts.
    pub duration_ms: Option<i64>,
    /// `not_in_list` where its kind is not one that was agreed on.
    pub reason: Option<MediaReason>,
}

/// It is in the store. False when it was settled before.
pub async fn ready(tx: &mut Tx, id: MediaId, file: &Stored, now: Time) -> Result<bool> {
    let (width, height) = file.pixels.unzip();
    let rows = on!(tx, c => sqlx::query(
        "UPDATE media SET state = 'ready', storage_key = $2, mime = $3, bytes = $4, sha256 = $5, file_name = $6,
                          width = $7, height = $8, reason = $9, duration_ms = $10
         WHERE id = $1 AND state = 'pending'")
        .bind(id).bind(file.key.as_str()).bind(file.mime).bind(file.bytes).bind(file.sha256.as_str())
        .bind(file.file_name.as_deref()).bind(width).bind(height).bind(file.reason.map(MediaReason::as_str))
        .bind(file.duration_ms)
        .execute(c).await?.rows_affected());
    tell(tx, id, now).await?;
    Ok(rows == 1)
}

/// A voice is there: its 16 kHz variant is fetched next, where its message names one.
pub async fn fetch_hd_next(tx: &mut Tx, id: MediaId) -> Result<()> {
    if find_hd(tx, id).await?.is_some() {
        jobs::add(tx, JobKind::DownloadHdVoice, id.0).await?;
    }
    Ok(())
}

/// The 16 kHz variant of a voice that is still to be fetched.
#[derive(Debug, Clone)]
pub struct PendingHd {
    /// Its channel.
    pub channel_id: ChannelId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// The provider's id.
    pub external_id: String,
    /// When its message came.
    pub created_at: Time,
}

#[derive(Debug, sqlx::FromRow)]
struct VoiceRow {
    channel_id: ChannelId,
    conversation_id: ConversationId,
    data: Option<String>,
    created_at: Time,
}

/// The variant, if the message of this voice names one that is not there yet.
pub async fn find_hd(conn: &mut Conn, id: MediaId) -> Result<Option<PendingHd>> {
    let row: Option<VoiceRow> = on!(conn, c => sqlx::query_as(
        "SELECT m.channel_id, m.conversation_id, m.data, f.created_at
         FROM media f
         JOIN messages m ON m.conversation_id = f.conversation_id AND m.media_id = f.id
         WHERE f.id = $1 AND f.kind = 'voice' AND f.purpose = 'inbound' AND f.hd_media_id IS NULL
         ORDER BY m.seq DESC LIMIT 1")
        .bind(id).fetch_optional(c).await?);
    Ok(row.and_then(|row| {
        let data: serde_json::Value = serde_json::from_str(row.data.as_deref()?).ok()?;
        let external_id = data["media_id_16k"].as_str().filter(|id| !id.is_empty())?;
        Some(PendingHd {
            external_id: external_id.to_owned(),
            channel_id: row.channel_id,
            conversation_id: row.conversation_id,
            created_at: row.created_at,
        })
    }))
}

/// The variant is in the store. False when another run was faster.
pub async fn hd_ready(tx: &mut Tx, id: MediaId, from: &PendingHd, file: &Stored, now: Time) -> Result<bool> {
    if find_hd(tx, id).await?.is_none() {
        return Ok(false);
    }
    let hd: MediaId = on!(tx, c => sqlx::query_scalar(
        "INSERT INTO media (kind, purpose, state, reason, mime, bytes, sha256, file_name, duration_ms, storage_key,
                            channel_id, conversation_id, external_id, created_at)
         VALUES ('voice', 'inbound', 'ready', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id")
        .bind(file.reason.map(MediaReason::as_str)).bind(file.mime).bind(file.bytes).bind(file.sha256.as_str())
        .bind(file.file_name.as_deref()).bind(file.duration_ms).bind(file.key.as_str())
        .bind(from.channel_id).bind(from.conversation_id).bind(from.external_id.as_str()).bind(now)
        .fetch_one(c).await?);
    let rows = on!(tx, c => sqlx::query(
        "UPDATE media SET hd_media_id = $2, hd_mime = $3, duration_ms = COALESCE(duration_ms, $4)
         WHERE id = $1 AND hd_media_id IS NULL")
        .bind(id).bind(hd).bind(file.mime).bind(file.duration_ms).execute(c).await?.rows_affected());
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
pub(super) async fn tell(tx: &mut Tx, id: MediaId, now: Time) -> Result<()> {
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
