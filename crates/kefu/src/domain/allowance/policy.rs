//! The figures of reply policies: data, one profile per channel (R-52).

use crate::domain::channel::ReplyPolicy;
use crate::domain::time::{HOUR_MS, MINUTE_MS};
use serde::{Deserialize, Serialize};

/// The figures of one reply policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Policy {
    /// How long a message of the contact opens the window, in milliseconds.
    pub window_ms: i64,
    /// How many replies fit into it; `None` = no limit.
    pub window_messages: Option<i64>,
    /// How long a follow, scan or menu tap counts, in milliseconds.
    pub burst_ms: i64,
    /// How many automatic answers fit into that.
    pub burst_messages: i64,
    /// How many messages a month reach one person after the window; 0 = the monthly route is not used.
    #[serde(default = "monthly_four")]
    #[schema(required = true)]
    pub monthly_messages: i64,
}

/// WeChat's own figure (R-51), also for figures that were stored before this one was among them.
const fn monthly_four() -> i64 {
    4
}

/// What WeChat takes in one window today (`wechat.md` 4.1).
pub const PLATFORM_WINDOW_MESSAGES: i64 = 5;

impl Policy {
    /// The figures of a named policy; `custom` ones are stored with the channel as JSON.
    pub fn of(name: ReplyPolicy, custom: Option<&str>) -> Self {
        let documented = Self {
            window_ms: 48 * HOUR_MS,
            window_messages: None,
            burst_ms: MINUTE_MS,
            burst_messages: 3,
            monthly_messages: monthly_four(),
        };
        match name {
            ReplyPolicy::Documented => documented,
            ReplyPolicy::WechatCurrent => Self {
                window_messages: Some(PLATFORM_WINDOW_MESSAGES),
                ..documented
            },
            ReplyPolicy::Custom => custom
                .and_then(|json| serde_json::from_str(json).ok())
                .unwrap_or(documented),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stored_without_the_monthly_ones_mean_four() {
        let stored = r#"{"window_ms":1,"window_messages":2,"burst_ms":3,"burst_messages":4}"#;
        let policy = Policy::of(ReplyPolicy::Custom, Some(stored));
        assert_eq!((policy.window_messages, policy.monthly_messages), (Some(2), 4));
    }

    #[test]
    fn custom_figures_that_cannot_be_read_are_the_documented_ones() {
        let documented = Policy::of(ReplyPolicy::Documented, None);
        assert_eq!(Policy::of(ReplyPolicy::Custom, Some("{")), documented);
        assert_eq!(
            (documented.window_messages, documented.window_ms),
            (None, 48 * HOUR_MS)
        );
    }
}
