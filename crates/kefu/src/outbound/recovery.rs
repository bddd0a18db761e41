//! Messages whose owner is gone: unknown where the request may have been written, queued again otherwise.

use super::end::{Decided, Failure};
use super::monthly;
use super::settle::{self, Now};
use crate::db::attempts::AttemptOutcome;
use crate::db::sending::{self, Claim};
use crate::db::{Db, Result, Tx};
use crate::desk::Desk;
use crate::domain::failure::FailureReason;
use crate::domain::time::Time;

/// Cleans up before the first claim. On SQLite the data directory is locked by one process, so every lease is that
/// of a dead one; on PostgreSQL only time tells.
pub(super) async fn at_start(desk: &Desk) {
    let every = desk.db.kind() == "sqlite";
    report(clean(desk, every).await);
}

/// Cleans up leases that have run out.
pub(super) async fn expired(desk: &Desk) {
    report(clean(desk, false).await);
}

fn report(result: Result<()>) {
    if let Err(error) = result {
        tracing::warn!(%error, "messages of lost senders could not be cleaned up");
    }
}

async fn clean(desk: &Desk, every: bool) -> Result<()> {
    loop {
        let rows = {
            let mut conn = desk.db.read().await?;
            let until = until(&mut conn, desk.clock.wall(), every).await?;
            sending::abandoned(&mut conn, until).await?
        };
        for row in &rows {
            settle_abandoned(&desk.db, row.claim(), Now::of(desk), every).await?;
        }
        if rows.len() < sending::ABANDONED_AT_ONCE {
            return Ok(());
        }
    }
}

async fn until(conn: &mut crate::db::Conn, wall: Time, every: bool) -> Result<Time> {
    if every {
        Ok(Time(i64::MAX))
    } else {
        sending::lease_time(conn, wall).await
    }
}

async fn settle_abandoned(db: &Db, claim: Claim, now: Now, every: bool) -> Result<()> {
    db.write(move |tx| Box::pin(async move { settle_one(tx, claim, now, every).await }))
        .await
}

/// Under the lock: its owner may have come back since it was found.
async fn settle_one(tx: &mut Tx, claim: Claim, now: Now, every: bool) -> Result<()> {
    let until = until(tx, now.wall, every).await?;
    let letter = crate::db::letters::find_locked(tx, claim.conversation_id, claim.message_id).await?;
    let step = letter.and_then(|letter| letter.monthly_step);
    let Some(row) = sending::still_abandoned(tx, &claim, until).await? else {
        return Ok(());
    };
    let failure = Failure::of_reason(FailureReason::Interrupted.as_str());
    let end = if let Some(end) = monthly::abandoned(step) {
        end
    } else if row.write_began() {
        tracing::warn!(message = %claim.message_id, "nobody knows whether a message was sent: its sender is gone");
        Decided::Unknown(failure)
    } else {
        Decided::Again {
            failure,
            in_ms: 0,
            outcome: AttemptOutcome::Released,
        }
    };
    settle::carry_out(tx, &claim, end, now).await
}
