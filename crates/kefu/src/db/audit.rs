//! Who changed what: one row per action, in the action's transaction.

use super::{Result, Tx, on};
use crate::domain::agent::Actor;
use crate::domain::time::Time;
use serde_json::Value;

/// One audit row. `data` holds ids and codes, never secrets or message text.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Who.
    pub actor: Actor,
    /// A stable verb such as `channel.create`.
    pub action: &'static str,
    /// The kind of object, such as `channel`.
    pub object_kind: &'static str,
    /// Its number.
    pub object_id: i64,
    /// Parameters.
    pub data: Option<Value>,
}

/// Writes one row.
pub async fn write(tx: &mut Tx, entry: Entry, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO audit (at, actor_kind, actor_id, action, object_kind, object_id, data)
         VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(now)
        .bind(entry.actor.kind())
        .bind(entry.actor.agent_id())
        .bind(entry.action)
        .bind(entry.object_kind)
        .bind(entry.object_id)
        .bind(entry.data.map(|d| d.to_string()))
        .execute(c).await.map(|_| ())?);
    Ok(())
}
