//! The ledger of what an account may still send to one follower: a deadline and a count.
//! Allowances do not add up: a new action sets the count to the larger and the deadline to the later one.
use serde::{Deserialize, Serialize};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// How the platform counts replies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyProfile {
    /// 48 hours after a message, without a count.
    #[default]
    Documented,
    /// 5 messages in 48 hours after a message.
    WechatCurrent,
}

/// What a follower did that opens a window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Action {
    /// Wrote or sent something.
    #[default]
    Message,
    /// Started to follow.
    Follow,
    /// Scanned a QR code of the account.
    Scan,
    /// Tapped an item of the account's menu, or of a menu message.
    Menu,
}

/// Why nothing may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Closed,
    UsedUp,
}

/// The window of one follower.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Window {
    until_ms: i64,
    /// `None`: no limit.
    left: Option<u32>,
    /// What the deadline comes from, and when that was.
    #[serde(default)]
    scene: Action,
    #[serde(default)]
    opened_ms: i64,
}

/// An open window, for the control API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) scene: Action,
    pub(crate) opened_ms: i64,
    pub(crate) until_ms: i64,
    pub(crate) left: Option<u32>,
}

impl Window {
    /// Opens or widens the window from `at_ms` on.
    pub(crate) fn open(&mut self, profile: ReplyProfile, action: Action, at_ms: i64) {
        let (lasts_ms, messages) = match (action, profile) {
            (Action::Message, ReplyProfile::Documented) => (48 * HOUR_MS, None),
            (Action::Message, ReplyProfile::WechatCurrent) => (48 * HOUR_MS, Some(5)),
            (Action::Follow | Action::Scan | Action::Menu, _) => (MINUTE_MS, Some(3)),
        };
        let was_open = at_ms < self.until_ms;
        self.left = match (messages, self.left) {
            (Some(new), Some(left)) if was_open => Some(new.max(left)),
            (Some(_), None) if was_open => None,
            (new, _) => new,
        };
        if at_ms + lasts_ms >= self.until_ms {
            self.until_ms = at_ms + lasts_ms;
            self.scene = action;
            self.opened_ms = at_ms;
        }
    }

    /// Ends the window at once: the follower has left.
    pub(crate) fn close(&mut self) {
        *self = Self::default();
    }

    /// Whether one more message may be sent; a closed window is reported before a used-up count.
    pub(crate) fn check(&self, now_ms: i64) -> Result<(), Refusal> {
        if now_ms >= self.until_ms {
            return Err(Refusal::Closed);
        }
        if self.left == Some(0) {
            Err(Refusal::UsedUp)
        } else {
            Ok(())
        }
    }

    /// Counts one message that was sent.
    pub(crate) fn take(&mut self) {
        self.left = self.left.map(|left| left.saturating_sub(1));
    }

    /// The open window, `None` when closed.
    pub(crate) fn standing(&self, now_ms: i64) -> Option<Grant> {
        (now_ms < self.until_ms).then_some(Grant {
            scene: self.scene,
            opened_ms: self.opened_ms,
            until_ms: self.until_ms,
            left: self.left,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn window_closes_after_48_hours_to_the_millisecond() {
        let mut window = Window::default();
        window.open(ReplyProfile::Documented, Action::Message, 1000);
        assert_eq!(window.check(1000 + 48 * HOUR_MS - 1), Ok(()));
        assert_eq!(window.check(1000 + 48 * HOUR_MS), Err(Refusal::Closed));
    }

    #[test]
    fn touch_inside_a_window_neither_shrinks_nor_adds() {
        let mut window = Window::default();
        window.open(ReplyProfile::WechatCurrent, Action::Message, 0);
        window.take();
        window.open(ReplyProfile::WechatCurrent, Action::Menu, 10);
        assert_eq!(
            window
                .standing(20)
                .map(|grant| (grant.scene, grant.until_ms, grant.left)),
            Some((Action::Message, 48 * HOUR_MS, Some(4)))
        );
    }

    #[test]
    fn message_resets_the_count_to_five() {
        let mut window = Window::default();
        for _ in 0..2 {
            window.open(ReplyProfile::WechatCurrent, Action::Message, 0);
            (0..5).for_each(|_| window.take());
            assert_eq!(window.check(1), Err(Refusal::UsedUp));
        }
    }

    #[test]
    fn touch_does_not_limit_an_unlimited_window_but_starts_limited_after_it() {
        let mut window = Window::default();
        window.open(ReplyProfile::Documented, Action::Message, 0);
        window.open(ReplyProfile::Documented, Action::Menu, 5);
        let read = |window: &Window, at| window.standing(at).map(|grant| (grant.until_ms, grant.left));
        assert_eq!(read(&window, 6), Some((48 * HOUR_MS, None)));
        window.open(ReplyProfile::Documented, Action::Menu, 48 * HOUR_MS);
        assert_eq!(
            read(&window, 48 * HOUR_MS),
            Some((48 * HOUR_MS + MINUTE_MS, Some(3)))
        );
    }
}
