//! Switching a channel on and off, deleting it, and what that would concern.

use super::channel_out::ChannelOut;
use super::channels::changed;
use super::error::ErrorBody;
use super::{Allowed, ApiError, ApiResult, Json, Login, Path, may};
use crate::actions::change_channel;
use crate::db::{channel_writes, channels};
use crate::desk::Desk;
use crate::domain::channel::ChannelState;
use crate::domain::ids::ChannelId;
use crate::outbound::withdraw;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(delete_channel))
        .routes(routes!(enable_channel))
        .routes(routes!(disable_channel))
        .routes(routes!(get_channel_impact))
}

/// Deletes a channel for good: its secrets are wiped, its history stays.
#[utoipa::path(delete, path = "/channels/{id}", tag = "channels", operation_id = "delete_channel",
    params(("id" = ChannelId, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`")))]
async fn delete_channel(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<StatusCode> {
    set_state(&desk, &allowed.login, id, ChannelState::Deleted).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends and receives again.
#[utoipa::path(post, path = "/channels/{id}/enable", tag = "channels", operation_id = "enable_channel",
    params(("id" = ChannelId, Path)),
    responses((status = 200, body = ChannelOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`")))]
async fn enable_channel(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Json<ChannelOut>> {
    set_state(&desk, &allowed.login, id, ChannelState::Active).await
}

/// Stops sending and receiving; everything stored stays.
#[utoipa::path(post, path = "/channels/{id}/disable", tag = "channels", operation_id = "disable_channel",
    params(("id" = ChannelId, Path)),
    responses((status = 200, body = ChannelOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`")))]
async fn disable_channel(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Json<ChannelOut>> {
    set_state(&desk, &allowed.login, id, ChannelState::Disabled).await
}

async fn set_state(
    desk: &Desk,
    login: &Login,
    id: ChannelId,
    state: ChannelState,
) -> ApiResult<Json<ChannelOut>> {
    let (actor, now) = (login.actor(), desk.clock.now());
    desk.db
        .write(move |tx| {
            Box::pin(async move { change_channel::set_channel_state(tx, actor, id, state, now).await })
        })
        .await?;
    if state != ChannelState::Active {
        withdraw::withdraw(desk, id).await?;
    }
    changed(desk, login, id).await
}

/// What switching a channel off would concern.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelImpactOut {
    /// Conversations that are open.
    open_conversations: i64,
    /// Replies that have not left: they would fail with the reason.
    queued_replies: i64,
}

/// How many open conversations and queued replies disabling or deleting the channel concerns.
#[utoipa::path(get, path = "/channels/{id}/impact", tag = "channels", operation_id = "get_channel_impact",
    params(("id" = ChannelId, Path)),
    responses((status = 200, body = ChannelImpactOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn get_channel_impact(
    State(desk): State<Desk>,
    _allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Json<ChannelImpactOut>> {
    let mut conn = desk.db.read().await?;
    channels::find(&mut conn, id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let found = channel_writes::impact(&mut conn, id).await?;
    Ok(Json(ChannelImpactOut {
        open_conversations: found.open_conversations,
        queued_replies: found.queued_replies,
    }))
}
