//! A channel was switched off: its queued replies fail at once with the reason, not only when each is next tried.
//! What is on its way already is judged again by `one_try` before it leaves; what may have been handed over on the monthly
//! route is followed to its end, which is not ours to decide. Nothing is lost: each can be sent again.

use super::end::{Decided, Failure};
use super::{monthly, settle, survey};
use crate::db::events;
use crate::db::letters::{self, LetterRow, Shown};
use crate::db::outbox_queue::{self, WaitingRow};
use crate::db::{Result, Tx};
use crate::desk::Desk;
use crate::domain::allowance::ReplyReason;
use crate::domain::ids::ChannelId;
use crate::domain::message::MessageState;
use crate::domain::monthly::MonthlyStep;
use crate::domain::time::Time;

/// So many in one transaction: others wait meanwhile.
const AT_ONCE: i64 = 50;

/// Fails every reply of the channel that waits, in several transactions. If the process dies in between, the rest
/// fails when it is next tried.
pub(crate) async fn withdraw(desk: &Desk, channel_id: ChannelId) -> Result<()> {
    let mut after = 0;
    loop {
        let waiting = outbox_queue::waiting(&mut desk.db.read().await?, channel_id, after, AT_ONCE).await?;
        let Some(last) = waiting.iter().map(|row| row.message_id.0).max() else {
            return Ok(());
        };
        after = last;
        let now = desk.clock.now();
        desk.db
            .write(move |tx| {
                let waiting = waiting.clone();
                Box::pin(async move { fail_all(tx, waiting, now).await })
            })
            .await?;
    }
}

/// Conversations are locked by ascending id, as everywhere.
async fn fail_all(tx: &mut Tx, mut waiting: Vec<WaitingRow>, now: Time) -> Result<()> {
    waiting.sort_by_key(|row| (row.conversation_id, row.message_id));
    for row in waiting {
        let found = letters::find_locked(tx, row.conversation_id, row.message_id).await?;
        if let Some(letter) = found
            && !handed_over(letter.monthly_step)
            && let Err(reason @ (ReplyReason::ChannelDisabled | ReplyReason::ChannelDeleted)) =
                letter.situation().at_claim(now)
            && outbox_queue::withdraw(tx, row.message_id).await?
        {
            fail(tx, row, &letter, reason, now).await?;
        }
    }
    Ok(())
}

/// Whether the provider may have it.
const fn handed_over(step: Option<MonthlyStep>) -> bool {
    matches!(step, Some(MonthlyStep::Submitting | MonthlyStep::Submitted))
}

async fn fail(
    tx: &mut Tx,
    row: WaitingRow,
    letter: &LetterRow,
    reason: ReplyReason,
    now: Time,
) -> Result<()> {
    let shown = Shown {
        state: MessageState::Failed,
        reason: Some(reason.as_str().to_owned()),
        data: letter.data.clone(),
        sent_at: None,
    };
    letters::show(tx, letter, &shown).await?;
    give_back(tx, row, letter, reason, now).await?;
    if letter.by_machine() {
        survey::failed(tx, letter, &Failure::of_reason(reason.as_str()), now).await?;
    } else {
        letters::unanswered(tx, letter).await?;
    }
    events::append(tx, settle::change(letter), now).await?;
    events::append(tx, settle::conversation_change(letter), now).await
}

/// Its place, in the window or on the monthly route.
async fn give_back(
    tx: &mut Tx,
    row: WaitingRow,
    letter: &LetterRow,
    reason: ReplyReason,
    now: Time,
) -> Result<()> {
    if letter.monthly_step.is_some() {
        let end = Decided::Failed(Failure::of_reason(reason.as_str()));
        return monthly::settle(tx, letter, &end, now).await;
    }
    let mut books = letter.books();
    books.give_back(&letter.policy());
    letters::put_books(tx, row.conversation_id, &books).await
}
