//! To whom a conversation may go: agents and departments as far as assignment asks about them.

use super::visibility;
use super::{Conn, Result, on};
use crate::domain::agent::{AgentState, Availability, Role};
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

/// An agent who may have a conversation of a channel and department, with what they have already.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct OfferedAgent {
    pub id: AgentId,
    pub name: String,
    pub availability: Availability,
    pub open_conversations: i64,
}

/// The same rule as [`may_have`], for all agents at once: those online first, then those with the least work.
pub async fn agents(
    conn: &mut Conn,
    channel: ChannelId,
    department: DepartmentId,
) -> Result<Vec<OfferedAgent>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT a.id, a.name, a.availability, (
             SELECT COUNT(*) FROM conversations c
             WHERE c.assignee_id = a.id AND c.state = 'open') AS open_conversations
         FROM agents a
         WHERE a.state = 'active' AND (
             a.role = 'admin'
             OR (a.role = 'supervisor' AND EXISTS (
                 SELECT 1 FROM agent_departments d WHERE d.agent_id = a.id AND d.department_id = $2))
             OR (a.role = 'agent' AND EXISTS (
                 SELECT 1 FROM preference_agents p
                 WHERE p.agent_id = a.id AND p.channel_id = $1 AND p.department_id = $2)))
         ORDER BY CASE a.availability WHEN 'online' THEN 0 WHEN 'away' THEN 1 ELSE 2 END,
             open_conversations, a.name, a.id LIMIT 500")
        .bind(channel).bind(department).fetch_all(c).await?))
}

/// A department that serves a channel, with its queue there.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct OfferedDepartment {
    pub id: DepartmentId,
    pub name: String,
    pub queued: i64,
    pub online: i64,
}

/// The departments that serve the channel, by name.
pub async fn departments(conn: &mut Conn, channel: ChannelId) -> Result<Vec<OfferedDepartment>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT d.id, d.name, (
             SELECT COUNT(*) FROM conversations c
             WHERE c.assignee_id IS NULL AND c.state = 'open' AND NOT c.blocked
               AND c.channel_id = $1 AND c.department_id = d.id) AS queued, (
             SELECT COUNT(*) FROM preference_agents p JOIN agents a ON a.id = p.agent_id
             WHERE p.channel_id = $1 AND p.department_id = d.id
               AND a.state = 'active' AND a.role <> 'viewer' AND a.availability = 'online') AS online
         FROM departments d JOIN channel_departments cd ON cd.department_id = d.id AND cd.channel_id = $1
         WHERE d.deleted_at IS NULL ORDER BY d.name, d.id")
        .bind(channel).fetch_all(c).await?))
}
