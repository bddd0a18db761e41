//! A push becomes stored messages: group commit, order, dedupe, dead letters.
//!
//! [`Inbound::submit`] answers only when the push is on disk. `db::ingest` stores; `domain::inbound` decides.

mod committer;
mod split;
mod watch;

pub use committer::Inbound;
pub use watch::Watch;

/// Why a push was not stored now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotStored {
    /// The database is away, or too much is waiting: the provider must send it again.
    #[error("the push could not be stored in time")]
    InTime,
}
