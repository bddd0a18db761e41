//! What requests to callback addresses show about a channel beside their content: which were refused and why, that one
//! was accepted again, how they look. Counted in memory and written at most once a second: a flood of bad requests must
//! not become a flood of writes, and no push waits for this.

use crate::channel::directory::Directory;
use crate::db::push_refusals::{self, ModeRow, RefusalRow};
use crate::db::{self, Db, Tx};
use crate::domain::channel::EncryptionMode;
use crate::domain::doctor::PushRefusal;
use crate::domain::ids::ChannelId;
use crate::domain::time::Time;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Writes are at least this far apart.
const EVERY: Duration = Duration::from_secs(1);

/// Counts for all channels of this process; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Watch(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    notes: Mutex<Notes>,
    /// How the last push of each channel looked, as far as it has been written.
    modes: Mutex<HashMap<ChannelId, EncryptionMode>>,
    wake: Notify,
}

/// What waits to be written. Its size is bounded by channels and reasons.
#[derive(Debug, Clone, Default)]
struct Notes {
    refused: HashMap<(ChannelId, PushRefusal), (i64, Time)>,
    accepted: HashMap<ChannelId, Time>,
    modes: HashMap<ChannelId, ModeRow>,
}

impl Notes {
    fn is_empty(&self) -> bool {
        self.refused.is_empty() && self.accepted.is_empty() && self.modes.is_empty()
    }

    fn channels(&self) -> impl Iterator<Item = ChannelId> {
        self.refused
            .keys()
            .map(|(id, _)| *id)
            .chain(self.accepted.keys().copied())
    }
}

impl Watch {
    /// A request was refused.
    pub fn refused(&self, id: ChannelId, reason: PushRefusal, at: Time) {
        let mut notes = self.notes();
        let (count, last_at) = notes.refused.entry((id, reason)).or_insert((0, at));
        *count += 1;
        *last_at = (*last_at).max(at);
        drop(notes);
        self.0.wake.notify_one();
    }

    /// A push was accepted. `has_problem`: as far as this node knows the channel.
    pub fn accepted(&self, id: ChannelId, mode: EncryptionMode, has_problem: bool, at: Time) {
        let before = self.modes().insert(id, mode);
        if before == Some(mode) && !has_problem {
            return;
        }
        let mut notes = self.notes();
        if before != Some(mode) {
            notes.modes.insert(id, ModeRow { mode, since: at });
        }
        if has_problem {
            notes.accepted.insert(id, at);
        }
        drop(notes);
        self.0.wake.notify_one();
    }

    /// Writes what was counted until the desk stops, and once more then.
    pub fn start(&self, db: Db, channels: Directory, stopping: CancellationToken) -> JoinHandle<()> {
        let watch = self.clone();
        tokio::spawn(async move {
            while !stopping.is_cancelled() {
                tokio::select! {
                    () = stopping.cancelled() => {}
                    () = watch.0.wake.notified() => watch.flush(&db, &channels).await,
                }
                tokio::select! {
                    () = stopping.cancelled() => {}
                    () = tokio::time::sleep(EVERY) => {}
                }
            }
            watch.flush(&db, &channels).await;
        })
    }

    /// Writes what was counted so far.
    pub async fn flush(&self, db: &Db, channels: &Directory) {
        let notes = Arc::new(std::mem::take(&mut *self.notes()));
        if notes.is_empty() {
            return;
        }
        let (now, work) = (db.clock.now(), Arc::clone(&notes));
        let written = db.write::<_, db::Error, _>(move |tx| {
            let notes = Arc::clone(&work);
            Box::pin(async move { write(tx, &notes, now).await })
        });
        match written.await {
            Ok(()) => notes.channels().for_each(|id| channels.forget(id)),
            Err(error) => tracing::warn!(%error, "refused pushes could not be counted"),
        }
    }

    fn notes(&self) -> std::sync::MutexGuard<'_, Notes> {
        self.0.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn modes(&self) -> std::sync::MutexGuard<'_, HashMap<ChannelId, EncryptionMode>> {
        self.0.modes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// In the order of ids, so that two nodes cannot wait for each other.
async fn write(tx: &mut Tx, notes: &Notes, now: Time) -> db::Result<()> {
    let mut accepted: Vec<_> = notes.accepted.iter().map(|(id, at)| (*id, *at)).collect();
    accepted.sort_unstable();
    for (id, at) in accepted {
        push_refusals::clear(tx, id, at, now).await?;
    }
    let mut refused: Vec<_> = notes.refused.iter().collect();
    refused.sort_unstable();
    for ((id, reason), (count, last_at)) in refused {
        let row = RefusalRow {
            reason: *reason,
            count: *count,
            last_at: *last_at,
        };
        push_refusals::count(tx, *id, row, now).await?;
    }
    let mut modes: Vec<_> = notes.modes.iter().map(|(id, row)| (*id, *row)).collect();
    modes.sort_unstable_by_key(|(id, _)| *id);
    for (id, row) in modes {
        push_refusals::put_mode(tx, id, row).await?;
    }
    Ok(())
}
