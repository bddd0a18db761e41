//! Everything the simulated platform knows, as plain data behind one lock. No I/O here.
//! `world.rs` holds the lock and tells who must know about a change; `snapshot.rs` keeps it across restarts.
pub(crate) mod account;
mod account_spec;
pub(crate) mod call;
pub(crate) mod console;
pub(crate) mod delivery;
pub(crate) mod fault;
pub(crate) mod follower;
pub(crate) mod login;
pub(crate) mod mass;
pub(crate) mod media;
pub(crate) mod menu;
pub(crate) mod native;
mod network;
pub(crate) mod qrcode;
pub(crate) mod tag;
pub(crate) mod template;
pub(crate) mod token;
pub(crate) mod usage;
pub(crate) mod window;

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use account::Account;
use call::Calls;
use delivery::{Attempt, Delivery, Outcome};
use fault::Faults;
use follower::{Direction, Follower, PushState, TimelineItem, Via};
use media::{MassVideo, Media};

/// The newest pushes that are kept per account.
const DELIVERIES_KEPT: usize = 20_000;

#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) accounts: BTreeMap<String, Account>,
    pub(crate) media: HashMap<String, Media>,
    #[serde(default)]
    pub(crate) mass_videos: HashMap<String, MassVideo>,
    pub(crate) clock_offset_ms: i64,
    last_id: u64,
    last_msg_id: u64,
    #[serde(default)]
    last_job_id: u64,
    #[serde(skip)]
    pub(crate) calls: Calls,
    #[serde(skip)]
    pub(crate) faults: Faults,
}

/// A line for the timeline, before it has an id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) direction: Direction,
    pub(crate) kind: String,
    pub(crate) text: String,
    pub(crate) media_id: Option<String>,
    pub(crate) via: Option<Via>,
    pub(crate) data: Map<String, Value>,
    pub(crate) msg_id: Option<String>,
    pub(crate) state: Option<PushState>,
}

impl Line {
    /// A grey line in the middle.
    pub(crate) fn system(text: &str) -> Self {
        Self {
            direction: Direction::System,
            kind: "system".to_owned(),
            text: text.to_owned(),
            media_id: None,
            via: None,
            data: Map::new(),
            msg_id: None,
            state: None,
        }
    }
}

impl State {
    pub(crate) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// A message id: made from the time, so that it is never repeated, not even after a restart without memory.
    pub(crate) fn next_msg_id(&mut self, wall_ms: i64) -> u64 {
        let from_time = u64::try_from(wall_ms).unwrap_or_default().saturating_mul(10_000);
        self.last_msg_id = from_time.max(self.last_msg_id + 1);
        self.last_msg_id
    }

    /// The id of a mass or template message: made from the time too, but small enough for every language's numbers.
    pub(crate) fn next_job_id(&mut self, wall_ms: i64) -> u64 {
        let from_time = u64::try_from(wall_ms).unwrap_or_default();
        self.last_job_id = from_time.max(self.last_job_id + 1);
        self.last_job_id
    }

    pub(crate) fn follower_mut(&mut self, app_id: &str, openid: &str) -> Option<&mut Follower> {
        self.accounts.get_mut(app_id)?.followers.get_mut(openid)
    }

    /// Adds a line to a phone and returns its id.
    pub(crate) fn show(&mut self, app_id: &str, openid: &str, line: Line, at_ms: i64) -> Option<u64> {
        let id = self.next_id();
        let follower = self.follower_mut(app_id, openid)?;
        follower.timeline.push(TimelineItem {
            id,
            direction: line.direction,
            kind: line.kind,
            text: line.text,
            media_id: line.media_id,
            via: line.via,
            at_ms,
            data: line.data,
            msg_id: line.msg_id,
            state: line.state,
        });
        Some(id)
    }

    pub(crate) fn add_delivery(&mut self, app_id: &str, delivery: Delivery) {
        let Some(account) = self.accounts.get_mut(app_id) else {
            return;
        };
        if account.deliveries.len() == DELIVERIES_KEPT {
            account.deliveries.pop_front();
        }
        account.deliveries.push_back(delivery);
    }

    /// Books an attempt; `true` when it is the first that was accepted.
    pub(crate) fn add_attempt(&mut self, app_id: &str, delivery_id: &str, attempt: Attempt) -> bool {
        let Some(account) = self.accounts.get_mut(app_id) else {
            return false;
        };
        let mut newest_first = account.deliveries.iter_mut().rev();
        let Some(delivery) = newest_first.find(|delivery| delivery.delivery_id == delivery_id) else {
            return false;
        };
        delivery.attempts.push(attempt);
        let is_first = attempt.outcome == Outcome::Accepted && !delivery.acknowledged;
        delivery.acknowledged |= is_first;
        is_first
    }

    pub(crate) fn delivery(&self, app_id: &str, delivery_id: &str) -> Option<Delivery> {
        let account = self.accounts.get(app_id)?;
        account
            .deliveries
            .iter()
            .rev()
            .find(|delivery| delivery.delivery_id == delivery_id)
            .cloned()
    }

    /// Pushes that were under way when the process ended never arrive.
    pub(crate) fn settle_interrupted_pushes(&mut self) {
        let followers = self
            .accounts
            .values_mut()
            .flat_map(|account| account.followers.values_mut());
        for item in followers.flat_map(|follower| &mut follower.timeline) {
            if item.state == Some(PushState::Delivering) {
                item.state = Some(PushState::Failed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_ids_grow_even_within_a_millisecond_and_after_a_restart() {
        let mut state = State::default();
        let first = state.next_msg_id(1_800_000_000_000);
        let second = state.next_msg_id(1_800_000_000_000);
        let after_restart = State::default().next_msg_id(1_800_000_000_001);
        assert!(first < second && second < after_restart);
    }
}
