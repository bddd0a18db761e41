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
    while let Some(part) = waiting.pop() {
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
