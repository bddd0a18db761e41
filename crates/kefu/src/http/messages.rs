//! Messages: the pages of a thread, writing, and trying again.

use super::conversation_actions::{acting, seen_first};
use super::page;
use super::{Allowed, ApiError, ApiResult, Json, Path, Query, may};
use crate::actions::draft::Draft;
use crate::actions::reply::{self, Added, Now};
use crate::actions::retry;
use crate::db::conversations;
use crate::db::messages::{self, MessageRow, Range};
use crate::desk::Desk;
use crate::domain::ids::{AgentId, ConversationId, MediaId, MessageId, TicketId};
use crate::domain::message::{Direction, MediaState, MessageKind, MessageState};
use crate::domain::time::Time;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(list_messages, create_message))
        .routes(routes!(get_message))
        .routes(routes!(retry_message))
}

/// A message.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct MessageOut {
    pub id: MessageId,
    pub conversation_id: ConversationId,
    #[schema(required = true)]
    pub ticket_id: Option<TicketId>,
    /// Its place, from 1, without gaps.
    pub seq: i64,
    pub direction: Direction,
    pub kind: MessageKind,
    pub text: String,
    #[schema(required = true)]
    pub media: Option<MediaOut>,
    /// Kind-specific fields; of a system line its code and parameters.
    #[schema(required = true, value_type = Option<Object>)]
    pub data: Option<Value>,
    pub state: MessageState,
    /// Why it failed, as a stable code.
    #[schema(required = true)]
    pub reason: Option<String>,
    #[schema(required = true)]
    pub author_id: Option<AgentId>,
    #[schema(required = true)]
    pub author: Option<AuthorOut>,
    #[schema(required = true)]
    pub client_id: Option<String>,
    /// When the desk stored it.
    pub created_at: Time,
    /// When WeChat says it was sent.
    #[schema(required = true)]
    pub sent_at: Option<Time>,
}

/// Who wrote a message.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct AuthorOut {
    pub id: AgentId,
    pub name: String,
}

/// A file of a message. Its bytes: `/api/v1/media/{id}`.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct MediaOut {
    pub id: MediaId,
    #[schema(required = true)]
    pub mime: Option<String>,
    #[schema(required = true)]
    pub bytes: Option<i64>,
    pub state: MediaState,
    /// Why it is not there, or what is special about it, as a stable code.
    #[schema(required = true)]
    pub reason: Option<String>,
    #[schema(required = true)]
    pub file_name: Option<String>,
    #[schema(required = true)]
    pub width: Option<i64>,
    #[schema(required = true)]
    pub height: Option<i64>,
    #[schema(required = true)]
    pub duration_ms: Option<i64>,
    /// The same voice at 16 kHz, where WeChat had one.
    #[schema(required = true)]
    pub hd: Option<HdVoiceOut>,
    /// Of a file that was handed over by a link.
    #[schema(required = true)]
    pub link: Option<LinkStateOut>,
}

/// A voice at 16 kHz. Its bytes: `/api/v1/media/{id}`.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct HdVoiceOut {
    pub id: MediaId,
    #[schema(required = true)]
    pub mime: Option<String>,
}

/// What became of the link to a file.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct LinkStateOut {
    pub expires_at: Time,
    /// When it was first opened, by whoever had it.
    #[schema(required = true)]
    pub first_opened_at: Option<Time>,
}

impl From<MessageRow> for MessageOut {
    fn from(row: MessageRow) -> Self {
        Self {
            media: media(&row),
            author: row.author_id.map(|id| AuthorOut {
                id,
                name: row.author_name.unwrap_or_default(),
            }),
            data: row.data.and_then(|json| serde_json::from_str(&json).ok()),
            id: row.id,
            conversation_id: row.conversation_id,
            ticket_id: row.ticket_id,
            seq: row.seq,
            direction: row.direction,
            kind: row.kind,
            text: row.text,
            state: row.state,
            reason: row.reason,
            author_id: row.author_id,
            client_id: row.client_id,
            created_at: row.created_at,
            sent_at: row.sent_at,
        }
    }
}

fn media(row: &MessageRow) -> Option<MediaOut> {
    let (id, state) = row.media_id.zip(row.media_state)?;
    Some(MediaOut {
        id,
        state,
        mime: row.media_mime.clone(),
        bytes: row.media_bytes,
        reason: row.media_reason.clone(),
        file_name: row.media_file_name.clone(),
        width: row.media_width,
        height: row.media_height,
        duration_ms: row.media_duration_ms,
        hd: row.media_hd_id.map(|id| HdVoiceOut {
            id,
            mime: row.media_hd_mime.clone(),
        }),
        link: row.link_expires_at.map(|expires_at| LinkStateOut {
            expires_at,
            first_opened_at: row.link_first_opened_at,
        }),
    })
}

/// Which messages. Without `before` and `after`: the newest.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MessagesQuery {
    /// The newest with `seq` less than this.
    before: Option<i64>,
    /// The oldest with `seq` greater than this.
    after: Option<i64>,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Messages of a conversation, always ascending by `seq`.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct MessagesOut {
    pub items: Vec<MessageOut>,
    /// There are more in the asked-for direction: pass it as `after` where that was asked for, else as `before`.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

impl MessagesOut {
    fn new(mut rows: Vec<MessageRow>, range: Range) -> Self {
        let limit = usize::try_from(range.limit).unwrap_or_default();
        let more = rows.len() > limit;
        let next = if range.after.is_some() {
            rows.truncate(limit);
            rows.last()
        } else {
            rows.drain(..rows.len().saturating_sub(limit));
            rows.first()
        };
        let next_cursor = next.filter(|_| more).map(|row| row.seq.to_string());
        Self {
            items: rows.into_iter().map(MessageOut::from).collect(),
            next_cursor,
        }
    }
}

/// Messages of a conversation, always ascending by `seq`.
#[utoipa::path(get, path = "/conversations/{id}/messages", tag = "messages", operation_id = "list_messages",
    params(("id" = String, Path), MessagesQuery),
    responses((status = 200, body = MessagesOut), (status = 404, description = "not in sight")))]
