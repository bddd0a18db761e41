//! SQL whose filters depend on the request: pieces of static text, and values that are always bound.
//!
//! The only place that uses sqlx's `QueryBuilder`. Values never become text.

use super::{Conn, Either, Result};
use crate::domain::fold::fold;
use sqlx::postgres::{PgRow, Postgres};
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{Database, Encode, FromRow, QueryBuilder, Type};

/// A statement under construction.
#[derive(Debug, Clone, Default)]
pub struct Sql {
    parts: Vec<Part>,
}

#[derive(Debug, Clone)]
enum Part {
    Text(&'static str),
    Number(i64),
    Word(String),
}

impl Sql {
    /// Begins with this text.
    pub fn new(text: &'static str) -> Self {
        Self {
            parts: vec![Part::Text(text)],
        }
    }

    /// Adds static text.
    pub fn push(&mut self, text: &'static str) -> &mut Self {
        self.parts.push(Part::Text(text));
        self
    }

    /// Adds a placeholder with this number (an id, a time, a count).
    pub fn number(&mut self, value: i64) -> &mut Self {
        self.parts.push(Part::Number(value));
        self
    }

    /// Adds a placeholder with this text.
    pub fn word(&mut self, value: impl Into<String>) -> &mut Self {
        self.parts.push(Part::Word(value.into()));
        self
    }

    fn builder<DB>(self) -> QueryBuilder<DB>
    where
        DB: Database,
        DB::Arguments: Default,
        i64: for<'q> Encode<'q, DB> + Type<DB>,
        String: for<'q> Encode<'q, DB> + Type<DB>,
    {
        let mut builder = QueryBuilder::new("");
        for part in self.parts {
            match part {
                Part::Text(text) => builder.push(text),
                Part::Number(value) => builder.push_bind(value),
                Part::Word(value) => builder.push_bind(value),
            };
        }
        builder
    }
}

/// Every row of a statement.
pub async fn fetch_all<T>(conn: &mut Conn, sql: Sql) -> Result<Vec<T>>
where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    Ok(match conn.either() {
        Either::Sqlite(c) => sql.builder::<Sqlite>().build_query_as().fetch_all(c).await?,
        Either::Postgres(c) => sql.builder::<Postgres>().build_query_as().fetch_all(c).await?,
    })
}

/// The first row of a statement.
pub async fn fetch_optional<T>(conn: &mut Conn, sql: Sql) -> Result<Option<T>>
where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    Ok(match conn.either() {
        Either::Sqlite(c) => sql.builder::<Sqlite>().build_query_as().fetch_optional(c).await?,
        Either::Postgres(c) => {
            sql.builder::<Postgres>()
                .build_query_as()
                .fetch_optional(c)
                .await?
        }
    })
}

/// Adds ` AND (…)`: one of these pieces of SQL, each ending with `LIKE`, has the text anywhere, as it was typed or with
/// plain characters instead of wide ones (`ＡＢＣ`).
pub fn push_anywhere(sql: &mut Sql, pieces: &[&'static str], text: &str) {
    let (typed, plain) = (anywhere(text), anywhere(&fold(text)));
    let patterns = if typed == plain {
        vec![typed]
    } else {
        vec![typed, plain]
    };
    let mut before = " AND (";
    for pattern in patterns {
        for piece in pieces {
            sql.push(before)
                .push(piece)
                .push(" ")
                .word(pattern.clone())
                .push(" ESCAPE '\\'");
            before = " OR ";
        }
    }
    sql.push(")");
}

/// A `LIKE` pattern (with `ESCAPE '\'`) that finds `text` anywhere.
pub fn anywhere(text: &str) -> String {
    let escaped = text
        .to_lowercase()
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    format!("%{escaped}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_placeholders_and_never_text() {
        let mut sql = Sql::new("SELECT 1 FROM t WHERE a = ");
        sql.number(7).push(" AND b = ").word("x' OR 1=1");
        assert_eq!(
            sql.builder::<Postgres>().into_string(),
            "SELECT 1 FROM t WHERE a = $1 AND b = $2"
        );
    }

    #[test]
    fn wide_characters_are_looked_for_as_plain_ones_too() {
        let text = |typed| {
            let mut sql = Sql::new("SELECT 1 FROM t WHERE TRUE");
            push_anywhere(&mut sql, &["a LIKE", "b LIKE"], typed);
            sql.builder::<Postgres>().into_string()
        };
        let once = "SELECT 1 FROM t WHERE TRUE AND (a LIKE $1 ESCAPE '\\' OR b LIKE $2 ESCAPE '\\'";
        assert_eq!(text("abc"), format!("{once})"));
        assert_eq!(
            text("ＡＢＣ"),
            format!("{once} OR a LIKE $3 ESCAPE '\\' OR b LIKE $4 ESCAPE '\\')")
        );
    }

    #[test]
    fn wildcards_of_the_searched_text_are_taken_literally() {
        assert_eq!(anywhere("50%_Off\\"), "%50\\%\\_off\\\\%");
    }
}
