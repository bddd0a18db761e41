//! The access token of each channel, shared by all nodes; sealed. `expires_at` follows the desk clock, forced
//! renewals the wall clock.

use super::{Conn, Result, Tx, on};
use crate::auth::secrets::Place;
use crate::domain::ids::ChannelId;
use crate::domain::time::{HOUR_MS, Time};

/// Forced renewals are at least this far apart.
const FORCED_APART_MS: i64 = 30_000;
/// Forced renewals of one day.
const FORCED_A_DAY: i64 = 20;
/// WeChat's day begins at midnight in Beijing.
const BEIJING_MS: i64 = 8 * HOUR_MS;

/// A stored token.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct TokenRow {
    /// Sealed; `None` until the first one is saved.
    pub token: Option<Vec<u8>>,
    /// Its end, by the desk clock.
    pub expires_at: Time,
}

/// The place of a channel's sealed token.
pub const fn place(id: ChannelId) -> Place {
    Place {
        table: "access_tokens",
        column: "token",
        row: id.0,
    }
}

/// The token of a channel.
pub async fn find(conn: &mut Conn, id: ChannelId) -> Result<Option<TokenRow>> {
    Ok(
        on!(conn, c => sqlx::query_as("SELECT token, expires_at FROM access_tokens WHERE channel_id = $1")
        .bind(id).fetch_optional(c).await?),
    )
}

/// Keeps a token in place of the last one.
pub async fn put(tx: &mut Tx, id: ChannelId, sealed: &[u8], expires_at: Time) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO access_tokens (channel_id, token, expires_at, forced_day, forced_count)
         VALUES ($1, $2, $3, 0, 0)
         ON CONFLICT (channel_id) DO UPDATE SET token = excluded.token, expires_at = excluded.expires_at")
        .bind(id).bind(sealed).bind(expires_at)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// Takes the right to one forced renewal, in one statement: two nodes cannot take the same one. A quarantined desk has
/// none: it would make the token of the desk that the backup is of useless.
pub async fn take_forced_refresh(tx: &mut Tx, id: ChannelId, now: Time) -> Result<bool> {
    let day = now.plus_ms(BEIJING_MS).0.div_euclid(24 * HOUR_MS);
    let rows = on!(tx, c => sqlx::query(
        "INSERT INTO access_tokens (channel_id, expires_at, forced_at, forced_day, forced_count)
         SELECT CAST($1 AS BIGINT), 0, CAST($2 AS BIGINT), CAST($3 AS BIGINT), 1
         WHERE NOT EXISTS (SELECT 1 FROM installation WHERE quarantined_since IS NOT NULL)
         ON CONFLICT (channel_id) DO UPDATE SET
             forced_at = $2,
             forced_count = CASE WHEN access_tokens.forced_day = $3 THEN access_tokens.forced_count + 1 ELSE 1 END,
             forced_day = $3
         WHERE (access_tokens.forced_at IS NULL OR access_tokens.forced_at <= $4)
           AND (access_tokens.forced_day <> $3 OR access_tokens.forced_count < $5)")
        .bind(id).bind(now).bind(day).bind(now.plus_ms(-FORCED_APART_MS)).bind(FORCED_A_DAY)
        .execute(c).await?.rows_affected());
    Ok(rows == 1)
}
