//! After a restore the desk is quarantined: nothing leaves until an administrator confirms. The sender, the job runner and
//! the plan of a push look at the row themselves; here it begins and ends. Times are wall clock.

use super::{Conn, Result, Tx, on};
use crate::domain::time::Time;

/// Since when nothing leaves.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct Quarantine {
    /// When the backup was restored.
    pub since: Time,
    /// When the backup was made: what came in or left after that is unknown here.
    pub backup_made_at: Option<Time>,
}

/// The quarantine, while it lasts.
pub async fn find(conn: &mut Conn) -> Result<Option<Quarantine>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT quarantined_since AS since, backup_made_at FROM installation WHERE quarantined_since IS NOT NULL")
        .fetch_optional(c).await?))
}

/// Begins it. The event log begins anew with it: browsers that followed the one before are told to start again.
pub async fn begin(tx: &mut Tx, backup_made_at: Time, now: Time) -> Result<bool> {
    on!(tx, c => sqlx::query("DELETE FROM events").execute(c).await.map(|_| ())?);
    let rows = on!(tx, c => sqlx::query(
        "UPDATE installation SET quarantined_since = $1, backup_made_at = $2,
             epoch = CASE WHEN epoch >= $1 THEN epoch + 1 ELSE $1 END
         WHERE id = 1")
        .bind(now).bind(backup_made_at).execute(c).await?.rows_affected());
    Ok(rows == 1)
}

/// Ends it; false when there is none. Writers that remember channels look at them again, because their rows change.
pub async fn end(tx: &mut Tx) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(
        "UPDATE installation SET quarantined_since = NULL WHERE id = 1 AND quarantined_since IS NOT NULL")
        .execute(c).await?.rows_affected());
    on!(tx, c => sqlx::query("UPDATE channels SET state = state").execute(c).await.map(|_| ())?);
    Ok(rows == 1)
}
