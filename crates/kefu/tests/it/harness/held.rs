//! Holds other transactions of a PostgreSQL database in the middle of their work.

use super::{Desk, eventually};
use kefu::db::open::Location;
use sqlx::{Connection, PgConnection};

/// While this is held, nobody can add a contact.
#[derive(Debug)]
pub struct Held {
    connection: tokio::sync::Mutex<PgConnection>,
    watch: tokio::sync::Mutex<PgConnection>,
}

impl Held {
    /// `None` on SQLite, where nobody can be in the middle of anything.
    pub async fn new_contacts(desk: &Desk) -> Option<Self> {
        let Location::Postgres(url) = &desk.config.database else {
            return None;
        };
        let mut connection = PgConnection::connect(url).await.expect("it answers");
        for sql in ["BEGIN", "LOCK TABLE contacts IN SHARE ROW EXCLUSIVE MODE"] {
            sqlx::query(sql)
                .execute(&mut connection)
                .await
                .expect("it is held");
        }
        let watch = PgConnection::connect(url).await.expect("it answers");
        Some(Self {
            connection: connection.into(),
            watch: watch.into(),
        })
    }

    /// Returns when so many wait for a lock.
    pub async fn somebody_waits(&self, wanted: i64) {
        eventually("somebody waits for a lock", || async {
            let waiting: i64 = sqlx::query_scalar(
                "SELECT COUNT(*) FROM pg_stat_activity
                 WHERE datname = current_database() AND wait_event_type = 'Lock'",
            )
            .fetch_one(&mut *self.watch.lock().await)
            .await
            .expect("the catalogue");
            if waiting >= wanted {
                Ok(())
            } else {
                Err(format!("{waiting} wait"))
            }
        })
        .await;
    }

    /// Lets them go on.
    pub async fn release(&self) {
        let mut connection = self.connection.lock().await;
        let done = sqlx::query("COMMIT").execute(&mut *connection).await;
        done.expect("it is released");
    }
}
