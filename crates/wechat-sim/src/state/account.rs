//! One account of the platform: what its owner configured, its followers, tokens and daily counters.
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

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
use super::window::ReplyProfile;
use crate::crypto::AesKey;
use crate::random;

/// How pushes are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EncryptionMode {
    /// Clear text.
    #[default]
    Plain,
    /// Clear text and cipher text beside each other.
    Compatible,
    /// Cipher text only.
    Safe,
}

/// In which format pushes are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PushFormat {
    /// What official accounts are offered.
    #[default]
    Xml,
    /// What some accounts may choose.
    Json,
}

/// What kind of account it is; it decides which calls are permitted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// 服务号.
    #[default]
    Service,
    /// 公众号, formerly the subscription account.
    Subscription,
    /// An account of a company's own members.
    Enterprise,
    /// The sandbox account.
    Test,
}

/// Where the account's owner is registered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Region {
    /// Mainland China.
    #[default]
    MainlandChina,
    /// Anywhere else.
    Other,
}

/// Everything the owner of an account sets. Every field is optional; identifiers and secrets are made up when missing.
#[derive(Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountSpec {
    /// `wx` and 16 hexadecimal digits.
    pub app_id: String,
    /// The AppSecret.
    pub secret: String,
    /// `gh_` and 12 hexadecimal digits.
    pub original_id: String,
    /// The name that phones show.
    pub name: String,
    /// The token of the callback.
    pub token: String,
    /// 43 characters.
    pub encoding_aes_key: String,
    /// How pushes are written.
    pub encryption_mode: EncryptionMode,
    /// In which format pushes are written, and replies expected.
    pub push_format: PushFormat,
    /// Where pushes go; empty: nowhere.
    pub callback_url: String,
    /// What kind of account it is.
    pub account_kind: AccountKind,
    /// Whether the account has passed verification.
    pub verified: bool,
    /// Where its owner is registered.
    pub region: Region,
    /// Addresses and networks that may call; empty: all.
    pub ip_whitelist: Vec<String>,
    /// How replies are counted.
    pub reply_profile: ReplyProfile,
    /// How often one push is tried in all.
    pub deliveries: u32,
    /// How long one push may take.
    pub push_timeout_ms: u64,
    /// Whether many failed pushes stop all pushes for a minute.
    pub mark_fail: bool,
    /// Whether the secret is frozen.
    pub secret_frozen: bool,
    /// How far the clock of the pushing machine is off.
    pub clock_skew_seconds: i64,
    /// Paths that answer 48001.
    pub denied_apis: Vec<String>,
    /// Calls a day by path, in place of the platform's usual number.
    pub quotas: BTreeMap<String, u64>,
    /// Calls a minute by path, in place of the platform's usual number.
    pub minute_quotas: BTreeMap<String, u64>,
    /// How many of a hundred calls the platform is too busy for, at random.
    pub busy_percent: u8,
    /// Whether mass messages are followed by a receipt.
    pub mass_receipts: bool,
    /// How mass messages end: `send success`, or a failure such as `err(20013)`.
    pub mass_status: String,
}

/// Without the secrets, so that a log cannot hold them.
impl fmt::Debug for AccountSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut spec = f.debug_struct("AccountSpec");
        spec.field("app_id", &self.app_id)
            .field("callback_url", &self.callback_url);
        spec.finish_non_exhaustive()
    }
}

impl Default for AccountSpec {
    fn default() -> Self {
        Self {
            app_id: String::new(),
            secret: String::new(),
            original_id: String::new(),
            name: String::new(),
            token: String::new(),
            encoding_aes_key: String::new(),
            encryption_mode: EncryptionMode::default(),
            push_format: PushFormat::default(),
            callback_url: String::new(),
            account_kind: AccountKind::default(),
            verified: true,
            region: Region::default(),
            ip_whitelist: Vec::new(),
            reply_profile: ReplyProfile::default(),
            deliveries: 3,
            push_timeout_ms: 5000,
            mark_fail: false,
            secret_frozen: false,
            clock_skew_seconds: 0,
            denied_apis: Vec::new(),
            quotas: BTreeMap::new(),
            minute_quotas: BTreeMap::new(),
            busy_percent: 0,
            mass_receipts: true,
            mass_status: "send success".to_owned(),
        }
    }
}

