//! What a writer remembers of open conversations and of channels, so that the next messages of a known contact need
//! no look-up. Nothing here is trusted: `quick.rs` and `first.rs` store only while the rows are still the remembered ones.

use crate::db::ingest::IngestError;
use crate::db::ingest::loaded::LoadedChannel;
use crate::domain::conversation::ConversationState;
use crate::domain::inbound::{KnownContact, ThreadState, TicketRef};
use std::collections::HashMap;

/// Conversations in one of the two halves of the memory: about a kilobyte each.
const HALF: usize = 4_096;

/// A version of a row: the bits of PostgreSQL's `xmin`, which differs after every update of the row.
pub(super) type Stamp = i32;

/// `xmin`, or the number of the transaction that made a row, as it is compared: 32 bits.
pub(super) const fn stamp(number: i64) -> Stamp {
    (number as u32).cast_signed()
}

/// The version that the rows of a transaction have, from its number as PostgreSQL writes it.
pub(super) fn stamp_of(transaction: &str) -> Result<Stamp, IngestError> {
    let number = transaction.parse();
    number
        .map(stamp)
        .map_err(|_| IngestError::Data(format!("`{transaction}` is no transaction")))
}

/// A conversation as it was stored last.
#[derive(Debug, Clone)]
pub(super) struct Remembered {
    pub(super) contact: KnownContact,
    pub(super) thread: ThreadState,
    pub(super) stamp: Stamp,
}

impl Remembered {
    /// Whether this is an open conversation with an open ticket, whose contact follows. Anything else needs a look: then
    /// timers and the assignee's associations count, which are in tables of their own.
    pub(super) fn is_plain(&self) -> bool {
        let thread = &self.thread;
        let open_ticket = matches!(thread.ticket, TicketRef::Stored(ticket) if ticket.closed_at.is_none());
        let special = thread.survey_ticket_id.is_some() || thread.pending;
        let follows = self.contact.unsubscribed_at.is_none();
        thread.state == ConversationState::Open && open_ticket && !special && follows
    }
}

/// By channel and contact.
type Half = HashMap<i64, HashMap<String, Remembered>>;

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

    /// Keeps what is plain, and forgets what is not.
    pub(super) fn keep(&mut self, channel_id: i64, external_id: String, remembered: Remembered) {
        if !remembered.is_plain() {
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
    pub(super) fn take(&mut self, channel_id: i64, external_id: &str) -> Option<(String, Remembered)> {
        let from = |half: &mut Half| half.get_mut(&channel_id)?.remove_entry(external_id);
        let (young, old) = (from(&mut self.young), from(&mut self.old));
        self.count -= usize::from(young.is_some());
        young.or(old)
    }

    /// The channels with these ids, each once, with their versions.
    pub(super) fn versions(&self, ids: impl Iterator<Item = i64>) -> (Vec<i64>, Vec<Stamp>) {
        let mut ids: Vec<i64> = ids.collect();
        ids.sort_unstable();
        ids.dedup();
        let stamp = |id: &i64| self.channel(*id).map(|channel| channel.stamp).unwrap_or_default();
        let stamps = ids.iter().map(stamp).collect();
        (ids, stamps)
    }
}
