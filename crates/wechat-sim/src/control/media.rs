//! Files that phones send, and the bytes of all media for the phone page.
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use md5::{Digest, Md5};
use serde_json::{Map, Value, json};

use super::error::ControlError;
use super::form::FormFile;
use crate::crypto::hex;
use crate::media::{NewMedia, keep};
use crate::media_check::{Sniffed, VOICE_MAX_MS, playing_ms, sniff};
use crate::push::body::plain;
use crate::random;
use crate::state::media::{Media, MediaType};
use crate::world::World;

/// A phone sends no more than this in one message.
const LARGEST_FILE: usize = 25 << 20;
/// The still of a video that came without one: one grey pixel.
const STILL: &[u8] = include_bytes!("../still.jpg");
const UNKNOWN_FILE: Sniffed = Sniffed {
    mime: "application/octet-stream",
    extension: "bin",
};

/// A file as a phone sends it.
#[derive(Debug)]
pub(super) struct SentFile<'a> {
    pub(super) app_id: &'a str,
    pub(super) kind: &'a str,
    pub(super) file: FormFile,
}

/// Keeps the file and writes what the message says about it into `fields`.
pub(super) async fn take_in(
    world: &World,
    sent: SentFile<'_>,
    fields: &mut Map<String, Value>,
) -> Result<(), ControlError> {
    let media_type = MediaType::parse(sent.kind).filter(|kind| *kind != MediaType::Thumb);
    let media_type =
        media_type.ok_or_else(|| ControlError::invalid("file_not_expected", "this type carries no file"))?;
    let sniffed = judge(media_type, &sent.file.bytes)?;
    if media_type == MediaType::File {
        describe_document(&sent.file, fields);
    }
    let new = NewMedia {
        app_id: sent.app_id,
        media_type,
        sniffed,
        bytes: sent.file.bytes,
        permanent: false,
    };
    let media = keep(world, new)
        .await
        .map_err(|error| ControlError::storage(&error))?;
    // A document has no media id on the wire; only the phone itself knows where it is.
    let key = if media_type == MediaType::File {
        "phone_media_id"
    } else {
        "media_id"
    };
    fields.insert(key.to_owned(), json!(media.media_id));
    Ok(())
}

/// What the file is, when a phone would send it as this.
fn judge(media_type: MediaType, bytes: &[u8]) -> Result<Sniffed, ControlError> {
    if bytes.is_empty() || bytes.len() > LARGEST_FILE {
        return Err(ControlError::invalid(
            "wrong_size",
            "a file has between 1 byte and 25 MB",
        ));
    }
    let sniffed = sniff(bytes);
    let family = match media_type {
        MediaType::File => return Ok(sniffed.unwrap_or(UNKNOWN_FILE)),
        MediaType::Voice => "audio/",
        MediaType::Video => "video/",
        MediaType::Image | MediaType::Thumb => "image/",
    };
    let wrong = || ControlError::invalid("wrong_content", format!("the content is not `{family}*`"));
    let sniffed = sniffed
        .filter(|kind| kind.mime.starts_with(family))
        .ok_or_else(wrong)?;
    if media_type == MediaType::Voice && playing_ms(bytes) > VOICE_MAX_MS {
        return Err(ControlError::invalid(
            "too_long",
            "a voice message plays 60 seconds at most",
        ));
    }
    Ok(sniffed)
}

/// Of all files only a document tells its name.
fn describe_document(file: &FormFile, fields: &mut Map<String, Value>) {
    let mut add = |key: &str, value: Value| {
        fields.entry(key.to_owned()).or_insert(value);
    };
    if let Some(name) = &file.name {
        add("title", json!(name));
    }
    add("file_md5", json!(hex(&Md5::digest(&file.bytes))));
    add("file_total_len", json!(file.bytes.len()));
    add("file_key", json!(random::url_safe(64)));
}

/// Adds what the platform adds to media messages: the picture's address, the voice's format, the video's still.
pub(super) async fn complete(
    world: &World,
    app_id: &str,
    kind: &str,
    fields: &mut Map<String, Value>,
) -> Result<(), ControlError> {
    let media_type = MediaType::parse(kind).filter(|kind| *kind != MediaType::File);
    let Some(media_type) = media_type else {
        return Ok(());
    };
    let media_id = fields.get("media_id").map(plain).filter(|id| !id.is_empty());
    let media_id = media_id.ok_or_else(|| {
        ControlError::invalid(
            "media_missing",
            "send the file as multipart, or name a `media_id`",
        )
    })?;
    let (key, value) = match media_type {
        MediaType::Image => ("pic_url", format!("{}/mmbiz/{media_id}", world.url())),
        MediaType::Voice => ("format", voice_format(world, &media_id)),
        MediaType::Video if fields.contains_key("thumb_media_id") => return Ok(()),
        MediaType::Video => ("thumb_media_id", keep_still(world, app_id).await?),
        MediaType::Thumb | MediaType::File => return Ok(()),
    };
    fields.entry(key.to_owned()).or_insert_with(|| json!(value));
    Ok(())
}

fn voice_format(world: &World, media_id: &str) -> String {
    world
        .state()
        .media
        .get(media_id)
        .map_or_else(|| "amr".to_owned(), |media| media.extension.clone())
}

async fn keep_still(world: &World, app_id: &str) -> Result<String, ControlError> {
    let sniffed = Sniffed {
        mime: "image/jpeg",
        extension: "jpg",
    };
    let bytes = Bytes::from_static(STILL);
    let new = NewMedia {
        app_id,
        media_type: MediaType::Thumb,
        sniffed,
        bytes,
        permanent: false,
    };
    let media = keep(world, new)
        .await
        .map_err(|error| ControlError::storage(&error))?;
    Ok(media.media_id)
}

/// The bytes of a medium, long after the API has forgotten it.
pub(super) async fn bytes(
    State(world): State<Arc<World>>,
    Path(media_id): Path<String>,
) -> Result<Response, ControlError> {
    let media = world.state().media.get(&media_id).cloned();
    let media = media.ok_or_else(|| ControlError::not_found("media_not_found", "no such medium"))?;
    let bytes = world
        .media
        .get(&media_id)
        .await
        .map_err(|error| ControlError::storage(&error))?;
    Ok(file(&media, bytes))
}

fn file(media: &Media, bytes: Bytes) -> Response {
    let how = if media.media_type == MediaType::File {
        "attachment"
    } else {
        "inline"
    };
    let disposition = format!("{how}; filename=\"{}.{}\"", media.media_id, media.extension);
    let headers = [
        (header::CONTENT_TYPE, media.mime.clone()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox".to_owned(),
        ),
        (
            header::CACHE_CONTROL,
            "private, max-age=31536000, immutable".to_owned(),
        ),
    ];
    (headers, Body::from(bytes)).into_response()
}
