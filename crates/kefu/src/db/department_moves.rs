//! A department's work goes to another one: counting what it has, and moving whole sets at once.
//! Locks: departments, then channels by ascending id, conversations by ascending id, tickets.

use super::{Conn, Either, Result, Tx, on};
use crate::domain::ids::{ChannelId, DepartmentId};
use crate::domain::time::Time;

/// What refers to a department.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Uses {
    /// Channels that serve it and are not deleted.
    pub channels: i64,
    /// Conversations, whatever their state.
    pub conversations: i64,
    /// Of these the open ones.
    pub open_conversations: i64,
    /// Tickets, whatever their status.
    pub tickets: i64,
}

impl Uses {
    /// Whether something would be left without a department.
    pub const fn any(self) -> bool {
        self.channels > 0 || self.conversations > 0 || self.tickets > 0
    }
}

/// Counts what refers to the department.
pub async fn uses(conn: &mut Conn, id: DepartmentId) -> Result<Uses> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT
            (SELECT COUNT(*) FROM channel_departments d JOIN channels ch ON ch.id = d.channel_id
             WHERE d.department_id = $1 AND ch.state <> 'deleted') AS channels,
            (SELECT COUNT(*) FROM conversations WHERE department_id = $1) AS conversations,
            (SELECT COUNT(*) FROM conversations WHERE department_id = $1 AND state = 'open') AS open_conversations,
            (SELECT COUNT(*) FROM tickets WHERE department_id = $1) AS tickets")
        .bind(id).fetch_one(c).await?))
}

/// Whether it is the only department while there is a channel, which could not do without.
pub async fn is_last_with_channels(conn: &mut Conn, id: DepartmentId) -> Result<bool> {
    let (others, channels): (i64, i64) = on!(conn, c => sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM departments WHERE id <> $1 AND deleted_at IS NULL),
                (SELECT COUNT(*) FROM channels WHERE state <> 'deleted')")
        .bind(id).fetch_one(c).await?);
    Ok(others == 0 && channels > 0)
}

/// Locks both departments, so that two do not move into each other, and the channels of the first.
pub async fn lock(tx: &mut Tx, from: DepartmentId, to: Option<DepartmentId>) -> Result<()> {
    if let Either::Postgres(c) = tx.either() {
        sqlx::query("SELECT id FROM departments WHERE deleted_at IS NULL ORDER BY id FOR UPDATE")
            .execute(&mut *c)
            .await?;
        sqlx::query(
            "SELECT id FROM channels WHERE id IN (
                SELECT channel_id FROM channel_departments WHERE department_id = $1 OR department_id = $2)
             ORDER BY id FOR UPDATE",
        )
        .bind(from)
        .bind(to)
        .execute(&mut *c)
        .await?;
        sqlx::query("SELECT id FROM conversations WHERE department_id = $1 ORDER BY id FOR UPDATE")
            .bind(from)
            .execute(c)
            .await?;
    }
    Ok(())
}

/// The channels are served by the other department from now on, with the timer of the first and those of its associated
/// agents who belong to both. Where the other one serves a channel already its preferences stay. Answers the channels.
pub async fn move_channels(tx: &mut Tx, from: DepartmentId, to: DepartmentId) -> Result<Vec<ChannelId>> {
    on!(tx, c => sqlx::query(
        "INSERT INTO preference_agents (channel_id, department_id, agent_id)
         SELECT p.channel_id, CAST($2 AS BIGINT), p.agent_id FROM preference_agents p
         JOIN agent_departments m ON m.agent_id = p.agent_id AND m.department_id = $2
         WHERE p.department_id = $1 AND NOT EXISTS (
             SELECT 1 FROM channel_departments served WHERE served.channel_id = p.channel_id AND served.department_id = $2)
         ON CONFLICT DO NOTHING")
        .bind(from).bind(to).execute(c).await.map(|_| ())?);
    on!(tx, c => sqlx::query(
        "INSERT INTO preferences (channel_id, department_id, ticket_timer_minutes)
         SELECT channel_id, CAST($2 AS BIGINT), ticket_timer_minutes FROM preferences WHERE department_id = $1
         ON CONFLICT DO NOTHING")
        .bind(from).bind(to).execute(c).await.map(|_| ())?);
    on!(tx, c => sqlx::query(
        "INSERT INTO channel_departments (channel_id, department_id)
         SELECT channel_id, CAST($2 AS BIGINT) FROM channel_departments WHERE department_id = $1
         ON CONFLICT DO NOTHING")
        .bind(from).bind(to).execute(c).await.map(|_| ())?);
    on!(tx, c => sqlx::query(
        "UPDATE channels SET default_department_id = $2, version = version + 1 WHERE default_department_id = $1")
        .bind(from).bind(to).execute(c).await.map(|_| ())?);
    leave_channels(tx, from).await
}

/// The department serves no channel any more, and has no preferences.
async fn leave_channels(tx: &mut Tx, id: DepartmentId) -> Result<Vec<ChannelId>> {
    on!(tx, c => sqlx::query("DELETE FROM preferences WHERE department_id = $1")
        .bind(id).execute(c).await.map(|_| ())?);
    Ok(
        on!(tx, c => sqlx::query_scalar("DELETE FROM channel_departments WHERE department_id = $1 RETURNING channel_id")
        .bind(id).fetch_all(c).await?),
    )
}

/// Moves every conversation and ticket. An assignee who would no longer see a conversation gives it back to the queue.
/// Each open conversation is told of twice: to those who lose sight of it, and to those who get it.
pub async fn move_work(tx: &mut Tx, from: DepartmentId, to: DepartmentId, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO events (kind, object_id, conversation_id, channel_id, department_id, created_at)
         SELECT 'conversation', cv.id, cv.id, CASE WHEN NOT cv.pending THEN cv.channel_id END,
             CASE WHEN NOT cv.pending THEN place.department_id END, CAST($3 AS BIGINT)
         FROM conversations cv
         JOIN (SELECT CAST($1 AS BIGINT) AS department_id UNION ALL SELECT CAST($2 AS BIGINT)) place ON TRUE
         WHERE cv.department_id = $1 AND cv.state = 'open'
         ORDER BY cv.id, place.department_id")
        .bind(from).bind(to).bind(now).execute(c).await.map(|_| ())?);
    on!(tx, c => sqlx::query(
        "UPDATE conversations SET department_id = $2, assignee_id = CASE WHEN EXISTS (
             SELECT 1 FROM agents a WHERE a.id = assignee_id AND a.state = 'active' AND (
                 a.role = 'admin'
                 OR (a.role = 'supervisor' AND EXISTS (SELECT 1 FROM agent_departments d
                     WHERE d.agent_id = a.id AND d.department_id = $2))
                 OR (a.role = 'agent' AND EXISTS (SELECT 1 FROM preference_agents p WHERE p.agent_id = a.id
                     AND p.channel_id = conversations.channel_id AND p.department_id = $2))))
             THEN assignee_id END
         WHERE department_id = $1")
        .bind(from).bind(to).execute(c).await.map(|_| ())?);
    on!(tx, c => sqlx::query(
        "UPDATE tickets SET department_id = $2, version = version + 1, assignee_id = CASE WHEN EXISTS (
             SELECT 1 FROM conversations cv WHERE cv.id = tickets.conversation_id AND cv.ticket_id = tickets.id)
             THEN (SELECT cv.assignee_id FROM conversations cv WHERE cv.id = tickets.conversation_id) ELSE assignee_id END
         WHERE department_id = $1")
        .bind(from).bind(to).execute(c).await.map(|_| ())?);
    Ok(())
}
