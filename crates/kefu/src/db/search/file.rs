//! The index on SQLite: `search.db`, a file of its own beside the database, because writing it takes a multiple of the
//! time a message does. It can be deleted at any time and is made anew when it is missing, broken, or of another desk.
//!
//! Whoever writes it holds its gate. What is erased is first taken off here and then from the database, with the gate held
//! in between: the index cannot take it up again (`jobs/unfollowed.rs`).

use super::progress::State;
use super::{Changes, Error, Result};
use crate::db::open::is_free;
use crate::domain::search::document::SearchKind;
use crate::domain::search::query::Token;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Who searches at once.
const READERS: u32 = 2;

/// `detail=none` keeps which text has a token, not where: the text itself is compared anyway.
const TABLES: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS state (id INTEGER PRIMARY KEY CHECK (id = 1), tokeniser INTEGER NOT NULL,
        epoch INTEGER NOT NULL, tx INTEGER NOT NULL, seq INTEGER NOT NULL, messages_below INTEGER NOT NULL,
        contacts_below INTEGER NOT NULL, tickets_below INTEGER NOT NULL, whole INTEGER NOT NULL) STRICT",
    "CREATE VIRTUAL TABLE IF NOT EXISTS message_words
        USING fts5(words, content='', contentless_delete=1, detail=none, tokenize='ascii')",
    "CREATE VIRTUAL TABLE IF NOT EXISTS contact_words
        USING fts5(words, content='', contentless_delete=1, detail=none, tokenize='ascii')",
    "CREATE VIRTUAL TABLE IF NOT EXISTS ticket_words
        USING fts5(words, content='', contentless_delete=1, detail=none, tokenize='ascii')",
];

/// The file; opened when it is first needed.
#[derive(Debug)]
pub(super) struct File {
    path: PathBuf,
    gate: Arc<Mutex<()>>,
    pools: Mutex<Option<Pools>>,
    /// Something in it could not be read.
    broken: Arc<AtomicBool>,
}

#[derive(Debug, Clone)]
struct Pools {
    writer: SqlitePool,
    readers: SqlitePool,
}

/// The file while nobody else may change it.
#[derive(Debug)]
pub struct Held {
    pools: Pools,
    broken: Arc<AtomicBool>,
    _gate: OwnedMutexGuard<()>,
}

impl File {
    pub(super) fn at(path: PathBuf) -> Self {
        Self {
            path,
            gate: Arc::default(),
            pools: Mutex::default(),
            broken: Arc::default(),
        }
    }

    /// The file, to change it; made anew when it is missing or broken.
    pub(super) async fn hold(&self) -> Result<Held> {
        let gate = Arc::clone(&self.gate).lock_owned().await;
        if self.broken.swap(false, Ordering::AcqRel) || !self.path.exists() {
            self.close().await;
            self.remove()?;
        }
        let opened = match self.pools().await {
            Err(error) if is_broken(&error) => {
                self.close().await;
                self.remove()?;
                self.pools().await?
            }
            opened => opened?,
        };
        Ok(Held {
            pools: opened,
            broken: Arc::clone(&self.broken),
            _gate: gate,
        })
    }

    /// How far the index is; `None` before it was begun.
    pub(super) async fn state(&self) -> Result<Option<State>> {
        if !self.path.exists() {
            return Ok(None);
        }
        let read = match self.pools().await {
            Ok(pools) => state(&pools.readers).await,
            Err(error) => Err(error),
        };
        self.or_broken(read, None)
    }

    /// The newest of what may match, with `from <= id < below`.
    pub(super) async fn candidates(
        &self,
        kind: SearchKind,
        tokens: &[Token],
        (from, below): (i64, i64),
        limit: i64,
    ) -> Result<Vec<i64>> {
        if !self.path.exists() {
            return Ok(Vec::new());
        }
        let read = match self.pools().await {
            Ok(pools) => sqlx::query_scalar(select(kind))
                .bind(expression(tokens))
                .bind(from)
                .bind(below)
                .bind(limit)
                .fetch_all(&pools.readers)
                .await
                .map_err(Error::from),
            Err(error) => Err(error),
        };
        self.or_broken(read, Vec::new())
    }

