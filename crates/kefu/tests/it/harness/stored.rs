//! Everything that is stored about people, as one text, to see that something is not there any more.

use kefu::db::open::Location;
use sqlx::PgPool;

/// Table and text columns; a body is bytes.
const COLUMNS: &[(&str, &str)] = &[
    (
        "contacts",
        "external_id || ' ' || name || ' ' || alias || ' ' || COALESCE(union_id, '')",
    ),
    (
        "messages",
        "text || ' ' || COALESCE(data, '') || ' ' || COALESCE(dedupe_key, '')",
    ),
    ("contact_events", "dedupe_key || ' ' || COALESCE(data, '')"),
    ("tickets", "subject"),
    ("conversations", "last_message_text"),
    (
        "media",
        "COALESCE(storage_key, '') || ' ' || COALESCE(file_name, '')",
    ),
    ("audit", "COALESCE(data, '')"),
];

impl super::Desk {
    /// Every stored text about people, on lines.
    #[expect(
        clippy::disallowed_methods,
        reason = "the names are above; nothing comes from outside"
    )]
    pub async fn stored(&self) -> String {
        let mut selects: Vec<String> = COLUMNS
            .iter()
            .map(|(table, columns)| format!("SELECT {columns} FROM {table}"))
            .collect();
        let lines: Vec<String> = match &self.config.database {
            Location::Sqlite(path) => {
                selects.push("SELECT CAST(body AS TEXT) FROM dead_letters".to_owned());
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
                let pool = sqlx::SqlitePool::connect_with(options).await.expect("it opens");
                let sql = sqlx::AssertSqlSafe(selects.join(" UNION ALL "));
                sqlx::query_scalar(sql)
                    .fetch_all(&pool)
                    .await
                    .expect("it is read")
            }
            Location::Postgres(url) => {
                selects.push("SELECT encode(body, 'escape') FROM dead_letters".to_owned());
                let pool = PgPool::connect(url).await.expect("it answers");
                let sql = sqlx::AssertSqlSafe(selects.join(" UNION ALL "));
                let lines = sqlx::query_scalar(sql)
                    .fetch_all(&pool)
                    .await
                    .expect("it is read");
                pool.close().await;
                lines
            }
        };
        lines.join("\n")
    }

    /// What was written into the audit table about an object, oldest first.
    pub async fn audited(&self, kind: &str, id: i64) -> Vec<String> {
        const SQL: &str =
            "SELECT action FROM audit WHERE object_kind = $1 AND object_id = $2 AND data IS NULL ORDER BY id";
        match &self.config.database {
            Location::Sqlite(path) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
                let pool = sqlx::SqlitePool::connect_with(options).await.expect("it opens");
                sqlx::query_scalar(SQL)
                    .bind(kind)
                    .bind(id)
                    .fetch_all(&pool)
                    .await
                    .expect("it is read")
            }
            Location::Postgres(url) => {
                let pool = PgPool::connect(url).await.expect("it answers");
                sqlx::query_scalar(SQL)
                    .bind(kind)
                    .bind(id)
                    .fetch_all(&pool)
                    .await
                    .expect("it is read")
            }
        }
    }

    /// How many messages tickets have lost to erasing.
    pub async fn erased_messages(&self) -> i64 {
        const SQL: &str = "SELECT CAST(SUM(erased_messages) AS BIGINT) FROM tickets";
        match &self.config.database {
            Location::Sqlite(path) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
                let pool = sqlx::SqlitePool::connect_with(options).await.expect("it opens");
                sqlx::query_scalar(SQL)
                    .fetch_one(&pool)
                    .await
                    .expect("it is read")
            }
            Location::Postgres(url) => {
                let pool = PgPool::connect(url).await.expect("it answers");
                sqlx::query_scalar(SQL)
                    .fetch_one(&pool)
                    .await
                    .expect("it is read")
            }
        }
    }

    /// How many files are in the store.
    pub fn files(&self) -> usize {
        fn count(folder: &std::path::Path) -> usize {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            entries
                .map(|entry| {
                    if entry.path().is_dir() {
                        count(&entry.path())
                    } else {
                        usize::from(entry.file_name() != ".probe")
                    }
                })
                .sum()
        }
        count(&self.config.media_dir)
    }
}

impl super::Desk {
    /// The search index of PostgreSQL as text.
    pub async fn search_words(&self) -> String {
        let pool = PgPool::connect(self.postgres()).await.expect("it answers");
        let words: Vec<String> = sqlx::query_scalar("SELECT words::text FROM search_words")
            .fetch_all(&pool)
            .await
            .expect("it is read");
        pool.close().await;
        words.join("\n")
    }

    /// The search index of PostgreSQL is lost.
    pub async fn lose_search_index(&self) {
        let pool = PgPool::connect(self.postgres()).await.expect("it answers");
        for lose in ["DELETE FROM search_words", "DELETE FROM search_state"] {
            sqlx::query(lose)
                .execute(&pool)
                .await
                .expect("the statement runs");
        }
        pool.close().await;
    }

    fn postgres(&self) -> &str {
        match &self.config.database {
            Location::Postgres(url) => url,
            Location::Sqlite(path) => panic!("{} is not PostgreSQL", path.display()),
        }
    }
}

impl super::Desk {
    /// The search index was made by older rules.
    pub async fn age_search_index(&self) {
        if let Location::Postgres(url) = &self.config.database {
            let pool = PgPool::connect(url).await.expect("it answers");
            let aged = sqlx::query("UPDATE search_state SET tokeniser = 0")
                .execute(&pool)
                .await;
            assert_eq!(aged.expect("the statement runs").rows_affected(), 1);
            return pool.close().await;
        }
        let options =
            sqlx::sqlite::SqliteConnectOptions::new().filename(self.config.data_dir.join("search.db"));
        let pool = sqlx::SqlitePool::connect_with(options).await.expect("it opens");
        let aged = sqlx::query("UPDATE state SET tokeniser = 0").execute(&pool).await;
        assert_eq!(aged.expect("the statement runs").rows_affected(), 1);
        pool.close().await;
    }
}
