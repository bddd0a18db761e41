//! After a restore nobody knows what became of the replies that were queued when the backup was made: the desk it was made
//! of went on, and has most likely sent them. They are unknown, and an agent decides; none is sent again by itself.

use super::end::{Decided, Failure};
use super::monthly;
use crate::db::attempts::{self, AttemptOutcome, Finish};
use crate::db::letters::{self, LetterRow, Shown};
use crate::db::outbox_queue::{self, LeftRow};
use crate::db::{Db, Result, Tx};
use crate::domain::failure::FailureReason;
use crate::domain::message::MessageState;
use crate::domain::time::Time;

/// So many in one transaction.
const AT_ONCE: i64 = 200;

/// Takes everything out of the outbox; how many there were.
pub(crate) async fn give_up(db: &Db) -> Result<usize> {
    let mut all = 0;
    loop {
        let rows = outbox_queue::left(&mut db.read().await?, AT_ONCE).await?;
        if rows.is_empty() {
            return Ok(all);
        }
        all += rows.len();
        let now = db.clock.now();
        db.write(move |tx| {
            let rows = rows.clone();
            Box::pin(async move {
                for row in rows {
                    give_up_one(tx, row, now).await?;
                }
                Ok::<_, crate::db::Error>(())
            })
        })
        .await?;
    }
}

async fn give_up_one(tx: &mut Tx, row: LeftRow, now: Time) -> Result<()> {
    outbox_queue::take_out(tx, row.message_id).await?;
    let reason = FailureReason::Restored.as_str();
    if let Some(attempt) = row.attempt_id {
        let finish = Finish {
            outcome: AttemptOutcome::Unknown,
            code: None,
            detail: Some(reason.to_owned()),
        };
        attempts::finish(tx, attempt, &finish, now).await?;
    }
    let letter = letters::find_locked(tx, row.conversation_id, row.message_id).await?;
    let Some(letter) = letter else { return Ok(()) };
    let shown = Shown {
        state: MessageState::Unknown,
        reason: Some(reason.to_owned()),
        data: letter.data.clone(),
        sent_at: None,
    };
    letters::show(tx, &letter, &shown).await?;
    keep_place(tx, &letter, now).await
}

/// Its place stays taken, in the window or on the monthly route: it may have been used.
async fn keep_place(tx: &mut Tx, letter: &LetterRow, now: Time) -> Result<()> {
    if letter.monthly_step.is_some() {
        let end = Decided::Unknown(Failure::of_reason(FailureReason::Restored.as_str()));
        return monthly::settle(tx, letter, &end, now).await;
    }
    let mut books = letter.books();
    books.spent();
    letters::put_books(tx, letter.scope().conversation_id, &books).await
}
