//! What can go wrong with the database, as far as callers need to tell it apart.

/// An error of the database. "Not found" is never one: it is an `Option`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database is away, or did not answer.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// Another transaction was in the way; the whole transaction may be run again.
    #[error("another transaction was in the way: {0}")]
    Conflict(String),
    /// A unique rule was broken; the name is `table_columns_key` on both databases.
    #[error("the rule `{0}` was broken")]
    Constraint(String),
    /// A row that cannot be: a defect, or a database changed by hand.
    #[error("a stored row cannot be read: {0}")]
    BadRow(String),
    /// An update that had to hit one row hit another number.
    #[error("{table}: {rows} rows changed instead of one")]
    Rows {
        /// The table.
        table: &'static str,
        /// How many.
        rows: u64,
    },
    /// Everything else: a defect.
    #[error("the database refused: {0}")]
    Other(String),
}

impl Error {
    /// The broken unique rule's name, where it was one.
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Constraint(name) => Some(name),
            _ => None,
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) => from_database(database.as_ref()),
            sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. } => Self::BadRow(error.to_string()),
            sqlx::Error::RowNotFound | sqlx::Error::ColumnNotFound(_) => Self::Other(error.to_string()),
            _ => Self::Unavailable(error.to_string()),
        }
    }
}

fn from_database(error: &dyn sqlx::error::DatabaseError) -> Error {
    let message = error.message();
    let code = error.code().unwrap_or_default();
    if error.is_unique_violation() {
        return Error::Constraint(
            error
                .constraint()
                .map_or_else(|| sqlite_key_name(message), str::to_owned),
        );
    }
    match code.as_ref() {
        // PostgreSQL: serialization failure, deadlock. SQLite: busy, busy snapshot, locked.
        "40001" | "40P01" | "5" | "517" | "6" => Error::Conflict(message.to_owned()),
        // PostgreSQL: shutting down, too many connections, disk full, I/O. SQLite: I/O error, full, cannot open.
        "57P01" | "57P02" | "57P03" | "53300" | "53100" | "58030" | "10" | "13" | "14" => {
            Error::Unavailable(message.to_owned())
        }
        _ if code.starts_with("08") => Error::Unavailable(message.to_owned()),
        _ => Error::Other(format!("{code}: {message}")),
    }
}

/// SQLite says `UNIQUE constraint failed: agents.email`; PostgreSQL says `agents_email_key`.
pub(crate) fn sqlite_key_name(message: &str) -> String {
    let columns = message.rsplit(": ").next().unwrap_or_default();
    let mut parts = columns.split(", ").filter_map(|part| part.split_once('.'));
    let Some((table, first)) = parts.next() else {
        return columns.to_owned();
    };
    let rest: String = parts.map(|(_, column)| format!("_{column}")).collect();
    format!("{table}_{first}{rest}_key")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_give_one_name_to_a_broken_rule() {
        assert_eq!(
            sqlite_key_name("UNIQUE constraint failed: agents.email"),
            "agents_email_key"
        );
        assert_eq!(
            sqlite_key_name("UNIQUE constraint failed: messages.channel_id, messages.dedupe_key"),
            "messages_channel_id_dedupe_key_key"
        );
    }
}
