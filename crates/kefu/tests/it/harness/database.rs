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

async fn template(server: &str) -> String {
    let name = format!("kefu_template_{:016x}", rand::random::<u64>());
    run(server, format!("CREATE DATABASE {name}")).await;
    let location = Location::Postgres(with_name(server, &name));
    let db = Db::open(&location, Options { allow_unsafe: true }, Clock::new()).await.expect("the template migrates");
    db.close().await;
    name
}

#[expect(clippy::disallowed_types, reason = "the name is made here; CREATE DATABASE takes no parameters")]
async fn run(server: &str, sql: String) {
    let pool: PgPool = PgPoolOptions::new().max_connections(1).connect(server).await.expect("the test server answers");
    pool.execute(AssertSqlSafe(sql)).await.expect("the statement runs");
    pool.close().await;
}

fn with_name(server: &str, name: &str) -> String {
    let mut url = url::Url::parse(server).expect("a URL");
    url.set_path(name);
    url.to_string()
}
