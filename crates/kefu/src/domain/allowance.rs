//! The reply allowance: whether, until when and how often a contact may still be written to.
//!
//! Policies are data. WeChat's own refusals always win and correct these books (`Books::refused`).
//! The monthly route after the window is not built yet: a closed window refuses.

use super::channel::{AccountKind, ChannelState, ReplyPolicy};
use super::conversation::ConversationState;
use super::ids::AgentId;
use super::text_enum::text_enum;
use super::time::{HOUR_MS, MINUTE_MS, Time};
use serde::{Deserialize, Serialize};

text_enum!(
    /// How a reply would leave.
    Route { Window = "window", Monthly = "monthly" });

text_enum!(
/// Why a reply is possible or not. The first that holds, in this order, is shown (`decisions.md` 26).
ReplyReason {
    Ok = "ok",
    ChannelDeleted = "channel_deleted",
    ChannelDisabled = "channel_disabled",
    ContactBlocked = "contact_blocked",
    ConversationEnded = "conversation_ended",
    Unassigned = "unassigned",
    NotAssignee = "not_assignee",
    ContactUnsubscribed = "contact_unsubscribed",
    ContactNotApproved = "contact_not_approved",
    AccountNotPermitted = "account_not_permitted",
    ContactNeverWrote = "contact_never_wrote",
    QuotaExhausted = "quota_exhausted",
    WindowClosed = "window_closed",
});

text_enum!(
    /// What a contact did that opens an allowance.
    Grant { Message = "message", Follow = "follow", Scan = "scan", MenuClick = "menu_click" });

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
}

impl Policy {
    /// The figures of a named policy; `custom` ones are stored with the channel as JSON.
    pub fn of(name: ReplyPolicy, custom: Option<&str>) -> Self {
        let documented = Self {
            window_ms: 48 * HOUR_MS,
            window_messages: None,
            burst_ms: MINUTE_MS,
            burst_messages: 3,
        };
        match name {
            ReplyPolicy::Documented => documented,
            ReplyPolicy::WechatCurrent => Self {
                window_messages: Some(5),
                ..documented
            },
            ReplyPolicy::Custom => custom
                .and_then(|json| serde_json::from_str(json).ok())
                .unwrap_or(documented),
        }
    }
}

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

/// Everything the decision about a reply depends on.
#[derive(Debug, Clone, Copy)]
pub struct ReplySituation {
    /// State of the channel.
    pub channel: ChannelState,
    /// Kind of the account.
    pub account_kind: AccountKind,
    /// Whether WeChat has verified the account.
    pub verified: bool,
    /// Whether the contact is blocked.
    pub blocked: bool,
    /// State of the conversation.
    pub state: ConversationState,
    /// Who has it.
    pub assignee: Option<AgentId>,
    /// Whether the contact has unfollowed.
    pub unsubscribed: bool,
    /// Whether the contact is approved (enterprise accounts only ask this).
    pub approved: bool,
    /// Whether the contact has ever written.
    pub ever_wrote: bool,
    /// What is left.
    pub books: Books,
}

/// Whether an agent can reply now, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Reply {
    /// Whether the next message would be accepted.
    pub allowed: bool,
    /// `ok`, or the first reason that holds.
    pub reason: ReplyReason,
    /// How it would leave.
    #[schema(required = true)]
    pub route: Option<Route>,
    /// When the route closes.
    #[schema(required = true)]
    pub until: Option<Time>,
    /// Messages left; `null` = no limit.
    #[schema(required = true)]
    pub remaining: Option<i64>,
}

impl Reply {
    const fn refused(reason: ReplyReason) -> Self {
        Self {
            allowed: false,
            reason,
            route: None,
            until: None,
            remaining: None,
        }
    }
}

impl ReplySituation {
    /// The decision for the agent `by`, at `now`.
    pub fn decide(&self, by: AgentId, now: Time) -> Reply {
        match self.personal_refusal(by).or_else(|| self.refusal(now)) {
            None => self.through_window(),
            Some(ReplyReason::QuotaExhausted) => Reply {
                remaining: Some(0),
                ..Reply::refused(ReplyReason::QuotaExhausted)
            },
            Some(reason) => Reply::refused(reason),
        }
    }

    /// The decision when a queued reply is about to leave: who has the conversation no longer matters,
    /// its place in the count was taken when it was queued, and what was ended meanwhile still leaves.
    pub fn at_claim(&self, now: Time) -> Result<(), ReplyReason> {
        let mut books = self.books;
        books.window_left = books.window_left.map(|left| left.max(1));
        let situation = Self {
            books,
            state: ConversationState::Open,
            ..*self
        };
        match situation.channel_refusal().or_else(|| situation.refusal(now)) {
            None => Ok(()),
            Some(reason) => Err(reason),
        }
    }

    fn channel_refusal(&self) -> Option<ReplyReason> {
        match self.channel {
            ChannelState::Deleted => Some(ReplyReason::ChannelDeleted),
            ChannelState::Disabled => Some(ReplyReason::ChannelDisabled),
            ChannelState::Active if self.blocked => Some(ReplyReason::ContactBlocked),
            ChannelState::Active => None,
        }
    }

    fn personal_refusal(&self, by: AgentId) -> Option<ReplyReason> {
        if let Some(reason) = self.channel_refusal() {
            return Some(reason);
        }
        match (self.state, self.assignee) {
            (ConversationState::Ended, _) => Some(ReplyReason::ConversationEnded),
            (ConversationState::Open, None) => Some(ReplyReason::Unassigned),
            (ConversationState::Open, Some(assignee)) if assignee != by => Some(ReplyReason::NotAssignee),
            _ => None,
        }
    }

