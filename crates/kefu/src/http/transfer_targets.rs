//! To whom a conversation may be transferred, for the dialog that offers only those: with availability and load.

use super::{Allowed, ApiError, ApiResult, Json, Path, may};
use crate::db::{conversations, transfer_targets};
use crate::desk::Desk;
use crate::domain::agent::Availability;
use crate::domain::ids::{AgentId, ConversationId, DepartmentId};
use axum::extract::State;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The route of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(list_transfer_targets))
}

/// An agent who may have the conversation.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct TargetAgentOut {
    id: AgentId,
    name: String,
    availability: Availability,
    /// How many open conversations they have.
    open_conversations: i64,
}

/// A department that serves the conversation's channel.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct TargetDepartmentOut {
    id: DepartmentId,
    name: String,
    /// How many open conversations of this channel wait in its queue.
    queued: i64,
    /// How many who may answer there are online.
    online: i64,
}

/// Everybody and everything it may go to.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct TransferTargetsOut {
    /// Those online first, then those with the least work.
    agents: Vec<TargetAgentOut>,
    departments: Vec<TargetDepartmentOut>,
}

/// Who may be given the conversation now.
#[utoipa::path(get, path = "/conversations/{id}/transfer-targets", tag = "conversations",
    operation_id = "list_transfer_targets", params(("id" = String, Path)),
    responses((status = 200, body = TransferTargetsOut), (status = 404, description = "not in sight"),
        (status = 409, description = "conversation_ended, channel_deleted")))]
async fn list_transfer_targets(
    State(desk): State<Desk>,
    allowed: Allowed<may::AssignConversations>,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<TransferTargetsOut>> {
    let mut conn = desk.db.read().await?;
    let row = conversations::find(&mut conn, id, &allowed.login.viewer).await?;
    let row = row.ok_or_else(ApiError::not_found)?;
    row.situation()
        .transfer()
        .map_err(|refusal| ApiError::refused(refusal.as_str()))?;
    let agents = transfer_targets::agents(&mut conn, row.channel_id, row.department_id).await?;
    let departments = transfer_targets::departments(&mut conn, row.channel_id).await?;
    Ok(Json(TransferTargetsOut {
        agents: agents
            .into_iter()
            .filter(|agent| row.assignee_id != Some(agent.id))
            .map(|agent| TargetAgentOut {
                id: agent.id,
                name: agent.name,
                availability: agent.availability,
                open_conversations: agent.open_conversations,
            })
            .collect(),
        departments: departments
            .into_iter()
            .map(|department| TargetDepartmentOut {
                id: department.id,
                name: department.name,
                queued: department.queued,
                online: department.online,
            })
            .collect(),
    }))
}
