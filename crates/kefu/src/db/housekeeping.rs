//! What is forgotten after a while. Each function is one small transaction's work.

use super::{Result, Tx, on};
use crate::domain::ids::MediaId;
use crate::domain::time::Time;

/// Uploads that no message ever used, made before `before`: they cannot be used any more.
pub async fn expire_uploads(tx: &mut Tx, before: Time) -> Result<u64> {
    Ok(on!(tx, c => sqlx::query(
        "UPDATE media SET state = 'expired'
         WHERE purpose = 'attachment' AND state = 'ready' AND conversation_id IS NULL AND created_at < $1")
        .bind(before).execute(c).await?.rows_affected()))
}

/// An upload whose row is gone.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ForgottenRow {
    /// What it was.
    pub id: MediaId,
    /// Its key in the store.
    pub storage_key: Option<String>,
}

/// Deletes rows of expired uploads made before `before`, and says which objects they named. A backup made since they
/// expired does not need these any more.
pub async fn forget_uploads(tx: &mut Tx, before: Time) -> Result<Vec<ForgottenRow>> {
    Ok(on!(tx, c => sqlx::query_as(
        "DELETE FROM media
         WHERE purpose = 'attachment' AND state = 'expired' AND conversation_id IS NULL AND created_at < $1
         RETURNING id, storage_key")
        .bind(before).fetch_all(c).await?))
}

/// Deletes logins that ended before `before`, by the wall clock.
pub async fn forget_logins(tx: &mut Tx, before: Time) -> Result<u64> {
    Ok(
        on!(tx, c => sqlx::query("DELETE FROM logins WHERE expires_at < $1 OR revoked_at < $1")
        .bind(before).execute(c).await?.rows_affected()),
    )
}

/// Deletes failed sign-ins that hold nobody back any more, by the wall clock.
pub async fn forget_login_failures(tx: &mut Tx, before: Time) -> Result<u64> {
    Ok(
        on!(tx, c => sqlx::query("DELETE FROM login_failures WHERE updated_at < $1 AND blocked_until < $1")
        .bind(before).execute(c).await?.rows_affected()),
    )
}
