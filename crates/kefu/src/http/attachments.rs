//! Uploading a file to send: judged by its content, stored, bound to the uploader for 24 hours.

use super::{Allowed, ApiError, ApiResult, Json, may};
use crate::actions::ActionError;
use crate::db::attachments::{self, NewAttachment};
use crate::desk::Desk;
use crate::domain::ids::MediaId;
use crate::domain::media_rules::{
    FileKind, FileRefusal, MB, UPLOAD_LIMIT, check_outgoing, outgoing_limit, recognise,
};
use crate::domain::message::MediaKind;
use crate::domain::time::Time;
use axum::extract::multipart::{Multipart, MultipartError, MultipartRejection};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use bytes::{Bytes, BytesMut};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The whole request: the largest file, and a margin in which a file that is a little too large is named as such.
const BODY_LIMIT: u64 = UPLOAD_LIMIT + MB;
/// Longest kept file name, in characters.
const NAME_CHARS: usize = 255;

/// The route of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    let limit = usize::try_from(BODY_LIMIT).unwrap_or(usize::MAX);
    OpenApiRouter::new()
        .routes(routes!(create_attachment))
        .layer(DefaultBodyLimit::max(limit))
}

/// An uploaded file.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct AttachmentOut {
    pub id: MediaId,
    /// As which kind of message it can be sent.
    pub kind: MediaKind,
    pub mime: String,
    pub bytes: i64,
    pub file_name: String,
    #[schema(required = true)]
    pub width: Option<i64>,
    #[schema(required = true)]
    pub height: Option<i64>,
    pub created_at: Time,
}

/// The form.
#[derive(Debug, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the form; it is read as a stream")]
struct AttachmentForm {
    /// The file: JPEG, PNG, MP4, AMR or MP3.
    #[schema(value_type = String, format = Binary)]
    file: String,
}

/// Uploads a file to send. Images and videos up to 10 MB, audio up to 2 MB, judged by content.
#[utoipa::path(post, path = "/attachments", tag = "attachments", operation_id = "create_attachment",
    request_body(content = inline(AttachmentForm), content_type = "multipart/form-data"),
    responses((status = 201, body = AttachmentOut), (status = 413, description = "too_large"),
        (status = 422, description = "file_kind, file_empty, or file_too_large with `limit_bytes`")))]
async fn create_attachment(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReplyConversations>,
    form: Result<Multipart, MultipartRejection>,
) -> ApiResult<(StatusCode, Json<AttachmentOut>)> {
    let form = form.map_err(|rejection| {
        ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            rejection.body_text(),
        )
    })?;
    let (name, bytes) = file(form).await?;
    let found = judge(&bytes)?;
    let storage_key = desk.media.put(&bytes).await?;
    let (width, height) = size(found, &bytes);
    let new = NewAttachment {
        kind: found.kind,
        mime: found.mime,
        bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        sha256: Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect(),
        file_name: name,
        width,
        height,
        storage_key,
        uploaded_by: allowed.login.viewer.agent_id,
        created_at: desk.clock.now(),
    };
    let stored = new.clone();
    let id = desk.db.write::<_, ActionError, _>(move |tx| {
        let new = new.clone();
        Box::pin(async move { Ok(attachments::insert(tx, &new).await?) })
    });
    Ok((StatusCode::CREATED, Json(answer(id.await?, stored))))
}

fn answer(id: MediaId, stored: NewAttachment) -> AttachmentOut {
    let NewAttachment {
        kind,
        mime,
        bytes,
        file_name,
        width,
        height,
        created_at,
        ..
    } = stored;
    AttachmentOut {
        id,
        kind,
        mime: mime.to_owned(),
        bytes,
        file_name,
        width,
        height,
        created_at,
    }
}

/// The part called `file`, with its name.
async fn file(mut form: Multipart) -> ApiResult<(String, Bytes)> {
    while let Some(mut field) = form.next_field().await.map_err(|error| refusal(&error))? {
        if field.name() != Some("file") {
            continue;
        }
        let name = kept_name(field.file_name().unwrap_or_default());
        let mut bytes = BytesMut::new();
        while let Some(chunk) = field.chunk().await.map_err(|error| refusal(&error))? {
            bytes.extend_from_slice(&chunk);
        }
        return Ok((name, bytes.freeze()));
    }
    Err(ApiError::field("file", "required"))
}

fn refusal(error: &MultipartError) -> ApiError {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            ApiError::too_large("files are limited to 10 MB").with(json!({"limit_bytes": UPLOAD_LIMIT}))
        }
        _ => ApiError::malformed(error.body_text()),
    }
}

/// The last part of the name, without what no file system takes.
fn kept_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars()
        .filter(|c| !c.is_control())
        .take(NAME_CHARS)
        .collect()
}

fn judge(bytes: &Bytes) -> ApiResult<FileKind> {
    check_outgoing(bytes, bytes.len() as u64).map_err(|refusal| {
        let error = ApiError::field("file", refusal.as_str());
        match (refusal, recognise(bytes)) {
            (FileRefusal::TooLarge, Some(found)) => {
                error.with(json!({"limit_bytes": outgoing_limit(found.kind)}))
            }
            _ => error,
        }
    })
}

fn size(found: FileKind, bytes: &Bytes) -> (Option<i64>, Option<i64>) {
    let size = (found.kind == MediaKind::Image)
        .then(|| imagesize::blob_size(bytes).ok())
        .flatten();
    let number = |pixels: usize| i64::try_from(pixels).ok();
    (
        size.and_then(|size| number(size.width)),
        size.and_then(|size| number(size.height)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_part_of_a_name_is_kept() {
        assert_eq!(kept_name("C:\\photos\\猫.png"), "猫.png");
        assert_eq!(kept_name("../../etc/passwd\n"), "passwd");
        assert_eq!(kept_name(""), "");
    }
}
