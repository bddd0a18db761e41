//! The event log's fan-out to browsers.

use crate::db::Db;

/// Follows the log and tells every browser of this node.
#[derive(Debug, Clone)]
pub struct Hub {
    db: Db,
}

impl Hub {
    /// For this database.
    pub fn new(db: Db) -> Self {
        Self { db }
    }
}
