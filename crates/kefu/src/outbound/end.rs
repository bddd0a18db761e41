//! How a try ended, and what follows from it: sent, failed, unknown, or another try. Nothing is written here but what was
//! decided; `settle.rs` carries it out.

use crate::channel::{Class, SendError};
use crate::db::attempts::{self, AttemptOutcome, Finish};
use crate::db::sending::Claim;
use crate::db::{Result, Tx};
use crate::domain::backoff::REPLIES;
use crate::domain::failure::FailureReason;
use serde_json::Value;

/// Why a try failed.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) reason: String,
    pub(super) code: Option<i64>,
    /// The provider's words, kept with the message.
    pub(super) data: Option<Value>,
}

impl Failure {
    pub(super) fn of_reason(reason: &str) -> Self {
        Self {
            reason: reason.to_owned(),
            code: None,
            data: None,
        }
    }

    pub(super) fn of(error: SendError) -> Self {
        Self {
            reason: error.reason,
            code: error.code,
            data: Some(error.data),
        }
    }
}

/// How a try ended.
#[derive(Debug, Clone)]
pub(super) enum End {
    Sent,
    Failed(Failure),
    Retry { failure: Failure, asked_ms: Option<i64> },
    UploadAgain(Failure),
    Unknown(Failure),
}

impl End {
    pub(super) fn of(error: SendError) -> Self {
        let class = error.class;
        let failure = Failure::of(error);
        match class {
            Class::Final => Self::Failed(failure),
            Class::Retry(asked) => Self::Retry {
                failure,
                asked_ms: asked.and_then(|ms| i64::try_from(ms).ok()),
            },
            Class::UploadAgain => Self::UploadAgain(failure),
            Class::Unknown => Self::Unknown(failure),
        }
    }
}

/// An end with everything decided.
#[derive(Debug, Clone)]
pub(super) enum Decided {
    Sent,
    Failed(Failure),
    Again {
        failure: Failure,
        in_ms: i64,
        outcome: AttemptOutcome,
    },
    /// On the monthly route: the outbox looks again, and the step says how it is shown.
    Waiting {
        in_ms: i64,
        outcome: AttemptOutcome,
        failure: Option<Failure>,
    },
    Unknown(Failure),
}

/// Decides: whether there is another try, and when.
pub(super) async fn decided(tx: &mut Tx, claim: &Claim, end: End, jitter: f64) -> Result<Decided> {
    Ok(match end {
        End::Sent => Decided::Sent,
        End::Failed(failure) => Decided::Failed(failure),
        End::Unknown(failure) => Decided::Unknown(failure),
        End::Retry { failure, asked_ms } => match REPLIES.after(claim.tries, asked_ms, jitter) {
            Some(in_ms) => Decided::Again {
                failure,
                in_ms,
                outcome: AttemptOutcome::Retry,
            },
            None => Decided::Failed(Failure {
                reason: FailureReason::GaveUp.as_str().to_owned(),
                ..failure
            }),
        },
        // Once: an upload that is unknown again right after it was made will be so the next time.
        End::UploadAgain(failure) => {
            let before = attempts::outcome_before(tx, claim.message_id, claim.attempt_id).await?;
            if before.as_deref() == Some(AttemptOutcome::UploadAgain.as_str()) {
                Decided::Failed(failure)
            } else {
                Decided::Again {
                    failure,
                    in_ms: 0,
                    outcome: AttemptOutcome::UploadAgain,
                }
            }
        }
    })
}

/// The end of the attempt, for its row.
pub(super) fn finish(end: &Decided) -> Finish {
    let of = |outcome, failure: &Failure| Finish {
        outcome,
        code: failure.code,
        detail: Some(failure.reason.clone()),
    };
    match end {
        Decided::Sent => Finish {
            outcome: AttemptOutcome::Sent,
            code: None,
            detail: None,
        },
        Decided::Failed(failure) => of(AttemptOutcome::Failed, failure),
        Decided::Unknown(failure) => of(AttemptOutcome::Unknown, failure),
        Decided::Again { failure, outcome, .. } => of(*outcome, failure),
        Decided::Waiting { outcome, failure, .. } => Finish {
            outcome: *outcome,
            code: failure.as_ref().and_then(|failure| failure.code),
            detail: failure.as_ref().map(|failure| failure.reason.clone()),
        },
    }
}
