//! Returning conversations to the queue, and moving them out of a department that no longer serves their channel.
//! Whole sets at once: an agent may have hundreds. Locks: conversations by ascending id, then tickets.

use super::{Either, Result, Tx, on};
use crate::domain::ids::{AgentId, ChannelId, DepartmentId};
use crate::domain::time::Time;

/// Whose conversations, and optionally where only.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    /// The assignee.
    pub by: AgentId,
    /// Only on this channel.
    pub channel_id: Option<ChannelId>,
    /// Only in this department.
    pub department_id: Option<DepartmentId>,
}

/// Takes the assignee off these open conversations and their current tickets, with an event for each.
pub async fn release(tx: &mut Tx, held: Held, now: Time) -> Result<()> {
    if !lock_held(tx, held).await? {
        return Ok(());
    }
    on!(tx, c => sqlx::query(
        "INSERT INTO events (kind, object_id, conversation_id, channel_id, department_id, created_at)
         SELECT 'conversation', id, id, CASE WHEN NOT pending THEN channel_id END,
             CASE WHEN NOT pending THEN department_id END, CAST($4 AS BIGINT) FROM conversations
         WHERE assignee_id = $1 AND state = 'open'
           AND channel_id = COALESCE($2, channel_id) AND department_id = COALESCE($3, department_id)
         UNION ALL
         SELECT 'ticket', ticket_id, id, CASE WHEN NOT pending THEN channel_id END,
             CASE WHEN NOT pending THEN department_id END, CAST($4 AS BIGINT) FROM conversations
         WHERE assignee_id = $1 AND state = 'open' AND ticket_id IS NOT NULL
           AND channel_id = COALESCE($2, channel_id) AND department_id = COALESCE($3, department_id)")
        .bind(held.by).bind(held.channel_id).bind(held.department_id).bind(now)
        .execute(c).await.map(|_| ())?);
    on!(tx, c => sqlx::query(
        "UPDATE tickets SET assignee_id = NULL, version = version + 1 WHERE id IN (
             SELECT ticket_id FROM conversations
             WHERE assignee_id = $1 AND state = 'open'
               AND channel_id = COALESCE($2, channel_id) AND department_id = COALESCE($3, department_id))")
        .bind(held.by).bind(held.channel_id).bind(held.department_id)
        .execute(c).await.map(|_| ())?);
    on!(tx, c => sqlx::query(
        "UPDATE conversations SET assignee_id = NULL
         WHERE assignee_id = $1 AND state = 'open'
           AND channel_id = COALESCE($2, channel_id) AND department_id = COALESCE($3, department_id)")
        .bind(held.by).bind(held.channel_id).bind(held.department_id)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// Locks them in the order of ids; whether there are any.
async fn lock_held(tx: &mut Tx, held: Held) -> Result<bool> {
    let ids: Vec<i64> = match tx.either() {
        Either::Sqlite(c) => {
            sqlx::query_scalar(
                "SELECT id FROM conversations
                 WHERE assignee_id = $1 AND state = 'open'
                   AND channel_id = COALESCE($2, channel_id) AND department_id = COALESCE($3, department_id) LIMIT 1",
            )
            .bind(held.by)
            .bind(held.channel_id)
            .bind(held.department_id)
            .fetch_all(c)
            .await?
        }
        Either::Postgres(c) => {
            sqlx::query_scalar(
                "SELECT id FROM conversations
                 WHERE assignee_id = $1 AND state = 'open'
                   AND channel_id = COALESCE($2, channel_id) AND department_id = COALESCE($3, department_id)
                 ORDER BY id FOR UPDATE",
            )
            .bind(held.by)
            .bind(held.channel_id)
            .bind(held.department_id)
            .fetch_all(c)
            .await?
        }
    };
    Ok(!ids.is_empty())
}

/// A department no longer serves a channel: its conversations there move to the channel's default department,
/// unassigned, with an event for each open one.
pub async fn move_out(
    tx: &mut Tx,
    channel_id: ChannelId,
    from: DepartmentId,
    to: DepartmentId,
    now: Time,
) -> Result<()> {
    if let Either::Postgres(c) = tx.either() {
        sqlx::query("SELECT id FROM conversations WHERE channel_id = $1 AND department_id = $2 ORDER BY id FOR UPDATE")
            .bind(channel_id)
            .bind(from)
            .execute(c)
            .await?;
    }
    on!(tx, c => sqlx::query(
        "INSERT INTO events (kind, object_id, conversation_id, channel_id, department_id, created_at)
         SELECT 'conversation', id, id, channel_id, CAST($3 AS BIGINT), CAST($4 AS BIGINT) FROM conversations
         WHERE channel_id = $1 AND department_id = $2 AND state = 'open' AND NOT pending
         UNION ALL
         SELECT 'conversation', id, id, channel_id, department_id, CAST($4 AS BIGINT) FROM conversations
         WHERE channel_id = $1 AND department_id = $2 AND state = 'open' AND NOT pending")
        .bind(channel_id).bind(from).bind(to).bind(now).execute(c).await.map(|_| ())?);
    on!(tx, c => sqlx::query(
        "UPDATE tickets SET department_id = $3, assignee_id = NULL, version = version + 1 WHERE id IN (
             SELECT ticket_id FROM conversations WHERE channel_id = $1 AND department_id = $2)")
        .bind(channel_id).bind(from).bind(to).execute(c).await.map(|_| ())?);
    on!(tx, c => sqlx::query(
        "UPDATE conversations SET department_id = $3, assignee_id = NULL WHERE channel_id = $1 AND department_id = $2")
        .bind(channel_id).bind(from).bind(to).execute(c).await.map(|_| ())?);
    Ok(())
}
