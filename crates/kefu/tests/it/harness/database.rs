//! A fresh database per test: a file, or a copy of a template on PostgreSQL.

use kefu::clock::Clock;
use kefu::db::Db;
use kefu::db::open::{Location, Options};
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, Executor, PgPool};
use tokio::sync::OnceCell;

/// Where a test's data is.
pub enum Database {
    /// In the desk's folder.
    Sqlite,
    /// At this address.
    Postgres(String),
}

static TEMPLATE: OnceCell<String> = OnceCell::const_new();

impl Database {
    /// It stays until the server stops: removing one takes a transaction of some length, and until that ends nobody on the
    /// same server reads events that came after its beginning (`docs/decisions/0004`).
    pub async fn fresh() -> Self {
        match std::env::var("TEST_DATABASE_URL") {
            Ok(server) => Self::Postgres(copy(&server).await),
            Err(_) => Self::Sqlite,
        }
    }
}

async fn copy(server: &str) -> String {
    let template = TEMPLATE.get_or_init(|| template(server)).await;
    let name = format!("kefu_test_{:016x}", rand::random::<u64>());
    run(server, format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    with_name(server, &name)
}

/// A copy of a database that nobody is connected to, as a dump would be restored.
pub async fn copy_of(url: &str) -> String {
    let source = url.rsplit('/').next().expect("a name");
    let source = source.split('?').next().expect("a name").to_owned();
    let name = format!("kefu_test_{:016x}", rand::random::<u64>());
    let server = std::env::var("TEST_DATABASE_URL").expect("a server");
    run(&server, format!("CREATE DATABASE {name} TEMPLATE {source}")).await;
    with_name(&server, &name)
}

async fn template(server: &str) -> String {
    let name = format!("kefu_template_{:016x}", rand::random::<u64>());
    run(server, format!("CREATE DATABASE {name}")).await;
    let location = Location::Postgres(with_name(server, &name));
    let db = Db::open(&location, Options { allow_unsafe: true }, Clock::new())
        .await
        .expect("the template migrates");
    db.close().await;
    name
}

impl super::Desk {
    /// Puts another text into a dead letter, as if this version could read what that one could not.
    pub async fn put_dead_letter_body(&self, id: i64, body: &[u8]) {
        const SQL: &str = "UPDATE dead_letters SET body = $2 WHERE id = $1";
        let rows = match &self.config.database {
            Location::Sqlite(path) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
                let pool = sqlx::SqlitePool::connect_with(options).await.expect("it opens");
                let done = sqlx::query(SQL).bind(id).bind(body).execute(&pool).await;
                done.expect("the statement runs").rows_affected()
            }
            Location::Postgres(url) => {
                let pool = PgPool::connect(url).await.expect("it answers");
                let done = sqlx::query(SQL).bind(id).bind(body).execute(&pool).await;
                done.expect("the statement runs").rows_affected()
            }
        };
        assert_eq!(rows, 1);
    }
}

impl super::Desk {
    /// What the channel answers by itself from now on, as the editor of automatic answers keeps it.
    pub async fn set_automation(&self, channel: &super::Channel, answers: &serde_json::Value) {
        const SQL: &str = "UPDATE channels SET automation = $2 WHERE id = $1";
        self.set_channel(channel, SQL, answers.to_string()).await;
    }

    /// The account belongs to another region than the form would let it with these settings.
    pub async fn set_region(&self, channel: &super::Channel, region: &str) {
        const SQL: &str = "UPDATE channels SET region = $2 WHERE id = $1";
        self.set_channel(channel, SQL, region.to_owned()).await;
    }

    /// The account is of another kind than the form would let it be with these settings.
    pub async fn set_account_kind(&self, channel: &super::Channel, kind: &str) {
        const SQL: &str = "UPDATE channels SET account_kind = $2 WHERE id = $1";
        self.set_channel(channel, SQL, kind.to_owned()).await;
    }

    async fn set_channel(&self, channel: &super::Channel, sql: &'static str, value: String) {
        let id: i64 = channel.id["ch_".len()..].parse().expect("a number");
        let rows = match &self.config.database {
            Location::Sqlite(path) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
                let pool = sqlx::SqlitePool::connect_with(options).await.expect("it opens");
                let done = sqlx::query(sql).bind(id).bind(value).execute(&pool).await;
                done.expect("the statement runs").rows_affected()
            }
            Location::Postgres(url) => {
                let pool = PgPool::connect(url).await.expect("it answers");
                let done = sqlx::query(sql).bind(id).bind(value).execute(&pool).await;
                done.expect("the statement runs").rows_affected()
            }
        };
        assert_eq!(rows, 1);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the name is made here; CREATE DATABASE takes no parameters"
)]
async fn run(server: &str, sql: String) {
    let pool: PgPool = PgPoolOptions::new()
        .max_connections(1)
        .connect(server)
        .await
        .expect("the test server answers");
    pool.execute(AssertSqlSafe(sql))
        .await
        .expect("the statement runs");
    pool.close().await;
}

fn with_name(server: &str, name: &str) -> String {
    let mut url = url::Url::parse(server).expect("a URL");
    url.set_path(name);
    url.to_string()
}

/// `table.column` and `index name` of a fresh PostgreSQL database, where a server was given.
pub async fn postgres_columns_and_indexes() -> Option<Vec<String>> {
    let server = std::env::var("TEST_DATABASE_URL").ok()?;
    let url = copy(&server).await;
    let postgres = PgPool::connect(&url).await.expect("the copy answers");
    let there: Vec<String> = sqlx::query_scalar(
        "SELECT table_name || '.' || column_name FROM information_schema.columns
         WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'
         UNION ALL SELECT 'index ' || indexname FROM pg_indexes
         WHERE schemaname = 'public' AND right(indexname, 5) <> '_pkey' AND tablename <> '_sqlx_migrations' ORDER BY 1",
    )
    .fetch_all(&postgres)
    .await
    .expect("the catalogue");
    postgres.close().await;
    Some(there)
}

/// The same of a fresh SQLite database.
pub async fn sqlite_columns_and_indexes() -> Vec<String> {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("schema.db");
    Db::open(&Location::Sqlite(path.clone()), Options::default(), Clock::new())
        .await
        .expect("it migrates")
        .close()
        .await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let sqlite = sqlx::SqlitePool::connect_with(options).await.expect("it opens");
    let here: Vec<String> = sqlx::query_scalar(
        "SELECT t.name || '.' || c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> '_sqlx_migrations'
         UNION ALL SELECT 'index ' || name FROM sqlite_master
         WHERE type = 'index' AND name NOT LIKE 'sqlite_autoindex%' ORDER BY 1",
    )
    .fetch_all(&sqlite)
    .await
    .expect("the catalogue");
    sqlite.close().await;
    here
}
