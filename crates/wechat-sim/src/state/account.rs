//! One account of the platform: what its owner configured, its followers, tokens and daily counters.
use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use super::account_spec::{AccountKind, AccountSpec, EncryptionMode, PushFormat, Region};
use super::console::Console;
use super::delivery::Delivery;
use super::follower::Follower;
use super::login::Logins;
use super::mass::Mass;
use super::menu::Menus;
use super::native::NativeService;
use super::qrcode::QrCode;
use super::tag::Tags;
use super::template::{Sent, Template};
use super::token::Tokens;
use super::usage::{MinuteUsage, MonthCount, Usage};

/// The platform's reaction to many failed pushes: one minute without any.
#[derive(Debug, Clone, Default)]
pub(crate) struct MarkFail {
    failed_in_a_row: u32,
    until_ms: i64,
}

impl MarkFail {
    const THRESHOLD: u32 = 10;

    pub(crate) fn is_marked(&self, now_ms: i64) -> bool {
        now_ms < self.until_ms
    }

    pub(crate) fn note(&mut self, accepted: bool, now_ms: i64) {
        self.failed_in_a_row = if accepted { 0 } else { self.failed_in_a_row + 1 };
        if self.failed_in_a_row >= Self::THRESHOLD {
            *self = Self {
                failed_in_a_row: 0,
                until_ms: now_ms + 60_000,
            };
        }
    }
}

/// Without the tickets in its text, so that a log cannot hold them.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Tickets(BTreeMap<String, (String, i64)>);

impl fmt::Debug for Tickets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tickets")
            .field("count", &self.0.len())
            .finish_non_exhaustive()
    }
}

impl Tickets {
    pub(crate) fn get(&self, kind: &str) -> Option<&(String, i64)> {
        self.0.get(kind)
    }

    pub(crate) fn insert(&mut self, kind: String, ticket: (String, i64)) {
        self.0.insert(kind, ticket);
    }
}

/// An account with everything that belongs to it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) spec: AccountSpec,
    pub(crate) followers: BTreeMap<String, Follower>,
    pub(crate) tokens: Tokens,
    pub(crate) usage: Usage,
    #[serde(default)]
    pub(crate) menus: Menus,
    #[serde(default)]
    pub(crate) console: Console,
    #[serde(default)]
    pub(crate) qrcodes: Vec<QrCode>,
    #[serde(default)]
    pub(crate) tags: Tags,
    #[serde(default)]
    pub(crate) mass: Mass,
    #[serde(default)]
    pub(crate) templates: Vec<Template>,
    /// Templates of subscription notices.
    #[serde(default)]
    pub(crate) notices: Vec<Template>,
    #[serde(default)]
    pub(crate) native: NativeService,
    #[serde(default)]
    pub(crate) logins: Logins,
    /// Tickets of the JS-SDK with their ends, by type.
    #[serde(default)]
    pub(crate) tickets: Tickets,
    /// How often the daily counts were started again this month, all at once and one by one.
    #[serde(default)]
    pub(crate) clears: MonthCount,
    #[serde(default)]
    pub(crate) clears_of_one: MonthCount,
    #[serde(skip)]
    pub(crate) minute_usage: MinuteUsage,
    #[serde(skip)]
    pub(crate) templates_sent: Vec<Sent>,
    /// The newest pushes; not kept across restarts.
    #[serde(skip)]
    pub(crate) deliveries: VecDeque<Delivery>,
    #[serde(skip)]
    pub(crate) mark_fail: MarkFail,
}

impl Account {
    pub(crate) fn new(spec: AccountSpec) -> Self {
        Self {
            spec,
            followers: BTreeMap::new(),
            tokens: Tokens::default(),
            usage: Usage::default(),
            menus: Menus::default(),
            console: Console::default(),
            qrcodes: Vec::new(),
            tags: Tags::default(),
            mass: Mass::default(),
            templates: Vec::new(),
            notices: Vec::new(),
            native: NativeService::default(),
            logins: Logins::default(),
            tickets: Tickets::default(),
            clears: MonthCount::default(),
            clears_of_one: MonthCount::default(),
            minute_usage: MinuteUsage::default(),
            templates_sent: Vec::new(),
            deliveries: VecDeque::new(),
            mark_fail: MarkFail::default(),
        }
    }

    /// The buttons of the console's menu, which phones show until pushes are switched on or the API has made one.
    pub(crate) fn console_menu(&self) -> Option<&[Value]> {
        let acts = self.spec.callback_url.is_empty() && self.menus.default.is_none();
        (acts && !self.console.menu.is_empty()).then_some(&*self.console.menu)
    }

    /// Whether calls that need a verified account are permitted.
    pub(crate) fn is_verified(&self) -> bool {
        self.spec.verified || self.spec.account_kind == AccountKind::Test
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_failures_in_a_row_mark_the_callback_for_a_minute() {
        let mut mark = MarkFail::default();
        (0..9).for_each(|_| mark.note(false, 0));
        assert!(!mark.is_marked(0));
        mark.note(false, 0);
        assert!(mark.is_marked(59_999) && !mark.is_marked(60_000));
    }

    #[test]
    fn debug_text_of_an_account_holds_no_secret() {
        let mut spec = AccountSpec::default();
        spec.fill_in();
        let text = format!("{spec:?} {:?}", Account::new(spec.clone()));
        for secret in [&spec.secret, &spec.token, &spec.encoding_aes_key] {
            assert!(!text.contains(secret.as_str()));
        }
    }
}
