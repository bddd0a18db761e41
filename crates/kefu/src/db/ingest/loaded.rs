//! A channel as one batch sees it, what the batch counts for it, and which surveys its messages may answer.

use super::Batch;
use super::batch::Group;
use crate::domain::agent::Language;
use crate::domain::inbound::{Answers, ChannelRules, Content, ThreadState};
use std::collections::HashMap;
use std::sync::Arc;

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

/// Automatic answers as they were read last: most batches find the same text again.
#[derive(Debug, Default)]
pub(super) struct ReadAnswers(HashMap<i64, (String, Option<Arc<Answers>>)>);

impl ReadAnswers {
    /// The answers of a channel. What cannot be read says nothing; messages are stored all the same.
    pub(super) fn of(&mut self, channel: i64, json: Option<String>) -> Option<Arc<Answers>> {
        let json = json?;
        if let Some((text, answers)) = self.0.get(&channel)
            && *text == json
        {
            return answers.clone();
        }
        let answers = match Answers::read(&json) {
            Ok(answers) => Some(Arc::new(answers)).filter(|answers| !answers.is_empty()),
            Err(error) => {
                tracing::error!(channel, %error, "the automatic answers of a channel cannot be read");
                None
            }
        };
        self.0.insert(channel, (json, answers.clone()));
        answers
    }
}

/// The tickets whose surveys the messages of this contact may answer; hardly ever any.
pub(super) fn surveyed(group: &Group<'_>, conversation: Option<&ThreadState>) -> Vec<i64> {
    let awaited = conversation.and_then(|thread| thread.survey_ticket_id);
    let taps = group.pushes.iter().filter_map(|push| match &push.content {
        Content::Message(message) => Some(message.tap()?.ticket_id),
        Content::Event(_) => None,
    });
    taps.chain(awaited).map(|id| id.0).collect()
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
