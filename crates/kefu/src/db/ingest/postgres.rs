//! The batch on PostgreSQL, on a connection of the writer's own. Messages of conversations that the writer remembers
//! take one statement (`quick.rs`); everything else is loaded and locked in the order of ids, planned, and written.

mod apply;
mod load;
mod memory;
mod quick;
mod said;
mod surveys;

use super::batch::Group;
use super::loaded::{LoadedChannel, ReadAnswers, count_dropped};
use super::{Batch, Committed, Entry, IngestError};
use crate::db::{Backend, Db, Signals};
use crate::domain::agent::Language;
use crate::domain::ids::ConversationId;
use crate::domain::inbound::{ContactPlan, KnownContact, Outcome, plan};
use memory::{Addition, Memory, Remembered};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// How long a batch may take, connecting included. A server that went away without a word would otherwise hold the
/// writer until TCP gives up. The batch is stored once all the same: its keys are unique.
const PATIENCE: Duration = Duration::from_secs(3);

/// Commits batches on PostgreSQL.
#[derive(Debug)]
pub struct PostgresIngest {
    connect: PgConnectOptions,
    connection: Option<PgConnection>,
    memory: Memory,
    signals: Arc<Signals>,
    answers: ReadAnswers,
}

/// The plan of one contact, with what was known of them.
#[derive(Debug)]
struct Planned<'g, 'e> {
    group: &'g Group<'e>,
    contact: Option<KnownContact>,
    had: Option<ConversationId>,
    plan: ContactPlan,
}

impl PostgresIngest {
    /// For the database of `db`; `None` when that is not PostgreSQL. Connects with the first batch.
    pub fn open(db: &Db) -> Option<Self> {
        let Backend::Postgres(pool) = &db.backend else {
            return None;
        };
        // The statements never change and always go by an index, whatever the tables' statistics say yet: nothing is
        // gained by planning them anew for each batch.
        let settings = [
            ("plan_cache_mode", "force_generic_plan"),
            ("enable_seqscan", "off"),
        ];
        Some(Self {
            connect: pool.connect_options().as_ref().clone().options(settings),
            connection: None,
            memory: Memory::default(),
            signals: Arc::clone(&db.signals),
            answers: ReadAnswers::default(),
        })
    }

    /// Stores the batch; on disk when this returns.
    pub async fn commit<E: AsRef<Entry>>(&mut self, entries: &[E]) -> Committed {
        match tokio::time::timeout(PATIENCE, self.try_commit(entries)).await {
            Ok(done) => done,
            Err(_) => Err(IngestError::Unavailable("it did not answer in time".into())),
        }
    }

