//! How a try ended (`end.rs`), written down in one transaction that its attempt id fences.

use super::end::{Decided, End, Failure, decided, finish};
use super::shown::shown;
use super::{learn, monthly, survey};
use crate::db::attempts::{self, AttemptOutcome};
use crate::db::capabilities::{self, CapabilityRow};
use crate::db::events::{self, Change, EventKind};
use crate::db::letters::{self, LetterRow};
use crate::db::sending::{self, Again, Claim};
use crate::db::write::Work;
use crate::db::{self, Result, Tx};
use crate::desk::Desk;
use crate::domain::capability::{Capability, CapabilityState};
use crate::domain::ids::{ConversationId, MessageId};
use crate::domain::message::MessageState;
use crate::domain::time::Time;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

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
