//! Refused requests to callback addresses, counted by reason; the problem that no success has followed; and how
//! accepted pushes look. Written by `inbound::watch`, off the path of a push.

use super::events::{Change, EventKind, append};
use super::{Conn, Result, Tx, on};
use crate::domain::channel::EncryptionMode;
use crate::domain::doctor::PushRefusal;
use crate::domain::ids::ChannelId;
use crate::domain::time::Time;

/// How often one channel refused for one reason.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct RefusalRow {
    pub reason: PushRefusal,
    pub count: i64,
    pub last_at: Time,
}

/// How the accepted pushes of a channel look.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct ModeRow {
    pub mode: EncryptionMode,
    pub since: Time,
}

/// All of a channel, newest first.
pub async fn list(conn: &mut Conn, id: ChannelId) -> Result<Vec<RefusalRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT reason, count, last_at FROM push_refusals WHERE channel_id = $1 ORDER BY last_at DESC, reason")
        .bind(id).fetch_all(c).await?))
}

/// Counts refusals, and shows them as the channel's problem unless a success came after them.
pub async fn count(tx: &mut Tx, id: ChannelId, new: RefusalRow, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO push_refusals (channel_id, reason, count, last_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (channel_id, reason) DO UPDATE SET
             count = push_refusals.count + excluded.count, last_at = excluded.last_at")
        .bind(id).bind(new.reason).bind(new.count).bind(new.last_at)
        .execute(c).await.map(|_| ())?);
    let appeared = on!(tx, c => sqlx::query(
        "UPDATE channels SET callback_problem = $2, callback_problem_at = $3
         WHERE id = $1 AND state <> 'deleted' AND (callback_problem IS NULL OR callback_problem <> $2)
           AND (last_push_at IS NULL OR last_push_at <= $3)
           AND ($4 OR url_verified_at IS NULL OR url_verified_at <= $3)")
        .bind(id).bind(new.reason).bind(new.last_at).bind(!new.reason.ends_with_a_verification())
        .execute(c).await?.rows_affected());
    tell(tx, id, appeared, now).await
}

/// A push was accepted at `at`: what was refused before it is a problem no longer.
pub async fn clear(tx: &mut Tx, id: ChannelId, at: Time, now: Time) -> Result<()> {
    let cleared = on!(tx, c => sqlx::query(
        "UPDATE channels SET callback_problem = NULL, callback_problem_at = NULL
         WHERE id = $1 AND callback_problem_at <= $2")
        .bind(id).bind(at).execute(c).await?.rows_affected());
    tell(tx, id, cleared, now).await
}

/// How the channel's pushes look now.
pub async fn mode(conn: &mut Conn, id: ChannelId) -> Result<Option<ModeRow>> {
    Ok(
        on!(conn, c => sqlx::query_as("SELECT mode, since FROM push_modes WHERE channel_id = $1")
        .bind(id).fetch_optional(c).await?),
    )
}

/// Writes down how they look from now on.
pub async fn put_mode(tx: &mut Tx, id: ChannelId, new: ModeRow) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO push_modes (channel_id, mode, since) VALUES ($1, $2, $3)
         ON CONFLICT (channel_id) DO UPDATE SET mode = excluded.mode, since = excluded.since
         WHERE push_modes.mode <> excluded.mode")
        .bind(id).bind(new.mode).bind(new.since)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

async fn tell(tx: &mut Tx, id: ChannelId, changed: u64, now: Time) -> Result<()> {
    if changed == 0 {
        return Ok(());
    }
    let change = Change {
        kind: EventKind::Channel,
        object_id: id.0,
        scope: None,
    };
    append(tx, change, now).await
}
