//! The event log's fan-out: one poller per node reads what was appended and hands it to every browser of this node.
//!
//! `stream.rs` follows for one browser; `http/events.rs` speaks SSE. Nothing here is needed for correctness of data:
//! a browser that misses the bell finds everything in the log.

pub mod place;
pub mod stream;

use crate::channel::directory::Directory;
use crate::db::events::{self, EventKind, EventRow, Position};
use crate::db::{self, Db, Signals};
use crate::domain::ids::ChannelId;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

/// How many batches a slow follower may be behind before it is told to start again.
const KEPT_BATCHES: usize = 1024;
/// Rows read at once.
pub(crate) const READ_AT_ONCE: i64 = 500;
/// How long after the bell PostgreSQL is looked at again: an older transaction may still hide what was just committed.
const LOOK_AGAIN_MS: [u64; 4] = [10, 40, 150, 500];
/// How often PostgreSQL is looked at without a bell: other nodes do not ring here. So often, too, are changed
/// channels looked for while nobody listens.
const POSTGRES_EVERY: Duration = Duration::from_secs(1);
/// How often SQLite is looked at without a bell: only the command line writes from another process.
const SQLITE_EVERY: Duration = Duration::from_secs(5);

/// Changes that followed each other in the log.
pub type Batch = Arc<Vec<EventRow>>;

/// Where everybody who follows the log on this node listens; cheap to clone.
#[derive(Debug, Clone)]
pub struct Hub {
    epoch: i64,
    batches: broadcast::Sender<Batch>,
    signals: Arc<Signals>,
}

impl Hub {
    /// Begins to follow the log from its present end, until the desk stops.
    pub async fn start(
        db: &Db,
        epoch: i64,
        channels: Directory,
        stopping: CancellationToken,
    ) -> db::Result<Self> {
        let batches = broadcast::Sender::new(KEPT_BATCHES);
        let (position, _) = events::bounds(&mut db.read().await?).await?;
        let poller = Poller {
            db: db.clone(),
            channels,
            batches: batches.clone(),
            position,
        };
        tokio::spawn(async move { stopping.run_until_cancelled(poller.run()).await });
        Ok(Self {
            epoch,
            batches,
            signals: Arc::clone(db.signals()),
        })
    }

    /// Every batch from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Batch> {
        let batches = self.batches.subscribe();
        // The poller rests while nobody listens.
        self.signals.events.notify_one();
        batches
    }

    /// Which log this is: places in another one mean nothing here.
    pub const fn epoch(&self) -> i64 {
        self.epoch
    }
}

struct Poller {
    db: Db,
    channels: Directory,
    batches: broadcast::Sender<Batch>,
    position: Position,
}

impl Poller {
    async fn run(mut self) {
        let mut pace = Pace::new(self.db.kind() == "postgres");
        loop {
            let listened = self.is_listened_to();
            let read = if listened {
                self.poll().await
            } else {
                self.skip().await
            };
            if let Err(error) = read {
                tracing::warn!(%error, "the event log cannot be read; trying again");
            }
            if listened {
                pace.wait(&self.db).await;
            } else {
                self.rest(pace.every).await;
            }
        }
    }

    fn is_listened_to(&self) -> bool {
        self.batches.receiver_count() > 0
    }

    /// Nobody listens: only what this node keeps in memory matters, and a flood of pushes is not read behind itself.
    async fn skip(&mut self) -> db::Result<()> {
        let (changed, newest) = events::channels_after(&mut self.db.read().await?, self.position).await?;
        changed.into_iter().for_each(|id| self.channels.refresh(id));
        // A browser that came meanwhile may have read the log up to an earlier place, and waits for what follows it.
        if !self.is_listened_to() {
            self.position = self.position.max(newest);
        }
        Ok(())
    }

    /// Until somebody listens, or so long.
    async fn rest(&self, pause: Duration) {
        let somebody_listens = async {
            while !self.is_listened_to() {
                self.db.signals().events.notified().await;
            }
        };
        drop(tokio::time::timeout(pause, somebody_listens).await);
    }

    /// Hands on everything new.
    async fn poll(&mut self) -> db::Result<()> {
        loop {
            let rows = events::after(&mut self.db.read().await?, self.position, READ_AT_ONCE).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            self.position = Position {
                tx: last.tx,
                seq: last.seq,
            };
            self.forget_changed_channels(&rows);
            // Nobody listening is no error.
            drop(self.batches.send(Arc::new(rows)));
        }
    }

    /// Another node may have changed a channel that this node keeps in memory.
    fn forget_changed_channels(&self, rows: &[EventRow]) {
        let changed = rows.iter().filter(|row| row.kind == EventKind::Channel.as_str());
        changed.for_each(|row| self.channels.refresh(ChannelId(row.object_id)));
    }
}

/// When to look next.
#[derive(Debug)]
struct Pace {
    every: Duration,
    again: &'static [u64],
    left: std::slice::Iter<'static, u64>,
}

impl Pace {
    fn new(postgres: bool) -> Self {
        let (every, again): (_, &'static [u64]) = if postgres {
            (POSTGRES_EVERY, &LOOK_AGAIN_MS)
        } else {
            (SQLITE_EVERY, &[])
        };
        Self {
            every,
            again,
            left: [].iter(),
        }
    }

    async fn wait(&mut self, db: &Db) {
        let pause = self
            .left
            .next()
            .map_or(self.every, |ms| Duration::from_millis(*ms));
        tokio::select! {
            () = db.signals().events.notified() => self.left = self.again.iter(),
            () = tokio::time::sleep(pause) => {}
        }
    }
}
