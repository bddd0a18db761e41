//! Uploading a file to send: judged by its content, stored, bound to the uploader for 24 hours.

use super::channel_out::is_public;
use super::{Allowed, ApiError, ApiResult, Json, Query, may};
use crate::actions::ActionError;
use crate::config::MAX_LINK_MB;
use crate::db::attachments::{self, NewAttachment};
use crate::db::file_links;
use crate::desk::Desk;
use crate::domain::ids::MediaId;
use crate::domain::media_rules::{
    FileKind, FileRefusal, MB, UPLOAD_LIMIT, VOICE_LIMIT_MS, check_outgoing, outgoing_limit, recognise,
};
use crate::domain::message::MediaKind;
use crate::domain::recording::{RECORDING_LIMIT, RecordingRefusal};
use crate::domain::time::Time;
use crate::media::facts::Facts;
use crate::media::links;
use crate::media::mp3::{self, Mp3Error};
use axum::extract::multipart::{Multipart, MultipartError, MultipartRejection};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use bytes::{Bytes, BytesMut};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// In this margin a file that is a little too large is named as such.
const MARGIN: u64 = MB;
/// What a file is called for browsers when it is not one of the table.
const UNKNOWN_MIME: &str = "application/octet-stream";
/// Longest kept file name, in characters.
const NAME_CHARS: usize = 255;

/// The route of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    // What is read depends on the purpose: `file` counts.
    let limit = usize::try_from(MAX_LINK_MB * MB + 2 * MARGIN).unwrap_or(usize::MAX);
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
    /// Of audio, where it can be counted. WeChat takes at most 60 seconds.
    #[schema(required = true)]
    pub duration_ms: Option<i64>,
    /// Of a file that is handed over by a link.
    #[schema(required = true)]
    pub link: Option<FileLinkOut>,
    pub created_at: Time,
}

/// The link to a file. It is part of the text that is sent with the file.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct FileLinkOut {
    /// Opens without a login, until it expires.
    pub url: String,
    pub expires_at: Time,
    /// False where the address of this desk cannot be reached from outside.
    pub reachable: bool,
}

/// What an upload is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PurposeIn {
    /// To be sent as a message of its kind.
    #[default]
    Message,
    /// Any file, to be handed over by a link in a text.
    Link,
    /// A recording in WAV, to be sent as voice.
    Recording,
}

/// What an upload is for.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AttachmentQuery {
    /// `link`: any file up to the limit of this desk. `recording`: WAV of 16-bit PCM, one channel or two, at a sample
    /// rate of MP3 (8 to 48 kHz), up to 60 seconds; the desk makes an MP3 of it.
    #[serde(default)]
    #[param(inline)]
    purpose: PurposeIn,
}

/// The form.
#[derive(Debug, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the form; it is read as a stream")]
struct AttachmentForm {
    /// The file: JPEG, PNG, MP4, AMR or MP3; any with `purpose=link`; WAV with `purpose=recording`.
    #[schema(value_type = String, format = Binary)]
    file: String,
}

/// A file as it is kept.
struct Taken {
    name: String,
    bytes: Bytes,
    /// What it turned out to be; nothing known only behind a link.
    found: Option<FileKind>,
}

/// Uploads a file to send. Images and videos up to 10 MB, audio up to 2 MB, judged by content. With `purpose=link`
/// any file: the answer has the link, and the file is attached to the text that contains it. With `purpose=recording`
/// a recording in WAV: the answer is the MP3 that was made of it.
#[utoipa::path(post, path = "/attachments", tag = "attachments", operation_id = "create_attachment",
    params(AttachmentQuery),
    request_body(content = inline(AttachmentForm), content_type = "multipart/form-data"),
    responses((status = 201, body = AttachmentOut), (status = 413, description = "too_large"),
        (status = 422, description = "file_kind, file_empty, or file_too_large with `limit_bytes`; of recordings also \
            recording_format, recording_damaged, recording_empty, or recording_too_long with `limit_ms`")))]
async fn create_attachment(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReplyConversations>,
    Query(query): Query<AttachmentQuery>,
    form: Result<Multipart, MultipartRejection>,
) -> ApiResult<(StatusCode, Json<AttachmentOut>)> {
    let form = form.map_err(|rejection| {
        ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            rejection.body_text(),
        )
    })?;
    let link = query.purpose == PurposeIn::Link;
    let Taken { name, bytes, found } = take(&desk, query.purpose, form).await?;
    let storage_key = desk.media.put(&bytes).await?;
    let facts = Facts::of(found, &bytes);
    let (width, height) = facts.pixels.unzip();
    let new = NewAttachment {
        kind: found
            .filter(|_| !link)
            .map_or(MediaKind::File, |found| found.kind),
        mime: found.map_or(UNKNOWN_MIME, |found| found.mime),
        bytes: facts.bytes,
        sha256: facts.sha256,
        file_name: name,
        width,
        height,
        duration_ms: facts.duration_ms,
        storage_key,
        uploaded_by: allowed.login.viewer.agent_id,
        created_at: desk.clock.now(),
    };
    let expires_at = links::whole_seconds(new.created_at.plus_ms(desk.config.link_life_ms));
    let expires_at = link.then_some(expires_at);
    let id = stored(&desk, &new, expires_at).await?;
    let link = expires_at.map(|at| link_to(&desk, id, &new.file_name, at));
    Ok((StatusCode::CREATED, Json(answer(id, new, link))))
}

