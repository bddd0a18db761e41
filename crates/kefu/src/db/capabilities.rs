//! What the accounts of channels have shown they may do.

use super::{Conn, Result, Tx, on};
use crate::domain::capability::{Capability, CapabilityState};
use crate::domain::channel::Region;
use crate::domain::ids::ChannelId;
use crate::domain::sendable::Account;
use crate::domain::time::Time;

/// One finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct CapabilityRow {
    pub capability: Capability,
    pub state: CapabilityState,
    /// WeChat's number, where it refused.
    pub code: Option<i64>,
    pub checked_at: Time,
}

/// Everything known of a channel's account, by word.
pub async fn list(conn: &mut Conn, channel_id: ChannelId) -> Result<Vec<CapabilityRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT capability, state, code, checked_at FROM channel_capabilities
         WHERE channel_id = $1 ORDER BY capability")
        .bind(channel_id).fetch_all(c).await?))
}

/// Writes a finding down.
pub async fn put(tx: &mut Tx, channel_id: ChannelId, found: CapabilityRow) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO channel_capabilities (channel_id, capability, state, code, checked_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (channel_id, capability)
         DO UPDATE SET state = excluded.state, code = excluded.code, checked_at = excluded.checked_at")
        .bind(channel_id).bind(found.capability).bind(found.state).bind(found.code).bind(found.checked_at)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// What was known is about another account.
pub async fn forget(tx: &mut Tx, channel_id: ChannelId) -> Result<()> {
    on!(tx, c => sqlx::query("DELETE FROM channel_capabilities WHERE channel_id = $1")
        .bind(channel_id).execute(c).await.map(|_| ())?);
    Ok(())
}

/// Active channels of which nothing was found since `since`.
pub async fn due(conn: &mut Conn, since: Time) -> Result<Vec<ChannelId>> {
    Ok(on!(conn, c => sqlx::query_scalar(
        "SELECT id FROM channels
         WHERE state = 'active' AND NOT EXISTS (
             SELECT 1 FROM channel_capabilities k WHERE k.channel_id = channels.id AND k.checked_at > $1)
         ORDER BY id")
        .bind(since).fetch_all(c).await?))
}

#[derive(Debug, sqlx::FromRow)]
struct AccountRow {
    region: Region,
    media_upload: Option<CapabilityState>,
    voice_send: Option<CapabilityState>,
    video_send: Option<CapabilityState>,
}

/// What decides which kinds of messages a channel's account can send.
pub async fn account(conn: &mut Conn, channel_id: ChannelId) -> Result<Option<Account>> {
    let row: Option<AccountRow> = on!(conn, c => sqlx::query_as(
        "SELECT ch.region, up.state AS media_upload, vo.state AS voice_send, vi.state AS video_send
         FROM channels ch
         LEFT JOIN channel_capabilities up ON up.channel_id = ch.id AND up.capability = 'media_upload'
         LEFT JOIN channel_capabilities vo ON vo.channel_id = ch.id AND vo.capability = 'voice_send'
         LEFT JOIN channel_capabilities vi ON vi.channel_id = ch.id AND vi.capability = 'video_send'
         WHERE ch.id = $1")
        .bind(channel_id).fetch_optional(c).await?);
    let known = |state: Option<CapabilityState>| state.unwrap_or(CapabilityState::Unknown);
    Ok(row.map(|row| Account {
        region: row.region,
        media_upload: known(row.media_upload),
        voice_send: known(row.voice_send),
        video_send: known(row.video_send),
    }))
}
