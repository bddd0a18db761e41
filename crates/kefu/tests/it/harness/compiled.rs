//! What PostgreSQL compiles for the connections to one database: it leaves a file for each statement.

use super::Desk;
use kefu::db::open::Location;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// The server's files of compiled statements.
pub struct Compiled(PgConnection);

impl Compiled {
    /// From now on new connections to this desk's database leave files; `None` on SQLite, which compiles nothing.
    #[expect(
        clippy::disallowed_methods,
        reason = "the name was made by the harness; ALTER DATABASE takes no parameters"
    )]
    pub async fn watch(desk: &Desk) -> Option<Self> {
        let Location::Postgres(url) = &desk.config.database else {
            return None;
        };
        let mut connection = PgConnection::connect(url).await.expect("it answers");
        let name: String = sqlx::query_scalar("SELECT current_database()::text")
            .fetch_one(&mut connection)
            .await
            .expect("a name");
        let sql = AssertSqlSafe(format!("ALTER DATABASE {name} SET jit_dump_bitcode = on"));
        sqlx::query(sql)
            .execute(&mut connection)
            .await
            .expect("a superuser may");
        Some(Self(connection))
    }

    /// How many there are.
    pub async fn files(&mut self) -> i64 {
        sqlx::query_scalar("SELECT COUNT(*) FROM pg_ls_dir('.') AS file WHERE file LIKE '%.bc'")
            .fetch_one(&mut self.0)
            .await
            .expect("the folder")
    }
}