    fn refusal(&self, now: Time) -> Option<ReplyReason> {
        let needs_verification = self.account_kind != AccountKind::Test && !self.verified;
        if self.unsubscribed {
            Some(ReplyReason::ContactUnsubscribed)
        } else if self.account_kind == AccountKind::Enterprise && !self.approved {
            Some(ReplyReason::ContactNotApproved)
        } else if needs_verification {
            Some(ReplyReason::AccountNotPermitted)
        } else if !self.ever_wrote {
            Some(ReplyReason::ContactNeverWrote)
        } else if !self.books.window_open(now) {
            Some(ReplyReason::WindowClosed)
        } else if self.books.window_left == Some(0) {
            Some(ReplyReason::QuotaExhausted)
        } else {
            None
        }
    }

    fn through_window(&self) -> Reply {
        Reply {
            allowed: true,
            reason: ReplyReason::Ok,
            route: Some(Route::Window),
            until: self.books.window_until,
            remaining: self.books.window_left,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: AgentId = AgentId(1);

    fn situation(policy: ReplyPolicy) -> ReplySituation {
        let mut books = Books::default();
        books.grant(&Policy::of(policy, None), Grant::Message, Time(0));
        ReplySituation {
            channel: ChannelState::Active,
            account_kind: AccountKind::Service,
            verified: true,
            blocked: false,
            state: ConversationState::Open,
            assignee: Some(ME),
            unsubscribed: false,
            approved: true,
            ever_wrote: true,
            books,
        }
    }

    #[test]
    fn the_window_is_open_until_47_59_and_closed_at_48_00() {
        let open = situation(ReplyPolicy::Documented);
        assert!(open.decide(ME, Time(48 * HOUR_MS - 1)).allowed);
        assert_eq!(
            open.decide(ME, Time(48 * HOUR_MS)).reason,
            ReplyReason::WindowClosed
        );
    }

    #[test]
    fn documented_has_no_count_and_wechat_current_has_five() {
        assert_eq!(
            situation(ReplyPolicy::Documented).decide(ME, Time(1)).remaining,
            None
        );
        let mut current = situation(ReplyPolicy::WechatCurrent);
        for left in (0..5).rev() {
            assert!(current.decide(ME, Time(1)).allowed);
            current.books.reserve();
            assert_eq!(current.books.window_left, Some(left));
        }
        assert_eq!(current.decide(ME, Time(1)).reason, ReplyReason::QuotaExhausted);
    }

    #[test]
    fn a_failed_reply_is_given_back_and_an_unknown_one_is_not() {
        let policy = Policy::of(ReplyPolicy::WechatCurrent, None);
        let mut books = situation(ReplyPolicy::WechatCurrent).books;
        books.reserve();
        books.reserve();
        books.give_back(&policy);
        books.spent();
        assert_eq!((books.window_left, books.pending_replies), (Some(4), 0));
    }

    #[test]
    fn a_new_message_does_not_count_replies_that_are_still_on_their_way_twice() {
        let policy = Policy::of(ReplyPolicy::WechatCurrent, None);
        let mut books = situation(ReplyPolicy::WechatCurrent).books;
        books.reserve();
        books.grant(&policy, Grant::Message, Time(5));
        assert_eq!(books.window_left, Some(4));
    }

    #[test]
    fn a_late_push_neither_shortens_the_window_nor_restores_the_count() {
        let policy = Policy::of(ReplyPolicy::WechatCurrent, None);
        let mut books = Books::default();
        books.grant(&policy, Grant::Message, Time(1000));
        books.reserve();
        books.spent();
        books.grant(&policy, Grant::Message, Time(10));
        assert_eq!(
            (books.window_until, books.window_left),
            (Some(Time(1000 + 48 * HOUR_MS)), Some(4))
        );
    }

    #[test]
    fn reasons_come_in_the_decided_order() {
        let mut s = situation(ReplyPolicy::Documented);
        s.unsubscribed = true;
        assert_eq!(s.decide(ME, Time(1)).reason, ReplyReason::ContactUnsubscribed);
        s.assignee = Some(AgentId(2));
        assert_eq!(s.decide(ME, Time(1)).reason, ReplyReason::NotAssignee);
        s.assignee = None;
        assert_eq!(s.decide(ME, Time(1)).reason, ReplyReason::Unassigned);
        s.state = ConversationState::Ended;
        assert_eq!(s.decide(ME, Time(1)).reason, ReplyReason::ConversationEnded);
        s.blocked = true;
        assert_eq!(s.decide(ME, Time(1)).reason, ReplyReason::ContactBlocked);
        s.channel = ChannelState::Disabled;
        assert_eq!(s.decide(ME, Time(1)).reason, ReplyReason::ChannelDisabled);
    }

    #[test]
    fn a_queued_reply_leaves_from_an_ended_conversation_but_not_after_the_window() {
        let mut s = situation(ReplyPolicy::WechatCurrent);
        s.state = ConversationState::Ended;
        s.assignee = None;
        s.books.window_left = Some(0);
        assert_eq!(s.at_claim(Time(1)), Ok(()));
        assert_eq!(s.at_claim(Time(48 * HOUR_MS)), Err(ReplyReason::WindowClosed));
    }
}
