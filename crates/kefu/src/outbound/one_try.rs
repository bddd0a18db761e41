//! One try to send one message.

use super::compose;
use super::end::{End, Failure};
use super::monthly;
use super::settle::{self, Now};
use crate::channel::{Class, Messenger, Prepared, PreparedContent, SendError};
use crate::db::letters::{self, LetterRow, Shown};
use crate::db::sending::{self, Again, Claim};
use crate::db::{Result, Tx, attempts, events};
use crate::desk::Desk;
use crate::domain::allowance::ReplyReason;
use crate::domain::message::MessageState;
use std::sync::Arc;
use std::time::Duration;

/// A lease of ten seconds is renewed this often while files are uploaded.
const RENEW_EVERY: Duration = Duration::from_secs(4);

/// Walks one claimed message to its end. Errors of the database leave the lease to run out.
pub(super) async fn run(desk: Desk, claim: Claim) {
    if let Err(error) = walk(&desk, claim).await {
        tracing::warn!(message = %claim.message_id, %error, "a try to send was not written down");
    }
}

async fn walk(desk: &Desk, claim: Claim) -> Result<()> {
    let letter = letters::find(&mut desk.db.read().await?, claim.message_id).await?;
    let Some(letter) = letter else { return Ok(()) };
    if letter.monthly_step.is_none()
        && let Err(reason) = letter.situation().at_claim(desk.clock.now())
    {
        return settle::write(desk, claim, refused(reason)).await;
    }
    let Some(entry) = desk.channels.by_id(claim.channel_id).await? else {
        return settle::write(desk, claim, refused(ReplyReason::ChannelDeleted)).await;
    };
    if letter.monthly_step.is_some() {
        return monthly::walk(desk, claim, &letter, entry).await;
    }
    match ready(desk, &claim, &letter, entry.messenger.as_ref()).await? {
        Ready::Yes(prepared) => deliver(desk, claim, entry.messenger, prepared).await,
        Ready::No(error) => settle::write(desk, claim, End::of(error)).await,
        Ready::Released => release(desk, claim).await,
        Ready::Lost => Ok(()),
    }
}

pub(super) fn refused(reason: ReplyReason) -> End {
    End::Failed(Failure::of_reason(reason.as_str()))
}

/// How the preparation went.
pub(super) enum Ready {
    Yes(Prepared),
    No(SendError),
    /// The desk stops: another process may have it at once.
    Released,
    /// The lease went to somebody else.
    Lost,
}

/// Uploads and fetches a token, while the lease is kept alive. Nothing was sent so far.
pub(super) async fn ready(
    desk: &Desk,
    claim: &Claim,
    letter: &LetterRow,
    messenger: &dyn Messenger,
) -> Result<Ready> {
    let outgoing = match compose::outgoing(desk, letter).await? {
        Ok(outgoing) => outgoing,
        Err(refused) => return Ok(Ready::No(refused)),
    };
    tokio::select! {
        prepared = messenger.prepare(outgoing) => Ok(match prepared {
            Ok(prepared) => Ready::Yes(prepared),
            // Before the request nothing can be unknown.
            Err(error) if error.class == Class::Unknown => Ready::No(SendError { class: Class::Retry(None), ..error }),
            Err(error) => Ready::No(error),
        }),
        () = desk.stopping.cancelled() => Ok(Ready::Released),
        lost = keep_lease(desk, claim) => lost.map(|()| Ready::Lost),
    }
}

/// Ends only when the lease is lost.
pub(super) async fn keep_lease(desk: &Desk, claim: &Claim) -> Result<()> {
    loop {
        tokio::time::sleep(RENEW_EVERY).await;
        let (claim, clock) = (*claim, desk.clock.clone());
        let ours = desk.db.write(move |tx| {
            let wall = clock.wall();
            Box::pin(async move { sending::renew(tx, &claim, wall).await })
        });
        if !ours.await? {
            return Ok(());
        }
    }
}

async fn deliver(desk: &Desk, claim: Claim, messenger: Arc<dyn Messenger>, prepared: Prepared) -> Result<()> {
    match begin(desk, claim, prepared.content.clone()).await? {
        Begun::Yes => {
            let sent = messenger.send(prepared).await;
            let end = sent.map_or_else(End::of, |()| End::Sent);
            settle::surely(claim, || settle::write(desk, claim, end.clone())).await
        }
        Begun::Refused(reason) => settle::write(desk, claim, refused(reason)).await,
        Begun::Lost => Ok(()),
    }
}

#[derive(Clone, Copy)]
enum Begun {
    Yes,
    Refused(ReplyReason),
    Lost,
}

/// Judges once more, under the lock, and writes down that the request may leave from now on.
async fn begin(desk: &Desk, claim: Claim, content: PreparedContent) -> Result<Begun> {
    let desk = desk.clone();
    let db = desk.db.clone();
    db.write(move |tx| {
        let (now, content) = (Now::of(&desk), content.clone());
        Box::pin(async move { begin_in(tx, &claim, content, now).await })
    })
    .await
}

async fn begin_in(tx: &mut Tx, claim: &Claim, content: PreparedContent, now: Now) -> Result<Begun> {
    let letter = letters::find_locked(tx, claim.conversation_id, claim.message_id).await?;
    let Some(letter) = letter else {
        return Ok(Begun::Lost);
    };
    if !sending::renew(tx, claim, now.wall).await? {
        return Ok(Begun::Lost);
    }
    keep_upload(tx, claim, &letter, &content).await?;
    if let Err(reason) = letter.situation().at_claim(now.desk) {
        return Ok(Begun::Refused(reason));
    }
    attempts::write_began(tx, claim.attempt_id, now.desk).await?;
    let data = letter.data.clone();
    let shown = Shown {
        state: MessageState::Sending,
        reason: None,
        data,
        sent_at: None,
    };
    letters::show(tx, &letter, &shown).await?;
    events::append(tx, settle::change(&letter), now.desk).await?;
    Ok(Begun::Yes)
}

/// The provider's id of a file outlives the try.
pub(super) async fn keep_upload(
    tx: &mut Tx,
    claim: &Claim,
    letter: &LetterRow,
    content: &PreparedContent,
) -> Result<()> {
    match (content, letter.media_id) {
        (
            PreparedContent::Media {
                external_id,
                expires_at,
                ..
            },
            Some(media),
        ) => {
            let upload = Some((external_id.clone(), *expires_at));
            letters::put_upload(tx, media, claim.channel_id, upload).await
        }
        _ => Ok(()),
    }
}

/// Gives a message back at once, as if it had not been tried.
pub(super) async fn release(desk: &Desk, claim: Claim) -> Result<()> {
    let clock = desk.clock.clone();
    desk.db
        .write(move |tx| {
            let (wall, now) = (clock.wall(), clock.now());
            Box::pin(async move {
                sending::requeue(
                    tx,
                    &claim,
                    Again {
                        in_ms: 0,
                        counts: false,
                    },
                    wall,
                )
                .await?;
                let finish = attempts::Finish {
                    outcome: attempts::AttemptOutcome::Released,
                    code: None,
                    detail: None,
                };
                attempts::finish(tx, claim.attempt_id, &finish, now).await
            })
        })
        .await
}
