//! What a writer remembers of open conversations and of channels, so that the next messages of a known contact need
//! no look-up. Nothing here is trusted: `quick.rs` stores only while the rows are still the remembered ones.

use crate::db::ingest::batch::Group;
use crate::db::ingest::loaded::LoadedChannel;
use crate::domain::conversation::ConversationState;
use crate::domain::inbound::{ContactPlan, Known, KnownContact, ThreadState, TicketRef, plan};
use std::collections::HashMap;

/// Conversations in one of the two halves of the memory: about a kilobyte each.
const HALF: usize = 4_096;

/// A version of a row: PostgreSQL's `xmin`, which differs after every update of the row.
pub(super) type Stamp = String;

/// An open conversation as it was stored last.
#[derive(Debug, Clone)]
pub(super) struct Remembered {
    pub(super) contact: KnownContact,
    pub(super) thread: ThreadState,
    pub(super) stamp: Stamp,
}

/// A contact's pushes whose plan only adds messages to a remembered conversation.
#[derive(Debug)]
pub(super) struct Addition<'e> {
    pub(super) group: Group<'e>,
    pub(super) contact: KnownContact,
    pub(super) plan: ContactPlan,
    pub(super) after: ThreadState,
    pub(super) stamp: Stamp,
}

/// The memory of one writer: a contact's pushes always go to the same one.
#[derive(Debug, Default)]
pub(super) struct Memory {
    channels: HashMap<i64, LoadedChannel>,
    // What was used since the halves changed places, and what was used before: the latter is forgotten next.
    young: HashMap<i64, HashMap<String, Remembered>>,
    old: HashMap<i64, HashMap<String, Remembered>>,
    count: usize,
}

impl Memory {
    /// A channel as the last batch that loaded it saw it.
    pub(super) fn channel(&self, id: i64) -> Option<&LoadedChannel> {
        self.channels.get(&id)
    }

    /// Keeps a channel whose row this batch did not change.
    pub(super) fn keep_channel(&mut self, id: i64, channel: LoadedChannel) {
        self.channels.insert(id, channel);
    }

    pub(super) fn forget_channel(&mut self, id: i64) {
        self.channels.remove(&id);
    }

    /// Keeps an open conversation with an open ticket, whose contact follows; anything else needs a look.
    pub(super) fn keep(&mut self, channel_id: i64, external_id: &str, remembered: Remembered) {
        let open_ticket = matches!(remembered.thread.ticket, TicketRef::Stored(t) if t.closed_at.is_none());
        let plain = remembered.thread.state == ConversationState::Open && open_ticket;
        if !plain || remembered.contact.unsubscribed_at.is_some() {
            self.forget(channel_id, external_id);
            return;
        }
        if self.count >= HALF {
            self.old = std::mem::take(&mut self.young);
            self.count = 0;
        }
        let before = self
            .young
            .entry(channel_id)
            .or_default()
            .insert(external_id.to_owned(), remembered);
        self.count += usize::from(before.is_none());
    }

    pub(super) fn forget(&mut self, channel_id: i64, external_id: &str) {
        for half in [&mut self.young, &mut self.old] {
            if let Some(contacts) = half.get_mut(&channel_id) {
                contacts.remove(external_id);
            }
        }
    }

    fn find(&self, channel_id: i64, external_id: &str) -> Option<&Remembered> {
        [&self.young, &self.old]
            .into_iter()
            .find_map(|half| half.get(&channel_id)?.get(external_id))
    }

    /// Plans the groups that need nothing but what is remembered; gives back the others.
    pub(super) fn plan_known<'e>(&self, groups: Vec<Group<'e>>) -> (Vec<Addition<'e>>, Vec<Group<'e>>) {
        let (mut additions, mut rest) = (Vec::new(), Vec::new());
        for group in groups {
            match self.addition(group) {
                Ok(addition) => additions.push(addition),
                Err(group) => rest.push(group),
            }
        }
        // One order everywhere, so that two nodes never wait for each other.
        additions.sort_unstable_by_key(|addition| addition.after.id.map(|id| id.0));
        (additions, rest)
    }

    fn addition<'e>(&self, group: Group<'e>) -> Result<Addition<'e>, Group<'e>> {
        let Some((channel, remembered)) = self
            .channel(group.channel_id.0)
            .zip(self.find(group.channel_id.0, group.external_id))
        else {
            return Err(group);
        };
        let newest = group.pushes.last().map_or(0, |push| push.received_at.0);
        let known = Known {
            contact: Some(remembered.contact),
            conversation: Some(remembered.thread.clone()),
            ..Known::default()
        };
        let mut plan = plan(&group.pushes, &channel.rules, known);
        match plan.conversation.take() {
            Some(after) if plan.only_adds_messages() && !channel.is_stale(newest) => Ok(Addition {
                group,
                contact: remembered.contact,
                plan,
                after,
                stamp: remembered.stamp.clone(),
            }),
            _ => Err(group),
        }
    }
}
