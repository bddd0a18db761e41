//! A channel as one batch sees it, and what the batch counts for it.

use super::Batch;
use crate::domain::agent::Language;
use crate::domain::inbound::ChannelRules;
use std::collections::HashMap;

/// How stale `channels.last_push_at` may be before a batch writes it, in milliseconds.
const LAST_PUSH_EVERY_MS: i64 = 10_000;

/// A channel as the batch sees it, and what the batch counts.
#[derive(Debug)]
pub(super) struct LoadedChannel {
    pub(super) rules: ChannelRules,
    /// The installation's: new contacts get an alias in it.
    pub(super) language: Language,
    /// The version of its row; only PostgreSQL's writers remember channels.
    pub(super) stamp: i32,
    pub(super) last_push_at: Option<i64>,
    pub(super) newest: Option<i64>,
    pub(super) dropped: i64,
    pub(super) mismatched: i64,
}

impl LoadedChannel {
    /// The new `last_push_at`, when the channel's row has to be written at all.
    pub(super) fn to_write(&self) -> Option<i64> {
        let newest = self.newest?;
        (self.is_stale(newest) || self.dropped > 0 || self.mismatched > 0)
            .then(|| newest.max(self.last_push_at.unwrap_or(newest)))
    }

    /// Whether a push at `newest` makes `last_push_at` due.
    pub(super) fn is_stale(&self, newest: i64) -> bool {
        self.last_push_at
            .is_none_or(|last| newest - last >= LAST_PUSH_EVERY_MS)
    }
}

/// Counts the pushes that came for deleted channels.
pub(super) fn count_dropped(channels: &mut HashMap<i64, LoadedChannel>, batch: &Batch<'_>) {
    for (id, at) in &batch.dropped {
        if let Some(channel) = channels.get_mut(&id.0) {
            channel.dropped += 1;
            channel.newest = channel.newest.max(Some(at.0));
        }
    }
}
