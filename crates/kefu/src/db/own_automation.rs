//! What accounts were last seen to do by themselves, kept because WeChat tells it only until pushes are switched on.

use super::{Conn, Result, Tx, on};
use crate::domain::ids::{AgentId, ChannelId};
use crate::domain::time::Time;

/// What was seen of one account; JSON of `domain::own_automation`.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct OwnAutomationRow {
    pub menu: Option<String>,
    pub menu_read_at: Option<Time>,
    pub replies: Option<String>,
    pub replies_read_at: Option<Time>,
    pub taken_over_at: Option<Time>,
    pub taken_over_by: Option<AgentId>,
    pub summary: Option<String>,
}

/// What was seen of a channel's account.
pub async fn find(conn: &mut Conn, channel_id: ChannelId) -> Result<Option<OwnAutomationRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT menu, menu_read_at, replies, replies_read_at, taken_over_at, taken_over_by, summary
         FROM own_automation WHERE channel_id = $1")
        .bind(channel_id).fetch_optional(c).await?))
}

/// Keeps what was read; `None` leaves what is there.
pub async fn keep(
    tx: &mut Tx,
    channel_id: ChannelId,
    menu: Option<&str>,
    replies: Option<&str>,
    now: Time,
) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO own_automation (channel_id, menu, menu_read_at, replies, replies_read_at)
         VALUES ($1, $2, CASE WHEN $3 THEN $6 END, $4, CASE WHEN $5 THEN $6 END)
         ON CONFLICT (channel_id) DO UPDATE
         SET menu = COALESCE(excluded.menu, own_automation.menu),
             menu_read_at = COALESCE(excluded.menu_read_at, own_automation.menu_read_at),
             replies = COALESCE(excluded.replies, own_automation.replies),
             replies_read_at = COALESCE(excluded.replies_read_at, own_automation.replies_read_at)")
        .bind(channel_id)
        .bind(menu)
        .bind(menu.is_some())
        .bind(replies)
        .bind(replies.is_some())
        .bind(now)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// Writes down a take-over.
pub async fn taken_over(
    tx: &mut Tx,
    channel_id: ChannelId,
    summary: &str,
    by: Option<AgentId>,
    now: Time,
) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO own_automation (channel_id, taken_over_at, taken_over_by, summary) VALUES ($1, $2, $3, $4)
         ON CONFLICT (channel_id) DO UPDATE
         SET taken_over_at = excluded.taken_over_at, taken_over_by = excluded.taken_over_by, summary = excluded.summary")
        .bind(channel_id).bind(now).bind(by).bind(summary)
        .execute(c).await.map(|_| ())?);
    Ok(())
}
