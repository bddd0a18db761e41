//! Invitations: how an agent without a password sets the first one. Times are wall clock.

use super::{Conn, Result, Tx, on};
use crate::auth::token::TokenHash;
use crate::domain::agent::{AgentState, Language};
use crate::domain::ids::AgentId;
use crate::domain::time::Time;

/// Adds an invitation.
pub async fn insert(tx: &mut Tx, agent_id: AgentId, hash: &TokenHash, expires_at: Time) -> Result<()> {
    on!(tx, c => sqlx::query("INSERT INTO invitations (agent_id, token_hash, expires_at) VALUES ($1, $2, $3)")
        .bind(agent_id).bind(hash.as_bytes()).bind(expires_at).execute(c).await.map(|_| ())?);
    Ok(())
}

/// What became of the invitation with this token, with whom it is for.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct InvitedRow {
    pub agent_id: AgentId,
    pub expires_at: Time,
    pub used_at: Option<Time>,
    pub state: AgentState,
    pub name: String,
    pub email: String,
    pub language: Option<Language>,
}

/// The invitation with this token, whatever became of it.
pub async fn look(conn: &mut Conn, hash: &TokenHash) -> Result<Option<InvitedRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT i.agent_id, i.expires_at, i.used_at, a.state, a.name, a.email, a.language
         FROM invitations i JOIN agents a ON a.id = i.agent_id WHERE i.token_hash = $1")
        .bind(hash.as_bytes()).fetch_optional(c).await?))
}

/// Uses it up; `false` when another request was faster.
pub async fn use_up(tx: &mut Tx, hash: &TokenHash, now: Time) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query("UPDATE invitations SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL")
        .bind(hash.as_bytes()).bind(now).execute(c).await?.rows_affected());
    Ok(rows == 1)
}

/// Ends every open invitation of an agent: somebody set the password.
pub async fn end_all(tx: &mut Tx, agent_id: AgentId, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE invitations SET used_at = $2 WHERE agent_id = $1 AND used_at IS NULL")
        .bind(agent_id).bind(now).execute(c).await.map(|_| ())?);
    Ok(())
}
