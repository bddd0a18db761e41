//! One person who may follow the account, and what that person's phone shows.
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::window::{Refusal, Window};

/// From whose side a line of the timeline comes, seen from the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Direction {
    Sent,
    Received,
    System,
}

/// How a received message came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Via {
    Custom,
    Passive,
    Mass,
}

/// How the push of a sent message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PushState {
    Delivering,
    Delivered,
    Failed,
}

/// One line on the phone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct TimelineItem {
    pub(crate) id: u64,
    pub(crate) direction: Direction,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) text: String,
    pub(crate) media_id: Option<String>,
    pub(crate) via: Option<Via>,
    pub(crate) at_ms: i64,
    pub(crate) data: Map<String, Value>,
    pub(crate) msg_id: Option<String>,
    pub(crate) state: Option<PushState>,
}

/// A person on one account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Follower {
    pub(crate) openid: String,
    pub(crate) name: String,
    /// The order in which followers were added.
    pub(crate) number: u64,
    pub(crate) subscribed: bool,
    pub(crate) subscribed_ms: i64,
    pub(crate) subscribe_scene: String,
    pub(crate) qr_scene: String,
    pub(crate) window: Window,
    /// When a message last went either way: typing is only permitted shortly after.
    pub(crate) talked_ms: Option<i64>,
    pub(crate) typing_until_ms: Option<i64>,
    pub(crate) timeline: Vec<TimelineItem>,
    /// The person switched the account's messages off.
    #[serde(default)]
    pub(crate) refuses: bool,
    /// The account put the person on its blacklist.
    #[serde(default)]
    pub(crate) blacklisted: bool,
    /// What the account calls the person.
    #[serde(default)]
    pub(crate) remark: String,
    /// The account's tags on the person, oldest first.
    #[serde(default)]
    pub(crate) tags: BTreeSet<i64>,
    #[serde(default)]
    pub(crate) monthly: Monthly,
    /// Notices that the person agreed to and has not had, by template.
    #[serde(default)]
    pub(crate) consents: BTreeMap<String, u32>,
}

/// How many mass messages a person was given in one calendar month (UTC+8).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Monthly {
    month: i64,
    used: u32,
}

impl Monthly {
    /// The most in one month.
    pub(crate) const LIMIT: u32 = 4;

    pub(crate) fn used(&self, month: i64) -> u32 {
        if self.month == month { self.used } else { 0 }
    }

    pub(crate) fn take(&mut self, month: i64) {
        *self = Self {
            month,
            used: self.used(month) + 1,
        };
    }
}

impl Follower {
    pub(crate) fn new(openid: String, name: String, number: u64) -> Self {
        Self {
            openid,
            name,
            number,
            subscribed: false,
            subscribed_ms: 0,
            subscribe_scene: String::new(),
            qr_scene: String::new(),
            window: Window::default(),
            talked_ms: None,
            typing_until_ms: None,
            timeline: Vec::new(),
            refuses: false,
            blacklisted: false,
            remark: String::new(),
            tags: BTreeSet::new(),
            monthly: Monthly::default(),
            consents: BTreeMap::new(),
        }
    }

    /// Why the account may not write to this person now. Who has left is reported before everything else,
    /// a closed window before a used-up count.
    pub(crate) fn refusal(&self, now_ms: i64) -> Option<i64> {
        if !self.subscribed {
            return Some(45015);
        }
        if self.blacklisted {
            return Some(43019);
        }
        if self.refuses {
            return Some(48002);
        }
        self.window.check(now_ms).err().map(|refusal| match refusal {
            Refusal::Closed => 45015,
            Refusal::UsedUp => 45047,
        })
    }

    /// Starts to follow, possibly through the scene of a QR code.
    pub(crate) fn subscribe(&mut self, now_ms: i64, qr_scene: &str) {
        let scene = if qr_scene.is_empty() {
            "ADD_SCENE_SEARCH"
        } else {
            "ADD_SCENE_QR_CODE"
        };
        self.subscribed = true;
        self.subscribed_ms = now_ms;
        scene.clone_into(&mut self.subscribe_scene);
        qr_scene.clone_into(&mut self.qr_scene);
    }

    /// Stops following: whatever was permitted ends.
    pub(crate) fn unsubscribe(&mut self) {
        self.subscribed = false;
        self.window.close();
        self.typing_until_ms = None;
        self.tags.clear();
    }

    /// The line with this id; new lines are at the end, so the search starts there.
    pub(crate) fn item_mut(&mut self, id: u64) -> Option<&mut TimelineItem> {
        self.timeline.iter_mut().rev().find(|item| item.id == id)
    }
}
