//! Which way the pushes of each contact go: with a remembered conversation, as somebody new, or the way with locks.

use super::load::Found;
use super::memory::{Memory, Remembered, Stamp};
use crate::db::ingest::batch::Group;
use crate::db::ingest::loaded::{LoadedChannel, surveyed};
use crate::domain::agent::Language;
use crate::domain::inbound::{ContactPlan, Known, KnownContact, NewTicket, ThreadState, plan};

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

/// The pushes of somebody who has no conversation yet: their plan opens a ticket and adds messages.
#[derive(Debug)]
pub(super) struct Beginning<'e> {
    pub(super) group: Group<'e>,
    /// Whoever followed before is a contact already; with the version of their row.
    pub(super) contact: Option<(KnownContact, Stamp)>,
    pub(super) plan: ContactPlan,
    pub(super) after: ThreadState,
    pub(super) ticket: NewTicket,
    /// Their alias is in it.
    pub(super) language: Language,
}

/// A batch's groups, by the way they go.
#[derive(Debug, Default)]
pub(super) struct Ways<'e> {
    pub(super) additions: Vec<Addition<'e>>,
    pub(super) beginnings: Vec<Beginning<'e>>,
    /// The way with locks.
    pub(super) locks: Vec<Group<'e>>,
}

impl<'e> Ways<'e> {
    /// Plans what is remembered. The other half of the answer is not, and might go a quick way once it is looked up.
    pub(super) fn of(memory: &mut Memory, groups: Vec<Group<'e>>) -> (Self, Vec<Group<'e>>) {
        let (mut ways, mut strangers) = (Self::default(), Vec::new());
        for group in groups {
            let taken = memory.take(group.channel_id.0, group.external_id);
            match (quick_channel(memory, &group), taken) {
                (None, _) => ways.locks.push(group),
                (Some(channel), Some((external_id, remembered))) => {
                    ways.add(channel, group, external_id, remembered);
                }
                (Some(_), None) => strangers.push(group),
            }
        }
        (ways, strangers)
    }

    /// Plans those who were looked up.
    pub(super) fn meet(&mut self, memory: &Memory, strangers: Vec<Group<'e>>, found: Vec<Option<Found>>) {
        for (group, found) in strangers.into_iter().zip(found) {
            let Some(channel) = quick_channel(memory, &group) else {
                self.locks.push(group);
                continue;
            };
            let contact = found.as_ref().map(|found| (found.contact, found.contact_stamp));
            match found.and_then(Found::remembered) {
                None => self.begin(channel, group, contact),
                Some(remembered) if remembered.is_plain() => {
                    let external_id = group.external_id.to_owned();
                    self.add(channel, group, external_id, remembered);
                }
                Some(_) => self.locks.push(group),
            }
        }
    }

    /// One order everywhere, so that two nodes never wait for each other.
    pub(super) fn put_in_order(&mut self) {
        self.additions
            .sort_unstable_by_key(|addition| addition.after.id.map(|id| id.0));
        self.beginnings
            .sort_unstable_by_key(|beginning| (beginning.group.channel_id, beginning.group.external_id));
    }

    /// New messages in the conversation, if that is all that happens.
    fn add(
        &mut self,
        channel: &LoadedChannel,
        group: Group<'e>,
        external_id: String,
        remembered: Remembered,
    ) {
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
            Some(after) if plan.only_adds_messages() => self.additions.push(Addition {
                group,
                external_id,
                contact,
                plan,
                after,
                stamp,
            }),
            _ => self.locks.push(group),
        }
    }

    /// A conversation with a ticket and messages, if that is all that happens. Who must be approved first is not for here.
    fn begin(&mut self, channel: &LoadedChannel, group: Group<'e>, contact: Option<(KnownContact, Stamp)>) {
        let known = Known {
            contact: contact.map(|(contact, _)| contact),
            ..Known::default()
        };
        let mut plan = plan(&group.pushes, &channel.rules, known);
        let begins = plan.only_begins() && !channel.rules.needs_approval && !group.external_id.is_empty();
        match (plan.conversation.take(), plan.new_ticket.take()) {
            (Some(after), Some(ticket)) if begins => self.beginnings.push(Beginning {
                group,
                contact,
                plan,
                after,
                ticket,
                language: channel.language,
            }),
            _ => self.locks.push(group),
        }
    }
}

impl Found {
    /// As a conversation to remember, where there is one.
    fn remembered(self) -> Option<Remembered> {
        let (thread, stamp) = self.conversation?;
        Some(Remembered {
            contact: self.contact,
            thread,
            stamp,
        })
    }
}

/// The group's channel, if it is remembered and nothing about the group needs a look.
fn quick_channel<'m>(memory: &'m Memory, group: &Group<'_>) -> Option<&'m LoadedChannel> {
    let newest = group.pushes.last().map_or(0, |push| push.received_at.0);
    memory
        .channel(group.channel_id.0)
        .filter(|channel| !channel.is_stale(newest) && !asks_for_approval(channel))
        .filter(|_| surveyed(group, None).is_empty())
}

/// An approval is on the contact's row, whose version nobody compares: who may be answered has to be looked up.
fn asks_for_approval(channel: &LoadedChannel) -> bool {
    channel.rules.needs_approval && channel.rules.answers.is_some()
}
