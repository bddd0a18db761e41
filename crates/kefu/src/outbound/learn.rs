//! WeChat's refusals correct the books, in the transaction that settles the message.

use super::end::Failure;
use crate::channel::broadcast::LACKS;
use crate::db::capabilities::{self, CapabilityRow};
use crate::db::letters::LetterRow;
use crate::db::{Result, Tx, allowance_ledger, contacts};
use crate::domain::allowance::{Books, Calendar, Lesson, Period, Route};
use crate::domain::capability::{Capability, CapabilityState};
use crate::domain::channel::AccountKind;
use crate::domain::time::Time;

/// Puts the books right; `books` are those of the window, saved by the caller.
pub(super) async fn from_refusal(
    tx: &mut Tx,
    letter: &LetterRow,
    failure: &Failure,
    books: &mut Books,
    now: Time,
) -> Result<()> {
    let Some(code) = failure.code else { return Ok(()) };
    let route = if letter.monthly_step.is_some() {
        Route::Monthly
    } else {
        books.refused(code, now);
        Route::Window
    };
    let channel = letter.scope().channel_id;
    match Lesson::of(code, route, lacks(failure)) {
        Some(Lesson::CountUsedUp) => allowance_ledger::count_was_refused(tx, channel, now).await,
        Some(Lesson::NotFollowing) => {
            books.close();
            contacts::stopped_following(tx, letter.contact_id, now).await
        }
        Some(Lesson::AccountFull(period)) => {
            let until = full_until(letter, period, now);
            allowance_ledger::account_is_full(tx, channel, until).await
        }
        Some(Lesson::Lacks(capability)) => {
            let found = CapabilityRow {
                capability,
                state: CapabilityState::Denied,
                code: Some(code),
                checked_at: now,
            };
            capabilities::put(tx, channel, found).await
        }
        None => Ok(()),
    }
}

fn full_until(letter: &LetterRow, period: Period, now: Time) -> Time {
    let calendar = Calendar::at(now, letter.time_zone());
    match (period, letter.account_kind()) {
        (Period::Day, _) | (Period::Quota, AccountKind::Subscription) => calendar.day_ends,
        (Period::Quota, _) => calendar.month_ends,
    }
}

fn lacks(failure: &Failure) -> Option<Capability> {
    failure.data.as_ref()?.get(LACKS)?.as_str()?.parse().ok()
}
