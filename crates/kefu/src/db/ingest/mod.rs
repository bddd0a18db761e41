//! The hot path: one batch of pushes becomes rows, in one transaction.
//!
//! Both databases do the same three steps: load what is known, make the pure plan (`domain::inbound::plan`), apply
//! it. Only load and apply differ: SQLite runs prepared statements on a connection of its own, PostgreSQL sends
//! whole batches as arrays.

mod batch;
mod loaded;
pub mod postgres;
pub mod sqlite;

pub use batch::{Batch, Entry, Item, NewDeadLetter};

use crate::domain::inbound::Outcome;

/// Why a batch was not committed.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The database is away: nothing is wrong with the batch.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// Another node was in the way: the same batch again.
    #[error("another transaction was in the way: {0}")]
    Conflict(String),
    /// Something in the batch cannot be stored.
    #[error("the batch cannot be stored: {0}")]
    Data(String),
}

/// One answer per entry.
pub type Committed = Result<Vec<Outcome>, IngestError>;
