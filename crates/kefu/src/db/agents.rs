//! Agents: who signs in. The password hash leaves this file only to be verified.

use super::{Conn, Either, Result, Tx, on};
use crate::domain::agent::{AgentState, Availability, Language, Role};
use crate::domain::ids::{AgentId, DepartmentId, MediaId};
use crate::domain::time::Time;

/// A stored agent, without the password.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AgentRow {
    pub id: AgentId,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub state: AgentState,
    pub availability: Availability,
    pub language: Option<Language>,
    pub time_zone: Option<String>,
    pub picture_media_id: Option<MediaId>,
    /// Whether a password is set; without one the invitation is still open.
    pub has_password: bool,
    /// Whether a second factor is asked for.
    pub has_second_factor: bool,
    pub created_at: Time,
    pub version: i64,
}

/// What a new agent begins with.
#[derive(Debug, Clone)]
pub struct NewAgent {
    /// Lower-cased.
    pub email: String,
    pub name: String,
    pub role: Role,
    /// What the invitation and later the console speak; `None`: the browser decides.
    pub language: Option<Language>,
    pub password_hash: Option<String>,
}

/// What sign-in needs.
#[derive(Clone, sqlx::FromRow)]
pub struct Credentials {
    pub id: AgentId,
    pub password_hash: Option<String>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// One agent.
pub async fn find(conn: &mut Conn, id: AgentId) -> Result<Option<AgentRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT id, email, name, role, state, availability, language, time_zone, picture_media_id,
                password_hash IS NOT NULL AS has_password, created_at, version,
                EXISTS (SELECT 1 FROM second_factors f WHERE f.agent_id = agents.id AND f.confirmed_at IS NOT NULL)
                    AS has_second_factor
         FROM agents WHERE id = $1")
        .bind(id).fetch_optional(c).await?))
}

/// Agents with an id greater than `after`, by id; one more than `limit`.
pub async fn list(conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<AgentRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT id, email, name, role, state, availability, language, time_zone, picture_media_id,
                password_hash IS NOT NULL AS has_password, created_at, version,
                EXISTS (SELECT 1 FROM second_factors f WHERE f.agent_id = agents.id AND f.confirmed_at IS NOT NULL)
                    AS has_second_factor
         FROM agents WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(after).bind(limit + 1).fetch_all(c).await?))
}

/// The departments of the agents with an id greater than `after`, by agent and department.
pub async fn departments_after(
    conn: &mut Conn,
    after: i64,
    last: i64,
) -> Result<Vec<(AgentId, DepartmentId)>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT agent_id, department_id FROM agent_departments
         WHERE agent_id > $1 AND agent_id <= $2 ORDER BY agent_id, department_id")
        .bind(after).bind(last).fetch_all(c).await?))
}

/// The active agent with this e-mail address, with the password hash.
pub async fn credentials(conn: &mut Conn, email: &str) -> Result<Option<Credentials>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT id, password_hash FROM agents WHERE email = $1 AND state = 'active'")
        .bind(email).fetch_optional(c).await?))
}

/// The agent with this e-mail address, whatever their state.
pub async fn find_by_email(conn: &mut Conn, email: &str) -> Result<Option<AgentId>> {
    Ok(
        on!(conn, c => sqlx::query_scalar("SELECT id FROM agents WHERE email = $1")
        .bind(email).fetch_optional(c).await?),
    )
}

/// The password hash of an agent.
pub async fn password_hash(conn: &mut Conn, id: AgentId) -> Result<Option<String>> {
    let hash: Option<Option<String>> = on!(conn, c => sqlx::query_scalar("SELECT password_hash FROM agents WHERE id = $1")
        .bind(id).fetch_optional(c).await?);
    Ok(hash.flatten())
}

/// Adds an agent; `agents_email_key` is the broken rule when the address is taken.
pub async fn insert(tx: &mut Tx, new: &NewAgent, now: Time) -> Result<AgentId> {
    Ok(on!(tx, c => sqlx::query_scalar(
        "INSERT INTO agents (email, name, role, state, availability, password_hash, created_at, language)
         VALUES ($1, $2, $3, 'active', 'offline', $4, $5, $6) RETURNING id")
        .bind(&new.email)
        .bind(&new.name)
        .bind(new.role)
        .bind(&new.password_hash)
        .bind(now)
        .bind(new.language)
        .fetch_one(c).await?))
}

/// Writes what may be changed of an agent.
pub async fn update(tx: &mut Tx, row: &AgentRow) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE agents SET name = $2, role = $3, state = $4, availability = $5, language = $6, time_zone = $7,
                version = version + 1
         WHERE id = $1")
        .bind(row.id)
        .bind(&row.name)
        .bind(row.role)
        .bind(row.state)
        .bind(row.availability)
        .bind(row.language)
        .bind(&row.time_zone)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// How many open conversations an agent has: they go back to the queue when the agent is disabled.
pub async fn open_conversations(conn: &mut Conn, id: AgentId) -> Result<i64> {
    Ok(
        on!(conn, c => sqlx::query_scalar("SELECT COUNT(*) FROM conversations WHERE assignee_id = $1 AND state = 'open'")
        .bind(id).fetch_one(c).await?),
    )
}

/// Sets the picture.
pub async fn set_picture(tx: &mut Tx, id: AgentId, picture: Option<MediaId>) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE agents SET picture_media_id = $2, version = version + 1 WHERE id = $1")
        .bind(id).bind(picture).execute(c).await.map(|_| ())?);
    Ok(())
}

/// Sets the password.
pub async fn set_password(tx: &mut Tx, id: AgentId, hash: &str) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE agents SET password_hash = $2, version = version + 1 WHERE id = $1")
        .bind(id).bind(hash).execute(c).await.map(|_| ())?);
    Ok(())
}

/// The agents who may administer; locked, so that two cannot demote each other at once.
pub async fn lock_active_admins(tx: &mut Tx) -> Result<Vec<AgentId>> {
    Ok(match tx.either() {
        Either::Sqlite(c) => {
            sqlx::query_scalar("SELECT id FROM agents WHERE role = 'admin' AND state = 'active' ORDER BY id")
                .fetch_all(c)
                .await?
        }
        Either::Postgres(c) => {
            sqlx::query_scalar(
                "SELECT id FROM agents WHERE role = 'admin' AND state = 'active' ORDER BY id FOR UPDATE",
            )
            .fetch_all(c)
            .await?
        }
    })
}

/// Adds an agent to a department.
pub async fn join(tx: &mut Tx, id: AgentId, department_id: DepartmentId) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO agent_departments (agent_id, department_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(id).bind(department_id).execute(c).await.map(|_| ())?);
    Ok(())
}

/// Takes an agent out of a department, and out of its associations.
pub async fn leave(tx: &mut Tx, id: AgentId, department_id: DepartmentId) -> Result<()> {
    on!(tx, c => sqlx::query("DELETE FROM preference_agents WHERE agent_id = $1 AND department_id = $2")
        .bind(id).bind(department_id).execute(c).await.map(|_| ())?);
    on!(tx, c => sqlx::query("DELETE FROM agent_departments WHERE agent_id = $1 AND department_id = $2")
        .bind(id).bind(department_id).execute(c).await.map(|_| ())?);
    Ok(())
}
