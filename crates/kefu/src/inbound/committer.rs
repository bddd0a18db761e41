//! Queues of pushes and who empties them: one thread on SQLite, a few tasks on PostgreSQL.
//!
//! A contact's pushes always go to the same writer, so they are stored in the order in which they arrived.

use super::NotStored;
use super::split::{Storage, commit};
use crate::db::Db;
use crate::db::ingest::postgres::PostgresIngest;
use crate::db::ingest::sqlite::SqliteIngest;
use crate::db::ingest::{Entry, IngestError, Item};
use crate::domain::alias::fnv1a;
use crate::domain::inbound::Outcome;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// An abnormal answer shows the customer an error, so a push waits this long for the database (`decisions.md` 16).
pub(super) const PATIENCE: Duration = Duration::from_millis(4_500);
/// Pushes that may wait in one queue.
const QUEUE: usize = 20_000;
/// Largest batch: holds the write lock of SQLite for about 20 ms at most.
const BATCH: usize = 256;
/// Writers on PostgreSQL.
const POSTGRES_WRITERS: usize = 4;

/// The committer's entrance; cheap to clone.
#[derive(Debug, Clone)]
pub struct Inbound {
    writers: Arc<Vec<mpsc::Sender<Submission>>>,
    running: TaskTracker,
    closing: CancellationToken,
}

/// A push on its way to disk.
#[derive(Debug)]
pub(super) struct Submission {
    pub(super) entry: Entry,
    pub(super) deadline: Instant,
    pub(super) answer: oneshot::Sender<Result<Outcome, NotStored>>,
}

impl AsRef<Entry> for Submission {
    fn as_ref(&self) -> &Entry {
        &self.entry
    }
}

impl Inbound {
    /// Starts the writers.
    pub fn start(db: &Db) -> Result<Self, IngestError> {
        let (running, closing) = (TaskTracker::new(), CancellationToken::new());
        let mut writers = Vec::new();
        match SqliteIngest::open(db)? {
            Some(sqlite) => writers.push(spawn_thread(
                Storage::Sqlite(Box::new(sqlite)),
                &running,
                closing.clone(),
            )),
            None => {
                for _ in 0..POSTGRES_WRITERS {
                    let storage =
                        PostgresIngest::open(db).map(|postgres| Storage::Postgres(Box::new(postgres)));
                    let storage = storage.ok_or_else(|| IngestError::Data("no database".into()))?;
                    let (sender, receiver) = mpsc::channel(QUEUE);
                    running.spawn(empty(storage, receiver, closing.clone()));
                    writers.push(sender);
                }
            }
        }
        running.close();
        Ok(Self {
            writers: Arc::new(writers),
            running,
            closing,
        })
    }

    /// Stores one entry; answers when it is on disk.
    pub async fn submit(&self, entry: Entry) -> Result<Outcome, NotStored> {
        let deadline = Instant::now() + PATIENCE;
        let (answer, answered) = oneshot::channel();
        let writer = self.writer(&entry);
        let stored = async {
            writer
                .send(Submission {
                    entry,
                    deadline,
                    answer,
                })
                .await
                .map_err(|_| NotStored::InTime)?;
            answered.await.map_err(|_| NotStored::InTime)?
        };
        timeout_at(deadline, stored)
            .await
            .unwrap_or(Err(NotStored::InTime))
    }

    fn writer(&self, entry: &Entry) -> &mpsc::Sender<Submission> {
        let contact = match &entry.item {
            Item::Push(push, _) => push.external_id.as_str(),
            Item::DeadLetter(_) | Item::Dropped(_) => "",
        };
        let hash = fnv1a(contact.as_bytes()) ^ entry.channel_id.0.unsigned_abs();
        &self.writers[usize::try_from(hash % self.writers.len() as u64).unwrap_or_default()]
    }

    /// Pushes that wait for a writer.
    pub fn waiting(&self) -> usize {
        self.writers
            .iter()
            .map(|writer| writer.max_capacity() - writer.capacity())
            .sum()
    }

    /// Takes nothing more and waits until everything queued is on disk.
    pub async fn drain(&self) {
        self.closing.cancel();
        self.running.wait().await;
    }
}

/// SQLite's connection blocks, so it has a thread of its own.
fn spawn_thread(
    storage: Storage,
    running: &TaskTracker,
    closing: CancellationToken,
) -> mpsc::Sender<Submission> {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let (done, finished) = oneshot::channel::<()>();
    let runtime = tokio::runtime::Handle::current();
    let work = move || {
        runtime.block_on(empty(storage, receiver, closing));
        drop(done);
    };
    std::thread::Builder::new()
        .name("committer".into())
        .spawn(work)
        .expect("the system can start one more thread");
    running.spawn(async move { finished.await.unwrap_or_default() });
    sender
}

/// Takes whatever has queued up while the last batch was written, and writes it as one.
async fn empty(mut storage: Storage, mut queue: mpsc::Receiver<Submission>, closing: CancellationToken) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut closed = false;
    loop {
        tokio::select! {
            biased;
            taken = queue.recv_many(&mut batch, BATCH) => {
                if taken == 0 {
                    return;
                }
                commit(&mut storage, std::mem::take(&mut batch)).await;
            }
            () = closing.cancelled(), if !closed => {
                closed = true;
                queue.close();
            }
        }
    }
}
