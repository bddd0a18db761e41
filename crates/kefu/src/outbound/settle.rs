//! How a try ended, written down in one transaction that its attempt id fences.

use super::{learn, monthly, survey};
use crate::channel::{Class, SendError};
use crate::db::attempts::{self, AttemptOutcome, Finish};
use crate::db::capabilities::{self, CapabilityRow};
use crate::db::events::{self, Change, EventKind};
use crate::db::letters::{self, LetterRow, Shown};
use crate::db::sending::{self, Again, Claim};
use crate::db::write::Work;
use crate::db::{self, Result, Tx};
use crate::desk::Desk;
use crate::domain::backoff::REPLIES;
use crate::domain::capability::{Capability, CapabilityState};
use crate::domain::failure::FailureReason;
use crate::domain::ids::{ConversationId, MessageId};
use crate::domain::message::MessageState;
use crate::domain::monthly::MonthlyStep;
use crate::domain::time::Time;
use serde_json::{Map, Value};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

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

/// The two times of a settlement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Now {
    pub(super) desk: Time,
    pub(super) wall: Time,
}

impl Now {
    pub(super) fn of(desk: &Desk) -> Self {
        Self {
            desk: desk.clock.now(),
            wall: desk.clock.wall(),
        }
    }
}

/// Writes down how a try ended.
pub(super) async fn write(desk: &Desk, claim: Claim, end: End) -> Result<()> {
    write_after(desk, claim, end, |_| Box::pin(async { Ok(()) })).await
}

/// The same, after another step in the same transaction.
pub(super) async fn write_after<F>(desk: &Desk, claim: Claim, end: End, before: F) -> Result<()>
where
    F: for<'t> Fn(&'t mut Tx) -> Work<'t, (), db::Error> + Send + Sync + 'static,
{
    let jitter: f64 = rand::random();
    let before = Arc::new(before);
    carry_after(desk, claim, move |tx| {
        let (end, before) = (end.clone(), Arc::clone(&before));
        Box::pin(async move {
            before(tx).await?;
            decided(tx, &claim, end, jitter).await
        })
    })
    .await
}

/// Writes down an end that is decided already.
pub(super) async fn carry(desk: &Desk, claim: Claim, end: Decided) -> Result<()> {
    carry_after(desk, claim, move |_| {
        let end = end.clone();
        Box::pin(async move { Ok(end) })
    })
    .await
}

/// Writes down the end that `decide` finds in the same transaction.
pub(super) async fn carry_after<F>(desk: &Desk, claim: Claim, decide: F) -> Result<()>
where
    F: for<'t> Fn(&'t mut Tx) -> Work<'t, Decided, db::Error> + Send + Sync + 'static,
{
    let now = Now::of(desk);
    let decide = Arc::new(decide);
    desk.db
        .write(move |tx| {
            let decide = Arc::clone(&decide);
            Box::pin(async move {
                let end = decide(tx).await?;
                carry_out(tx, &claim, end, now).await
            })
        })
        .await
}

