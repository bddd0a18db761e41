//! Logins: signed-in browsers and API tokens. Times here are wall clock.

use super::{Conn, Result, Tx, on};
use crate::auth::token::TokenHash;
use crate::desk::Desk;
use crate::domain::agent::Role;
use crate::domain::ids::{AgentId, DepartmentId, LoginId};
use crate::domain::time::{MINUTE_MS, Time};

/// `last_seen_at` is written at most this often.
const SEEN_EVERY_MS: i64 = 5 * MINUTE_MS;

/// A valid login with what requests need of its agent.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LoginRow {
    /// The login.
    pub id: LoginId,
    /// The agent.
    pub agent_id: AgentId,
    /// Their role.
    pub role: Role,
    /// Their name.
    pub name: String,
    /// When it was last used, roughly.
    pub last_seen_at: Time,
}

/// The login with this token, if it is valid and its agent may sign in.
pub async fn find(conn: &mut Conn, hash: &TokenHash, now: Time) -> Result<Option<LoginRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT l.id, l.agent_id, a.role, a.name, l.last_seen_at
         FROM logins l JOIN agents a ON a.id = l.agent_id
         WHERE l.token_hash = $1 AND l.revoked_at IS NULL AND l.expires_at > $2 AND a.state = 'active'")
        .bind(hash.as_bytes())
        .bind(now)
        .fetch_optional(c).await?))
}

/// The agent's departments.
pub async fn departments(conn: &mut Conn, agent_id: AgentId) -> Result<Vec<DepartmentId>> {
    Ok(on!(conn, c => sqlx::query_scalar(
        "SELECT department_id FROM agent_departments WHERE agent_id = $1 ORDER BY department_id")
        .bind(agent_id)
        .fetch_all(c).await?))
}

/// Remembers, now and then, that a login was used.
pub async fn seen(desk: &Desk, row: &LoginRow, now: Time) -> Result<()> {
    if now.since_ms(row.last_seen_at) < SEEN_EVERY_MS {
        return Ok(());
    }
    let id = row.id;
    desk.db.write(move |tx| Box::pin(touch(tx, id, now))).await
}

async fn touch(tx: &mut Tx, id: LoginId, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE logins SET last_seen_at = $2 WHERE id = $1")
        .bind(id).bind(now).execute(c).await.map(|_| ())?);
    Ok(())
}
