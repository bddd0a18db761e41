//! The batch on PostgreSQL, on a connection of the writer's own. Messages of conversations that the writer remembers, or
//! has just looked up, take one statement (`quick.rs`), and so do first messages (`first.rs`); everything else is loaded
//! and locked in the order of ids, planned, and written.

mod apply;
mod first;
mod load;
mod memory;
mod quick;
mod said;
mod surveys;
mod ways;

use super::batch::Group;
use super::loaded::{LoadedChannel, ReadAnswers, count_dropped};
use super::{Batch, Committed, Entry, IngestError};
use crate::db::{Backend, Db, Signals};
use crate::domain::agent::Language;
use crate::domain::ids::ConversationId;
use crate::domain::inbound::{ContactPlan, KnownContact, Outcome, plan};
use memory::{Memory, Remembered};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use ways::{Addition, Beginning, Ways};

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
        let Ways {
            additions,
            beginnings,
            locks,
        } = self.ways(c, std::mem::take(&mut batch.groups)).await?;
        batch.groups = locks;
        if !additions.is_empty() {
            let back = self.quickly(c, additions, &mut outcomes).await?;
            batch.groups.extend(back);
            self.signals.events.notify_one();
        }
        if !beginnings.is_empty() {
            let back = self.begin(c, beginnings, &mut outcomes).await?;
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

    /// Plans what may go a quick way; who is not remembered is looked up, without a lock.
    async fn ways<'e>(
        &mut self,
        c: &mut PgConnection,
        groups: Vec<Group<'e>>,
    ) -> Result<Ways<'e>, IngestError> {
        let (mut ways, strangers) = Ways::of(&mut self.memory, groups);
        if !strangers.is_empty() {
            let found = load::contacts(c, &strangers).await?;
            ways.meet(&self.memory, strangers, found);
        }
        ways.put_in_order();
        Ok(ways)
    }

    /// Stores what is as remembered; gives back the groups of conversations that somebody else changed. Their
    /// memory is gone since they were planned.
    async fn quickly<'e>(
        &mut self,
        c: &mut PgConnection,
        additions: Vec<Addition<'e>>,
        outcomes: &mut [Outcome],
    ) -> Result<Vec<Group<'e>>, IngestError> {
        let stored = or_nothing(quick::store(c, &self.memory, &additions).await)?;
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
            .map(|addition| self.give_back(addition.group))
            .collect())
    }

    /// Stores what comes from people nobody knows; gives back the groups of those that somebody does.
    async fn begin<'e>(
        &mut self,
        c: &mut PgConnection,
        beginnings: Vec<Beginning<'e>>,
        outcomes: &mut [Outcome],
    ) -> Result<Vec<Group<'e>>, IngestError> {
        let mut stored = or_nothing(first::store(c, &self.memory, &beginnings).await)?;
        let mut back = Vec::new();
        for (place, beginning) in (0..).zip(beginnings) {
            let group = beginning.group;
            let Some(remembered) = stored.remove(&place) else {
                back.push(self.give_back(group));
                continue;
            };
            count("first", std::iter::once(&group));
            Batch::settle(outcomes, &group, &beginning.plan.outcomes);
            self.memory
                .keep(group.channel_id.0, group.external_id.to_owned(), remembered);
        }
        Ok(back)
    }

    fn give_back<'e>(&mut self, group: Group<'e>) -> Group<'e> {
        self.memory.forget_channel(group.channel_id.0);
        group
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

/// A push that was stored before is a conflict, and anything else the way with locks shall judge: then nothing is stored.
fn or_nothing<T: Default>(stored: Result<T, IngestError>) -> Result<T, IngestError> {
    match stored {
        Err(IngestError::Conflict(cause) | IngestError::Data(cause)) => {
            tracing::debug!(%cause, "messages go the way with locks");
            Ok(T::default())
        }
        stored => stored,
    }
}

/// Counts the pushes that were stored in one of the three ways.
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
