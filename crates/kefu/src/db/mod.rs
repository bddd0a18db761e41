//! The only place that knows SQL: connections, transactions, one file per table group, migrations.
//!
//! One SQL text serves both databases wherever both understand it; `on!` compiles a body once per driver.
//! Reads take a [`Conn`], writes a [`Tx`] (which is also a `Conn`), so a query cannot write by accident.

pub mod access_tokens;
pub mod addresses;
pub mod agent_identities;
pub mod agents;
pub mod allowance_ledger;
pub mod approvals;
pub mod attachments;
pub mod attempts;
pub mod audit;
pub mod automatic_answers;
pub mod blacklist;
pub mod callback_marks;
pub mod capabilities;
pub mod card_presets;
pub mod channel_menus;
pub mod channel_writes;
pub mod channels;
pub mod contacts;
pub mod conversations;
pub mod dead_letters;
pub mod department_moves;
pub mod departments;
pub mod doctor_reports;
pub mod dynamic;
pub mod error;
pub mod events;
mod expiring;
pub mod file_links;
pub mod housekeeping;
pub mod icons;
pub mod inbound_media;
pub mod ingest;
pub mod installation;
pub mod invitations;
pub mod jobs;
pub mod lease;
pub mod letters;
pub mod login_failures;
pub mod logins;
pub mod messages;
pub mod monthly_sends;
pub mod off_notices;
pub mod open;
pub mod outbox_queue;
pub mod own_automation;
pub mod preferences;
pub mod push_refusals;
pub mod qr_codes;
pub mod quarantine;
pub mod release;
pub mod search;
pub mod second_factors;
pub mod sending;
pub mod setup_steps;
pub mod snapshot;
pub mod sql_types;
pub mod survey_figures;
pub mod surveys;
pub mod ticket_preview;
pub mod tickets;
pub mod transfer_targets;
pub mod typing_signs;
pub mod unfollowed;
pub mod visibility;
pub mod write;

pub use error::Error;
pub use write::{Conflict, Tx, Work};

use crate::clock::Clock;
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::{Mutex, Notify};

/// The result of a query.
pub type Result<T> = std::result::Result<T, Error>;

/// Runs one body on whichever database is open: `on!(conn, c => sqlx::query(…).execute(c).await)`.
macro_rules! on {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn.either() {
            $crate::db::Either::Sqlite($c) => $body,
            $crate::db::Either::Postgres($c) => $body,
        }
    };
}
pub(crate) use on;

/// The open database; cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    pub(crate) backend: Backend,
    pub(crate) signals: Arc<Signals>,
    /// The desk's clock: rows are stamped with it.
    pub clock: Clock,
}

/// Which database, and its pools.
#[derive(Debug, Clone)]
pub(crate) enum Backend {
    Sqlite(SqliteBackend),
    Postgres(PgPool),
}

/// SQLite: many readers; one writer at a time behind a fair lock that the inbound committer shares.
#[derive(Debug, Clone)]
pub(crate) struct SqliteBackend {
    pub(crate) path: PathBuf,
    pub(crate) readers: SqlitePool,
    pub(crate) writer: SqlitePool,
    pub(crate) gate: Arc<Mutex<()>>,
}

/// Rings after a commit, inside this process. Other nodes poll.
#[derive(Debug, Default)]
pub struct Signals {
    /// Something was written: event readers look.
    pub events: Notify,
    /// A reply was queued: the sender looks.
    pub outbox: Notify,
    /// A job was added: the runner looks.
    pub jobs: Notify,
}

impl Signals {
    /// Everything that waits has a look.
    pub fn ring_all(&self) {
        self.events.notify_one();
        self.outbox.notify_one();
        self.jobs.notify_one();
    }
}

/// A connection to read from.
#[derive(Debug)]
pub struct Conn {
    pub(crate) inner: ConnInner,
}

#[derive(Debug)]
pub(crate) enum ConnInner {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
    SqliteTx(sqlx::Transaction<'static, Sqlite>),
    PostgresTx(sqlx::Transaction<'static, Postgres>),
}

/// The connection of whichever driver.
#[derive(Debug)]
pub enum Either<'c> {
    /// SQLite.
    Sqlite(&'c mut SqliteConnection),
    /// PostgreSQL.
    Postgres(&'c mut PgConnection),
}

impl Conn {
    /// The driver's connection, for [`on!`].
    pub(crate) fn either(&mut self) -> Either<'_> {
        match &mut self.inner {
            ConnInner::Sqlite(c) => Either::Sqlite(c),
            ConnInner::SqliteTx(c) => Either::Sqlite(c),
            ConnInner::Postgres(c) => Either::Postgres(c),
            ConnInner::PostgresTx(c) => Either::Postgres(c),
        }
    }
}

impl Db {
    /// A connection to read from; it goes back to its pool when dropped.
    pub async fn read(&self) -> Result<Conn> {
        let inner = match &self.backend {
            Backend::Sqlite(sqlite) => ConnInner::Sqlite(sqlite.readers.acquire().await?),
            Backend::Postgres(pool) => ConnInner::Postgres(pool.acquire().await?),
        };
        Ok(Conn { inner })
    }

    /// The bells that ring after a commit.
    pub fn signals(&self) -> &Arc<Signals> {
        &self.signals
    }

    /// `sqlite` or `postgres`, for logs and metrics.
    pub const fn kind(&self) -> &'static str {
        match self.backend {
            Backend::Sqlite(_) => "sqlite",
            Backend::Postgres(_) => "postgres",
        }
    }

    /// Waits for what is being written and closes every connection.
    pub async fn close(&self) {
        match &self.backend {
            Backend::Sqlite(sqlite) => {
                sqlite.readers.close().await;
                sqlite.writer.close().await;
            }
            Backend::Postgres(pool) => pool.close().await,
        }
    }
}
