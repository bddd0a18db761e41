//! To whom a conversation may go: agents and departments as far as assignment asks about them.

use super::visibility;
use super::{Conn, Result, on};
use crate::domain::agent::{AgentState, Role};
use crate::domain::ids::{AgentId, ChannelId, DepartmentId};

/// An agent a conversation may be given to.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct TargetAgent {
    pub name: String,
    pub role: Role,
    pub state: AgentState,
}

/// The agent, if they exist.
pub async fn agent(conn: &mut Conn, id: AgentId) -> Result<Option<TargetAgent>> {
    Ok(
        on!(conn, c => sqlx::query_as("SELECT name, role, state FROM agents WHERE id = $1").bind(id).fetch_optional(c).await?),
    )
}

/// Whether the agent may have a conversation of this channel and department: active, may reply, and sees it.
pub async fn may_have(
    conn: &mut Conn,
    id: AgentId,
    agent: &TargetAgent,
    channel: ChannelId,
    department: DepartmentId,
) -> Result<bool> {
    if agent.state != AgentState::Active || agent.role == Role::Viewer {
        return Ok(false);
    }
    Ok(visibility::scope(conn, id, agent.role)
        .await?
        .sees(channel, department))
}

/// A department a conversation may be moved to.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct TargetDepartment {
    pub name: String,
    pub serves_channel: bool,
}

/// The department, if it exists and was not deleted.
pub async fn department(
    conn: &mut Conn,
    id: DepartmentId,
    channel: ChannelId,
) -> Result<Option<TargetDepartment>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT d.name, EXISTS (SELECT 1 FROM channel_departments cd
            WHERE cd.department_id = d.id AND cd.channel_id = $2) AS serves_channel
         FROM departments d WHERE d.id = $1 AND d.deleted_at IS NULL")
        .bind(id).bind(channel).fetch_optional(c).await?))
}
