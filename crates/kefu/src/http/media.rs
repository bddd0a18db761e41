//! Files for browsers: seen by whoever sees their conversation, cached for ever (their bytes never change), never run.

use super::{ApiError, ApiResult, Login, Path};
use crate::db::attachments::{self, FileRow};
use crate::db::{Conn, conversations};
use crate::desk::Desk;
use crate::domain::agent::{Permission, Viewer};
use crate::domain::ids::MediaId;
use crate::domain::message::MediaState;
use crate::media::percent_encoded;
use crate::media::range::{Wanted, wanted};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::io::SeekFrom;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What browsers may show in place; everything else is downloaded.
const INLINE: &[&str] = &[
    "image/jpeg",
    "image/png",
    "audio/amr",
    "audio/amr-wb",
    "audio/mpeg",
    "video/mp4",
];

/// The route of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(get_media))
}

/// The bytes of a file. Takes `Range` and `If-None-Match`.
#[utoipa::path(get, path = "/media/{id}", tag = "media", operation_id = "get_media", params(("id" = String, Path)),
    responses((status = 200, description = "the bytes", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 206, description = "the asked-for part"), (status = 304, description = "not changed"),
        (status = 404, description = "not in sight"), (status = 409, description = "media_not_ready"),
        (status = 416, description = "range_outside")))]
async fn get_media(
    State(desk): State<Desk>,
    login: Login,
    Path(id): Path<MediaId>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut conn = desk.db.read().await?;
    let file = attachments::find(&mut conn, id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    if !sees(&mut conn, &login.viewer, &file).await? {
        return Err(ApiError::not_found());
    }
    drop(conn);
    let key = file
        .storage_key
        .as_deref()
        .filter(|_| file.state == MediaState::Ready);
    let key = key.ok_or_else(|| ApiError::refused("media_not_ready"))?;
    let tag = format!("\"{}\"", file.sha256.as_deref().unwrap_or(key));
    if known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let range = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    // A part of another version would not fit; ours never change, so only a foreign tag matters.
    let range = range.filter(|_| headers.get(header::IF_RANGE).is_none_or(|value| *value == *tag));
    let (status, part, body) = read(&desk, key, range).await?;
    Ok((status, about(&file, tag), part, body).into_response())
}

/// An icon: everybody. A file of a conversation: whoever sees that. An upload that was not sent: its uploader.
async fn sees(conn: &mut Conn, viewer: &Viewer, file: &FileRow) -> ApiResult<bool> {
    match file.conversation_id {
        _ if file.purpose == "icon" => Ok(true),
        Some(_) if !viewer.role.may(Permission::ConversationsRead) => Ok(false),
        Some(id) => Ok(conversations::find(conn, id, viewer).await?.is_some()),
        None => Ok(file.uploaded_by == Some(viewer.agent_id)),
    }
}

fn known(headers: &HeaderMap, tag: &str) -> bool {
    let tags = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    tags.is_some_and(|tags| {
        tags.split(',')
            .any(|one| matches!(one.trim(), one if one == "*" || one.trim_start_matches("W/") == tag))
    })
}

/// Length and place of what is answered.
pub(super) struct PartHeaders {
    count: u64,
    content_range: Option<String>,
}

impl axum::response::IntoResponseParts for PartHeaders {
    type Error = std::convert::Infallible;

    fn into_response_parts(
        self,
        mut parts: axum::response::ResponseParts,
    ) -> Result<axum::response::ResponseParts, Self::Error> {
        parts
            .headers_mut()
            .insert(header::CONTENT_LENGTH, self.count.into());
        if let Some(range) = self
            .content_range
            .and_then(|range| HeaderValue::from_str(&range).ok())
        {
            parts.headers_mut().insert(header::CONTENT_RANGE, range);
        }
        Ok(parts)
    }
}

/// Headers that are the same for the whole file and its parts.
fn about(file: &FileRow, tag: String) -> [(header::HeaderName, String); 7] {
    let mime = file.mime.as_deref().unwrap_or("application/octet-stream");
    [
        (header::CONTENT_TYPE, mime.to_owned()),
        (header::CONTENT_DISPOSITION, disposition(mime, file)),
        (header::ETAG, tag),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (
            header::CACHE_CONTROL,
            "private, max-age=31536000, immutable".to_owned(),
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (
            header::CONTENT_SECURITY_POLICY,
            "sandbox; default-src 'none'".to_owned(),
        ),
    ]
}

fn disposition(mime: &str, file: &FileRow) -> String {
    let how = if INLINE.contains(&mime) {
        "inline"
    } else {
        "attachment"
    };
    named(how, file.file_name.as_deref())
}

/// A disposition with the file's name.
pub(super) fn named(how: &str, name: Option<&str>) -> String {
    match name {
        Some(name) if !name.is_empty() => format!("{how}; filename*=UTF-8''{}", percent_encoded(name)),
        _ => how.to_owned(),
    }
}

pub(super) async fn read(
    desk: &Desk,
    key: &str,
    range: Option<&str>,
) -> ApiResult<(StatusCode, PartHeaders, Body)> {
    let (mut file, length) = desk.media.get(key).await?;
    let (status, first, count, content_range) = match wanted(range, length) {
        Wanted::Whole => (StatusCode::OK, 0, length, None),
        Wanted::Part { first, last } => (
            StatusCode::PARTIAL_CONTENT,
            first,
            last - first + 1,
            Some(format!("bytes {first}-{last}/{length}")),
        ),
        Wanted::Outside => {
            let error = ApiError::new(
                StatusCode::RANGE_NOT_SATISFIABLE,
                "range_outside",
                "the file is shorter",
            );
            return Err(error.with(serde_json::json!({"bytes": length})));
        }
    };
    file.seek(SeekFrom::Start(first))
        .await
        .map_err(|error| ApiError::internal(&error))?;
    let body = Body::from_stream(ReaderStream::with_capacity(file.take(count), 64 * 1024));
    Ok((status, PartHeaders { count, content_range }, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_alone_in_a_list_weak_or_as_a_star() {
        let with = |value: &'static str| {
            HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(value))])
        };
        for value in ["\"abc\"", "\"x\", \"abc\"", "W/\"abc\"", "*"] {
            assert!(known(&with(value), "\"abc\""), "{value}");
        }
        assert!(!known(&with("\"x\""), "\"abc\"") && !known(&HeaderMap::new(), "\"abc\""));
    }
}
