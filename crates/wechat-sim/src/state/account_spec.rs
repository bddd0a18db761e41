//! What the owner of an account sets: identifiers, secrets, where pushes go, and how the platform treats it.
use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::network::Network;
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
}
