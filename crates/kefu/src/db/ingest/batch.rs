//! A batch of entries, grouped by contact in arrival order.

use crate::domain::ids::ChannelId;
use crate::domain::inbound::{Outcome, Push};
use crate::domain::time::Time;
use bytes::Bytes;
use std::collections::HashMap;

/// One thing to store.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Whose.
    pub channel_id: ChannelId,
    /// What.
    pub item: Item,
}

impl AsRef<Entry> for Entry {
    fn as_ref(&self) -> &Entry {
        self
    }
}

/// A push, or one that cannot be read.
#[derive(Debug, Clone)]
pub enum Item {
    /// A push and its readable text, kept if storing it fails.
    Push(Box<Push>, Bytes),
    /// To be kept raw.
    DeadLetter(NewDeadLetter),
    /// A push to a deleted channel, at this time: counted, nothing more.
    Dropped(Time),
}

/// A push that is kept raw.
#[derive(Debug, Clone)]
pub struct NewDeadLetter {
    /// Stable code.
    pub reason: &'static str,
    /// For people.
    pub detail: String,
    /// What came.
    pub body: Bytes,
    /// When.
    pub received_at: Time,
}

/// The pushes of one contact.
#[derive(Debug)]
pub(super) struct Group<'e> {
    pub(super) channel_id: ChannelId,
    pub(super) external_id: &'e str,
    pub(super) pushes: Vec<&'e Push>,
    /// Where each push stands in the batch.
    pub(super) places: Vec<usize>,
}

/// Entries grouped by contact; answers are collected per entry.
#[derive(Debug)]
pub struct Batch<'e> {
    pub(super) groups: Vec<Group<'e>>,
    pub(super) dead_letters: Vec<(ChannelId, &'e NewDeadLetter)>,
    pub(super) dropped: Vec<(ChannelId, Time)>,
    outcomes: Vec<Outcome>,
}

impl<'e> Batch<'e> {
    /// Groups the entries; the order within a contact is the order of arrival.
    pub fn of<E: AsRef<Entry>>(entries: &'e [E]) -> Self {
        let outcomes = vec![Outcome::Stored(None); entries.len()];
        let mut batch = Self {
            groups: Vec::new(),
            dead_letters: Vec::new(),
            dropped: Vec::new(),
            outcomes,
        };
        let mut known: HashMap<(ChannelId, &str), usize> = HashMap::with_capacity(entries.len());
        for (place, entry) in entries.iter().map(AsRef::as_ref).enumerate() {
            match &entry.item {
                Item::DeadLetter(letter) => batch.dead_letters.push((entry.channel_id, letter)),
                Item::Dropped(at) => {
                    batch.outcomes[place] = Outcome::Dropped;
                    batch.dropped.push((entry.channel_id, *at));
                }
                Item::Push(push, _) => {
                    let external_id = push.external_id.as_str();
                    let index = *known
                        .entry((entry.channel_id, external_id))
                        .or_insert(batch.groups.len());
                    if index == batch.groups.len() {
                        let channel_id = entry.channel_id;
                        batch.groups.push(Group {
                            channel_id,
                            external_id,
                            pushes: Vec::new(),
                            places: Vec::new(),
                        });
                    }
                    batch.groups[index].pushes.push(push);
                    batch.groups[index].places.push(place);
                }
            }
        }
        batch
    }

    /// Whether nothing is left to store.
    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.dead_letters.is_empty() && self.dropped.is_empty()
    }

    /// The channels of the batch, each once.
    pub(super) fn channel_ids(&self) -> Vec<i64> {
        let dropped = self.dropped.iter().map(|(id, _)| id.0);
        let mut ids: Vec<i64> = self
            .groups
            .iter()
            .map(|g| g.channel_id.0)
            .chain(dropped)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    pub(super) fn settle(outcomes: &mut [Outcome], group: &Group<'_>, decided: &[Outcome]) {
        for (place, outcome) in group.places.iter().zip(decided) {
            outcomes[*place] = outcome.clone();
        }
    }

    /// Room for one answer per entry.
    pub(super) fn outcomes(&self) -> Vec<Outcome> {
        self.outcomes.clone()
    }
}
