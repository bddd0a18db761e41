//! "Is typing" on the contact's phone. A courtesy: it is sent once and not too often, nobody waits for it, and its failure
//! changes nothing.

use super::extract::Optional;
use super::{Allowed, ApiError, ApiResult, Path, may};
use crate::actions::reply;
use crate::db::sending::lease_time;
use crate::db::{conversations, quarantine, typing_signs};
use crate::desk::Desk;
use crate::domain::ids::ConversationId;
use crate::domain::typing::{Sign, is_due};
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The route of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(show_typing))
}

/// Whether the agent is typing.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::ToSchema)]
pub struct TypingIn {
    /// `false` takes the sign away; unless told: `true`.
    typing: Option<bool>,
}

/// Shows the contact for some seconds that somebody types; only where a reply would be accepted. What is asked for too
/// often is accepted and not sent.
#[utoipa::path(post, path = "/conversations/{id}/typing", tag = "conversations", operation_id = "show_typing",
    params(("id" = String, Path)), request_body = TypingIn,
    responses((status = 204), (status = 404, description = "not in sight"),
        (status = 409, description = "why no reply is possible, with `reply`; `quarantined`")))]
async fn show_typing(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReplyConversations>,
    Path(id): Path<ConversationId>,
    body: ApiResult<Optional<TypingIn>>,
) -> ApiResult<StatusCode> {
    let viewer = &allowed.login.viewer;
    let row = conversations::find(&mut desk.db.read().await?, id, viewer).await?;
    let row = row.ok_or_else(ApiError::not_found)?;
    let Optional(body) = body?;
    reply::permitted(row.reply_situation().decide(viewer.agent_id, desk.clock.now()))?;
    if quarantine::find(&mut desk.db.read().await?).await?.is_some() {
        return Err(ApiError::refused("quarantined"));
    }
    let Some(channel) = desk.channels.by_id(row.channel_id).await? else {
        return Err(ApiError::not_found());
    };
    let (to, typing) = (row.external_id, body.typing.unwrap_or(true));
    if !due(&desk, id, typing).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    tokio::spawn(async move {
        if let Err(error) = channel.messenger.typing(to, typing).await {
            tracing::debug!(conversation = %id, reason = error.reason, "the sign of typing was refused");
        }
    });
    Ok(StatusCode::NO_CONTENT)
}

/// Whether the contact is to be told now, and nobody else does: agents and nodes have one measure together.
async fn due(desk: &Desk, id: ConversationId, typing: bool) -> ApiResult<bool> {
    let mut conn = desk.db.read().await?;
    let last = typing_signs::find(&mut conn, id).await?;
    let now = lease_time(&mut conn, desk.clock.wall()).await?;
    drop(conn);
    if !is_due(last, typing, now) {
        return Ok(false);
    }
    let next = Sign { typing, told_at: now };
    let written = desk
        .db
        .write(move |tx| Box::pin(typing_signs::put(tx, id, last, next)));
    Ok(written.await?)
}
