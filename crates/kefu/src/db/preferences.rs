//! Preferences of a department on a channel: who is associated, and the ticket timer.

use super::{Conn, Result, Tx, on};
use crate::domain::ids::{AgentId, ChannelId, DepartmentId};
use crate::domain::ticket::DEFAULT_TIMER;

/// One department on one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// The channel.
    pub channel_id: ChannelId,
    /// The department.
    pub department_id: DepartmentId,
}

/// Stored preferences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct PreferencesRow {
    /// See `Timer::from_stored`.
    pub ticket_timer_minutes: i64,
    pub version: i64,
}

/// The preferences; every living channel has them for each of its departments.
pub async fn find(conn: &mut Conn, pair: Pair) -> Result<Option<PreferencesRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT ticket_timer_minutes, version FROM preferences WHERE channel_id = $1 AND department_id = $2")
        .bind(pair.channel_id).bind(pair.department_id).fetch_optional(c).await?))
}

/// The associated agents, by id.
pub async fn agents(conn: &mut Conn, pair: Pair) -> Result<Vec<AgentId>> {
    Ok(on!(conn, c => sqlx::query_scalar(
        "SELECT agent_id FROM preference_agents WHERE channel_id = $1 AND department_id = $2 ORDER BY agent_id")
        .bind(pair.channel_id).bind(pair.department_id).fetch_all(c).await?))
}

/// Whether the agent is a member of the department.
pub async fn is_member(conn: &mut Conn, agent_id: AgentId, department_id: DepartmentId) -> Result<bool> {
    let found: Option<i64> = on!(conn, c => sqlx::query_scalar(
        "SELECT agent_id FROM agent_departments WHERE agent_id = $1 AND department_id = $2")
        .bind(agent_id).bind(department_id).fetch_optional(c).await?);
    Ok(found.is_some())
}

/// The channels that have preferences in a department, by id: the living ones it serves.
pub async fn channels_of_department(conn: &mut Conn, id: DepartmentId) -> Result<Vec<ChannelId>> {
    Ok(on!(conn, c => sqlx::query_scalar(
        "SELECT channel_id FROM preferences WHERE department_id = $1 ORDER BY channel_id")
        .bind(id).fetch_all(c).await?))
}

/// Of those, the ones an agent is associated with, by id.
pub async fn channels_of_agent(
    conn: &mut Conn,
    department_id: DepartmentId,
    agent_id: AgentId,
) -> Result<Vec<ChannelId>> {
    Ok(on!(conn, c => sqlx::query_scalar(
        "SELECT a.channel_id FROM preference_agents a
         JOIN preferences p ON p.channel_id = a.channel_id AND p.department_id = a.department_id
         WHERE a.department_id = $1 AND a.agent_id = $2 ORDER BY a.channel_id")
        .bind(department_id).bind(agent_id).fetch_all(c).await?))
}

/// How many open conversations an agent has on each channel of a department.
pub async fn open_by_channel(
    conn: &mut Conn,
    department_id: DepartmentId,
    agent_id: AgentId,
) -> Result<Vec<(ChannelId, i64)>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT channel_id, COUNT(*) FROM conversations
         WHERE assignee_id = $2 AND state = 'open' AND department_id = $1 GROUP BY channel_id")
        .bind(department_id).bind(agent_id).fetch_all(c).await?))
}

/// The preferences have changed otherwise than by [`update`].
pub async fn count_version(tx: &mut Tx, pair: Pair) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE preferences SET version = version + 1 WHERE channel_id = $1 AND department_id = $2")
        .bind(pair.channel_id).bind(pair.department_id)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// Makes the preferences a new pair begins with.
pub async fn create(tx: &mut Tx, pair: Pair) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO preferences (channel_id, department_id, ticket_timer_minutes) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING")
        .bind(pair.channel_id)
        .bind(pair.department_id)
        .bind(DEFAULT_TIMER.stored())
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// Sets the timer, and counts the version on.
pub async fn update(tx: &mut Tx, pair: Pair, ticket_timer_minutes: i64) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE preferences SET ticket_timer_minutes = $3, version = version + 1
         WHERE channel_id = $1 AND department_id = $2")
        .bind(pair.channel_id).bind(pair.department_id).bind(ticket_timer_minutes)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// Associates an agent.
pub async fn associate(tx: &mut Tx, pair: Pair, agent_id: AgentId) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO preference_agents (channel_id, department_id, agent_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(pair.channel_id).bind(pair.department_id).bind(agent_id)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// Ends an association.
pub async fn dissociate(tx: &mut Tx, pair: Pair, agent_id: AgentId) -> Result<()> {
    on!(tx, c => sqlx::query(
        "DELETE FROM preference_agents WHERE channel_id = $1 AND department_id = $2 AND agent_id = $3")
        .bind(pair.channel_id).bind(pair.department_id).bind(agent_id)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// Removes a pair altogether.
pub async fn delete(tx: &mut Tx, pair: Pair) -> Result<()> {
    on!(tx, c => sqlx::query("DELETE FROM preference_agents WHERE channel_id = $1 AND department_id = $2")
        .bind(pair.channel_id).bind(pair.department_id).execute(c).await.map(|_| ())?);
    on!(tx, c => sqlx::query("DELETE FROM preferences WHERE channel_id = $1 AND department_id = $2")
        .bind(pair.channel_id).bind(pair.department_id).execute(c).await.map(|_| ())?);
    Ok(())
}

/// A deleted channel has no timers any more. Its associations stay: they decide who may read its history.
pub async fn delete_timers(tx: &mut Tx, channel_id: ChannelId) -> Result<()> {
    on!(tx, c => sqlx::query("DELETE FROM preferences WHERE channel_id = $1")
        .bind(channel_id).execute(c).await.map(|_| ())?);
    Ok(())
}
