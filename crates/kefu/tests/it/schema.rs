//! Both migration folders make the same tables, columns and indexes.

use crate::harness::{postgres_columns_and_indexes, sqlite_columns_and_indexes};

/// As written in the migrations: the transaction of an event exists where transactions overlap.
const ONLY_ON_POSTGRES: [&str; 2] = ["events.tx", "index events_tx_seq_idx"];

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
    assert_eq!(only(&postgres, &sqlite), ONLY_ON_POSTGRES);
}
