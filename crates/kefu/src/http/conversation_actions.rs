//! What agents do with a conversation: each answers the conversation as it is afterwards.

use super::conversations::ConversationOut;
use super::extract::Optional;
use super::{Allowed, ApiError, ApiResult, Json, Login, Path, may};
use crate::actions::thread::ActingAgent;
use crate::actions::transfer::{self, To, UNKNOWN_AGENT, UNKNOWN_DEPARTMENT};
use crate::actions::{ActionError, block, end, pick_up, read, reopen, unblock};
use crate::db::{Error, Tx, Work, conversations};
use crate::desk::Desk;
use crate::domain::ids::ConversationId;
use crate::domain::time::Time;
use axum::extract::State;
use serde::Deserialize;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(pick_up_conversation))
        .routes(routes!(transfer_conversation))
        .routes(routes!(end_conversation))
        .routes(routes!(reopen_conversation))
        .routes(routes!(block_conversation))
        .routes(routes!(unblock_conversation))
        .routes(routes!(read_conversation))
}

/// The agent behind a login, as actions want them.
pub(crate) fn acting(login: &Login) -> ActingAgent {
    ActingAgent {
        viewer: login.viewer.clone(),
        name: login.name.clone(),
    }
}

/// What an action on a conversation gets.
struct Call<'t> {
    tx: &'t mut Tx,
    by: &'t ActingAgent,
    id: ConversationId,
    now: Time,
}

type Done<'t> = Work<'t, (), ActionError>;

/// Runs an action in one transaction and answers the conversation as it is afterwards.
async fn act<F>(desk: &Desk, login: &Login, id: ConversationId, action: F) -> ApiResult<Json<ConversationOut>>
where
    F: for<'t> Fn(Call<'t>) -> Done<'t> + Send + Sync + 'static,
{
    let (by, clock, action) = (acting(login), desk.clock.clone(), Arc::new(action));
    let row = desk
        .db
        .write(move |tx| {
            let (by, now, action) = (by.clone(), clock.now(), Arc::clone(&action));
            Box::pin(async move {
                action(Call {
                    tx: &mut *tx,
                    by: &by,
                    id,
                    now,
                })
                .await?;
                let row = conversations::get(tx, id).await?;
                row.ok_or_else(|| ActionError::Db(Error::BadRow(format!("{id} was just changed"))))
            })
        })
        .await?;
    Ok(Json(ConversationOut::new(row, &login.viewer, desk.clock.now())))
}

/// How to pick up.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::ToSchema)]
pub struct PickUpIn {
    /// Take it from whoever has it.
    #[serde(default)]
    take_over: bool,
}

/// Takes a conversation. Of two at once, the loser gets 409 `already_assigned` with `assignee`.
#[utoipa::path(post, path = "/conversations/{id}/pick-up", tag = "conversations", operation_id = "pick_up_conversation",
    params(("id" = String, Path)), request_body = PickUpIn,
    responses((status = 200, body = ConversationOut),
        (status = 409, description = "already_assigned, conversation_ended, channel_deleted")))]
async fn pick_up_conversation(
    State(desk): State<Desk>,
    allowed: Allowed<may::AssignConversations>,
    Path(id): Path<ConversationId>,
    body: ApiResult<Optional<PickUpIn>>,
) -> ApiResult<Json<ConversationOut>> {
    let Optional(body) = seen_first(&desk, &allowed.login, id, body).await?;
    act(&desk, &allowed.login, id, move |call| {
        Box::pin(pick_up::pick_up(
            call.tx,
            call.by,
            call.id,
            body.take_over,
            call.now,
        ))
    })
    .await
}

/// Where to transfer: one of the two.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
pub struct TransferIn {
    /// An agent who may have the conversation.
    agent_id: Option<String>,
    /// A department that serves its channel.
    department_id: Option<String>,
    /// For whoever gets it.
    note: Option<String>,
}

impl TransferIn {
    fn to(&self) -> ApiResult<To> {
        match (&self.agent_id, &self.department_id) {
            (Some(agent), None) => agent
                .parse()
                .map(To::Agent)
                .map_err(|_| ApiError::field("agent_id", UNKNOWN_AGENT)),
            (None, Some(department)) => department
                .parse()
                .map(To::Department)
                .map_err(|_| ApiError::field("department_id", UNKNOWN_DEPARTMENT)),
            (None, None) => Err(ApiError::field("agent_id", "required")),
            (Some(_), Some(_)) => Err(ApiError::field("department_id", "not_with_agent_id")),
        }
    }
}

/// Gives a conversation to another agent, or to a department's queue.
#[utoipa::path(post, path = "/conversations/{id}/transfer", tag = "conversations", operation_id = "transfer_conversation",
    params(("id" = String, Path)), request_body = TransferIn,
    responses((status = 200, body = ConversationOut),
        (status = 409, description = "not_associated, department_not_served, conversation_ended, channel_deleted"),
        (status = 422, description = "unknown_agent, unknown_department, text_too_long")))]
