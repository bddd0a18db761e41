//! Opening a database: settings that must hold, migrations, and what refuses a start.

use super::{Backend, Db, Error, Result, Signals, SqliteBackend};
use crate::clock::Clock;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Executor, PgPool, SqliteConnection, SqlitePool};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("src/db/migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("src/db/migrations/postgres");

/// Readers of SQLite: more than cores only costs memory.
const SQLITE_READERS: u32 = 4;
/// Connections of one node to PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 16;

/// Which database to open.
#[derive(Debug, Clone)]
pub enum Location {
    /// A file.
    Sqlite(PathBuf),
    /// `postgres://…`.
    Postgres(String),
}

impl Location {
    /// A PostgreSQL address, if it has the form of one.
    pub fn postgres(url: &str) -> std::result::Result<Self, String> {
        let read = PgConnectOptions::from_str(url);
        read.map(|_| Self::Postgres(url.to_owned()))
            .map_err(|error| error.to_string())
    }
}

/// How to open it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Tests only: accept a PostgreSQL that does not write durably.
    pub allow_unsafe: bool,
}

/// Why a database was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is away, or refused.
    #[error(transparent)]
    Db(#[from] Error),
    /// Nobody answers there, or it lets nobody in.
    #[error("setting `database.url`: PostgreSQL cannot be used ({0}). Start it, or correct the address")]
    Unreachable(String),
    /// The server would lose acknowledged messages.
    #[error(
        "PostgreSQL runs with `{setting} = {value}`: an acknowledged message could be lost. Set it to `on` and start again"
    )]
    Unsafe {
        /// Its name.
        setting: &'static str,
        /// Its value.
        value: String,
    },
    /// A newer Kefu has been here.
    #[error(
        "the database was written by a newer version of Kefu (migration {0}). Start that version, or restore a backup"
    )]
    Newer(i64),
    /// A migration failed.
    #[error("the database could not be brought up to date: {0}")]
    Migration(String),
}

impl Db {
    /// Opens the database and brings its tables up to date.
    pub async fn open(
        location: &Location,
        options: Options,
        clock: Clock,
    ) -> std::result::Result<Self, OpenError> {
        let backend = match location {
            Location::Sqlite(path) => Backend::Sqlite(open_sqlite(path).await?),
            Location::Postgres(url) => Backend::Postgres(open_postgres(url, options).await?),
        };
        Ok(Self {
            backend,
            signals: Arc::new(Signals::default()),
            clock,
        })
    }
}

async fn open_sqlite(path: &Path) -> std::result::Result<SqliteBackend, OpenError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10));
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .before_acquire(|connection, _| Box::pin(async move { Ok(is_free(connection)) }))
        // What is erased (`unfollowed.rs`) must not be left in free pages. The committer deletes nothing.
        .connect_with(
            options
                .clone()
                .create_if_missing(true)
                .pragma("secure_delete", "on"),
        )
        .await
        .map_err(Error::from)?;
    migrate_sqlite(&writer).await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .connect_with(options.pragma("query_only", "on"))
        .await
        .map_err(Error::from)?;
    Ok(SqliteBackend {
        path: path.to_owned(),
        readers,
        writer,
        gate: Arc::new(Mutex::new(())),
    })
}

/// On a full disk SQLite ends a transaction by itself, and the driver goes on believing in it: such a connection is of no
/// use any more, and another one is opened in its place.
pub(in crate::db) fn is_free(connection: &SqliteConnection) -> bool {
    !connection.is_in_transaction()
}

async fn migrate_sqlite(pool: &SqlitePool) -> std::result::Result<(), OpenError> {
    SQLITE_MIGRATIONS.run(pool).await.map_err(migration_error)
}

async fn open_postgres(url: &str, options: Options) -> std::result::Result<PgPool, OpenError> {
    // Every statement here is short. Compiling one takes up to 300 ms, and the writers' plans look dear to PostgreSQL
    // wherever a scan cannot be avoided (`docs/decisions/0008`).
    let connect = PgConnectOptions::from_str(url)
        .map_err(Error::from)?
        .application_name("kefu")
        .options([("idle_in_transaction_session_timeout", "10s"), ("jit", "off")]);
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(Duration::from_secs(4))
        .connect_with(connect.clone())
        .await;
    let pool = match pool {
        Ok(pool) => pool,
        Err(error) => return Err(OpenError::Unreachable(cause(&connect, error).await)),
    };
    if !options.allow_unsafe {
        refuse_unsafe(&pool, "fsync", "SHOW fsync").await?;
        refuse_unsafe(&pool, "synchronous_commit", "SHOW synchronous_commit").await?;
    }
    POSTGRES_MIGRATIONS.run(&pool).await.map_err(migration_error)?;
    Ok(pool)
}

/// A pool only says that time is up; one connection says why.
async fn cause(connect: &PgConnectOptions, error: sqlx::Error) -> String {
    let probe = tokio::time::timeout(Duration::from_secs(2), connect.connect());
    match probe.await {
        Ok(Err(cause)) => cause.to_string(),
        _ => error.to_string(),
    }
}

async fn refuse_unsafe(
    pool: &PgPool,
    setting: &'static str,
    show: &'static str,
) -> std::result::Result<(), OpenError> {
    let value: String = sqlx::query_scalar(show)
        .fetch_one(pool)
        .await
        .map_err(Error::from)?;
    if value == "off" {
        Err(OpenError::Unsafe { setting, value })
    } else {
        Ok(())
    }
}

fn migration_error(error: MigrateError) -> OpenError {
    match error {
        MigrateError::VersionMissing(version) => OpenError::Newer(version),
        other => OpenError::Migration(other.to_string()),
    }
}

impl Db {
    /// Whether the database answers now.
    pub async fn ping(&self) -> Result<()> {
        match &self.backend {
            Backend::Sqlite(sqlite) => sqlite.readers.execute("SELECT 1").await.map(|_| ())?,
            Backend::Postgres(pool) => pool.execute("SELECT 1").await.map(|_| ())?,
        }
        Ok(())
    }

    /// The size of SQLite's write-ahead log.
    pub fn wal_bytes(&self) -> Option<u64> {
        let Backend::Sqlite(sqlite) = &self.backend else {
            return None;
        };
        let mut log = sqlite.path.clone().into_os_string();
        log.push("-wal");
        std::fs::metadata(log).ok().map(|file| file.len())
    }
}

/// The newest migration this version knows.
pub fn newest_schema() -> i64 {
    SQLITE_MIGRATIONS
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or_default()
}
