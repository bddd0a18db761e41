//! The ticked steps of the wizard: one set for the whole installation.

use super::{Conn, Result, Tx, on};
use crate::domain::ids::AgentId;
use crate::domain::setup_step::SetupStep;
use crate::domain::time::Time;

/// What is known of one step.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SetupStepRow {
    pub step: SetupStep,
    /// What was chosen in it.
    pub choice: Option<String>,
    /// Who ticked it.
    pub done_by: Option<AgentId>,
    /// When; `None` while it is not ticked.
    pub done_at: Option<Time>,
}

/// Everything that was ever ticked or chosen.
pub async fn list(conn: &mut Conn) -> Result<Vec<SetupStepRow>> {
    Ok(
        on!(conn, c => sqlx::query_as("SELECT step, choice, done_by, done_at FROM setup_steps").fetch_all(c).await?),
    )
}

/// Writes a step as it is now. A step without a choice keeps the one before.
pub async fn put(tx: &mut Tx, row: &SetupStepRow) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO setup_steps (step, choice, done_by, done_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (step) DO UPDATE SET choice = COALESCE(excluded.choice, setup_steps.choice),
            done_by = excluded.done_by, done_at = excluded.done_at")
        .bind(row.step).bind(&row.choice).bind(row.done_by).bind(row.done_at)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// Nothing is ticked any more.
pub async fn clear(tx: &mut Tx) -> Result<()> {
    on!(tx, c => sqlx::query("DELETE FROM setup_steps").execute(c).await.map(|_| ())?);
    Ok(())
}
