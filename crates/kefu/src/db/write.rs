//! Write transactions: fair on SQLite, in a task of their own, tried again when another was in the way.

use super::{Backend, Conn, ConnInner, Db, Error, Result, Signals};
use std::future::Future;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::OwnedMutexGuard;

/// The boxed future of one transaction's work.
pub type Work<'t, T, E> = Pin<Box<dyn Future<Output = std::result::Result<T, E>> + Send + 't>>;

/// How often a transaction is tried when others are in the way.
const TRIES: usize = 6;

/// A write transaction. What is not committed is rolled back when it is dropped.
#[derive(Debug)]
pub struct Tx {
    conn: Conn,
    ring_outbox: bool,
    ring_jobs: bool,
    /// Held until after the commit. Last field: dropped after the connection has rolled back.
    gate: Option<OwnedMutexGuard<()>>,
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

/// Errors that may say "run the whole transaction again".
pub trait Conflict {
    /// Whether another transaction was in the way.
    fn is_conflict(&self) -> bool;
}

impl Conflict for Error {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict(_))
    }
}

impl Tx {
    /// After the commit the sender has a look.
    pub fn ring_outbox(&mut self) {
        self.ring_outbox = true;
    }

    /// After the commit the job runner has a look.
    pub fn ring_jobs(&mut self) {
        self.ring_jobs = true;
    }

    pub(crate) async fn commit(self, signals: &Signals) -> Result<()> {
        match self.conn.inner {
            ConnInner::SqliteTx(tx) => tx.commit().await?,
            ConnInner::PostgresTx(tx) => tx.commit().await?,
            ConnInner::Sqlite(_) | ConnInner::Postgres(_) => {
                return Err(Error::Other("commit outside a transaction".into()));
            }
        }
        drop(self.gate);
        signals.events.notify_one();
        if self.ring_outbox {
            signals.outbox.notify_one();
        }
        if self.ring_jobs {
            signals.jobs.notify_one();
        }
        Ok(())
    }
}

impl Db {
    /// Begins a write transaction. On SQLite it waits its turn first. Prefer [`Db::write`].
    pub(crate) async fn begin(&self) -> Result<Tx> {
        let (inner, gate) = match &self.backend {
            Backend::Sqlite(sqlite) => {
                let gate = Arc::clone(&sqlite.gate).lock_owned().await;
                (
                    ConnInner::SqliteTx(sqlite.writer.begin_with("BEGIN IMMEDIATE").await?),
                    Some(gate),
                )
            }
            Backend::Postgres(pool) => (ConnInner::PostgresTx(pool.begin().await?), None),
        };
        Ok(Tx {
            conn: Conn { inner },
            ring_outbox: false,
            ring_jobs: false,
            gate,
        })
    }

    /// Runs `work` in one transaction and commits it; an error rolls everything back.
    ///
    /// It runs in a task of its own: a caller that goes away (a browser that hangs up) leaves no half-open
    /// transaction behind. `work` may run more than once, so it must not act outside the database.
    pub async fn write<T, E, F>(&self, work: F) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Conflict + Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> Work<'t, T, E> + Send + Sync + 'static,
    {
        let db = self.clone();
        let task = tokio::spawn(async move { db.write_here(work).await });
        match task.await {
            Ok(result) => result,
            Err(panicked) => Err(Error::Other(panicked.to_string()).into()),
        }
    }

    async fn write_here<T, E, F>(&self, work: F) -> std::result::Result<T, E>
    where
        E: From<Error> + Conflict,
        F: for<'t> Fn(&'t mut Tx) -> Work<'t, T, E>,
    {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.write_once(&work).await {
                Err(error) if error.is_conflict() && tries < TRIES => {
                    tokio::time::sleep(std::time::Duration::from_millis(5 * tries as u64)).await;
                }
                result => return result,
            }
        }
    }

    async fn write_once<T, E, F>(&self, work: &F) -> std::result::Result<T, E>
    where
        E: From<Error>,
        F: for<'t> Fn(&'t mut Tx) -> Work<'t, T, E>,
    {
        let mut tx = self.begin().await?;
        let value = work(&mut tx).await?;
        tx.commit(&self.signals).await?;
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::db::on;
    use crate::db::open::{Location, Options};

    /// Runs statements in one transaction.
    async fn run(db: &Db, statements: &'static [&'static str]) -> Result<()> {
        db.write(move |tx| {
            Box::pin(async move {
                for sql in statements {
                    on!(tx, c => sqlx::query(*sql).execute(c).await.map(|_| ())?);
                }
                Ok(())
            })
        })
        .await
    }

    #[tokio::test]
    async fn a_transaction_that_sqlite_ended_by_itself_does_not_spoil_the_next() {
        let dir = tempfile::tempdir().expect("a folder");
        let location = Location::Sqlite(dir.path().join("kefu.db"));
        let db = Db::open(&location, Options::default(), Clock::new()).await;
        let db = db.expect("it opens");
        // The transaction is over before the driver knows, as on a full disk, and the next statement fails.
        let refused = run(&db, &["ROLLBACK", "SELECT * FROM nowhere"]).await;
        assert!(refused.is_err());
        run(&db, &["CREATE TABLE room (id INTEGER)"])
            .await
            .expect("the next one");
    }
}
