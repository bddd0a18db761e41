//! Handing a message over: prepare, gather, and the one request that delivers.

use super::super::end::{Decided, End, Failure};
use super::super::one_try::{self, Ready, refused};
use super::super::settle::{self, Now};
use super::gather::gather;
use super::{REPEATS, held, may_call, place};
use crate::channel::broadcast::{Broadcaster, Submission};
use crate::channel::directory::Entry;
use crate::channel::{Class, Prepared, PreparedContent, SendError};
use crate::db::attempts::{self, AttemptOutcome};
use crate::db::letters::{self, LetterRow, Shown};
use crate::db::monthly_sends::{self, MonthlyRow};
use crate::db::sending::{self, Claim};
use crate::db::{Result, Tx, events};
use crate::desk::Desk;
use crate::domain::allowance::ReplyReason;
use crate::domain::message::MessageState;

/// A claimed message on its way, with what the steps share.
pub(super) struct Walk<'d> {
    pub(super) desk: &'d Desk,
    pub(super) claim: Claim,
    pub(super) letter: &'d LetterRow,
    pub(super) entry: &'d Entry,
    pub(super) broadcaster: &'d dyn Broadcaster,
}

impl Walk<'_> {
    /// The first request: nothing was handed over so far.
    pub(super) async fn first(&self, mut row: MonthlyRow) -> Result<()> {
        if let Err(reason) = self.letter.situation().at_claim_monthly() {
            return settle::write(self.desk, self.claim, refused(reason)).await;
        }
        let messenger = self.entry.messenger.as_ref();
        let prepared = match one_try::ready(self.desk, &self.claim, self.letter, messenger).await? {
            Ready::Yes(prepared) => prepared,
            Ready::No(error) => return settle::write(self.desk, self.claim, End::of(error)).await,
            Ready::Released => return one_try::release(self.desk, self.claim).await,
            Ready::Lost => return Ok(()),
        };
        match self.gathered().await? {
            Gathered::Audience(audience) => row.tag_id = Some(audience),
            Gathered::Refused(error) => return settle::write(self.desk, self.claim, End::of(error)).await,
            Gathered::Lost => return Ok(()),
        }
        if let Err(in_ms) = may_call(self.desk, row.channel_id).await? {
            return settle::carry(self.desk, self.claim, held(in_ms)).await;
        }
        match begin(self.desk, self.claim, prepared.content.clone(), row.clone()).await? {
            Begun::Yes => self.hand_over(prepared, row).await,
            Begun::Refused(reason) => settle::write(self.desk, self.claim, refused(reason)).await,
            Begun::Lost => Ok(()),
        }
    }

    /// The same request with the same key: WeChat says what became of the first, or takes it now for the first time.
    /// A refusal says nothing about the first one.
    pub(super) async fn again(&self, mut row: MonthlyRow) -> Result<()> {
        let (desk, claim) = (self.desk, self.claim);
        // It might be the first to deliver, and that is no longer wanted: what became of the other is not found out.
        if let Err(reason) = self.letter.situation().at_claim_monthly() {
            let unknown = Decided::Unknown(Failure::of_reason(reason.as_str()));
            return settle::carry(desk, claim, unknown).await;
        }
        let messenger = self.entry.messenger.as_ref();
        let prepared = match one_try::ready(desk, &claim, self.letter, messenger).await? {
            Ready::Yes(prepared) => prepared,
            Ready::No(error) => return self.doubtful(&row, error).await,
            Ready::Released => return one_try::release(desk, claim).await,
            Ready::Lost => return Ok(()),
        };
        match self.gathered().await? {
            Gathered::Audience(audience) => row.tag_id = Some(audience),
            Gathered::Refused(error) => return self.doubtful(&row, error).await,
            Gathered::Lost => return Ok(()),
        }
        if let Err(in_ms) = may_call(desk, row.channel_id).await? {
            return settle::carry(desk, claim, held(in_ms)).await;
        }
        match self.broadcaster.submit(submission(prepared.content, &row)).await {
            Ok(job) => taken(desk, claim, job).await,
            Err(error) => self.doubtful(&row, error).await,
        }
    }

    /// While the lease is kept alive. What is not known may be repeated: nobody was written to.
    async fn gathered(&self) -> Result<Gathered> {
        let (channel, to) = (&self.entry.settings.row, &self.letter.to_external_id);
        tokio::select! {
            made = gather(self.desk, self.broadcaster, channel, self.claim.message_id, to) => Ok(match made? {
                Ok(audience) => Gathered::Audience(audience),
                Err(error) if error.class == Class::Unknown => {
                    Gathered::Refused(SendError { class: Class::Retry(None), ..error })
                }
                Err(error) => Gathered::Refused(error),
            }),
            lost = one_try::keep_lease(self.desk, &self.claim) => lost.map(|()| Gathered::Lost),
        }
    }

    async fn hand_over(&self, prepared: Prepared, row: MonthlyRow) -> Result<()> {
        let submission = submission(prepared.content, &row);
        match self.broadcaster.submit(submission).await {
            Ok(job) => taken(self.desk, self.claim, job).await,
            Err(error) if error.class == Class::Unknown => self.doubtful(&row, error).await,
            Err(error) => not_taken(self.desk, self.claim, error).await,
        }
    }

    /// Nobody knows whether WeChat has taken it. It is shown so, and the request is made again with the same key; with
    /// a new upload where the old one is gone.
    async fn doubtful(&self, row: &MonthlyRow, error: SendError) -> Result<()> {
        let asked_ms = match error.class {
            Class::Retry(asked) => asked.and_then(|ms| i64::try_from(ms).ok()),
            _ => None,
        };
        let gone = (error.class == Class::UploadAgain)
            .then_some(self.letter.media_id)
            .flatten();
        let wait = REPEATS.after(row.asks + 1, asked_ms, 0.0);
        let (desk, claim, failure) = (self.desk, self.claim, Failure::of(error));
        settle::surely(claim, || {
            let failure = failure.clone();
            settle::carry_after(desk, claim, move |tx| {
                let failure = failure.clone();
                Box::pin(async move {
                    monthly_sends::asked(tx, claim.message_id).await?;
                    if let Some(media) = gone {
                        letters::put_upload(tx, media, claim.channel_id, None).await?;
                    }
                    Ok(match wait {
                        Some(in_ms) => Decided::Waiting {
                            in_ms,
                            outcome: AttemptOutcome::Unknown,
                            failure: Some(failure),
                        },
                        None => Decided::Unknown(failure),
                    })
                })
            })
        })
        .await
    }
}

