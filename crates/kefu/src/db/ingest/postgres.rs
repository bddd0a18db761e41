//! The batch on PostgreSQL: arrays in, a handful of statements, conversations locked in the order of their ids.

mod apply;
mod load;

use super::batch::Group;
use super::loaded::count_dropped;
use super::{Batch, Committed, Entry, IngestError};
use crate::db::{Backend, Db, Signals};
use crate::domain::agent::Language;
use crate::domain::ids::ConversationId;
use crate::domain::inbound::{ContactPlan, KnownContact, plan};
use sqlx::PgPool;
use std::sync::Arc;

/// Commits batches on PostgreSQL.
#[derive(Debug, Clone)]
pub struct PostgresIngest {
    pool: PgPool,
    signals: Arc<Signals>,
    language: Language,
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
    /// On the pool of `db`; `None` when that is not PostgreSQL.
    pub fn open(db: &Db, language: Language) -> Option<Self> {
        match &db.backend {
            Backend::Postgres(pool) => Some(Self {
                pool: pool.clone(),
                signals: Arc::clone(&db.signals),
                language,
            }),
            Backend::Sqlite(_) => None,
        }
    }

    /// Stores the batch; on disk when this returns.
    pub async fn commit(&self, entries: &[Entry]) -> Committed {
        let batch = Batch::of(entries);
        let mut tx = self.pool.begin().await?;
        let mut channels = load::channels(&mut tx, &batch).await?;
        let known = load::known(&mut tx, &batch).await?;
        let mut outcomes = batch.outcomes();
        let mut planned = Vec::with_capacity(batch.groups.len());
        for (group, known) in batch.groups.iter().zip(known) {
            let channel = channels
                .get_mut(&group.channel_id.0)
                .ok_or_else(|| IngestError::Data("unknown channel".into()))?;
            let (contact, had) = (known.contact, known.conversation.as_ref().and_then(|c| c.id));
            let plan = plan(&group.pushes, &channel.rules, known);
            channel.dropped += plan.dropped;
            channel.mismatched += plan.mismatched;
            channel.newest = channel
                .newest
                .max(group.pushes.last().map(|push| push.received_at.0));
            Batch::settle(&mut outcomes, group, &plan.outcomes);
            planned.push(Planned {
                group,
                contact,
                had,
                plan,
            });
        }
        let jobs = apply::all(&mut tx, &planned, self.language).await?;
        count_dropped(&mut channels, &batch);
        apply::channels(&mut tx, &channels).await?;
        apply::dead_letters(&mut tx, &batch.dead_letters).await?;
        tx.commit().await?;
        self.signals.events.notify_one();
        if jobs {
            self.signals.jobs.notify_one();
        }
        Ok(outcomes)
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
