//! Followers of an enterprise account: who waits, and letting them in or keeping them out. For administrators.

use super::error::ErrorBody;
use super::page::{Page, PageQuery};
use super::{Allowed, ApiError, ApiResult, Json, Path, Query, may};
use crate::actions::approve::{self, Verdict};
use crate::db::approvals::{self, ApprovalRow, ApprovalState};
use crate::desk::Desk;
use crate::domain::ids::{ChannelId, ContactId, ConversationId};
use crate::domain::message::MessageKind;
use crate::domain::time::Time;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(list_approvals))
        .routes(routes!(count_approvals))
        .routes(routes!(approve_contact))
        .routes(routes!(decline_contact))
}

/// A follower of an enterprise account.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApprovalOut {
    contact_id: ContactId,
    channel_id: ChannelId,
    name: String,
    /// Their id at WeChat.
    external_id: String,
    state: ApprovalState,
    /// Administrators can read it.
    #[schema(required = true)]
    conversation_id: Option<ConversationId>,
    /// How many messages they have sent since anybody read them.
    waiting_messages: i64,
    #[schema(required = true)]
    last_message: Option<ApprovalPreview>,
    /// When they were first heard of.
    created_at: Time,
}

/// The last message in short.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApprovalPreview {
    kind: MessageKind,
    /// Its first 120 characters.
    text: String,
    created_at: Time,
}

/// Which followers.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ApprovalQuery {
    /// Those who wait when absent.
    state: Option<ApprovalState>,
}

/// How many followers are in each state.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApprovalCounts {
    pending: i64,
    approved: i64,
    declined: i64,
}

impl From<ApprovalRow> for ApprovalOut {
    fn from(row: ApprovalRow) -> Self {
        let last_message = row
            .conversation_id
            .and(row.last_message_at)
            .map(|created_at| ApprovalPreview {
                kind: row.last_message_kind.unwrap_or(MessageKind::Text),
                text: row.last_message_text.unwrap_or_default(),
                created_at,
            });
        Self {
            contact_id: row.id,
            channel_id: row.channel_id,
            name: row.name,
            external_id: row.external_id,
            state: row.state,
            conversation_id: row.conversation_id,
            waiting_messages: row.unread_count.unwrap_or_default(),
            last_message,
            created_at: row.created_at,
        }
    }
}

/// The followers in one state, the newest first.
#[utoipa::path(get, path = "/channels/{id}/approvals", tag = "approvals", operation_id = "list_approvals",
    params(("id" = ChannelId, Path), ApprovalQuery, PageQuery),
    responses((status = 200, body = Page<ApprovalOut>), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn list_approvals(
    State(desk): State<Desk>,
    _allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
    Query(query): Query<ApprovalQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<ApprovalOut>>> {
    known(&desk, id).await?;
    let (before, limit) = page.after_id()?;
    let state = query.state.unwrap_or(ApprovalState::Pending);
    let before = (before > 0).then_some(before);
    let rows = approvals::list(&mut desk.db.read().await?, id, state, before, limit).await?;
    Ok(Json(
        Page::of(rows, limit, |row| [row.id.0]).map(ApprovalOut::from),
    ))
}

/// How many followers are in each state.
#[utoipa::path(get, path = "/channels/{id}/approvals/counts", tag = "approvals", operation_id = "count_approvals",
    params(("id" = ChannelId, Path)),
    responses((status = 200, body = ApprovalCounts), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn count_approvals(
    State(desk): State<Desk>,
    _allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Json<ApprovalCounts>> {
    known(&desk, id).await?;
    let counts = approvals::counts(&mut desk.db.read().await?, id).await?;
    Ok(Json(ApprovalCounts {
        pending: counts.pending,
        approved: counts.approved,
        declined: counts.declined,
    }))
}

async fn known(desk: &Desk, id: ChannelId) -> ApiResult<()> {
    let found = desk.channels.by_id(id).await?;
    found.map(|_| ()).ok_or_else(ApiError::not_found)
}

/// Lets a follower in: what they wrote meanwhile appears, and agents may reply.
#[utoipa::path(post, path = "/contacts/{id}/approve", tag = "approvals", operation_id = "approve_contact",
    params(("id" = ContactId, Path)),
    responses((status = 200, body = ApprovalOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`not_enterprise`, `channel_deleted`")))]
async fn approve_contact(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ContactId>,
) -> ApiResult<Json<ApprovalOut>> {
    judge(&desk, &allowed, id, Verdict::Approve).await
}

/// Keeps a follower out, or out again: their conversation goes out of sight, and replies are refused.
#[utoipa::path(post, path = "/contacts/{id}/decline", tag = "approvals", operation_id = "decline_contact",
    params(("id" = ContactId, Path)),
    responses((status = 200, body = ApprovalOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`not_enterprise`, `channel_deleted`")))]
async fn decline_contact(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ContactId>,
) -> ApiResult<Json<ApprovalOut>> {
    judge(&desk, &allowed, id, Verdict::Decline).await
}

async fn judge(
    desk: &Desk,
    allowed: &Allowed<may::ManageChannels>,
    id: ContactId,
    verdict: Verdict,
) -> ApiResult<Json<ApprovalOut>> {
    let (actor, now) = (allowed.login.actor(), desk.clock.now());
    desk.db
        .write(move |tx| Box::pin(async move { approve::judge(tx, actor, id, verdict, now).await }))
        .await?;
    let row = approvals::find(&mut desk.db.read().await?, id).await?;
    Ok(Json(row.map(ApprovalOut::from).ok_or_else(ApiError::not_found)?))
}
