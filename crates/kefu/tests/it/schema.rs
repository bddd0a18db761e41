//! Both migration folders make the same tables, columns and indexes.

use crate::harness::{Desk, columns_and_indexes};

#[tokio::test]
async fn both_databases_have_the_same_tables_columns_and_indexes() {
    // Run on PostgreSQL it compares; on SQLite it has nothing to compare with.
    if std::env::var("TEST_DATABASE_URL").is_err() {
        return;
    }
    drop(Desk::start().await);
    let (sqlite, postgres) = columns_and_indexes().await;
    let only = |a: &[String], b: &[String]| a.iter().filter(|x| !b.contains(x)).cloned().collect::<Vec<_>>();
    assert_eq!(only(&sqlite, &postgres), Vec::<String>::new());
    // The transaction of an event exists where transactions overlap.
    assert_eq!(only(&postgres, &sqlite), ["events.tx", "index events_tx_seq_idx"]);
}
