//! Both migration folders make the same tables, columns and indexes.

use crate::harness::{postgres_columns_and_indexes, sqlite_columns_and_indexes};

/// As written in the migrations: the transaction of an event exists where transactions overlap.
const ONLY_ON_POSTGRES: [&str; 2] = ["events.tx", "index events_tx_seq_idx"];
/// SQLite keeps the search index in a file of its own.
const SEARCH: [&str; 2] = ["search_", "index search_"];

#[tokio::test]
async fn both_databases_have_the_same_tables_columns_and_indexes() {
    let sqlite = sqlite_columns_and_indexes().await;
    for known in ["contacts.alias", "index messages_conversation_id_seq_key"] {
        assert!(
            sqlite.iter().any(|name| name == known),
            "{known} is not in {sqlite:?}"
        );
    }
    // Without a PostgreSQL server only one side can be looked at.
    let Some(postgres) = postgres_columns_and_indexes().await else {
        return;
    };
    let only = |a: &[String], b: &[String]| a.iter().filter(|x| !b.contains(x)).cloned().collect::<Vec<_>>();
    assert_eq!(only(&sqlite, &postgres), Vec::<String>::new());
    let mut only_on_postgres = only(&postgres, &sqlite);
    only_on_postgres.retain(|name| !SEARCH.iter().any(|search| name.starts_with(search)));
    assert_eq!(only_on_postgres, ONLY_ON_POSTGRES);
}
