//! Queued messages leave: claim, prepare, send, settle. One in flight per contact, in the order they were written.
//!
//! `one_try` is the walk of one message, `end` how it can end, `settle` the only place that writes that, `recovery` what happens
//! to messages whose owner is gone. Nothing here keeps a transaction open while it talks to the provider.

pub(crate) mod blacklist;
mod compose;
mod end;
mod learn;
pub(crate) mod monthly;
mod one_try;
mod recovery;
pub(crate) mod restored;
mod settle;
mod shown;
mod survey;
pub(crate) mod withdraw;

use crate::db::sending::{self, Claim};
use crate::desk::Desk;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{JoinHandle, JoinSet};

/// How many conversations are sent to at once.
const IN_FLIGHT: usize = 16;
/// Somebody else's bell is not heard: other nodes queue messages too.
const POLL: Duration = Duration::from_secs(1);
/// How often messages of lost owners are looked for.
const RECOVER_EVERY: Duration = Duration::from_secs(5);
/// How long a stop waits for sends in flight. A request takes eight seconds at most.
const STOP: Duration = Duration::from_secs(9);

/// The sender of this process.
#[derive(Debug)]
pub struct Sender {
    desk: Desk,
    owner: Arc<str>,
    tasks: JoinSet<()>,
}

impl Sender {
    /// Cleans up after the process before, then sends until the desk stops. The handle ends when nothing is in
    /// flight any more.
    pub fn start(desk: Desk) -> JoinHandle<()> {
        let owner = format!("{:016x}", rand::random::<u64>()).into();
        tokio::spawn(
            Self {
                desk,
                owner,
                tasks: JoinSet::new(),
            }
            .run(),
        )
    }

    async fn run(mut self) {
        recovery::at_start(&self.desk).await;
        let mut recover = tokio::time::interval(RECOVER_EVERY);
        while !self.desk.stopping.is_cancelled() {
            self.fill().await;
            let wait = self.until_due().await;
            tokio::select! {
                () = self.desk.stopping.cancelled() => {}
                () = self.desk.db.signals().outbox.notified() => {}
                () = tokio::time::sleep(wait) => {}
                Some(done) = self.tasks.join_next() => report(done),
                _ = recover.tick() => recovery::expired(&self.desk).await,
            }
        }
        self.drain().await;
    }

    /// Claims as much as there is room for.
    async fn fill(&mut self) {
        while let Some(done) = self.tasks.try_join_next() {
            report(done);
        }
        let room = IN_FLIGHT.saturating_sub(self.tasks.len());
        if room == 0 || !self.is_due().await {
            return;
        }
        match self.claim(room).await {
            Ok(claims) => {
                for claim in claims {
                    self.tasks.spawn(one_try::run(self.desk.clone(), claim));
                }
            }
            Err(error) => tracing::warn!(%error, "queued messages could not be claimed"),
        }
    }

    async fn claim(&self, room: usize) -> crate::db::Result<Vec<Claim>> {
        let limit = i64::try_from(room).unwrap_or(1);
        let (owner, clock) = (Arc::clone(&self.owner), self.desk.clock.clone());
        self.desk
            .db
            .write(move |tx| {
                let (owner, wall, now) = (Arc::clone(&owner), clock.wall(), clock.now());
                Box::pin(async move { sending::claim(tx, &owner, wall, now, limit).await })
            })
            .await
    }

    /// A look without a write: an idle desk writes nothing.
    async fn is_due(&self) -> bool {
        matches!(self.due_in_ms().await, Ok(Some(..=0)))
    }

    async fn until_due(&self) -> Duration {
        match self.due_in_ms().await {
            // What is due and was not claimed waits for one in flight, whose end wakes this loop.
            Ok(Some(ms @ 1..)) => Duration::from_millis(ms.unsigned_abs()).min(POLL),
            _ => POLL,
        }
    }

    async fn due_in_ms(&self) -> crate::db::Result<Option<i64>> {
        let mut conn = self.desk.db.read().await?;
        let now = sending::lease_time(&mut conn, self.desk.clock.wall()).await?;
        Ok(sending::next_due(&mut conn).await?.map(|due| due.since_ms(now)))
    }

    async fn drain(mut self) {
        let all = async {
            while let Some(done) = self.tasks.join_next().await {
                report(done);
            }
        };
        if tokio::time::timeout(STOP, all).await.is_err() {
            tracing::warn!("messages were still being sent at the stop; they will be marked as unknown");
        }
    }
}

fn report(done: Result<(), tokio::task::JoinError>) {
    if let Err(error) = done {
        tracing::error!(%error, "a send ended unexpectedly; its lease will run out");
    }
}
