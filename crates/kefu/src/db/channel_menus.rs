//! The menus of channels: the draft administrators edit, and what was published last. What phones show, WeChat knows.

use super::{Conn, Result, Tx, on};
use crate::domain::ids::{AgentId, ChannelId};
use crate::domain::menu::MenuItem;
use crate::domain::time::Time;

/// A stored menu.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MenuRow {
    pub channel_id: ChannelId,
    pub draft: Option<String>,
    pub published: Option<String>,
    pub published_at: Option<Time>,
    pub changed_by: Option<AgentId>,
    pub changed_at: Time,
    pub version: i64,
}

impl MenuRow {
    /// The items of the draft.
    pub fn draft_items(&self) -> Option<Vec<MenuItem>> {
        self.draft
            .as_deref()
            .and_then(|draft| serde_json::from_str(draft).ok())
    }
}

/// The menu of a channel, if it was ever edited here.
pub async fn find(conn: &mut Conn, channel_id: ChannelId) -> Result<Option<MenuRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT channel_id, draft, published, published_at, changed_by, changed_at, version
         FROM channel_menus WHERE channel_id = $1")
        .bind(channel_id).fetch_optional(c).await?))
}

/// Writes the draft, and counts the version on.
pub async fn save_draft(
    tx: &mut Tx,
    channel_id: ChannelId,
    draft: Option<&str>,
    by: Option<AgentId>,
    now: Time,
) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO channel_menus (channel_id, draft, changed_by, changed_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (channel_id) DO UPDATE
         SET draft = excluded.draft, changed_by = excluded.changed_by, changed_at = excluded.changed_at,
             version = channel_menus.version + 1")
        .bind(channel_id).bind(draft).bind(by).bind(now)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// Writes down what the provider has taken; `None`: it was removed there.
pub async fn save_published(
    tx: &mut Tx,
    channel_id: ChannelId,
    published: Option<&str>,
    now: Time,
) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE channel_menus SET published = $2, published_at = CASE WHEN $3 THEN $4 END WHERE channel_id = $1")
        .bind(channel_id).bind(published).bind(published.is_some()).bind(now)
        .execute(c).await.map(|_| ())?);
    Ok(())
}
