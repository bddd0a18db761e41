//! The decision about a reply: pure, from what is stored. What it says is what the composer shows.

use super::books::Books;
use super::calendar::Calendar;
use super::decision::{Reply, ReplyDetail, ReplyReason, Route};
use super::monthly::{MonthlyBooks, Standing};
use super::policy::Policy;
use crate::domain::channel::{AccountKind, ChannelState};
use crate::domain::conversation::ConversationState;
use crate::domain::ids::AgentId;
use crate::domain::time::Time;

/// Everything the decision about a reply depends on.
#[derive(Debug, Clone, Copy)]
pub struct ReplySituation<'a> {
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
    /// The figures in force.
    pub policy: Policy,
    /// The channel's time zone: days and months end by it.
    pub time_zone: &'a str,
    /// What is left of the window.
    pub books: Books,
    /// What was used after it.
    pub monthly: MonthlyBooks,
}

impl ReplySituation<'_> {
    /// The decision for the agent `by`, at `now`.
    pub fn decide(&self, by: AgentId, now: Time) -> Reply {
        match self.personal_refusal(by).or_else(|| self.standing_refusal()) {
            Some(reason) => {
                let unverified = reason == ReplyReason::AccountNotPermitted;
                Reply::refused(reason, unverified.then_some(ReplyDetail::Unverified))
            }
            None if self.books.window_open(now) => self.in_window(),
            None => self.after_window(now),
        }
    }

    /// The decision when a reply that was queued for the window is about to leave: who has the conversation no longer
    /// matters, its place in the count was taken when it was queued, and what was ended meanwhile still leaves.
    pub fn at_claim(&self, now: Time) -> Result<(), ReplyReason> {
        self.at_claim_monthly()?;
        if self.books.window_open(now) {
            Ok(())
        } else {
            Err(ReplyReason::WindowClosed)
        }
    }

    /// The same for one that was queued for the monthly route, which no window closes.
    pub fn at_claim_monthly(&self) -> Result<(), ReplyReason> {
        self.channel_refusal()
            .or_else(|| self.standing_refusal())
            .map_or(Ok(()), Err)
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

    /// What neither time nor count changes.
    fn standing_refusal(&self) -> Option<ReplyReason> {
        let needs_verification = self.account_kind != AccountKind::Test && !self.verified;
        if self.unsubscribed {
            Some(ReplyReason::ContactUnsubscribed)
        } else if self.account_kind == AccountKind::Enterprise && !self.approved {
            Some(ReplyReason::ContactNotApproved)
        } else if needs_verification {
            Some(ReplyReason::AccountNotPermitted)
        } else if !self.ever_wrote {
            Some(ReplyReason::ContactNeverWrote)
        } else {
            None
        }
    }

    fn in_window(&self) -> Reply {
        if self.books.window_left == Some(0) {
            let opens = self.books.window_until.and_then(|end| self.opens_after(end));
            return Reply::used_up(ReplyDetail::WindowCountUsed, opens);
        }
        Reply::open(Route::Window, self.books.window_until, self.books.window_left)
    }

    /// When the monthly route could be taken, for a window that ends at `end`.
    fn opens_after(&self, end: Time) -> Option<Time> {
        match self.standing(end) {
            Standing::Left { .. } => Some(end),
            Standing::UsedUp { until, .. } => Some(until),
            Standing::None(_) => None,
        }
    }

    fn after_window(&self, now: Time) -> Reply {
        match self.standing(now) {
            Standing::Left { remaining, until } => Reply::open(Route::Monthly, Some(until), Some(remaining)),
            Standing::UsedUp { detail, until } => Reply::used_up(detail, Some(until)),
            Standing::None(detail) => Reply::refused(ReplyReason::WindowClosed, Some(detail)),
        }
    }

    fn standing(&self, now: Time) -> Standing {
        let calendar = Calendar::at(now, self.time_zone);
        self.monthly
            .standing(self.account_kind, &self.policy, &calendar, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::allowance::Grant;
    use crate::domain::channel::ReplyPolicy;
    use crate::domain::time::HOUR_MS;

    const ME: AgentId = AgentId(1);

    fn situation(policy: ReplyPolicy) -> ReplySituation<'static> {
        let policy = Policy::of(policy, None);
        let mut books = Books::default();
        books.grant(&policy, Grant::Message, Time(0));
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
            policy,
            time_zone: "Asia/Shanghai",
            books,
            monthly: MonthlyBooks::default(),
        }
    }

    #[test]
    fn the_window_is_open_until_47_59_and_from_48_00_on_the_monthly_route_is() {
        let open = situation(ReplyPolicy::Documented);
        assert_eq!(open.decide(ME, Time(48 * HOUR_MS - 1)).route, Some(Route::Window));
        let after = open.decide(ME, Time(48 * HOUR_MS));
        assert_eq!((after.route, after.remaining), (Some(Route::Monthly), Some(4)));
    }

    #[test]
    fn the_fifth_of_a_month_waits_for_the_next_month() {
        let mut s = situation(ReplyPolicy::Documented);
        let now = Time(1_796_054_399_999); // 2026-11-30 23:59:59.999 in Shanghai
        s.monthly = MonthlyBooks {
            month: Some(202_611),
            used: Some(4),
            ..MonthlyBooks::default()
        };
        let refused = s.decide(ME, now);
        assert_eq!(
            (refused.reason, refused.detail, refused.until, refused.remaining),
            (
                ReplyReason::QuotaExhausted,
                Some(ReplyDetail::MonthUsed),
                Some(Time(1_796_054_400_000)),
                Some(0)
            )
        );
        assert_eq!(s.decide(ME, now.plus_ms(1)).remaining, Some(4));
    }

    #[test]
    fn a_subscription_account_has_one_a_day_for_everybody() {
        let mut s = situation(ReplyPolicy::Documented);
        s.account_kind = AccountKind::Subscription;
        let now = Time(1_796_054_399_999);
        assert_eq!(s.decide(ME, now).remaining, Some(1));
        s.monthly.account_day = Some(20_261_130);
        s.monthly.account_used = Some(1);
        let refused = s.decide(ME, now);
        assert_eq!(
            (refused.detail, refused.until),
            (
                Some(ReplyDetail::SubscriptionDayUsed),
                Some(Time(1_796_054_400_000))
            )
        );
        assert!(s.decide(ME, now.plus_ms(1)).allowed);
    }

    #[test]
    fn who_has_no_monthly_route_says_why() {
        let mut s = situation(ReplyPolicy::Documented);
        let after = Time(49 * HOUR_MS);
        let detail = |s: &ReplySituation<'_>| {
            let reply = s.decide(ME, after);
            (reply.reason, reply.detail)
        };
        s.monthly.denied = true;
        assert_eq!(
            detail(&s),
            (ReplyReason::WindowClosed, Some(ReplyDetail::MassDenied))
        );
        s.policy.monthly_messages = 0;
        assert_eq!(
            detail(&s),
            (ReplyReason::WindowClosed, Some(ReplyDetail::PolicyWithoutMonthly))
        );
        s.account_kind = AccountKind::Enterprise;
        assert_eq!(
            detail(&s),
            (ReplyReason::WindowClosed, Some(ReplyDetail::EnterpriseAccount))
        );
        s.account_kind = AccountKind::Test;
        assert_eq!(
            detail(&s),
            (ReplyReason::WindowClosed, Some(ReplyDetail::TestAccount))
        );
        s.account_kind = AccountKind::Service;
        s.verified = false;
        assert_eq!(
            detail(&s),
            (ReplyReason::AccountNotPermitted, Some(ReplyDetail::Unverified))
        );
    }

    #[test]
    fn what_wechat_said_of_the_account_holds_until_then() {
        let mut s = situation(ReplyPolicy::Documented);
        let after = Time(49 * HOUR_MS);
        s.monthly.account_full_until = Some(after.plus_ms(5));
        let refused = s.decide(ME, after);
        assert_eq!(
            (refused.detail, refused.until),
            (Some(ReplyDetail::AccountFull), Some(after.plus_ms(5)))
        );
        assert!(s.decide(ME, after.plus_ms(5)).allowed);
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
        let refused = current.decide(ME, Time(1));
        assert_eq!(refused.reason, ReplyReason::QuotaExhausted);
        assert_eq!(refused.until, Some(Time(48 * HOUR_MS)), "the monthly route opens");
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
