//! A push becomes stored messages: group commit, order, dedupe, dead letters.

/// The committer's entrance.
#[derive(Debug, Clone)]
pub struct Inbound {}