    /// The connection is put back only after an answer.
    async fn try_commit<E: AsRef<Entry>>(&mut self, entries: &[E]) -> Committed {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.reconnect().await?,
        };
        let done = self.store(&mut connection, entries).await;
        if !matches!(done, Err(IngestError::Unavailable(_))) {
            self.connection = Some(connection);
        }
        done
    }

    /// A new connection may lead to another server, whose versions of rows mean nothing here.
    async fn reconnect(&mut self) -> Result<PgConnection, IngestError> {
        self.memory = Memory::default();
        // Whatever stands in the way of a connection, nothing is wrong with the batch.
        let connected = self.connect.connect().await;
        connected.map_err(|error| IngestError::Unavailable(error.to_string()))
    }

    async fn store<E: AsRef<Entry>>(&mut self, c: &mut PgConnection, entries: &[E]) -> Committed {
        let mut batch = Batch::of(entries);
        let mut outcomes = batch.outcomes();
        let (additions, rest) = self.memory.plan_known(std::mem::take(&mut batch.groups));
        batch.groups = rest;
        if !additions.is_empty() {
            let back = self.quickly(c, additions, &mut outcomes).await?;
            batch.groups.extend(back);
            self.signals.events.notify_one();
        }
        if !batch.is_empty() {
            let jobs = self.thoroughly(c, &batch, &mut outcomes).await?;
            count("locks", batch.groups.iter());
            self.signals.events.notify_one();
            if jobs {
                self.signals.jobs.notify_one();
            }
        }
        Ok(outcomes)
    }

    /// Stores what is as remembered; gives back the groups of conversations that somebody else changed. Their
    /// memory is gone since they were planned.
    async fn quickly<'e>(
        &mut self,
        c: &mut PgConnection,
        additions: Vec<Addition<'e>>,
        outcomes: &mut [Outcome],
    ) -> Result<Vec<Group<'e>>, IngestError> {
        let stored = match quick::store(c, &self.memory, &additions).await {
            Ok(stored) => stored,
            Err(IngestError::Unavailable(cause)) => return Err(IngestError::Unavailable(cause)),
            // A push that was stored before is a conflict. Anything else the old way shall judge.
            Err(IngestError::Conflict(cause) | IngestError::Data(cause)) => {
                tracing::debug!(%cause, "messages go the way with locks");
                quick::Stored::default()
            }
        };
        let (done, back): (Vec<_>, Vec<_>) = additions
            .into_iter()
            .partition(|addition| addition.after.id.is_some_and(|id| stored.ids.contains(&id.0)));
        count("quick", done.iter().map(|addition| &addition.group));
        for addition in done {
            Batch::settle(outcomes, &addition.group, &addition.plan.outcomes);
            let remembered = Remembered {
                contact: addition.contact,
                thread: addition.after,
                stamp: stored.stamp,
            };
            self.memory
                .keep(addition.group.channel_id.0, addition.external_id, remembered);
        }
        Ok(back
            .into_iter()
            .map(|addition| self.give_back(addition))
            .collect())
    }

    fn give_back<'e>(&mut self, addition: Addition<'e>) -> Group<'e> {
        self.memory.forget_channel(addition.group.channel_id.0);
        addition.group
    }

    /// Loads and locks, plans, writes; says whether jobs were added.
    async fn thoroughly(
        &mut self,
        c: &mut PgConnection,
        batch: &Batch<'_>,
        outcomes: &mut [Outcome],
    ) -> Result<bool, IngestError> {
        let mut tx = c.begin().await?;
        let mut channels = load::channels(&mut tx, batch, &mut self.answers).await?;
        let known = load::known(&mut tx, batch).await?;
        let mut planned = Vec::with_capacity(batch.groups.len());
        for (group, known) in batch.groups.iter().zip(known) {
            let channel = channels
                .get_mut(&group.channel_id.0)
                .ok_or_else(|| IngestError::Data("unknown channel".into()))?;
            planned.push(plan_group(group, channel, known));
        }
        let language = channels
            .values()
            .next()
            .map_or(Language::English, |channel| channel.language);
        let applied = apply::all(&mut tx, &planned, language).await?;
        count_dropped(&mut channels, batch);
        apply::channels(&mut tx, &channels).await?;
        apply::dead_letters(&mut tx, &batch.dead_letters).await?;
        tx.commit().await?;
        for p in &planned {
            Batch::settle(outcomes, p.group, &p.plan.outcomes);
        }
        self.remember(channels, &planned, applied.kept);
        Ok(applied.jobs)
    }

    fn remember(
        &mut self,
        channels: HashMap<i64, LoadedChannel>,
        planned: &[Planned<'_, '_>],
        kept: Vec<(usize, Remembered)>,
    ) {
        for (id, channel) in channels {
            if channel.to_write().is_some() {
                // The batch itself made another version of its row.
                self.memory.forget_channel(id);
            } else {
                self.memory.keep_channel(id, channel);
            }
        }
        for (i, remembered) in kept {
            let group = planned[i].group;
            let external_id = group.external_id.to_owned();
            self.memory.keep(group.channel_id.0, external_id, remembered);
        }
    }
}

/// Counts the pushes that were stored in one of the two ways.
fn count<'g, 'e: 'g>(way: &'static str, groups: impl Iterator<Item = &'g Group<'e>>) {
    let pushes: usize = groups.map(|group| group.pushes.len()).sum();
    metrics::counter!("kefu_postgres_pushes_total", "way" => way).increment(pushes as u64);
}

fn plan_group<'g, 'e>(
    group: &'g Group<'e>,
    channel: &mut LoadedChannel,
    known: crate::domain::inbound::Known,
) -> Planned<'g, 'e> {
    let (contact, had) = (known.contact, known.conversation.as_ref().and_then(|c| c.id));
    let plan = plan(&group.pushes, &channel.rules, known);
    channel.dropped += plan.dropped;
    channel.mismatched += plan.mismatched;
    channel.newest = channel
        .newest
        .max(group.pushes.last().map(|push| push.received_at.0));
    Planned {
        group,
        contact,
        had,
        plan,
    }
}

impl From<sqlx::Error> for IngestError {
    fn from(error: sqlx::Error) -> Self {
        match crate::db::Error::from(error) {
            crate::db::Error::Unavailable(cause) => Self::Unavailable(cause),
            crate::db::Error::Conflict(cause) => Self::Conflict(cause),
            // Another node stored the same push, or made the same contact, between our look and our write.
            crate::db::Error::Constraint(name) => Self::Conflict(name),
            other => Self::Data(other.to_string()),
        }
    }
}
