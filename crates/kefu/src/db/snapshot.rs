//! What a backup takes of the database: a copy of an SQLite file that is whole whatever is written meanwhile, its
//! schema's version, and the keys of the files it names. Nothing is migrated here, and nothing changed.

use super::open::Location;
use super::{Backend, Conn, Db, Error, Result, Signals, SqliteBackend, on};
use crate::clock::Clock;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{PgPool, SqlitePool};
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;
use tokio::sync::Mutex;

/// How often the progress of a copy is told, and whether it is to end.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// How a copy ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// Whole.
    Yes,
    /// Somebody wanted it to end.
    Stopped,
}

/// Copies an SQLite database into a new file, beside a running server. Blocks; `go_on` gets the bytes so far, and ends it
/// by saying no.
pub fn copy(from: &Path, into: &Path, go_on: &(dyn Fn(u64) -> bool + Sync)) -> Result<Copied> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(from, flags).map_err(failed)?;
    connection.busy_timeout(Duration::from_secs(30)).map_err(failed)?;
    let interrupt = connection.get_interrupt_handle();
    let into_text = into.to_string_lossy().into_owned();
    let (done, ended) = channel::<()>();
    let result = std::thread::scope(|scope| {
        scope.spawn(move || {
            while ended.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Timeout) {
                if !go_on(std::fs::metadata(into).map_or(0, |file| file.len())) {
                    interrupt.interrupt();
                }
            }
        });
        let result = connection.execute("VACUUM INTO ?1", [into_text]);
        drop(done);
        result
    });
    match result {
        Ok(_) => Ok(Copied::Yes),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {
            Ok(Copied::Stopped)
        }
        Err(error) => Err(failed(error)),
    }
}

fn failed(error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Error::Unavailable("the disk is full".to_owned()),
        _ => Error::Other(error.to_string()),
    }
}

impl Db {
    /// Opens a database as it is, without bringing it up to date.
    pub async fn open_unchanged(location: &Location, clock: Clock) -> Result<Self> {
        let backend = match location {
            Location::Sqlite(path) => {
                let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(path)).await?;
                Backend::Sqlite(SqliteBackend {
                    path: path.clone(),
                    readers: pool.clone(),
                    writer: pool,
                    gate: Arc::new(Mutex::new(())),
                })
            }
            Location::Postgres(url) => {
                Backend::Postgres(PgPool::connect_with(PgConnectOptions::from_str(url)?).await?)
            }
        };
        Ok(Self {
            backend,
            signals: Arc::new(Signals::default()),
            clock,
        })
    }
}

/// The newest migration that was carried out; `None` where there is no desk in this database.
pub async fn schema(conn: &mut Conn) -> Result<Option<i64>> {
    let version: std::result::Result<Option<i64>, sqlx::Error> = on!(conn, c => sqlx::query_scalar(
        "SELECT MAX(version) FROM _sqlx_migrations WHERE success").fetch_one(c).await);
    match version {
        Ok(version) => Ok(version),
        Err(sqlx::Error::Database(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The keys of stored files after this one, in order.
pub async fn media_keys(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<String>> {
    Ok(on!(conn, c => sqlx::query_scalar(
        "SELECT DISTINCT storage_key FROM media WHERE storage_key > $1 ORDER BY storage_key LIMIT $2")
        .bind(after).bind(limit).fetch_all(c).await?))
}
