//! The batch on SQLite: one connection of its own, prepared statements, under the lock all writers share.

mod load;
mod surveys;
mod write;

use super::batch::Group;
use super::loaded::{LoadedChannel, ReadAnswers, count_dropped};
use super::{Batch, Committed, Entry, IngestError};
use crate::db::{Backend, Db, Signals};
use crate::domain::ids::ChannelId;
use crate::domain::inbound::{Outcome, plan};
use rusqlite::{Connection, ErrorCode};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Mutex;

/// The write-ahead log is folded back into the database above this size.
const CHECKPOINT_PAGES: i64 = 16_384;

/// The committer's connection.
#[derive(Debug)]
pub struct SqliteIngest {
    connection: Connection,
    gate: Arc<Mutex<()>>,
    signals: Arc<Signals>,
    answers: ReadAnswers,
}

impl SqliteIngest {
    /// Opens the connection beside the pools of `db`; `None` when that is not SQLite.
    pub fn open(db: &Db) -> Result<Option<Self>, IngestError> {
        let Backend::Sqlite(sqlite) = &db.backend else {
            return Ok(None);
        };
        let connection = Connection::open(&sqlite.path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES / 4)?;
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        connection.set_prepared_statement_cache_capacity(64);
        let gate = Arc::clone(&sqlite.gate);
        Ok(Some(Self {
            connection,
            gate,
            signals: Arc::clone(&db.signals),
            answers: ReadAnswers::default(),
        }))
    }

    /// Stores the batch; on disk when this returns. Waits its turn, then blocks its thread.
    pub async fn commit<E: AsRef<Entry>>(&mut self, entries: &[E]) -> Committed {
        let batch = Batch::of(entries);
        let gate = Arc::clone(&self.gate).lock_owned().await;
        let transaction = self
            .connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let mut applier = Applier {
            sql: &transaction,
            answers: &mut self.answers,
            jobs: false,
        };
        let outcomes = applier.apply(&batch)?;
        let jobs = applier.jobs;
        transaction.commit()?;
        drop(gate);
        self.signals.events.notify_one();
        if jobs {
            self.signals.jobs.notify_one();
        }
        Ok(outcomes)
    }
}

impl From<rusqlite::Error> for IngestError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::SystemIoFailure
                | ErrorCode::DiskFull
                | ErrorCode::CannotOpen
                | ErrorCode::ReadOnly
                | ErrorCode::OutOfMemory
                | ErrorCode::PermissionDenied,
            ) => Self::Unavailable(error.to_string()),
            _ => Self::Data(error.to_string()),
        }
    }
}

struct Applier<'c> {
    sql: &'c Connection,
    answers: &'c mut ReadAnswers,
    jobs: bool,
}

impl Applier<'_> {
    fn apply(&mut self, batch: &Batch<'_>) -> Committed {
        let mut outcomes = batch.outcomes();
        let mut channels = HashMap::new();
        for id in batch.channel_ids() {
            channels.insert(id, self.channel(ChannelId(id))?);
        }
        for group in &batch.groups {
            let channel = channels
                .get_mut(&group.channel_id.0)
                .expect("every group's channel was loaded");
            let decided = self.group(group, channel)?;
            Batch::settle(&mut outcomes, group, &decided);
        }
        count_dropped(&mut channels, batch);
        for (id, channel) in &channels {
            self.count(ChannelId(*id), channel)?;
        }
        for (channel_id, letter) in &batch.dead_letters {
            self.dead_letter(*channel_id, letter)?;
        }
        Ok(outcomes)
    }

    fn group(&mut self, group: &Group<'_>, channel: &mut LoadedChannel) -> Result<Vec<Outcome>, IngestError> {
        let known = self.known(group)?;
        let contact = known.contact;
        let had = known.conversation.as_ref().and_then(|c| c.id);
        let planned = plan(&group.pushes, &channel.rules, known);
        channel.dropped += planned.dropped;
        channel.mismatched += planned.mismatched;
        channel.newest = channel
            .newest
            .max(group.pushes.last().map(|push| push.received_at.0));
        self.write(group, (contact, had), &planned, channel.language)?;
        Ok(planned.outcomes)
    }
}
