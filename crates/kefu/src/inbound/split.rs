//! Commits a batch whatever happens: tries again while the database is away, and finds the one entry that cannot be
//! stored by halves, so that it becomes a dead letter and the rest lands.

use super::NotStored;
use super::committer::Submission;
use crate::db::ingest::postgres::PostgresIngest;
use crate::db::ingest::sqlite::SqliteIngest;
use crate::db::ingest::{Committed, Entry, IngestError, Item, NewDeadLetter};
use crate::domain::inbound::Outcome;
use std::time::Duration;
use tokio::time::Instant;

/// Pause before a batch is tried again.
const PAUSE: Duration = Duration::from_millis(100);
/// So long before its deadline an answer is too late to be begun.
const LAST_MOMENT: Duration = Duration::from_millis(500);
/// How often a batch is tried again because another node was in the way.
const CONFLICTS: usize = 10;

/// Whichever database stores.
#[derive(Debug)]
pub(super) enum Storage {
    Sqlite(Box<SqliteIngest>),
    Postgres(Box<PostgresIngest>),
}

impl Storage {
    async fn commit(&mut self, entries: &[Submission]) -> Committed {
        match self {
            Self::Sqlite(sqlite) => sqlite.commit(entries).await,
            Self::Postgres(postgres) => postgres.commit(entries).await,
        }
    }
}

/// Commits the submissions and answers each.
pub(super) async fn commit(storage: &mut Storage, batch: Vec<Submission>) {
    let mut waiting = vec![batch];
    let mut conflicts = 0;
    while let Some(mut part) = waiting.pop() {
        forget_the_late(&mut part);
        match storage.commit(&part).await {
            Ok(outcomes) => part
                .into_iter()
                .zip(outcomes)
                .for_each(|(submission, outcome)| answer(submission, Ok(outcome))),
            Err(IngestError::Conflict(_)) if conflicts < CONFLICTS => {
                conflicts += 1;
                waiting.push(part);
            }
            Err(IngestError::Unavailable(cause) | IngestError::Conflict(cause)) => {
                tracing::warn!(%cause, "a batch of pushes waits for the database");
                tokio::time::sleep(PAUSE).await;
                let still: Vec<_> = part.into_iter().filter_map(in_time).collect();
                if !still.is_empty() {
                    waiting.push(still);
                }
            }
            Err(IngestError::Data(cause)) => waiting.extend(halves(part, &cause)),
        }
    }
}

/// Whoever waits longer than this may be gone before the batch is on disk: nothing is said to them any more.
fn forget_the_late(part: &mut [Submission]) {
    let soon = Instant::now() + LAST_MOMENT;
    for submission in part.iter_mut().filter(|submission| submission.deadline < soon) {
        if let Item::Push(push, _) = &mut submission.entry.item {
            push.awaited = false;
        }
    }
}

fn answer(submission: Submission, result: Result<Outcome, NotStored>) {
    // Whoever asked may have gone; what is stored stays stored.
    if submission.answer.send(result).is_err() {
        tracing::debug!("nobody waits for this push any more");
    }
}

/// Nobody waits any more: the provider will send it again.
fn in_time(submission: Submission) -> Option<Submission> {
    if submission.deadline > Instant::now() {
        return Some(submission);
    }
    answer(submission, Err(NotStored::InTime));
    None
}

/// The later half first: parts are taken from the end, and the order of arrival must hold.
fn halves(mut batch: Vec<Submission>, cause: &str) -> Vec<Vec<Submission>> {
    match batch.len() {
        0 => Vec::new(),
        1 => batch
            .pop()
            .and_then(|culprit| dead(culprit, cause))
            .map(|letter| vec![vec![letter]])
            .unwrap_or_default(),
        half => {
            let later = batch.split_off(half / 2);
            vec![later, batch]
        }
    }
}

/// The push becomes a dead letter; a dead letter that cannot be stored is answered as not stored.
fn dead(culprit: Submission, cause: &str) -> Option<Submission> {
    tracing::error!(%cause, "a push cannot be stored and becomes a dead letter");
    let Submission {
        entry,
        deadline,
        answer: sender,
    } = culprit;
    match entry.item {
        Item::Push(push, raw) => {
            let detail = cause.to_owned();
            let letter = NewDeadLetter {
                reason: "push_not_storable",
                detail,
                body: raw,
                received_at: push.received_at,
            };
            let entry = Entry {
                channel_id: entry.channel_id,
                item: Item::DeadLetter(letter),
            };
            Some(Submission {
                entry,
                deadline,
                answer: sender,
            })
        }
        item @ (Item::DeadLetter(_) | Item::Dropped(_)) => {
            let entry = Entry {
                channel_id: entry.channel_id,
                item,
            };
            answer(
                Submission {
                    entry,
                    deadline,
                    answer: sender,
                },
                Err(NotStored::InTime),
            );
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::ChannelId;
    use crate::domain::inbound::{ContactEventKind, Content, InboundEvent, Push};
    use crate::domain::time::Time;

    fn submission(left: Duration) -> Submission {
        let event = InboundEvent {
            kind: ContactEventKind::Followed,
            event_key: None,
            data: None,
        };
        let push = Push {
            external_id: "o".into(),
            dedupe_key: "k".into(),
            received_at: Time(0),
            sent_at: Time(0),
            mismatched: false,
            awaited: true,
            content: Content::Event(event),
        };
        let entry = Entry {
            channel_id: ChannelId(1),
            item: Item::Push(Box::new(push), bytes::Bytes::new()),
        };
        Submission {
            entry,
            deadline: Instant::now() + left,
            answer: tokio::sync::oneshot::channel().0,
        }
    }

    #[test]
    fn nothing_is_said_to_whoever_has_waited_too_long() {
        let left = [0, 400, 2_000].map(Duration::from_millis);
        let mut part: Vec<Submission> = left.into_iter().map(submission).collect();
        forget_the_late(&mut part);
        let awaited = |submission: &Submission| match &submission.entry.item {
            Item::Push(push, _) => push.awaited,
            _ => false,
        };
        assert_eq!(part.iter().map(awaited).collect::<Vec<_>>(), [false, false, true]);
    }
}
