//! Which agent a person at an identity provider is.

use super::{Conn, Result, Tx, on};
use crate::domain::ids::AgentId;
use crate::domain::time::Time;

/// A person at an identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The provider.
    pub issuer: String,
    /// The provider's id of the person; never given to another one.
    pub subject: String,
}

/// The agent this person is bound to, and whether that agent may sign in.
pub async fn agent(conn: &mut Conn, person: &Person) -> Result<Option<(AgentId, bool)>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT a.id, a.state = 'active' FROM agent_identities i JOIN agents a ON a.id = i.agent_id
         WHERE i.issuer = $1 AND i.subject = $2")
        .bind(&person.issuer).bind(&person.subject).fetch_optional(c).await?))
}

/// Binds; false when the agent is bound to somebody else there, or the person to another agent.
pub async fn bind(tx: &mut Tx, agent_id: AgentId, person: &Person, wall: Time) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(
        "INSERT INTO agent_identities (issuer, subject, agent_id, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING")
        .bind(&person.issuer).bind(&person.subject).bind(agent_id).bind(wall)
        .execute(c).await?.rows_affected());
    Ok(rows == 1)
}