/// What happened is known only here: a database that is away for a moment must not make it unknown.
pub(super) async fn surely<F>(claim: Claim, write: impl Fn() -> F) -> Result<()>
where
    F: Future<Output = Result<()>>,
{
    let mut wait = Duration::from_millis(100);
    loop {
        match write().await {
            Err(error) if wait < Duration::from_secs(4) => {
                tracing::warn!(message = %claim.message_id, %error, "the end of a try is written down again");
                tokio::time::sleep(wait).await;
                wait *= 2;
            }
            result => return result,
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

async fn decided(tx: &mut Tx, claim: &Claim, end: End, jitter: f64) -> Result<Decided> {
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

/// Message, books, outbox, attempt and event, or nothing but the attempt where the lease was lost.
pub(super) async fn carry_out(tx: &mut Tx, claim: &Claim, end: Decided, now: Now) -> Result<()> {
    let letter = letters::find_locked(tx, claim.conversation_id, claim.message_id).await?;
    let Some(letter) = letter else { return Ok(()) };
    let (letter, end) = survey::otherwise(tx, letter, end, now.desk).await?;
    attempts::finish(tx, claim.attempt_id, &finish(&end), now.desk).await?;
    if !held(tx, claim, &end, now).await? {
        return late(tx, &letter, &end, now).await;
    }
    if let Decided::Again {
        outcome: AttemptOutcome::UploadAgain,
        ..
    } = &end
        && let Some(media) = letter.media_id
    {
        letters::put_upload(tx, media, claim.channel_id, None).await?;
    }
    letters::show(tx, &letter, &shown(&letter, &end, now.desk)).await?;
    if letter.monthly_step.is_some() {
        monthly::settle(tx, &letter, &end, now.desk).await?;
    } else {
        put_books(tx, &letter, claim, &end, now.desk).await?;
    }
    if let Decided::Failed(failure) = &end {
        if letter.by_machine() {
            survey::failed(tx, &letter, failure, now.desk).await?;
        } else {
            letters::unanswered(tx, &letter).await?;
        }
        lacks_custom_send(tx, &letter, claim, failure, now.desk).await?;
    }
    events::append(tx, change(&letter), now.desk).await?;
    events::append(tx, conversation_change(&letter), now.desk).await?;
    tx.ring_outbox();
    Ok(())
}

/// WeChat: the account has no such privilege.
const UNAUTHORIZED: i64 = 48001;

/// A text that the account may not send says so for all of them; with a file it may have been the upload.
async fn lacks_custom_send(
    tx: &mut Tx,
    letter: &LetterRow,
    claim: &Claim,
    failure: &Failure,
    now: Time,
) -> Result<()> {
    if failure.code != Some(UNAUTHORIZED) || letter.media_id.is_some() {
        return Ok(());
    }
    let found = CapabilityRow {
        capability: Capability::CustomSend,
        state: CapabilityState::Denied,
        code: failure.code,
        checked_at: now,
    };
    capabilities::put(tx, claim.channel_id, found).await
}

/// Frees the outbox row; false when somebody else settled it meanwhile.
async fn held(tx: &mut Tx, claim: &Claim, end: &Decided, now: Now) -> Result<bool> {
    match end {
        Decided::Again { in_ms, .. } => {
            sending::requeue(
                tx,
                claim,
                Again {
                    in_ms: *in_ms,
                    counts: true,
                },
                now.wall,
            )
            .await
        }
        Decided::Waiting { in_ms, .. } => {
            let again = Again {
                in_ms: *in_ms,
                counts: false,
            };
            sending::requeue(tx, claim, again, now.wall).await
        }
        Decided::Sent | Decided::Failed(_) | Decided::Unknown(_) => sending::remove(tx, claim).await,
    }
}

/// The lease ran out and the message was called unknown; that it was sent is known now. Its place in the books
/// stays taken either way.
async fn late(tx: &mut Tx, letter: &LetterRow, end: &Decided, now: Now) -> Result<()> {
    if letter.state != MessageState::Unknown || !matches!(end, Decided::Sent) {
        return Ok(());
    }
    letters::show(tx, letter, &shown(letter, end, now.desk)).await?;
    events::append(tx, change(letter), now.desk).await
}

/// A message whose fate was unknown has arrived.
pub(super) async fn known_late(
    tx: &mut Tx,
    conversation: ConversationId,
    message: MessageId,
    now: Now,
) -> Result<()> {
    match letters::find_locked(tx, conversation, message).await? {
        Some(letter) => late(tx, &letter, &Decided::Sent, now).await,
        None => Ok(()),
    }
}

fn shown(letter: &LetterRow, end: &Decided, now: Time) -> Shown {
    let (state, failure) = match end {
        Decided::Sent => (MessageState::Sent, None),
        Decided::Failed(failure) => (MessageState::Failed, Some(failure)),
        Decided::Unknown(failure) => (MessageState::Unknown, Some(failure)),
        // What waits for an account's limit says so: it may take minutes.
        Decided::Again { failure, .. } if letter.monthly_step.is_some() => {
            (MessageState::Queued, Some(failure))
        }
        Decided::Again { .. } => (MessageState::Queued, None),
        Decided::Waiting { failure, .. } => (waiting(letter.monthly_step), failure.as_ref()),
    };
    Shown {
        state,
        reason: failure.map(|failure| failure.reason.clone()),
        data: data(letter, state, failure),
        sent_at: (state == MessageState::Sent).then_some(now),
    }
}

/// How a message that waits on the monthly route is shown.
const fn waiting(step: Option<MonthlyStep>) -> MessageState {
    match step {
        Some(MonthlyStep::Submitted) => MessageState::Sending,
        Some(MonthlyStep::Submitting) => MessageState::Unknown,
        _ => MessageState::Queued,
    }
}

/// The message's own fields, with `failure` = what the provider said, and whether the monthly route has taken it.
fn data(letter: &LetterRow, state: MessageState, failure: Option<&Failure>) -> Option<String> {
    let submitted = state == MessageState::Sending && letter.monthly_step == Some(MonthlyStep::Submitted);
    fields(letter.data.as_deref(), submitted, failure)
}

fn fields(before: Option<&str>, submitted: bool, failure: Option<&Failure>) -> Option<String> {
    let mut fields: Map<String, Value> = before
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    fields.remove("failure");
    fields.remove("submitted");
    if submitted {
        fields.insert("submitted".to_owned(), Value::Bool(true));
    }
    if let Some(Failure {
        code,
        data: Some(said),
        ..
    }) = failure
    {
        let mut said = said.clone();
        said["code"] = Value::from(*code);
        fields.insert("failure".to_owned(), said);
    }
    (!fields.is_empty()).then(|| Value::Object(fields).to_string())
}

async fn put_books(tx: &mut Tx, letter: &LetterRow, claim: &Claim, end: &Decided, now: Time) -> Result<()> {
    let mut books = letter.books();
    match end {
        Decided::Sent | Decided::Unknown(_) => books.spent(),
        Decided::Failed(failure) => {
            books.give_back(&letter.policy());
            learn::from_refusal(tx, letter, failure, &mut books, now).await?;
        }
        Decided::Again { .. } | Decided::Waiting { .. } => return Ok(()),
    }
    letters::put_books(tx, claim.conversation_id, &books).await
}

fn finish(end: &Decided) -> Finish {
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

/// The message changed.
pub(super) fn change(letter: &LetterRow) -> Change {
    Change {
        kind: EventKind::Message,
        object_id: letter.message_id.0,
        scope: Some(letter.scope()),
    }
}

pub(super) fn conversation_change(letter: &LetterRow) -> Change {
    let scope = letter.scope();
    Change {
        kind: EventKind::Conversation,
        object_id: scope.conversation_id.0,
        scope: Some(scope),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_the_provider_said_joins_the_messages_own_fields_and_leaves_with_the_next_try() {
        let failure = Failure {
            reason: "wechat_45015".into(),
            code: Some(45015),
            data: Some(json!({"message": "late", "rid": "r-1"})),
        };
        let kept = fields(Some(r#"{"short":true}"#), false, Some(&failure)).expect("fields");
        assert_eq!(
            kept,
            r#"{"short":true,"failure":{"message":"late","rid":"r-1","code":45015}}"#
        );
        assert_eq!(
            fields(Some(&kept), false, None).as_deref(),
            Some(r#"{"short":true}"#)
        );
        assert_eq!(fields(None, false, None), None);
        assert_eq!(fields(None, true, None).as_deref(), Some(r#"{"submitted":true}"#));
    }
}
