//! Background work: the runner of the `jobs` table, `housekeeping`, `unfollowed` and `search_index`. What a job does is in
//! the part it belongs to (`media::download`). Jobs run outside any transaction and may run twice: each must bear it.

mod housekeeping;
mod search_index;
mod unfollowed;
mod wipe_secret;

use crate::db::jobs::{self, JobKind, JobRow};
use crate::desk::Desk;
use crate::doctor::probe;
use crate::domain::backoff::JOBS;
use crate::domain::ids::{ChannelId, ContactId, MediaId, MessageId};
use crate::media::download;
use crate::outbound::blacklist;
use crate::outbound::monthly::tags;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{JoinHandle, JoinSet};

/// Jobs at once: a file of 50 MB is in memory while it is fetched.
const AT_ONCE: usize = 4;
/// Longer than the longest download.
const LEASE_MS: i64 = 150_000;
/// Somebody else's bell is not heard.
const POLL: Duration = Duration::from_secs(2);
/// How long a stop waits for jobs; what is not done by then is done again by the next process.
const STOP: Duration = Duration::from_secs(5);

/// Why a job is not done.
#[derive(Debug)]
pub(crate) enum JobError {
    /// Try again later.
    Retry(String),
}

impl From<crate::db::Error> for JobError {
    fn from(error: crate::db::Error) -> Self {
        Self::Retry(error.to_string())
    }
}

/// The runner of this process.
#[derive(Debug)]
pub struct Runner {
    desk: Desk,
    owner: Arc<str>,
    tasks: JoinSet<()>,
}

impl Runner {
    /// Runs jobs and housekeeping until the desk stops.
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
        self.free_dead_leases().await;
        let mut tidy = tokio::time::interval(housekeeping::EVERY);
        // On its own: a person with many messages must not keep files from being fetched.
        let forgetting = tokio::spawn(unfollowed::follow(self.desk.clone()));
        let indexing = tokio::spawn(search_index::follow(self.desk.clone()));
        while !self.desk.stopping.is_cancelled() {
            self.fill().await;
            let wait = self.until_due().await;
            tokio::select! {
                () = self.desk.stopping.cancelled() => {}
                () = self.desk.db.signals().jobs.notified() => {}
                () = tokio::time::sleep(wait) => {}
                Some(_) = self.tasks.join_next() => {}
                _ = tidy.tick() => housekeeping::run(&self.desk).await,
            }
        }
        let all = async {
            while self.tasks.join_next().await.is_some() {}
            drop(forgetting.await);
            drop(indexing.await);
        };
        if tokio::time::timeout(STOP, all).await.is_err() {
            tracing::info!("jobs were still running at the stop; they run again at the next start");
        }
    }

    /// On SQLite the data directory is locked by one process: every lease is that of a dead one.
    async fn free_dead_leases(&self) {
        if self.desk.db.kind() != "sqlite" {
            return;
        }
        if let Err(error) = self.desk.db.write(|tx| Box::pin(jobs::free_all(tx))).await {
            tracing::warn!(%error, "leases of the process before could not be freed");
        }
    }

    async fn fill(&mut self) {
        while self.tasks.try_join_next().is_some() {}
        let room = AT_ONCE.saturating_sub(self.tasks.len());
        if room == 0 || self.due_in_ms().await.is_none_or(|ms| ms > 0) {
            return;
        }
        let (owner, clock) = (Arc::clone(&self.owner), self.desk.clock.clone());
        let claimed = self.desk.db.write(move |tx| {
            let (owner, wall) = (Arc::clone(&owner), clock.wall());
            let limit = i64::try_from(room).unwrap_or(1);
            Box::pin(async move { jobs::claim(tx, &owner, wall, LEASE_MS, limit).await })
        });
        match claimed.await {
            Ok(rows) => {
                for row in rows {
                    self.tasks
                        .spawn(run_one(self.desk.clone(), Arc::clone(&self.owner), row));
                }
            }
            Err(error) => tracing::warn!(%error, "jobs could not be claimed"),
        }
    }

    async fn until_due(&self) -> Duration {
        match self.due_in_ms().await {
            Some(ms @ 1..) => Duration::from_millis(ms.unsigned_abs()).min(POLL),
            _ => POLL,
        }
    }

    async fn due_in_ms(&self) -> Option<i64> {
        let mut conn = self.desk.db.read().await.ok()?;
        let now = crate::db::sending::lease_time(&mut conn, self.desk.clock.wall())
            .await
            .ok()?;
        Some(jobs::next_run(&mut conn).await.ok()??.since_ms(now))
    }
}

/// Runs one job and writes down how it ended.
async fn run_one(desk: Desk, owner: Arc<str>, row: JobRow) {
    let done = match row.kind.parse::<JobKind>() {
        Ok(JobKind::Blacklist) => blacklist::run(&desk, row.id, ContactId(row.subject_id)).await,
        Ok(JobKind::DownloadMedia) => download::run(&desk, MediaId(row.subject_id)).await,
        Ok(JobKind::ProbeAccount) => probe::run(&desk, ChannelId(row.subject_id)).await,
        Ok(JobKind::DownloadHdVoice) => download::run_hd(&desk, MediaId(row.subject_id)).await,
        Ok(JobKind::RemoveMassTag) => tags::remove(&desk, MessageId(row.subject_id)).await,
        Ok(JobKind::WipeSecret) => wipe_secret::run(&desk, ChannelId(row.subject_id)).await,
        Err(_) => Err(JobError::Retry("this version does not know the kind".to_owned())),
    };
    if let Err(error) = settle(&desk, owner, &row, done).await {
        tracing::warn!(job = row.id, %error, "the end of a job was not written down; it will run again");
    }
}

async fn settle(
    desk: &Desk,
    owner: Arc<str>,
    row: &JobRow,
    done: Result<(), JobError>,
) -> crate::db::Result<()> {
    let (id, clock, tries) = (row.id, desk.clock.clone(), row.tries + 1);
    let failed = done.err().map(|JobError::Retry(error)| {
        tracing::info!(
            job = id,
            kind = row.kind,
            tries,
            error,
            "a job will be tried again"
        );
        (
            JOBS.after(tries, None, rand::random()).unwrap_or(JOBS.cap_ms),
            error,
        )
    });
    desk.db
        .write(move |tx| {
            let (owner, failed, wall) = (Arc::clone(&owner), failed.clone(), clock.wall());
            Box::pin(async move {
                match failed {
                    None => jobs::remove(tx, id, &owner).await,
                    Some((in_ms, error)) => jobs::again(tx, id, &owner, in_ms, &error, wall).await,
                }
            })
        })
        .await
}