/// Reads the file and judges it by what it is for.
async fn take(desk: &Desk, purpose: PurposeIn, form: Multipart) -> ApiResult<Taken> {
    let limit = match purpose {
        PurposeIn::Message => UPLOAD_LIMIT,
        PurposeIn::Link => desk.config.link_limit,
        PurposeIn::Recording => RECORDING_LIMIT,
    };
    let (name, bytes) = file(form, limit).await?;
    match purpose {
        PurposeIn::Message => judge(&bytes).map(|found| Taken {
            name,
            found: Some(found),
            bytes,
        }),
        PurposeIn::Link => judge_linked(&bytes, limit).map(|found| Taken { name, bytes, found }),
        PurposeIn::Recording => {
            let bytes = mp3::encoded(bytes).await.map_err(refused_recording)?;
            let found = Some(judge(&bytes)?);
            let name = mp3_name(&name);
            Ok(Taken { name, bytes, found })
        }
    }
}

fn refused_recording(error: Mp3Error) -> ApiError {
    let Mp3Error::Refused(refusal) = error else {
        return ApiError::internal(&error);
    };
    let answer = ApiError::field("file", refusal.as_str());
    match refusal {
        RecordingRefusal::TooLarge => answer.with(json!({"limit_bytes": RECORDING_LIMIT})),
        RecordingRefusal::TooLong => answer.with(json!({"limit_ms": VOICE_LIMIT_MS})),
        _ => answer,
    }
}

/// A recording is called what it was called, with the extension of what it became.
fn mp3_name(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem = if stem.is_empty() { "voice" } else { stem };
    format!("{stem}.mp3")
}

async fn stored(desk: &Desk, new: &NewAttachment, expires_at: Option<Time>) -> ApiResult<MediaId> {
    let new = new.clone();
    let id = desk.db.write::<_, ActionError, _>(move |tx| {
        let new = new.clone();
        Box::pin(async move {
            let id = attachments::insert(tx, &new).await?;
            if let Some(expires_at) = expires_at {
                file_links::insert(tx, id, expires_at).await?;
            }
            Ok(id)
        })
    });
    Ok(id.await?)
}

fn link_to(desk: &Desk, id: MediaId, name: &str, expires_at: Time) -> FileLinkOut {
    let public_url = &desk.config.public_url;
    FileLinkOut {
        url: links::address(&desk.secrets, public_url, id, name, expires_at),
        expires_at,
        reachable: is_public(public_url),
    }
}

fn answer(id: MediaId, stored: NewAttachment, link: Option<FileLinkOut>) -> AttachmentOut {
    AttachmentOut {
        id,
        link,
        kind: stored.kind,
        mime: stored.mime.to_owned(),
        bytes: stored.bytes,
        file_name: stored.file_name,
        width: stored.width,
        height: stored.height,
        duration_ms: stored.duration_ms,
        created_at: stored.created_at,
    }
}

/// The part called `file`, with its name. A file far over the limit is not read to its end.
async fn file(mut form: Multipart, limit: u64) -> ApiResult<(String, Bytes)> {
    while let Some(mut field) = form.next_field().await.map_err(|error| refusal(&error))? {
        if field.name() != Some("file") {
            continue;
        }
        let name = kept_name(field.file_name().unwrap_or_default());
        let mut bytes = BytesMut::new();
        while let Some(chunk) = field.chunk().await.map_err(|error| refusal(&error))? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() as u64 > limit + MARGIN {
                let detail = format!("files are limited to {} MB", limit / MB);
                return Err(ApiError::too_large(detail).with(json!({"limit_bytes": limit})));
            }
        }
        return Ok((name, bytes.freeze()));
    }
    Err(ApiError::field("file", "required"))
}

fn refusal(error: &MultipartError) -> ApiError {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::too_large("the body is too large"),
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

/// Of a file behind a link only emptiness and size are judged; what it is decides how browsers are told of it.
fn judge_linked(bytes: &Bytes, limit: u64) -> ApiResult<Option<FileKind>> {
    let refuse = |refusal: FileRefusal| ApiError::field("file", refusal.as_str());
    match bytes.len() as u64 {
        0 => Err(refuse(FileRefusal::Empty)),
        size if size > limit => Err(refuse(FileRefusal::TooLarge).with(json!({"limit_bytes": limit}))),
        _ => Ok(recognise(bytes)),
    }
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

    #[test]
    fn a_recording_is_called_mp3() {
        assert_eq!(mp3_name("語音.wav"), "語音.mp3");
        assert_eq!(mp3_name("a.b.wav"), "a.b.mp3");
        assert_eq!(mp3_name("voice"), "voice.mp3");
        assert_eq!(mp3_name(""), "voice.mp3");
        assert_eq!(mp3_name(".wav"), "voice.mp3");
    }
}
