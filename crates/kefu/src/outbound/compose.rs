//! A stored message becomes what a channel sends.

use super::survey;
use crate::channel::{Class, Outgoing, OutgoingContent, OutgoingMedia, SendError};
use crate::db::Result;
use crate::db::letters::{self, FileRow, LetterRow};
use crate::desk::Desk;
use crate::domain::failure::FailureReason;
use crate::domain::ids::MediaId;
use crate::domain::media_rules::recognise;
use crate::domain::message::{MediaKind, MessageKind};
use crate::media::StoreError;
use bytes::Bytes;
use serde_json::json;

/// The content of a message, its file read from the store.
pub(super) async fn outgoing(
    desk: &Desk,
    letter: &LetterRow,
) -> Result<std::result::Result<Outgoing, SendError>> {
    let to = letter.to_external_id.clone();
    if let Some(menu) = survey::menu(letter) {
        let content = OutgoingContent::Menu(menu);
        return Ok(Ok(Outgoing { to, content }));
    }
    let Some(media_id) = letter.media_id else {
        return Ok(Ok(Outgoing {
            to,
            content: OutgoingContent::Text(letter.text.clone()),
        }));
    };
    let media = file(desk, letter, media_id).await?;
    Ok(media.map(|media| Outgoing {
        to,
        content: OutgoingContent::Media(media),
    }))
}

async fn file(
    desk: &Desk,
    letter: &LetterRow,
    id: MediaId,
) -> Result<std::result::Result<OutgoingMedia, SendError>> {
    let row = letters::find_file(&mut desk.db.read().await?, id).await?;
    let Some(row) = row else {
        return Ok(Err(failed(&StoreError::Missing)));
    };
    let read = read(desk, &row).await;
    Ok(read
        .map(|(bytes, thumb)| media(desk, letter, &row, bytes, thumb))
        .map_err(|error| failed(&error)))
}

async fn read(desk: &Desk, row: &FileRow) -> std::result::Result<(Bytes, Option<Bytes>), StoreError> {
    let key = row.storage_key.as_deref().ok_or(StoreError::Missing)?;
    let bytes = desk.media.read(key).await?;
    let thumb = match &row.thumb_key {
        Some(key) => Some(desk.media.read(key).await?),
        None => None,
    };
    Ok((bytes, thumb))
}

/// WeChat goes by the name's extension, so the name is made from the content.
fn media(
    desk: &Desk,
    letter: &LetterRow,
    row: &FileRow,
    bytes: Bytes,
    thumb: Option<Bytes>,
) -> OutgoingMedia {
    let found = recognise(&bytes);
    let mime = found
        .map(|file| file.mime.to_owned())
        .or(row.mime.clone())
        .unwrap_or_default();
    OutgoingMedia {
        kind: kind(letter.kind),
        mime,
        file_name: format!("file.{}", found.map_or("bin", |file| file.extension)),
        uploaded: row.uploaded(letter.scope().channel_id, desk.clock.now()),
        bytes,
        thumb,
    }
}

const fn kind(kind: MessageKind) -> MediaKind {
    match kind {
        MessageKind::Voice => MediaKind::Voice,
        MessageKind::Video => MediaKind::Video,
        _ => MediaKind::Image,
    }
}

fn failed(error: &StoreError) -> SendError {
    let (class, reason) = match error {
        StoreError::Missing => (Class::Final, FailureReason::FileMissing),
        StoreError::Io(_) => (Class::Retry(None), FailureReason::FileStoreUnavailable),
    };
    SendError {
        class,
        reason: reason.as_str().to_owned(),
        code: None,
        data: json!({}),
    }
}
