//! The authenticators of agents, and their recovery codes. Times are wall clock.

use super::{Conn, Result, Tx, on};
use crate::auth::token::TokenHash;
use crate::domain::ids::{AgentId, LoginId};
use crate::domain::time::Time;

/// A stored authenticator.
#[derive(Clone, sqlx::FromRow)]
pub struct FactorRow {
    /// Sealed.
    pub secret: Vec<u8>,
    /// Since when it is asked for; `None`: it is still being set up.
    pub confirmed_at: Option<Time>,
}

impl std::fmt::Debug for FactorRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FactorRow(***)")
    }
}

/// The agent's authenticator.
pub async fn find(conn: &mut Conn, id: AgentId) -> Result<Option<FactorRow>> {
    Ok(
        on!(conn, c => sqlx::query_as("SELECT secret, confirmed_at FROM second_factors WHERE agent_id = $1")
        .bind(id).fetch_optional(c).await?),
    )
}

/// Begins to set one up, in place of one that was never confirmed; false when there is a confirmed one.
pub async fn begin(tx: &mut Tx, id: AgentId, sealed: &[u8], now: Time) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(
        "INSERT INTO second_factors (agent_id, secret, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (agent_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at
         WHERE second_factors.confirmed_at IS NULL")
        .bind(id).bind(sealed).bind(now).execute(c).await?.rows_affected());
    Ok(rows == 1)
}

/// From now on it is asked for; false when it was already, or is gone.
pub async fn confirm(tx: &mut Tx, id: AgentId, now: Time) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(
        "UPDATE second_factors SET confirmed_at = $2 WHERE agent_id = $1 AND confirmed_at IS NULL")
        .bind(id).bind(now).execute(c).await?.rows_affected());
    Ok(rows == 1)
}

/// Takes the code of a step, in one statement: of two who use the same code at once one is refused.
pub async fn take_step(tx: &mut Tx, id: AgentId, step: i64) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(
        "UPDATE second_factors SET last_step = $2 WHERE agent_id = $1 AND last_step < $2")
        .bind(id).bind(step).execute(c).await?.rows_affected());
    Ok(rows == 1)
}

/// Takes a recovery code; false when it is none, or was used.
pub async fn take_recovery_code(tx: &mut Tx, id: AgentId, hash: &TokenHash, now: Time) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(
        "UPDATE recovery_codes SET used_at = $3 WHERE agent_id = $1 AND code_hash = $2 AND used_at IS NULL")
        .bind(id).bind(hash.as_bytes()).bind(now).execute(c).await?.rows_affected());
    Ok(rows == 1)
}

/// Gives new recovery codes in place of the old ones.
pub async fn put_recovery_codes(tx: &mut Tx, id: AgentId, hashes: &[TokenHash]) -> Result<()> {
    on!(tx, c => sqlx::query("DELETE FROM recovery_codes WHERE agent_id = $1")
        .bind(id).execute(c).await.map(|_| ())?);
    for hash in hashes {
        on!(tx, c => sqlx::query("INSERT INTO recovery_codes (agent_id, code_hash) VALUES ($1, $2)")
            .bind(id).bind(hash.as_bytes()).execute(c).await.map(|_| ())?);
    }
    Ok(())
}

/// How many recovery codes are left.
pub async fn recovery_codes_left(conn: &mut Conn, id: AgentId) -> Result<i64> {
    Ok(
        on!(conn, c => sqlx::query_scalar("SELECT COUNT(*) FROM recovery_codes WHERE agent_id = $1 AND used_at IS NULL")
        .bind(id).fetch_one(c).await?),
    )
}

/// Removes everything; false when there was nothing confirmed.
pub async fn remove(tx: &mut Tx, id: AgentId) -> Result<bool> {
    on!(tx, c => sqlx::query("DELETE FROM recovery_codes WHERE agent_id = $1")
        .bind(id).execute(c).await.map(|_| ())?);
    let rows = on!(tx, c => sqlx::query(
        "DELETE FROM second_factors WHERE agent_id = $1 AND confirmed_at IS NOT NULL")
        .bind(id).execute(c).await?.rows_affected());
    Ok(rows == 1)
}

/// Whether everybody needs one.
pub async fn is_required(conn: &mut Conn) -> Result<bool> {
    let required: Option<bool> = on!(conn, c => sqlx::query_scalar("SELECT second_factor_required FROM installation")
        .fetch_optional(c).await?);
    Ok(required.unwrap_or_default())
}

/// Says whether everybody needs one.
pub async fn require(tx: &mut Tx, required: bool) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE installation SET second_factor_required = $1 WHERE id = 1")
        .bind(required).execute(c).await.map(|_| ())?);
    Ok(())
}

/// A login that may only set one up.
pub async fn limit_login(tx: &mut Tx, id: LoginId) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE logins SET lacks_second_factor = $2 WHERE id = $1")
        .bind(id).bind(true).execute(c).await.map(|_| ())?);
    Ok(())
}

/// The agent has one now: their logins may do everything.
pub async fn free_logins(tx: &mut Tx, id: AgentId) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE logins SET lacks_second_factor = $2 WHERE agent_id = $1")
        .bind(id).bind(false).execute(c).await.map(|_| ())?);
    Ok(())
}
