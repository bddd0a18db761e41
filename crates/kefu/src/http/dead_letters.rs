//! Pushes that could not be read: administrators see them and replay them.

use super::page::{self, Page, PageQuery};
use super::{Allowed, ApiError, ApiResult, Json, Path, Query, may};
use crate::db::dead_letters::{self, DeadLetterRow};
use crate::db::ingest::{Entry, Item};
use crate::desk::Desk;
use crate::domain::channel::ChannelState;
use crate::domain::ids::{ChannelId, DeadLetterId};
use crate::domain::inbound::Outcome;
use crate::domain::time::Time;
use axum::extract::State;
use axum::http::StatusCode;
use bytes::Bytes;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(list_dead_letters))
        .routes(routes!(replay_dead_letter))
}

/// A push that could not be stored as a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadLetterOut {
    id: DeadLetterId,
    channel_id: ChannelId,
    /// `waiting` or `replayed`.
    state: String,
    /// Stable code.
    reason: String,
    /// For people, in English.
    detail: String,
    /// What came, as text; what is not UTF-8 is replaced.
    body: String,
    received_at: Time,
    replayed_at: Option<Time>,
}

impl From<DeadLetterRow> for DeadLetterOut {
    fn from(row: DeadLetterRow) -> Self {
        Self {
            id: row.id,
            channel_id: row.channel_id,
            state: row.state,
            reason: row.reason,
            detail: row.detail,
            body: String::from_utf8_lossy(&row.body).into_owned(),
            received_at: row.received_at,
            replayed_at: row.replayed_at,
        }
    }
}

/// Dead letters, newest first.
#[utoipa::path(get, path = "/dead-letters", tag = "dead letters", operation_id = "list_dead_letters",
    params(PageQuery), responses((status = 200, body = Page<DeadLetterOut>)))]
async fn list_dead_letters(
    State(desk): State<Desk>,
    _: Allowed<may::ManageDeadLetters>,
    Query(query): Query<PageQuery>,
) -> ApiResult<Json<Page<DeadLetterOut>>> {
    let limit = page::limit(query.limit)?;
    let before = query
        .cursor
        .as_deref()
        .map(page::read_cursor::<1>)
        .transpose()?
        .map(|[id]| id);
    let rows = dead_letters::list(&mut desk.db.read().await?, before, limit + 1).await?;
    Ok(Json(
        Page::of(rows, limit, |row| [row.id.0]).map(DeadLetterOut::from),
    ))
}

/// Reads a dead letter again and stores it as what it is.
#[utoipa::path(post, path = "/dead-letters/{id}/replay", tag = "dead letters", operation_id = "replay_dead_letter",
    params(("id" = DeadLetterId, Path)), responses((status = 200, body = DeadLetterOut), (status = 409, description = "`still_unreadable`, `already_replayed`, `channel_deleted`, `channel_disabled`")))]
async fn replay_dead_letter(
    State(desk): State<Desk>,
    _: Allowed<may::ManageDeadLetters>,
    Path(id): Path<DeadLetterId>,
) -> ApiResult<(StatusCode, Json<DeadLetterOut>)> {
    let row = find(&desk, id).await?;
    if row.state != "waiting" {
        return Err(ApiError::refused("already_replayed"));
    }
    let channel = desk
        .channels
        .reload(row.channel_id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    match channel.settings.row.state {
        ChannelState::Active => {}
        ChannelState::Disabled => return Err(ApiError::refused("channel_disabled")),
        ChannelState::Deleted => return Err(ApiError::refused("channel_deleted")),
    }
    let kind = desk
        .channels
        .kind(&channel.settings.row.kind)
        .ok_or_else(ApiError::not_found)?;
    let mut push = kind
        .reread(&channel.settings, &row.body, row.received_at)
        .map_err(|refusal| {
            ApiError::refused("still_unreadable").with(json!({"problem": refusal.to_string()}))
        })?;
    // Nobody waits for a response.
    push.awaited = false;
    let entry = Entry {
        channel_id: row.channel_id,
        item: Item::Push(Box::new(push), Bytes::from(row.body)),
    };
    let outcome = desk.inbound.submit(entry).await;
    match outcome.map_err(|_| ApiError::unavailable())? {
        Outcome::Stored(_) | Outcome::Duplicate(_) => {}
        // Switched off since it was looked at: it stays to be replayed.
        Outcome::Dropped => return Err(ApiError::refused("channel_disabled")),
    }
    let now = desk.clock.now();
    desk.db
        .write::<_, crate::db::Error, _>(move |tx| Box::pin(dead_letters::mark_replayed(tx, id, now)))
        .await?;
    Ok((StatusCode::OK, Json(find(&desk, id).await?.into())))
}

async fn find(desk: &Desk, id: DeadLetterId) -> ApiResult<DeadLetterRow> {
    dead_letters::find(&mut desk.db.read().await?, id)
        .await?
        .ok_or_else(ApiError::not_found)
}