async fn transfer_conversation(
    State(desk): State<Desk>,
    allowed: Allowed<may::AssignConversations>,
    Path(id): Path<ConversationId>,
    body: ApiResult<Json<TransferIn>>,
) -> ApiResult<Json<ConversationOut>> {
    seen(&desk, &allowed.login, id).await?;
    let Json(body) = body?;
    let (to, note) = (body.to()?, body.note);
    act(&desk, &allowed.login, id, move |call| {
        let note = note.clone();
        Box::pin(
            async move { transfer::transfer(call.tx, call.by, call.id, to, note.as_deref(), call.now).await },
        )
    })
    .await
}

/// A body that cannot be read is told only to those who see the conversation; for others it is 404.
pub(super) async fn seen_first<T>(
    desk: &Desk,
    login: &Login,
    id: ConversationId,
    body: ApiResult<T>,
) -> ApiResult<T> {
    if body.is_err() {
        seen(desk, login, id).await?;
    }
    body
}

async fn seen(desk: &Desk, login: &Login, id: ConversationId) -> ApiResult<()> {
    let row = conversations::find(&mut desk.db.read().await?, id, &login.viewer).await?;
    row.map(|_| ()).ok_or_else(ApiError::not_found)
}

/// How to end.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::ToSchema)]
pub struct EndIn {
    /// Close its ticket too; unless told otherwise: yes.
    close_ticket: Option<bool>,
}

/// Ends a conversation and closes its ticket.
#[utoipa::path(post, path = "/conversations/{id}/end", tag = "conversations", operation_id = "end_conversation",
    params(("id" = String, Path)), request_body = EndIn,
    responses((status = 200, body = ConversationOut), (status = 409, description = "conversation_ended, channel_deleted")))]
async fn end_conversation(
    State(desk): State<Desk>,
    allowed: Allowed<may::AssignConversations>,
    Path(id): Path<ConversationId>,
    body: ApiResult<Optional<EndIn>>,
) -> ApiResult<Json<ConversationOut>> {
    let Optional(body) = seen_first(&desk, &allowed.login, id, body).await?;
    let close_ticket = body.close_ticket.unwrap_or(true);
    act(&desk, &allowed.login, id, move |call| {
        Box::pin(end::end(call.tx, call.by, call.id, close_ticket, call.now))
    })
    .await
}

/// Opens an ended conversation again, with its ticket.
#[utoipa::path(post, path = "/conversations/{id}/reopen", tag = "conversations", operation_id = "reopen_conversation",
    params(("id" = String, Path)),
    responses((status = 200, body = ConversationOut), (status = 409, description = "conversation_open, channel_deleted")))]
async fn reopen_conversation(
    State(desk): State<Desk>,
    allowed: Allowed<may::AssignConversations>,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<ConversationOut>> {
    act(&desk, &allowed.login, id, |call| {
        Box::pin(reopen::reopen(call.tx, call.by, call.id, call.now))
    })
    .await
}

/// How to block.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::ToSchema)]
pub struct BlockIn {
    /// On the account's own blacklist too: nothing of theirs arrives any more. What became of it: `blacklist`.
    #[serde(default)]
    blacklist: bool,
}

/// Blocks the contact: nothing is sent to them any more.
#[utoipa::path(post, path = "/conversations/{id}/block", tag = "conversations", operation_id = "block_conversation",
    params(("id" = String, Path)), request_body = BlockIn,
    responses((status = 200, body = ConversationOut), (status = 409, description = "already_blocked, channel_deleted")))]
async fn block_conversation(
    State(desk): State<Desk>,
    allowed: Allowed<may::AssignConversations>,
    Path(id): Path<ConversationId>,
    body: ApiResult<Optional<BlockIn>>,
) -> ApiResult<Json<ConversationOut>> {
    let Optional(body) = seen_first(&desk, &allowed.login, id, body).await?;
    act(&desk, &allowed.login, id, move |call| {
        Box::pin(block::block(call.tx, call.by, call.id, body.blacklist, call.now))
    })
    .await
}

/// Lifts the block.
#[utoipa::path(post, path = "/conversations/{id}/unblock", tag = "conversations", operation_id = "unblock_conversation",
    params(("id" = String, Path)),
    responses((status = 200, body = ConversationOut), (status = 409, description = "not_blocked, channel_deleted")))]
async fn unblock_conversation(
    State(desk): State<Desk>,
    allowed: Allowed<may::AssignConversations>,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<ConversationOut>> {
    act(&desk, &allowed.login, id, |call| {
        Box::pin(unblock::unblock(call.tx, call.by, call.id, call.now))
    })
    .await
}

/// Resets the unread count: by its assignee, by anyone while it has none; others change nothing.
#[utoipa::path(post, path = "/conversations/{id}/read", tag = "conversations", operation_id = "read_conversation",
    params(("id" = String, Path)), responses((status = 200, body = ConversationOut)))]
async fn read_conversation(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReplyConversations>,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<ConversationOut>> {
    act(&desk, &allowed.login, id, |call| {
        Box::pin(read::read(call.tx, call.by, call.id, call.now))
    })
    .await
}
