//! What a writer remembers of open conversations and of channels, so that the next messages of a known contact need
//! no look-up. Nothing here is trusted: `quick.rs` stores only while the rows are still the remembered ones.

use crate::db::ingest::batch::Group;
use crate::db::ingest::loaded::{LoadedChannel, surveyed};
use crate::domain::conversation::ConversationState;
use crate::domain::inbound::{ContactPlan, Known, KnownContact, ThreadState, TicketRef, plan};
use std::collections::HashMap;

/// Conversations in one of the two halves of the memory: about a kilobyte each.
const HALF: usize = 4_096;

/// A version of a row: the bits of PostgreSQL's `xmin`, which differs after every update of the row.
pub(super) type Stamp = i32;

/// `xmin`, or the number of the transaction that made a row, as it is compared: 32 bits.
pub(super) const fn stamp(number: i64) -> Stamp {
    (number as u32).cast_signed()
}

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
    pub(super) external_id: String,
    pub(super) contact: KnownContact,
    pub(super) plan: ContactPlan,
    pub(super) after: ThreadState,
    pub(super) stamp: Stamp,
}

/// By channel and contact.
type Half = HashMap<i64, HashMap<String, Remembered>>;

/// An approval is on the contact's row, whose version nobody compares: who may be answered has to be looked up.
fn asks_for_approval(channel: &LoadedChannel) -> bool {
    channel.rules.needs_approval && channel.rules.answers.is_some()
}

/// The memory of one writer: a contact's pushes always go to the same one.
#[derive(Debug, Default)]
pub(super) struct Memory {
    channels: HashMap<i64, LoadedChannel>,
    // What was kept since the halves changed places, and what was kept before: the latter is forgotten next.
    young: Half,
    old: Half,
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

    /// Keeps an open conversation with an open ticket, whose contact follows; anything else needs a look: then timers
    /// and the assignee's associations count, which are in tables of their own.
    pub(super) fn keep(&mut self, channel_id: i64, external_id: String, remembered: Remembered) {
        let open_ticket = matches!(remembered.thread.ticket, TicketRef::Stored(t) if t.closed_at.is_none());
        let thread = &remembered.thread;
        let special = thread.survey_ticket_id.is_some() || thread.pending;
        let plain = thread.state == ConversationState::Open && open_ticket && !special;
        if !plain || remembered.contact.unsubscribed_at.is_some() {
            drop(self.take(channel_id, &external_id));
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
            .insert(external_id, remembered);
        self.count += usize::from(before.is_none());
    }

    /// What is taken is forgotten, unless it is kept again.
    fn take(&mut self, channel_id: i64, external_id: &str) -> Option<(String, Remembered)> {
        let from = |half: &mut Half| half.get_mut(&channel_id)?.remove_entry(external_id);
        let (young, old) = (from(&mut self.young), from(&mut self.old));
        self.count -= usize::from(young.is_some());
        young.or(old)
    }

    /// Plans the groups that need nothing but what is remembered; gives back the others.
    pub(super) fn plan_known<'e>(&mut self, groups: Vec<Group<'e>>) -> (Vec<Addition<'e>>, Vec<Group<'e>>) {
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

    fn addition<'e>(&mut self, group: Group<'e>) -> Result<Addition<'e>, Group<'e>> {
        let newest = group.pushes.last().map_or(0, |push| push.received_at.0);
        let taken = self.take(group.channel_id.0, group.external_id);
        let channel = self
            .channel(group.channel_id.0)
            .filter(|channel| !channel.is_stale(newest) && !asks_for_approval(channel))
            .filter(|_| surveyed(&group, None).is_empty());
        let Some((channel, (external_id, remembered))) = channel.zip(taken) else {
            return Err(group);
        };
        let Remembered {
            contact,
            thread,
            stamp,
        } = remembered;
        let known = Known {
            contact: Some(contact),
            conversation: Some(thread),
            ..Known::default()
        };
        let mut plan = plan(&group.pushes, &channel.rules, known);
        match plan.conversation.take() {
            Some(after) if plan.only_adds_messages() => Ok(Addition {
                group,
                external_id,
                contact,
                plan,
                after,
                stamp,
            }),
            _ => Err(group),
        }
    }
}