    /// A broken file is made anew by the next step; until then nothing is found.
    fn or_broken<T>(&self, read: Result<T>, instead: T) -> Result<T> {
        match read {
            Err(error) if is_broken(&error) => {
                tracing::warn!(%error, "the search index is broken and is made anew");
                self.broken.store(true, Ordering::Release);
                Ok(instead)
            }
            read => read,
        }
    }

    async fn pools(&self) -> Result<Pools> {
        let mut pools = self.pools.lock().await;
        if let Some(pools) = &*pools {
            return Ok(pools.clone());
        }
        let opened = open(&self.path).await?;
        *pools = Some(opened.clone());
        Ok(opened)
    }

    pub(super) async fn close(&self) {
        if let Some(pools) = self.pools.lock().await.take() {
            pools.readers.close().await;
            pools.writer.close().await;
        }
    }

    fn remove(&self) -> Result<()> {
        for ending in ["", "-wal", "-shm"] {
            let mut path = self.path.clone().into_os_string();
            path.push(ending);
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    let cause = format!("{} cannot be removed: {error}", Path::new(&path).display());
                    return Err(Error::Unavailable(cause));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

async fn open(path: &Path) -> Result<Pools> {
    // Losing the last transactions with the power costs nothing: where the index is, is stored with it.
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(Duration::from_secs(5));
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .before_acquire(|connection, _| Box::pin(async move { Ok(is_free(connection)) }))
        .connect_with(
            options
                .clone()
                .create_if_missing(true)
                .pragma("secure_delete", "on"),
        )
        .await?;
    for table in TABLES {
        sqlx::query(*table).execute(&writer).await?;
    }
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .connect_with(options.pragma("query_only", "on"))
        .await?;
    Ok(Pools { writer, readers })
}

/// Not a database, a damaged one, or one without our tables.
fn is_broken(error: &Error) -> bool {
    let Error::Other(text) = error else { return false };
    let code = text.split(':').next().and_then(|code| code.parse::<u32>().ok());
    match code.map(|code| code & 0xff) {
        Some(11 | 26) => true,
        Some(1) => text.contains("no such table") || text.contains("no such column"),
        _ => false,
    }
}

async fn state(pool: &SqlitePool) -> Result<Option<State>> {
    let select =
        "SELECT tokeniser, epoch, tx, seq, messages_below, contacts_below, tickets_below, whole FROM state";
    Ok(sqlx::query_as(select).fetch_optional(pool).await?)
}

impl Held {
    pub(super) async fn state(&self) -> Result<Option<State>> {
        self.noting(state(&self.pools.writer).await)
    }

    /// Begins the index anew.
    pub(super) async fn begin(&self, state: &State) -> Result<()> {
        self.noting(begin(&self.pools.writer, state).await)
    }

    /// Writes a step.
    pub(super) async fn write(&self, changes: &Changes, state: &State) -> Result<()> {
        self.noting(write(&self.pools.writer, changes, state).await)
    }

    /// Takes texts off the index.
    pub async fn remove(&self, of: &[(SearchKind, Vec<i64>)]) -> Result<()> {
        self.noting(remove(&self.pools.writer, of).await)
    }

    /// Writes the index anew without what was taken off: until then its tokens are still in the file, unfindable.
    pub async fn purge(&self) -> Result<()> {
        self.noting(purge(&self.pools.writer).await)
    }

    fn noting<T>(&self, done: Result<T>) -> Result<T> {
        if done.as_ref().is_err_and(is_broken) {
            self.broken.store(true, Ordering::Release);
        }
        done
    }
}

async fn begin(pool: &SqlitePool, state: &State) -> Result<()> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    for empty in [
        "INSERT INTO message_words(message_words) VALUES ('delete-all')",
        "INSERT INTO contact_words(contact_words) VALUES ('delete-all')",
        "INSERT INTO ticket_words(ticket_words) VALUES ('delete-all')",
        "DELETE FROM state",
    ] {
        sqlx::query(empty).execute(&mut *tx).await?;
    }
    put_state(&mut tx, state).await?;
    Ok(tx.commit().await?)
}

async fn write(pool: &SqlitePool, changes: &Changes, state: &State) -> Result<()> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    for (kind, ids) in &changes.gone {
        for id in ids {
            sqlx::query(delete(*kind)).bind(*id).execute(&mut *tx).await?;
        }
    }
    for (kind, entries) in &changes.entries {
        for entry in entries {
            let sql = if entry.fixed {
                insert_once(*kind)
            } else {
                replace(*kind)
            };
            sqlx::query(sql)
                .bind(entry.id)
                .bind(&entry.words)
                .execute(&mut *tx)
                .await?;
        }
    }
    put_state(&mut tx, state).await?;
    Ok(tx.commit().await?)
}

async fn put_state(tx: &mut sqlx::Transaction<'_, sqlx::Sqlite>, state: &State) -> Result<()> {
    sqlx::query(
        "INSERT OR REPLACE INTO state
            (id, tokeniser, epoch, tx, seq, messages_below, contacts_below, tickets_below, whole)
         VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(state.tokeniser)
    .bind(state.epoch)
    .bind(state.tx)
    .bind(state.seq)
    .bind(state.messages_below)
    .bind(state.contacts_below)
    .bind(state.tickets_below)
    .bind(state.whole)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn remove(pool: &SqlitePool, of: &[(SearchKind, Vec<i64>)]) -> Result<()> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    for (kind, ids) in of {
        for id in ids {
            sqlx::query(delete(*kind)).bind(*id).execute(&mut *tx).await?;
        }
    }
    Ok(tx.commit().await?)
}

async fn purge(pool: &SqlitePool) -> Result<()> {
    for optimise in [
        "INSERT INTO message_words(message_words) VALUES ('optimize')",
        "INSERT INTO contact_words(contact_words) VALUES ('optimize')",
        "INSERT INTO ticket_words(ticket_words) VALUES ('optimize')",
        // The log has what was there before.
        "PRAGMA wal_checkpoint(TRUNCATE)",
    ] {
        sqlx::query(optimise).execute(pool).await?;
    }
    Ok(())
}

const fn select(kind: SearchKind) -> &'static str {
    match kind {
        SearchKind::Message => {
            "SELECT rowid FROM message_words WHERE message_words MATCH $1 AND rowid >= $2 AND rowid < $3
             ORDER BY rowid DESC LIMIT $4"
        }
        SearchKind::Contact => {
            "SELECT rowid FROM contact_words WHERE contact_words MATCH $1 AND rowid >= $2 AND rowid < $3
             ORDER BY rowid DESC LIMIT $4"
        }
        SearchKind::Ticket => {
            "SELECT rowid FROM ticket_words WHERE ticket_words MATCH $1 AND rowid >= $2 AND rowid < $3
             ORDER BY rowid DESC LIMIT $4"
        }
    }
}

const fn replace(kind: SearchKind) -> &'static str {
    match kind {
        SearchKind::Message => "INSERT OR REPLACE INTO message_words (rowid, words) VALUES ($1, $2)",
        SearchKind::Contact => "INSERT OR REPLACE INTO contact_words (rowid, words) VALUES ($1, $2)",
        SearchKind::Ticket => "INSERT OR REPLACE INTO ticket_words (rowid, words) VALUES ($1, $2)",
    }
}

/// What does not change is written once, although several events are about it.
const fn insert_once(kind: SearchKind) -> &'static str {
    match kind {
        SearchKind::Message => {
            "INSERT INTO message_words (rowid, words)
             SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM message_words WHERE rowid = $1)"
        }
        SearchKind::Contact | SearchKind::Ticket => replace(kind),
    }
}

const fn delete(kind: SearchKind) -> &'static str {
    match kind {
        SearchKind::Message => "DELETE FROM message_words WHERE rowid = $1",
        SearchKind::Contact => "DELETE FROM contact_words WHERE rowid = $1",
        SearchKind::Ticket => "DELETE FROM ticket_words WHERE rowid = $1",
    }
}

/// `"退款" AND "ord"*`. No token has to be quoted (`domain/search/tokens.rs`); in quotes none is an operator.
fn expression(tokens: &[Token]) -> String {
    let words = tokens.iter().map(|token| match token {
        Token::Whole(text) => format!("\"{text}\""),
        Token::Begins(text) => format!("\"{text}\"*"),
    });
    words.collect::<Vec<_>>().join(" AND ")
}
