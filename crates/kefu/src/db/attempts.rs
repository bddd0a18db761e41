//! One row per try to send. `write_began_at` is on disk before the first byte of the request may leave.
//! Times are the desk clock's, so that they stand beside those of the message.

use super::{Conn, Result, Tx, on};
use crate::domain::ids::MessageId;
use crate::domain::text_enum::text_enum;
use crate::domain::time::Time;

text_enum!(
/// How a try ended.
AttemptOutcome {
    Sent = "sent", Failed = "failed", Retry = "retry", UploadAgain = "upload_again", Unknown = "unknown",
    Released = "released",
    /// The provider has taken it, and its end is not known yet.
    Submitted = "submitted",
});

/// Begins a try.
pub async fn insert(tx: &mut Tx, message: MessageId, now: Time) -> Result<i64> {
    Ok(
        on!(tx, c => sqlx::query_scalar("INSERT INTO attempts (message_id, started_at) VALUES ($1, $2) RETURNING id")
        .bind(message).bind(now).fetch_one(c).await?),
    )
}

/// From here on the request may have been written.
pub async fn write_began(tx: &mut Tx, attempt: i64, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE attempts SET write_began_at = $2 WHERE id = $1")
        .bind(attempt).bind(now).execute(c).await.map(|_| ())?);
    Ok(())
}

/// How a try ended.
#[derive(Debug, Clone)]
pub struct Finish {
    /// In one word.
    pub outcome: AttemptOutcome,
    /// The provider's number.
    pub code: Option<i64>,
    /// The reason.
    pub detail: Option<String>,
}

/// Ends a try.
pub async fn finish(tx: &mut Tx, attempt: i64, finish: &Finish, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE attempts SET finished_at = $2, outcome = $3, code = $4, detail = $5 WHERE id = $1")
        .bind(attempt).bind(now).bind(finish.outcome.as_str()).bind(finish.code).bind(finish.detail.as_deref())
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// How the try before this one ended.
pub async fn outcome_before(conn: &mut Conn, message: MessageId, attempt: i64) -> Result<Option<String>> {
    let outcome: Option<Option<String>> = on!(conn, c => sqlx::query_scalar(
        "SELECT outcome FROM attempts WHERE message_id = $1 AND id < $2 ORDER BY id DESC LIMIT 1")
        .bind(message).bind(attempt).fetch_optional(c).await?);
    Ok(outcome.flatten())
}
