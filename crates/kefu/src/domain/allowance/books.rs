//! What is left of the window, and how grants, replies and WeChat's refusals change it. The monthly route has books of
//! its own (`monthly`).

use super::policy::Policy;
use crate::domain::text_enum::text_enum;
use crate::domain::time::Time;

text_enum!(
    /// What a contact did that opens an allowance.
    Grant { Message = "message", Follow = "follow", Scan = "scan", MenuClick = "menu_click" });

/// What is left, per conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Books {
    /// The window is open before this moment.
    pub window_until: Option<Time>,
    /// Replies left in the window; `None` = no limit.
    pub window_left: Option<i64>,
    /// The burst (follow, scan, menu tap) counts before this moment. Never offered to people.
    pub burst_until: Option<Time>,
    /// Answers left in the burst.
    pub burst_left: Option<i64>,
    /// Replies queued or on their way: WeChat has not counted them yet.
    pub pending_replies: i64,
}

impl Books {
    /// Writes down a grant that began at `start`. Grants do not add up: the later deadline and the full count hold.
    pub fn grant(&mut self, policy: &Policy, grant: Grant, start: Time) {
        match grant {
            Grant::Message => self.open_window(policy, start),
            Grant::Follow | Grant::Scan | Grant::MenuClick => {
                let until = start.plus_ms(policy.burst_ms);
                self.burst_until = Some(self.burst_until.map_or(until, |known| known.max(until)));
                self.burst_left = Some(policy.burst_messages);
            }
        }
    }

    /// A push that arrives late must not restore what was used since a younger message.
    fn open_window(&mut self, policy: &Policy, start: Time) {
        let until = start.plus_ms(policy.window_ms);
        if self.window_until.is_some_and(|known| known > until) {
            return;
        }
        self.window_until = Some(until);
        self.window_left = policy
            .window_messages
            .map(|all| (all - self.pending_replies).max(0));
    }

    /// The contact unfollowed: nothing may be sent.
    pub fn close(&mut self) {
        self.window_until = None;
        self.window_left = None;
        self.burst_until = None;
        self.burst_left = None;
    }

    /// Takes one reply out of the books when it is queued.
    pub fn reserve(&mut self) {
        self.window_left = self.window_left.map(|left| (left - 1).max(0));
        self.pending_replies += 1;
    }

    /// A queued reply has left or is unknown: its place stays taken.
    pub fn spent(&mut self) {
        self.pending_replies = (self.pending_replies - 1).max(0);
    }

    /// A queued reply failed for certain: its place is given back.
    pub fn give_back(&mut self, policy: &Policy) {
        self.spent();
        if let (Some(left), Some(all)) = (self.window_left, policy.window_messages) {
            self.window_left = Some((left + 1).min(all - self.pending_replies).max(0));
        }
    }

    /// WeChat refused: its ledger is right and ours was not.
    pub fn refused(&mut self, code: i64, now: Time) {
        match code {
            45015 => self.window_until = self.window_until.map(|until| until.min(now)),
            45047 => self.window_left = Some(0),
            _ => {}
        }
    }

    /// Whether the window is open.
    pub fn window_open(&self, now: Time) -> bool {
        self.window_until.is_some_and(|until| now < until)
    }
}
