//! `POST /cgi-bin/media/upload` and `…/material/add_material`: media for three days and for good, judged by type, size,
//! content and playing time; and `POST /cgi-bin/media/uploadimg`: pictures for articles and link cards, which have an
//! address and no media id.
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::{Method, header};
use bytes::Bytes;
use serde_json::json;

use super::call::{Answer, Call, Outcome};
use super::endpoint::Endpoint;
use super::errcode::ApiError;
use crate::media::{self, NewMedia};
use crate::media_check::{self, Sniffed, VOICE_MAX_MS};
use crate::state::media::{Media, MediaType};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::later(Method::POST, "/cgi-bin/media/upload", |call| {
        Box::pin(upload(call))
    }),
    Endpoint::later(Method::POST, "/cgi-bin/material/add_material", |call| {
        Box::pin(add_material(call))
    }),
    Endpoint::later(Method::POST, "/cgi-bin/media/uploadimg", |call| {
        Box::pin(upload_picture(call))
    }),
];

/// Largest picture of an article.
const ARTICLE_PICTURE_MAX_BYTES: usize = 1 << 20;

async fn upload(call: &Call) -> Outcome {
    let media_type = call
        .query("type")
        .and_then(MediaType::parse)
        .filter(|kind| *kind != MediaType::File);
    let media_type = media_type.ok_or_else(|| ApiError::new(40004))?;
    let media = kept(call, media_type, false).await?;
    let key = if media_type == MediaType::Thumb {
        "thumb_media_id"
    } else {
        "media_id"
    };
    let created_at = media.created_ms / 1000;
    Ok(Answer::Json(
        json!({ "type": media_type.name(), key: media.media_id, "created_at": created_at, "item": [] }),
    ))
}

/// Videos need a description beside the file, and are not simulated.
async fn add_material(call: &Call) -> Outcome {
    let media_type = call
        .query("type")
        .and_then(MediaType::parse)
        .filter(|kind| matches!(kind, MediaType::Image | MediaType::Voice));
    let media_type = media_type.ok_or_else(|| ApiError::new(40004))?;
    let media = kept(call, media_type, true).await?;
    let mut answer = json!({ "media_id": media.media_id, "item": [] });
    if media_type == MediaType::Image {
        answer["url"] = json!(format!("{}/mmbiz/{}", call.base_url(), media.media_id));
    }
    Ok(Answer::Json(answer))
}

async fn kept(call: &Call, media_type: MediaType, permanent: bool) -> Result<Media, ApiError> {
    let bytes = media_field(call).await?;
    let sniffed = judge(media_type, &bytes)?;
    let new = NewMedia {
        app_id: call.account_id()?,
        media_type,
        sniffed,
        bytes,
        permanent,
    };
    media::keep(&call.world, new).await.map_err(|error| {
        tracing::error!(%error, "an uploaded file could not be stored");
        ApiError::new(-1)
    })
}

/// A picture with an address on the platform's own host.
async fn upload_picture(call: &Call) -> Outcome {
    let bytes = media_field(call).await?;
    if bytes.len() > ARTICLE_PICTURE_MAX_BYTES {
        return Err(ApiError::new(40009));
    }
    let sniffed = media_check::sniff(&bytes).filter(|kind| matches!(kind.extension, "jpg" | "png"));
    let new = NewMedia {
        app_id: call.account_id()?,
        media_type: MediaType::Image,
        sniffed: sniffed.ok_or_else(|| ApiError::new(40005))?,
        bytes,
        permanent: true,
    };
    let media = media::keep(&call.world, new).await.map_err(|error| {
        tracing::error!(%error, "an uploaded picture could not be stored");
        ApiError::new(-1)
    })?;
    let url = format!("{}/mmbiz/{}", call.base_url(), media.media_id);
    Ok(Answer::Json(json!({ "url": url })))
}

/// The content of the field `media`, which must be a file with a name.
async fn media_field(call: &Call) -> Result<Bytes, ApiError> {
    let missing = || ApiError::new(41005);
    let content_type = call.headers.get(header::CONTENT_TYPE).ok_or_else(missing)?;
    let mut request = Request::builder()
        .header(header::CONTENT_TYPE, content_type)
        .body(call.body.clone().into())
        .map_err(|_| missing())?;
    // The whole body is in memory already, and was limited when it was read.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| missing())?;
    while let Some(field) = form.next_field().await.map_err(|_| missing())? {
        if field.name() == Some("media") && field.file_name().is_some() {
            let bytes = field.bytes().await.map_err(|_| missing())?;
            return if bytes.is_empty() {
                Err(ApiError::new(44001))
            } else {
                Ok(bytes)
            };
        }
    }
    Err(missing())
}

/// What the file is, when it may be of this type.
fn judge(media_type: MediaType, bytes: &[u8]) -> Result<Sniffed, ApiError> {
    let (largest, formats): (usize, &[&str]) = match media_type {
        MediaType::Image => (10 << 20, &["png", "jpg", "gif"]),
        MediaType::Voice => (2 << 20, &["amr", "mp3"]),
        MediaType::Video => (10 << 20, &["mp4"]),
        MediaType::Thumb => (64 << 10, &["jpg"]),
        MediaType::File => (0, &[]),
    };
    if bytes.len() > largest {
        return Err(ApiError::new(45001));
    }
    let wrong_format = if media_type == MediaType::Image {
        40137
    } else {
        40005
    };
    let sniffed = media_check::sniff(bytes).filter(|kind| formats.contains(&kind.extension));
    let sniffed = sniffed.ok_or_else(|| ApiError::new(wrong_format))?;
    if media_type == MediaType::Voice && media_check::playing_ms(bytes) > VOICE_MAX_MS {
        return Err(ApiError::new(45007));
    }
    Ok(sniffed)
}