impl AccountSpec {
    /// Makes up the identifiers and secrets that are missing.
    pub(crate) fn fill_in(&mut self) {
        fill(&mut self.app_id, || format!("wx{}", random::hex(16)));
        fill(&mut self.secret, || random::hex(32));
        fill(&mut self.original_id, || format!("gh_{}", random::hex(12)));
        fill(&mut self.token, || random::alphanumeric(32));
        // The 43rd character carries two bits that do not count; `A` leaves them empty.
        fill(&mut self.encoding_aes_key, || {
            format!("{}A", random::alphanumeric(42))
        });
        fill(&mut self.name, || "Kefu Demo".to_owned());
    }

    /// The first field that cannot be right, with what is wrong about it.
    pub(crate) fn problem(&self) -> Option<(&'static str, String)> {
        if self.app_id.len() > 64
            || !self
                .app_id
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        {
            return Some(("app_id", "letters, digits, `-` and `_`, at most 64".to_owned()));
        }
        if let Err(error) = AesKey::parse(&self.encoding_aes_key) {
            return Some(("encoding_aes_key", error.to_string()));
        }
        if !self.callback_url.is_empty() && !is_http_url(&self.callback_url) {
            return Some((
                "callback_url",
                "an absolute http or https address, or empty".to_owned(),
            ));
        }
        if self.deliveries == 0 || self.push_timeout_ms == 0 {
            return Some(("deliveries", "at least 1, and push_timeout_ms too".to_owned()));
        }
        if self.busy_percent > 100 {
            return Some(("busy_percent", "between 0 and 100".to_owned()));
        }
        let bad = self
            .ip_whitelist
            .iter()
            .find(|entry| Network::parse(entry).is_none())?;
        Some((
            "ip_whitelist",
            format!("`{bad}` is neither an address nor a network"),
        ))
    }

    /// Whether `address` may obtain tokens and call.
    pub(crate) fn admits(&self, address: IpAddr) -> bool {
        let mut networks = self.ip_whitelist.iter().filter_map(|entry| Network::parse(entry));
        self.ip_whitelist.is_empty() || networks.any(|network| network.contains(address))
    }
}

fn fill(field: &mut String, make: impl FnOnce() -> String) {
    if field.is_empty() {
        *field = make();
    }
}

fn is_http_url(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// An address or a network such as `101.226.103.0/25`.
#[derive(Debug, Clone, Copy)]
struct Network {
    bits: u128,
    prefix: u32,
}

impl Network {
    fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().ok()?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let length = length.unwrap_or(width);
        (length <= width).then(|| Self {
            bits: as_v6_bits(address),
            prefix: 128 - width + length,
        })
    }

    fn contains(self, address: IpAddr) -> bool {
        let mask = u128::MAX.checked_shl(128 - self.prefix).unwrap_or(0);
        (as_v6_bits(address) ^ self.bits) & mask == 0
    }
}

fn as_v6_bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

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
    fn whitelist_takes_addresses_and_networks_of_both_families() {
        let spec = AccountSpec {
            ip_whitelist: vec![
                "10.1.2.3".to_owned(),
                "192.168.4.0/23".to_owned(),
                "fd00::/8".to_owned(),
            ],
            ..AccountSpec::default()
        };
        let admits = |text: &str| spec.admits(text.parse().expect("an address"));
        assert!(admits("10.1.2.3") && admits("::ffff:10.1.2.3"));
        assert!(admits("192.168.5.9") && admits("fd12::1"));
        assert!(!admits("10.1.2.4") && !admits("192.168.6.1") && !admits("fe80::1"));
    }

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
