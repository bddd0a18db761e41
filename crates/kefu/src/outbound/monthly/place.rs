//! The place of a message in the ledgers: given back when it failed for certain, kept when it left or nobody knows.

use super::super::end::{Decided, Failure};
use super::super::learn;
use crate::auth::token::random_alphanumeric;
use crate::db::allowance_ledger::{self, Place};
use crate::db::jobs::{self, JobKind};
use crate::db::letters::{self, LetterRow};
use crate::db::monthly_sends::{self, MonthlyRow};
use crate::db::{Result, Tx};
use crate::domain::allowance::{Calendar, MonthlyBooks};
use crate::domain::channel::AccountKind;
use crate::domain::failure::FailureReason;
use crate::domain::time::Time;

/// A key of its own for every message that is put on the route: WeChat takes 32 bytes.
pub(crate) fn new_key() -> String {
    format!("kefu-{}", random_alphanumeric(24))
}

/// What the end of a try means for the ledgers and the tag.
pub(in crate::outbound) async fn settle(
    tx: &mut Tx,
    letter: &LetterRow,
    end: &Decided,
    now: Time,
) -> Result<()> {
    if matches!(end, Decided::Again { .. } | Decided::Waiting { .. }) {
        return Ok(());
    }
    let row = monthly_sends::find(tx, letter.message_id).await?;
    let Some(row) = row else { return Ok(()) };
    if let Decided::Failed(failure) = end {
        allowance_ledger::give_back(tx, row.place()).await?;
        learn(tx, letter, &row, failure, now).await?;
    }
    monthly_sends::ended(tx, row.message_id).await?;
    if row.tag_open {
        jobs::add(tx, JobKind::RemoveMassTag, row.message_id.0).await?;
    }
    Ok(())
}

async fn learn(
    tx: &mut Tx,
    letter: &LetterRow,
    row: &MonthlyRow,
    failure: &Failure,
    now: Time,
) -> Result<()> {
    if failure.reason == FailureReason::MassLeftOut.as_str() {
        let all = letter.policy().monthly_messages;
        return allowance_ledger::fill(tx, row.place(), all).await;
    }
    let mut books = letter.books();
    learn::from_refusal(tx, letter, failure, &mut books, now).await?;
    letters::put_books(tx, letter.scope().conversation_id, &books).await
}

/// The month in which it leaves is the one that counts. False when that has no place left; the old one is kept then.
pub(super) async fn move_to(
    tx: &mut Tx,
    letter: &LetterRow,
    row: &mut MonthlyRow,
    now: Time,
) -> Result<bool> {
    let here = row.place();
    let there = Place::at(
        here.channel_id,
        here.contact_id,
        &Calendar::at(now, letter.time_zone()),
    );
    if (here.month, here.day) == (there.month, there.day) {
        return Ok(true);
    }
    let used = allowance_ledger::used(tx, there.contact_id, there.month).await?;
    let is_service = letter.account_kind() != AccountKind::Subscription;
    if here.month != there.month && is_service && used >= letter.policy().monthly_messages {
        return Ok(false);
    }
    if !allowance_ledger::take(tx, there, MonthlyBooks::account_limit(letter.account_kind())).await? {
        return Ok(false);
    }
    allowance_ledger::give_back(tx, here).await?;
    (row.month, row.day) = (there.month, there.day);
    Ok(true)
}