enum Gathered {
    Audience(i64),
    Refused(SendError),
    Lost,
}

fn submission(content: PreparedContent, row: &MonthlyRow) -> Submission {
    Submission {
        audience: row.tag_id.unwrap_or_default(),
        content,
        key: row.client_key.clone(),
    }
}

/// WeChat has taken it: from now on its end is heard or asked for.
async fn taken(desk: &Desk, claim: Claim, job: String) -> Result<()> {
    settle::surely(claim, || {
        let job = job.clone();
        settle::carry_after(desk, claim, move |tx| {
            let job = job.clone();
            Box::pin(async move {
                monthly_sends::submitted(tx, claim.message_id, &job).await?;
                let known = monthly_sends::find_result(tx, claim.channel_id, &job).await?;
                Ok(Decided::Waiting {
                    in_ms: known.map_or(super::ASKS.first_ms, |_| 0),
                    outcome: AttemptOutcome::Submitted,
                    failure: None,
                })
            })
        })
    })
    .await
}

/// For certain WeChat has not taken it.
async fn not_taken(desk: &Desk, claim: Claim, error: SendError) -> Result<()> {
    settle::surely(claim, || {
        let end = End::of(error.clone());
        settle::write_after(desk, claim, end, move |tx| {
            Box::pin(monthly_sends::not_submitted(tx, claim.message_id))
        })
    })
    .await
}

#[derive(Clone, Copy)]
enum Begun {
    Yes,
    Refused(ReplyReason),
    Lost,
}

/// Judges once more, under the lock, and writes down that the request may leave from now on.
async fn begin(desk: &Desk, claim: Claim, content: PreparedContent, row: MonthlyRow) -> Result<Begun> {
    let (desk, db) = (desk.clone(), desk.db.clone());
    db.write(move |tx| {
        let (now, content, row) = (Now::of(&desk), content.clone(), row.clone());
        Box::pin(async move { begin_in(tx, &claim, &content, row, now).await })
    })
    .await
}

async fn begin_in(
    tx: &mut Tx,
    claim: &Claim,
    content: &PreparedContent,
    mut row: MonthlyRow,
    now: Now,
) -> Result<Begun> {
    let letter = letters::find_locked(tx, claim.conversation_id, claim.message_id).await?;
    let Some(letter) = letter else {
        return Ok(Begun::Lost);
    };
    if !sending::renew(tx, claim, now.wall).await? {
        return Ok(Begun::Lost);
    }
    one_try::keep_upload(tx, claim, &letter, content).await?;
    if let Err(reason) = letter.situation().at_claim_monthly() {
        return Ok(Begun::Refused(reason));
    }
    if !place::move_to(tx, &letter, &mut row, now.desk).await? {
        return Ok(Begun::Refused(ReplyReason::QuotaExhausted));
    }
    attempts::write_began(tx, claim.attempt_id, now.desk).await?;
    monthly_sends::submitting(tx, &row, now.desk).await?;
    let shown = Shown {
        state: MessageState::Sending,
        reason: None,
        data: letter.data.clone(),
        sent_at: None,
    };
    letters::show(tx, &letter, &shown).await?;
    events::append(tx, settle::change(&letter), now.desk).await?;
    Ok(Begun::Yes)
}
