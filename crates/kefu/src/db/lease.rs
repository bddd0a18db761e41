//! Queues of work that several nodes empty: what is due is read so that no two of them take the same row. What a lease
//! holds, and what becomes of one that ran out, each queue settles for itself (`jobs.rs`, `sending.rs`).

use super::{Conn, Either, Result};
use crate::domain::time::Time;

/// Real time as leases count it: the database's on PostgreSQL, the machine's on SQLite.
pub async fn lease_time(conn: &mut Conn, wall: Time) -> Result<Time> {
    match conn.either() {
        Either::Sqlite(_) => Ok(wall),
        Either::Postgres(c) => {
            let now = sqlx::query_scalar("SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint");
            Ok(Time(now.fetch_one(c).await?))
        }
    }
}

/// The rows that `$sql` finds by now ($1) and limit ($2). PostgreSQL also locks those of `$table` and steps over what
/// others hold; SQLite has one writer.
macro_rules! due {
    ($tx:expr, $sql:literal, $table:literal, $now:expr, $limit:expr) => {
        match $tx.either() {
            $crate::db::Either::Sqlite(c) => {
                sqlx::query_as($sql).bind($now).bind($limit).fetch_all(c).await?
            }
            $crate::db::Either::Postgres(c) => {
                sqlx::query_as(concat!($sql, " FOR UPDATE OF ", $table, " SKIP LOCKED"))
                    .bind($now)
                    .bind($limit)
                    .fetch_all(c)
                    .await?
            }
        }
    };
}
pub(super) use due;
