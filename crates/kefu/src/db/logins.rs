//! Logins: signed-in browsers and API tokens. Times here are wall clock.

use super::{Conn, Result, Tx, on};
use crate::auth::token::TokenHash;
use crate::desk::Desk;
use crate::domain::agent::{LoginKind, Role};
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
    /// Whether it may do nothing but set up a second factor.
    pub lacks_second_factor: bool,
}

/// The login with this token, if it is valid and its agent may sign in.
pub async fn find(conn: &mut Conn, hash: &TokenHash, now: Time) -> Result<Option<LoginRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT l.id, l.agent_id, a.role, a.name, l.last_seen_at, l.lacks_second_factor
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

/// Remembers, now and then, that a login was used. Nobody waits for that, and a full disk must not stop reading.
pub fn seen(desk: &Desk, row: &LoginRow, now: Time) {
    if now.since_ms(row.last_seen_at) < SEEN_EVERY_MS {
        return;
    }
    let (db, id) = (desk.db.clone(), row.id);
    tokio::spawn(async move {
        if let Err(error) = db.write(move |tx| Box::pin(touch(tx, id, now))).await {
            tracing::warn!(login = %id, %error, "that a login was used could not be written down");
        }
    });
}

async fn touch(tx: &mut Tx, id: LoginId, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE logins SET last_seen_at = $2 WHERE id = $1")
        .bind(id).bind(now).execute(c).await.map(|_| ())?);
    Ok(())
}

/// A login to add.
#[derive(Debug, Clone)]
pub struct NewLogin {
    /// Whose.
    pub agent_id: AgentId,
    /// A browser or a program.
    pub kind: LoginKind,
    /// Of its token.
    pub hash: TokenHash,
    /// How its owner recognises it.
    pub label: String,
    /// When it ends by itself.
    pub expires_at: Time,
}

/// A login as its owner sees it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LoginEntry {
    /// The login.
    pub id: LoginId,
    /// A browser or a program.
    pub kind: LoginKind,
    /// How its owner recognises it.
    pub label: String,
    /// When it was made.
    pub created_at: Time,
    /// When it was last used, roughly.
    pub last_seen_at: Time,
    /// When it ends by itself.
    pub expires_at: Time,
}

/// Adds a login.
pub async fn insert(tx: &mut Tx, new: &NewLogin, now: Time) -> Result<LoginId> {
    Ok(on!(tx, c => sqlx::query_scalar(
        "INSERT INTO logins (agent_id, kind, token_hash, label, created_at, last_seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $5, $6) RETURNING id")
        .bind(new.agent_id)
        .bind(new.kind)
        .bind(new.hash.as_bytes())
        .bind(&new.label)
        .bind(now)
        .bind(new.expires_at)
        .fetch_one(c).await?))
}

/// The valid logins of an agent with an id greater than `after`, by id; one more than `limit`.
pub async fn list(
    conn: &mut Conn,
    agent_id: AgentId,
    after: i64,
    limit: i64,
    now: Time,
) -> Result<Vec<LoginEntry>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT id, kind, label, created_at, last_seen_at, expires_at FROM logins
         WHERE agent_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND id > $3 ORDER BY id LIMIT $4")
        .bind(agent_id).bind(now).bind(after).bind(limit + 1).fetch_all(c).await?))
}

/// Ends one login of an agent; `false` when there is no such valid login.
pub async fn revoke(tx: &mut Tx, agent_id: AgentId, id: LoginId, now: Time) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(
        "UPDATE logins SET revoked_at = $3 WHERE id = $1 AND agent_id = $2 AND revoked_at IS NULL AND expires_at > $3")
        .bind(id).bind(agent_id).bind(now).execute(c).await?.rows_affected());
    Ok(rows == 1)
}

/// Ends every login of an agent but `keep`.
pub async fn revoke_all(tx: &mut Tx, agent_id: AgentId, keep: Option<LoginId>, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE logins SET revoked_at = $3 WHERE agent_id = $1 AND id <> $2 AND revoked_at IS NULL")
        .bind(agent_id).bind(keep.map_or(0, |id| id.0)).bind(now).execute(c).await.map(|_| ())?);
    Ok(())
}

/// Ends every browser login of an agent but `keep`. Tokens of programs stay.
pub async fn revoke_other_browsers(tx: &mut Tx, agent_id: AgentId, keep: LoginId, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE logins SET revoked_at = $3 WHERE agent_id = $1 AND id <> $2 AND kind = 'browser' AND revoked_at IS NULL")
        .bind(agent_id).bind(keep).bind(now).execute(c).await.map(|_| ())?);
    Ok(())
}
