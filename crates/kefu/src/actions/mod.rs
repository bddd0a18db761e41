//! What people and jobs do, one file per verb: load, rule, write, with its event and audit row, in one transaction.
//!
//! An action takes `&mut Tx` and an [`crate::domain::agent::Actor`], and never commits: the entry point does.

pub mod error;

pub use error::{ActionError, ActionResult};
