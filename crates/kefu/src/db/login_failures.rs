//! Failed sign-ins by account and by network address, shared by all nodes. Times are wall clock.

use super::{Result, Tx, on};
use crate::domain::login_limit::Limit;
use crate::domain::time::{HOUR_MS, Time};

/// A subject that was quiet for so long begins anew.
const FORGET_AFTER_MS: i64 = 24 * HOUR_MS;

/// Counts an attempt before it is judged, so that many at once cannot pass together.
/// `Err` holds the moment before which the subject may not try.
pub async fn attempt(
    tx: &mut Tx,
    subject: &str,
    limit: Limit,
    now: Time,
) -> Result<std::result::Result<(), Time>> {
    on!(tx, c => sqlx::query("DELETE FROM login_failures WHERE updated_at < $1")
        .bind(now.plus_ms(-FORGET_AFTER_MS)).execute(c).await.map(|_| ())?);
    let (failures, blocked_until): (i64, Time) = on!(tx, c => sqlx::query_as(
        "INSERT INTO login_failures (subject, failures, blocked_until, updated_at) VALUES ($1, 0, 0, $2)
         ON CONFLICT (subject) DO UPDATE SET updated_at = EXCLUDED.updated_at
         RETURNING failures, blocked_until")
        .bind(subject).bind(now).fetch_one(c).await?);
    if now < blocked_until {
        return Ok(Err(blocked_until));
    }
    let failures = failures + 1;
    // Without a wait nobody is held back: not even who asked a moment earlier and got here later.
    let until = match limit.wait_ms(failures) {
        0 => Time(0),
        wait_ms => now.plus_ms(wait_ms),
    };
    on!(tx, c => sqlx::query("UPDATE login_failures SET failures = $2, blocked_until = $3 WHERE subject = $1")
        .bind(subject)
        .bind(failures)
        .bind(until)
        .execute(c).await.map(|_| ())?);
    Ok(Ok(()))
}

/// A success: the subject begins anew.
pub async fn clear(tx: &mut Tx, subject: &str) -> Result<()> {
    on!(tx, c => sqlx::query("DELETE FROM login_failures WHERE subject = $1")
        .bind(subject).execute(c).await.map(|_| ())?);
    Ok(())
}
