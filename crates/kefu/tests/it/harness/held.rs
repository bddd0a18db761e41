//! Holds other transactions of a PostgreSQL database in the middle of their work.

use super::{Channel, Desk, eventually};
use kefu::db::open::Location;
use sqlx::{Connection, PgConnection};

/// While this is held, nobody can add one contact: whoever tries is in the middle of a statement.
#[derive(Debug)]
pub struct Held {
    connection: tokio::sync::Mutex<PgConnection>,
    watch: tokio::sync::Mutex<PgConnection>,
}

impl Held {
    /// `None` on SQLite, where nobody can be in the middle of anything.
    pub async fn new_contact(desk: &Desk, channel: &Channel, openid: &str) -> Option<Self> {
        let Location::Postgres(url) = &desk.config.database else {
            return None;
        };
        let mut connection = PgConnection::connect(url).await.expect("it answers");
        // Without triggers: those of foreign keys would hold the channel as well.
        for sql in ["SET session_replication_role = replica", "BEGIN"] {
            sqlx::query(sql)
                .execute(&mut connection)
                .await
                .expect("a transaction");
        }
        let id: i64 = channel.id.trim_start_matches("ch_").parse().expect("a number");
        sqlx::query(
            "INSERT INTO contacts (channel_id, external_id, name, alias, approved, created_at)
             VALUES ($1, $2, '', '', FALSE, 0)",
        )
        .bind(id)
        .bind(openid)
        .execute(&mut connection)
        .await
        .expect("it is held");
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

    /// Lets them go on: there was no such contact.
    pub async fn release(&self) {
        let mut connection = self.connection.lock().await;
        let done = sqlx::query("ROLLBACK").execute(&mut *connection).await;
        done.expect("it is released");
    }
}
