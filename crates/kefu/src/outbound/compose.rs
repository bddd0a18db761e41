//! A stored message becomes what a channel sends.

use super::survey;
use crate::channel::cards::{Card, CardPicture, OutgoingCard};
use crate::channel::{Class, Outgoing, OutgoingContent, OutgoingMedia, SendError};
use crate::db::letters::{self, FileRow, LetterRow};
use crate::db::{Error, Result, installation};
use crate::desk::Desk;
use crate::domain::agent::Language;
use crate::domain::card::{LinkCard, MiniProgramCard};
use crate::domain::failure::FailureReason;
use crate::domain::ids::MediaId;
use crate::domain::media_rules::recognise;
use crate::domain::message::{MediaKind, MessageKind};
use crate::domain::monthly;
use crate::media::StoreError;
use bytes::Bytes;
use serde_json::json;

type Composed<T> = std::result::Result<T, SendError>;

/// The content of a message, its file read from the store.
pub(super) async fn outgoing(desk: &Desk, letter: &LetterRow) -> Result<Composed<Outgoing>> {
    let to = letter.to_external_id.clone();
    if let Some(menu) = survey::menu(letter) {
        let content = OutgoingContent::Menu(menu);
        return Ok(Ok(Outgoing { to, content }));
    }
    let content = match (letter.kind, letter.media_id) {
        (MessageKind::Link | MessageKind::MiniProgram, picture) => card(desk, letter, picture).await?,
        (MessageKind::Image | MessageKind::Voice | MessageKind::Video, Some(id)) => {
            file(desk, letter, id).await?.map(OutgoingContent::Media)
        }
        _ => Ok(OutgoingContent::Text(letter.text.clone())),
    };
    Ok(content.map(|content| Outgoing { to, content }))
}

async fn card(
    desk: &Desk,
    letter: &LetterRow,
    picture: Option<MediaId>,
) -> Result<Composed<OutgoingContent>> {
    let Some(card) = stored_card(letter) else {
        return Err(Error::BadRow(format!("{} has no card", letter.message_id)));
    };
    let picture = match picture {
        Some(id) => match file(desk, letter, id).await? {
            Ok(media) => Some(media),
            Err(refused) => return Ok(Err(refused)),
        },
        None => icon(desk, letter).await?,
    };
    Ok(Ok(OutgoingContent::Card(OutgoingCard {
        card,
        picture: picture.map(|media| CardPicture {
            mime: media.mime,
            file_name: media.file_name,
            bytes: media.bytes,
        }),
    })))
}

fn stored_card(letter: &LetterRow) -> Option<Card> {
    let data: serde_json::Value = serde_json::from_str(letter.data.as_deref()?).ok()?;
    if letter.kind == MessageKind::Link {
        LinkCard::read(&data).ok().map(|link| Card::Link {
            title: link.title,
            description: link.description,
            url: link.url,
        })
    } else {
        MiniProgramCard::read(&data)
            .ok()
            .map(|program| Card::MiniProgram {
                title: program.title,
                app_id: program.app_id,
                page_path: program.page_path,
            })
    }
}

/// The channel's icon. An icon that cannot be read must not hold the message up.
async fn icon(desk: &Desk, letter: &LetterRow) -> Result<Option<OutgoingMedia>> {
    let key = letters::icon_key(&mut desk.db.read().await?, letter.scope().channel_id).await?;
    let Some(key) = key else { return Ok(None) };
    Ok(desk
        .media
        .read(&key)
        .await
        .ok()
        .map(|bytes| named(MediaKind::Image, None, bytes)))
}

async fn file(desk: &Desk, letter: &LetterRow, id: MediaId) -> Result<Composed<OutgoingMedia>> {
    let row = letters::find_file(&mut desk.db.read().await?, id).await?;
    let Some(row) = row else {
        return Ok(Err(failed(&StoreError::Missing)));
    };
    let mass_title = mass_title(desk, letter).await?;
    let read = read(desk, &row).await;
    Ok(read
        .map(|(bytes, thumb)| OutgoingMedia {
            mass_title,
            ..media(desk, letter, &row, bytes, thumb)
        })
        .map_err(|error| failed(&error)))
}

/// The title of a video that leaves by the monthly route, in the installation's language.
async fn mass_title(desk: &Desk, letter: &LetterRow) -> Result<Option<String>> {
    if letter.kind != MessageKind::Video || letter.monthly_step.is_none() {
        return Ok(None);
    }
    let installation = installation::find(&mut desk.db.read().await?).await?;
    let language = installation.map_or(Language::English, |known| known.language);
    Ok(Some(monthly::video_title(language).to_owned()))
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

fn media(
    desk: &Desk,
    letter: &LetterRow,
    row: &FileRow,
    bytes: Bytes,
    thumb: Option<Bytes>,
) -> OutgoingMedia {
    OutgoingMedia {
        uploaded: row.uploaded(letter.scope().channel_id, desk.clock.now()),
        thumb,
        ..named(kind(letter.kind), row.mime.as_deref(), bytes)
    }
}

/// WeChat goes by the name's extension, so the name is made from the content.
fn named(kind: MediaKind, mime: Option<&str>, bytes: Bytes) -> OutgoingMedia {
    let found = recognise(&bytes);
    OutgoingMedia {
        kind,
        mime: found
            .map(|file| file.mime)
            .or(mime)
            .unwrap_or_default()
            .to_owned(),
        file_name: format!("file.{}", found.map_or("bin", |file| file.extension)),
        uploaded: None,
        bytes,
        thumb: None,
        mass_title: None,
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
