//! The icon of a channel: JPEG or PNG, judged by content, 1 MB or less.

use super::channel_out::ChannelOut;
use super::channels::changed;
use super::error::ErrorBody;
use super::{Allowed, ApiError, ApiResult, Json, Path, may};
use crate::actions::change_channel::set_channel_icon;
use crate::db::icons::Picture;
use crate::desk::Desk;
use crate::domain::fields::FieldCode;
use crate::domain::ids::ChannelId;
use crate::domain::media_rules::{FileRefusal, ICON_LIMIT, MB, check_icon};
use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::StatusCode;
use bytes::{Bytes, BytesMut};
use serde_json::json;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A picture well over the limit is still read, so that the answer says which rule it breaks.
const BODY_LIMIT: u64 = 12 * MB;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    let limit = usize::try_from(BODY_LIMIT).unwrap_or(usize::MAX);
    OpenApiRouter::new()
        .routes(routes!(put_channel_icon))
        .layer(DefaultBodyLimit::max(limit))
}

/// The form with the picture.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "it documents the multipart form")]
pub struct IconForm {
    /// JPEG or PNG, at most 1 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Replaces the icon of a channel.
#[utoipa::path(put, path = "/channels/{id}/icon", tag = "channels", operation_id = "put_channel_icon",
    params(("id" = ChannelId, Path)), request_body(content = IconForm, content_type = "multipart/form-data"),
    responses((status = 200, body = ChannelOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`"), (status = 413, body = ErrorBody),
        (status = 422, body = ErrorBody, description = "`file_empty`, `file_kind`, `file_too_large`")))]
async fn put_channel_icon(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path(channel_id): Path<ChannelId>,
    form: Result<Multipart, MultipartRejection>,
) -> ApiResult<Json<ChannelOut>> {
    let known = desk.channels.by_id(channel_id).await?;
    known.ok_or_else(ApiError::not_found)?;
    let icon = picture(&desk, form).await?;
    let (actor, now) = (allowed.login.actor(), desk.clock.now());
    desk.db
        .write(move |tx| {
            let icon = icon.clone();
            Box::pin(async move { set_channel_icon(tx, actor, channel_id, &icon, now).await })
        })
        .await?;
    changed(&desk, &allowed.login, channel_id).await
}

/// The picture of a form, checked and in the store.
pub(super) async fn picture(desk: &Desk, form: Result<Multipart, MultipartRejection>) -> ApiResult<Picture> {
    let form = form.map_err(|_| {
        let detail = "send a multipart form with the part `file`";
        ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            detail,
        )
    })?;
    let bytes = read_icon(form).await?;
    let found = check_icon(&bytes).map_err(refusal)?;
    let storage_key = desk.media.put(&bytes).await?;
    let sha256 = Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    Ok(Picture {
        mime: found.mime,
        bytes: size,
        sha256,
        storage_key,
    })
}

/// The part `file`; of a picture that is too large only so much is kept as shows it.
async fn read_icon(mut form: Multipart) -> ApiResult<Bytes> {
    while let Some(mut part) = form.next_field().await.map_err(broken)? {
        if part.name() != Some("file") {
            continue;
        }
        let mut bytes = BytesMut::new();
        while let Some(chunk) = part.chunk().await.map_err(broken)? {
            if bytes.len() as u64 <= ICON_LIMIT {
                bytes.extend_from_slice(&chunk);
            }
        }
        return Ok(bytes.freeze());
    }
    Err(ApiError::field("file", FieldCode::Required.as_str()))
}

fn broken(error: MultipartError) -> ApiError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        ApiError::too_large("the body is too large")
    } else {
        ApiError::malformed(error.body_text())
    }
}

fn refusal(refusal: FileRefusal) -> ApiError {
    ApiError::field("file", refusal.as_str()).with(json!({"limit_bytes": ICON_LIMIT}))
}
