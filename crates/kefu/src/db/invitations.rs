//! Invitations: how an agent without a password sets the first one. Times are wall clock.

use super::{Conn, Result, Tx, on};
use crate::auth::token::TokenHash;
use crate::domain::ids::AgentId;
use crate::domain::time::Time;

/// An invitation that can still be used.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct InvitationRow {
    pub id: i64,
    pub agent_id: AgentId,
}

/// Adds an invitation.
pub async fn insert(tx: &mut Tx, agent_id: AgentId, hash: &TokenHash, expires_at: Time) -> Result<()> {
    on!(tx, c => sqlx::query("INSERT INTO invitations (agent_id, token_hash, expires_at) VALUES ($1, $2, $3)")
        .bind(agent_id).bind(hash.as_bytes()).bind(expires_at).execute(c).await.map(|_| ())?);
    Ok(())
}

/// The invitation with this token, if it is unused, in time, and its agent may sign in.
pub async fn find(conn: &mut Conn, hash: &TokenHash, now: Time) -> Result<Option<InvitationRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT i.id, i.agent_id FROM invitations i JOIN agents a ON a.id = i.agent_id
         WHERE i.token_hash = $1 AND i.used_at IS NULL AND i.expires_at > $2 AND a.state = 'active'")
        .bind(hash.as_bytes()).bind(now).fetch_optional(c).await?))
}

/// Uses it up; `false` when another request was faster.
pub async fn use_up(tx: &mut Tx, id: i64, now: Time) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query("UPDATE invitations SET used_at = $2 WHERE id = $1 AND used_at IS NULL")
        .bind(id).bind(now).execute(c).await?.rows_affected());
    Ok(rows == 1)
}

/// Ends every open invitation of an agent: somebody set the password.
pub async fn end_all(tx: &mut Tx, agent_id: AgentId, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE invitations SET used_at = $2 WHERE agent_id = $1 AND used_at IS NULL")
        .bind(agent_id).bind(now).execute(c).await.map(|_| ())?);
    Ok(())
}
