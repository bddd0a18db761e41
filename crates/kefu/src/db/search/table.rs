//! The index on PostgreSQL: a table beside the others, written and erased in transactions.
//!
//! A word that is in many texts makes PostgreSQL read and sort all of them. Therefore every row also has a token for the
//! range of ids it is in: the newest are looked at first, and mostly there are enough of them.

use super::progress::State;
use super::{Changes, number};
use crate::db::{Conn, Either, Result, Tx};
use crate::domain::search::document::SearchKind;
use crate::domain::search::query::Token;

/// Ids of one range: `id >> 15`.
const RANGE_BITS: u32 = 15;
pub(super) const RANGE: i64 = 1 << RANGE_BITS;
/// More ranges than this are not named one by one.
pub(super) const RANGES: i64 = 64;
/// Whoever writes the index, or erases something that may be in it, holds this lock until the transaction ends.
const LOCK: i64 = 0x6b65_6675_0001;

/// Holds the lock, unless another node does.
pub(super) async fn try_hold(tx: &mut Tx) -> Result<bool> {
    let Either::Postgres(c) = tx.either() else {
        return Ok(false);
    };
    Ok(sqlx::query_scalar("SELECT pg_try_advisory_xact_lock($1)")
        .bind(LOCK)
        .fetch_one(c)
        .await?)
}

/// How far the index is; `None` before it was begun.
pub(super) async fn state(conn: &mut Conn) -> Result<Option<State>> {
    let Either::Postgres(c) = conn.either() else {
        return Ok(None);
    };
    let select = "SELECT tokeniser, epoch, tx, seq, messages_below, contacts_below, tickets_below, whole FROM search_state";
    Ok(sqlx::query_as(select).fetch_optional(c).await?)
}

/// Begins it anew. The caller holds the lock.
pub(super) async fn begin(tx: &mut Tx, state: &State) -> Result<()> {
    if let Either::Postgres(c) = tx.either() {
        sqlx::query("DELETE FROM search_words").execute(&mut *c).await?;
        sqlx::query("DELETE FROM search_state").execute(c).await?;
    }
    put_state(tx, state).await
}

/// Writes a step. The caller holds the lock.
pub(super) async fn write(tx: &mut Tx, changes: &Changes, state: &State) -> Result<()> {
    for (kind, ids) in &changes.gone {
        delete(tx, *kind, ids).await?;
    }
    for (kind, entries) in &changes.entries {
        let ids: Vec<i64> = entries.iter().map(|entry| entry.id).collect();
        let words: Vec<String> = entries
            .iter()
            .map(|entry| {
                format!("{} {}", range_of(*kind, entry.id), entry.words)
                    .trim_end()
                    .to_owned()
            })
            .collect();
        if let Either::Postgres(c) = tx.either() {
            sqlx::query(
                "INSERT INTO search_words (kind, id, words)
                 SELECT $1, new.id, array_to_tsvector(string_to_array(new.words, ' '))
                 FROM UNNEST($2::bigint[], $3::text[]) new(id, words)
                 ON CONFLICT (kind, id) DO UPDATE SET words = excluded.words WHERE search_words.words <> excluded.words",
            )
            .bind(number(*kind))
            .bind(ids)
            .bind(words)
            .execute(c)
            .await?;
        }
    }
    put_state(tx, state).await
}

async fn put_state(tx: &mut Tx, state: &State) -> Result<()> {
    let Either::Postgres(c) = tx.either() else {
        return Ok(());
    };
    sqlx::query(
        "INSERT INTO search_state (id, tokeniser, epoch, tx, seq, messages_below, contacts_below, tickets_below, whole)
         VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET tx = $3, seq = $4, messages_below = $5, contacts_below = $6, tickets_below = $7",
    )
    .bind(state.tokeniser)
    .bind(state.epoch)
    .bind(state.tx)
    .bind(state.seq)
    .bind(state.messages_below)
    .bind(state.contacts_below)
    .bind(state.tickets_below)
    .bind(state.whole)
    .execute(c)
    .await?;
    Ok(())
}

/// Takes texts off the index in the transaction that erases them. A step that has read them before ends first, and one
/// that begins later does not find them any more.
pub(super) async fn forget(tx: &mut Tx, kind: SearchKind, ids: &[i64]) -> Result<()> {
    if let Either::Postgres(c) = tx.either() {
        sqlx::query("SELECT pg_advisory_xact_lock($1)")
            .bind(LOCK)
            .execute(c)
            .await?;
    }
    delete(tx, kind, ids).await
}

async fn delete(tx: &mut Tx, kind: SearchKind, ids: &[i64]) -> Result<()> {
    if let Either::Postgres(c) = tx.either() {
        sqlx::query("DELETE FROM search_words WHERE kind = $1 AND id = ANY($2)")
            .bind(number(kind))
            .bind(ids)
            .execute(c)
            .await?;
    }
    Ok(())
}

/// The newest of what may match, with `from <= id < below`.
pub(super) async fn candidates(
    conn: &mut Conn,
    kind: SearchKind,
    tokens: &[Token],
    (from, below): (i64, i64),
    limit: i64,
) -> Result<Vec<i64>> {
    let Either::Postgres(c) = conn.either() else {
        return Ok(Vec::new());
    };
    // Materialised: the words decide which index is used, never the order.
    Ok(sqlx::query_scalar(
        "WITH found AS MATERIALIZED (SELECT kind, id FROM search_words WHERE words @@ $1::text::tsquery)
         SELECT id FROM found WHERE kind = $2 AND id >= $3 AND id < $4 ORDER BY id DESC LIMIT $5",
    )
    .bind(expression(kind, tokens, from, below))
    .bind(number(kind))
    .bind(from)
    .bind(below)
    .bind(limit)
    .fetch_all(c)
    .await?)
}

/// `('#1.7'|'#1.8')&'退款'&'ord':*`. No token has to be quoted (`domain/search/tokens.rs`).
fn expression(kind: SearchKind, tokens: &[Token], from: i64, below: i64) -> String {
    let ranges = (from >> RANGE_BITS)..=((below - 1) >> RANGE_BITS);
    let named = ranges.end() - ranges.start() < RANGES;
    let ranges: Vec<String> = ranges
        .take_while(|_| named)
        .map(|range| format!("'#{}.{range}'", number(kind)))
        .collect();
    let words = tokens.iter().map(|token| match token {
        Token::Whole(text) => format!("'{text}'"),
        Token::Begins(text) => format!("'{text}':*"),
    });
    let ranges = (!ranges.is_empty()).then(|| format!("({})", ranges.join("|")));
    ranges.into_iter().chain(words).collect::<Vec<_>>().join("&")
}

fn range_of(kind: SearchKind, id: i64) -> String {
    format!("#{}.{}", number(kind), id >> RANGE_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_names_ranges_only_where_they_are_few() {
        let tokens = [Token::Whole("退款".to_owned()), Token::Begins("ord".to_owned())];
        let of = |from, below| expression(SearchKind::Message, &tokens, from, below);
        assert_eq!(of(7 * RANGE, 9 * RANGE), "('#1.7'|'#1.8')&'退款'&'ord':*");
        assert_eq!(of(0, i64::MAX), "'退款'&'ord':*");
        assert_eq!(range_of(SearchKind::Message, 8 * RANGE - 1), "#1.7");
    }
}
