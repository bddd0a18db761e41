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
    match trouble(&code) {
        Some(Trouble::InTheWay) => Error::Conflict(message.to_owned()),
        Some(Trouble::Away) => Error::Unavailable(message.to_owned()),
        None => Error::Other(format!("{code}: {message}")),
    }
}

/// What passes by itself, or with the operator's help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    InTheWay,
    Away,
}

/// SQLite's codes are numbers, whose low byte is the primary code; PostgreSQL's have five characters, of which the
/// first two are the class.
fn trouble(code: &str) -> Option<Trouble> {
    if let (Ok(number), true) = (code.parse::<u32>(), code.len() < 5) {
        return match number & 0xff {
            // Busy, locked.
            5 | 6 => Some(Trouble::InTheWay),
            // Read-only, I/O error, full, cannot open.
            8 | 10 | 13 | 14 => Some(Trouble::Away),
            _ => None,
        };
    }
    match code {
        // Serialization failure, deadlock.
        "40001" | "40P01" => Some(Trouble::InTheWay),
        // Idle in a transaction for too long; read-only, as a replica that was the primary is.
        "25P03" | "25006" => Some(Trouble::Away),
        // Connection lost, out of connections or disk, shutting down, I/O error.
        _ if ["08", "53", "57P", "58"]
            .iter()
            .any(|class| code.starts_with(class)) =>
        {
            Some(Trouble::Away)
        }
        _ => None,
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
    fn a_database_that_is_away_or_in_the_way_is_told_from_a_defect() {
        // SQLITE_IOERR_WRITE, SQLITE_FULL, SQLITE_READONLY_DBMOVED; disk full, too many connections, read-only.
        for away in ["778", "13", "1032", "53100", "53300", "57P01", "25006", "08006"] {
            assert_eq!(trouble(away), Some(Trouble::Away), "{away}");
        }
        // SQLITE_BUSY, SQLITE_BUSY_SNAPSHOT, SQLITE_LOCKED_SHAREDCACHE; serialization failure, deadlock.
        for conflict in ["5", "517", "262", "40001", "40P01"] {
            assert_eq!(trouble(conflict), Some(Trouble::InTheWay), "{conflict}");
        }
        // SQLITE_ERROR, SQLITE_CONSTRAINT_NOTNULL; syntax error, value too long.
        for defect in ["1", "1299", "42601", "22001", ""] {
            assert_eq!(trouble(defect), None, "{defect}");
        }
    }

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
