//! How a job ended: what a push said, or WeChat's answer when asked.

use super::super::end::{Decided, End, Failure};
use super::super::settle;
use super::{ASKS, held, may_call};
use crate::channel::broadcast::{Broadcaster, JobState};
use crate::db::Result;
use crate::db::attempts::AttemptOutcome;
use crate::db::monthly_sends::{self, MonthlyRow};
use crate::db::sending::Claim;
use crate::desk::Desk;
use crate::domain::failure::FailureReason;
use crate::domain::monthly::{MassResult, Verdict};

/// Looks for what a push said, then asks.
pub(super) async fn ask(
    desk: &Desk,
    claim: Claim,
    broadcaster: &dyn Broadcaster,
    row: &MonthlyRow,
) -> Result<()> {
    let Some(job) = row.job_id.clone() else {
        return settle::carry(desk, claim, not_confirmed()).await;
    };
    let said = monthly_sends::find_result(&mut desk.db.read().await?, row.channel_id, &job).await?;
    if let Some(result) = said {
        return settle::write(desk, claim, end_of(&result)).await;
    }
    if let Err(in_ms) = may_call(desk, row.channel_id).await? {
        return settle::carry(desk, claim, held(in_ms)).await;
    }
    match broadcaster.ask(job).await {
        Ok(JobState::Sent) => settle::write(desk, claim, End::Sent).await,
        Ok(JobState::Failed) => {
            let failure = Failure::of_reason(FailureReason::MassFailed.as_str());
            settle::write(desk, claim, End::Failed(failure)).await
        }
        Ok(JobState::Sending) | Err(_) => later(desk, claim, row).await,
    }
}

/// What a push about a job means for its message.
pub(super) fn end_of(result: &MassResult) -> End {
    match result.verdict() {
        Verdict::Sent => End::Sent,
        Verdict::Failed(reason) => End::Failed(Failure::of_reason(&reason)),
        Verdict::LeftOut => End::Failed(Failure::of_reason(FailureReason::MassLeftOut.as_str())),
    }
}

async fn later(desk: &Desk, claim: Claim, row: &MonthlyRow) -> Result<()> {
    let wait = ASKS.after(row.asks + 1, None, rand::random());
    settle::carry_after(desk, claim, move |tx| {
        Box::pin(async move {
            monthly_sends::asked(tx, claim.message_id).await?;
            Ok(match wait {
                Some(in_ms) => Decided::Waiting {
                    in_ms,
                    outcome: AttemptOutcome::Submitted,
                    failure: None,
                },
                None => not_confirmed(),
            })
        })
    })
    .await
}

fn not_confirmed() -> Decided {
    Decided::Unknown(Failure::of_reason(FailureReason::MassNotConfirmed.as_str()))
}