async fn list_messages(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReadConversations>,
    Path(id): Path<ConversationId>,
    Query(query): Query<MessagesQuery>,
) -> ApiResult<Json<MessagesOut>> {
    let range = Range {
        before: query.before,
        after: query.after,
        limit: page::limit(query.limit)?,
    };
    let mut conn = desk.db.read().await?;
    conversations::find(&mut conn, id, &allowed.login.viewer)
        .await?
        .ok_or_else(ApiError::not_found)?;
    Ok(Json(MessagesOut::new(
        messages::page(&mut conn, id, range).await?,
        range,
    )))
}

/// One message: where it is, for a link to it.
#[utoipa::path(get, path = "/messages/{id}", tag = "messages", operation_id = "get_message",
    params(("id" = String, Path)),
    responses((status = 200, body = MessageOut), (status = 404, description = "not in sight")))]
async fn get_message(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReadConversations>,
    Path(id): Path<MessageId>,
) -> ApiResult<Json<MessageOut>> {
    let mut conn = desk.db.read().await?;
    let row = messages::find(&mut conn, id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    conversations::find(&mut conn, row.conversation_id, &allowed.login.viewer)
        .await?
        .ok_or_else(ApiError::not_found)?;
    Ok(Json(row.into()))
}

/// A reply or a note.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
pub struct MessageIn {
    /// Made by the client, at most 64 characters: the same one again is the same message.
    client_id: Option<String>,
    /// `text`, `image`, `voice`, `video`, `link`, `miniprogram` or `note`.
    kind: Option<String>,
    /// Of a text or a note.
    text: Option<String>,
    /// Of an image, a voice or a video: an upload of the caller's, of the last 24 hours. Of a text: an upload with
    /// `purpose=link`, whose link the text contains. Of a link or a mini program: its picture, JPEG or PNG up to 1 MB.
    attachment_id: Option<String>,
    /// A frame of the video: an uploaded JPEG of at most 64 KB.
    thumb_attachment_id: Option<String>,
    /// Of a link: `title`, `description` (optional), `url`. Of a mini program: `title`, `app_id`, `page_path`.
    #[schema(value_type = Option<Object>)]
    data: Option<Value>,
}

impl From<MessageIn> for Draft {
    fn from(body: MessageIn) -> Self {
        let MessageIn {
            client_id,
            kind,
            text,
            attachment_id,
            thumb_attachment_id,
            data,
        } = body;
        Self {
            client_id,
            kind,
            text,
            attachment_id,
            thumb_attachment_id,
            data,
        }
    }
}

/// Queues a reply (202) or stores a note (201). The same `client_id` and body again: 200 with the first message.
#[utoipa::path(post, path = "/conversations/{id}/messages", tag = "messages", operation_id = "create_message",
    params(("id" = String, Path)), request_body = MessageIn,
    responses((status = 202, body = MessageOut), (status = 201, body = MessageOut), (status = 200, body = MessageOut),
        (status = 409, description = "client_id_reused, or why no reply is possible, with `reply`"),
        (status = 422, description = "required, text_too_long, unknown_attachment, …")))]
async fn create_message(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReplyConversations>,
    Path(id): Path<ConversationId>,
    body: ApiResult<Json<MessageIn>>,
) -> ApiResult<(StatusCode, Json<MessageOut>)> {
    let Json(body) = seen_first(&desk, &allowed.login, id, body).await?;
    let (by, draft) = (acting(&allowed.login), Draft::from(body));
    let (channels, clock) = (desk.channels.clone(), desk.clock.clone());
    let added = desk.db.write(move |tx| {
        let (by, draft, channels) = (by.clone(), draft.clone(), channels.clone());
        let now = Now {
            desk: clock.now(),
            wall: clock.wall(),
        };
        Box::pin(async move { reply::reply(tx, &by, id, &draft, &channels, now).await })
    });
    let (status, row) = match added.await? {
        Added::Queued(row) => (StatusCode::ACCEPTED, row),
        Added::Noted(row) => (StatusCode::CREATED, row),
        Added::Known(row) => (StatusCode::OK, row),
    };
    Ok((status, Json(row.into())))
}

/// Queues a reply again that failed or may have been lost.
#[utoipa::path(post, path = "/messages/{id}/retry", tag = "messages", operation_id = "retry_message",
    params(("id" = String, Path)),
    responses((status = 202, body = MessageOut), (status = 404, description = "not in sight"),
        (status = 409, description = "not_retryable, or why no reply is possible")))]
async fn retry_message(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReplyConversations>,
    Path(id): Path<MessageId>,
) -> ApiResult<(StatusCode, Json<MessageOut>)> {
    let (by, clock) = (acting(&allowed.login), desk.clock.clone());
    let row = desk.db.write(move |tx| {
        let by = by.clone();
        let now = Now {
            desk: clock.now(),
            wall: clock.wall(),
        };
        Box::pin(async move { retry::retry(tx, &by, id, now).await })
    });
    Ok((StatusCode::ACCEPTED, Json(row.await?.into())))
}
