//! The monthly route: a message after the window goes to a tag that holds only its contact, as a mass message, and its
//! end is heard or asked for.
//!
//! `gather` makes the tag, `submit` hands the message over, `confirm` learns how it ended, `place` keeps its place in
//! the ledgers, `receipt` takes what pushes say, `tags` removes what was made. A message stands first in its
//! conversation's outbox until its end is known, so the order with other replies is kept.
//!
//! A request that may have been lost is made again with the same key, under which WeChat takes one job: that finds out
//! what became of it and cannot deliver twice.

mod confirm;
mod gather;
mod place;
mod receipt;
mod submit;
pub(crate) mod tags;

pub(crate) use place::new_key;
pub(super) use place::settle;
pub(crate) use receipt::hand_over;

use self::submit::Walk;
use super::end::{Decided, Failure};
use super::one_try::refused;
use super::settle;
use crate::channel::directory::Entry;
use crate::db::attempts::AttemptOutcome;
use crate::db::letters::LetterRow;
use crate::db::monthly_sends;
use crate::db::sending::Claim;
use crate::db::{Db, Result, allowance_ledger};
use crate::desk::Desk;
use crate::domain::allowance::ReplyReason;
use crate::domain::backoff::Backoff;
use crate::domain::failure::FailureReason;
use crate::domain::ids::ChannelId;
use crate::domain::monthly::MonthlyStep;

/// Between two questions how a job ended: about half an hour in all.
const ASKS: Backoff = Backoff {
    first_ms: 3_000,
    cap_ms: 300_000,
    max_tries: 12,
};
/// Between two requests with the same key, while nobody knows what became of the first.
const REPEATS: Backoff = Backoff {
    first_ms: 5_000,
    cap_ms: 300_000,
    max_tries: 10,
};

/// Takes a claimed message one step further.
pub(super) async fn walk(desk: &Desk, claim: Claim, letter: &LetterRow, entry: Entry) -> Result<()> {
    let row = monthly_sends::find(&mut desk.db.read().await?, claim.message_id).await?;
    let Some(row) = row else { return Ok(()) };
    let Some(broadcaster) = entry.broadcaster.clone() else {
        return settle::write(desk, claim, refused(ReplyReason::AccountNotPermitted)).await;
    };
    let walk = Walk {
        desk,
        claim,
        letter,
        entry: &entry,
        broadcaster: broadcaster.as_ref(),
    };
    match row.step {
        MonthlyStep::Reserved => walk.first(row).await,
        MonthlyStep::Submitting => walk.again(row).await,
        MonthlyStep::Submitted => confirm::ask(desk, claim, broadcaster.as_ref(), &row).await,
        MonthlyStep::Ended => Ok(()),
    }
}

/// Whether the account may make one more call in this minute; otherwise how long to wait.
async fn may_call(desk: &Desk, channel: ChannelId) -> Result<std::result::Result<(), i64>> {
    let (db, clock): (&Db, _) = (&desk.db, desk.clock.clone());
    db.write(move |tx| {
        let wall = clock.wall();
        Box::pin(async move { allowance_ledger::take_call(tx, channel, wall).await })
    })
    .await
}

/// Held until the next minute, and says so.
fn held(in_ms: i64) -> Decided {
    Decided::Waiting {
        in_ms,
        outcome: AttemptOutcome::Retry,
        failure: Some(Failure::of_reason(FailureReason::MassMinuteLimit.as_str())),
    }
}

/// What becomes of a message on the route whose owner is gone; `None` where it can simply be tried again.
pub(super) fn abandoned(step: Option<MonthlyStep>) -> Option<Decided> {
    match step? {
        MonthlyStep::Submitting => Some(Decided::Waiting {
            in_ms: REPEATS.first_ms,
            outcome: AttemptOutcome::Unknown,
            failure: Some(Failure::of_reason(FailureReason::Interrupted.as_str())),
        }),
        MonthlyStep::Submitted => Some(Decided::Waiting {
            in_ms: 0,
            outcome: AttemptOutcome::Released,
            failure: None,
        }),
        MonthlyStep::Reserved | MonthlyStep::Ended => None,
    }
}
