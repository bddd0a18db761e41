//! What is said about a reply: whether it is possible, by which route, until when, how often, and why not.
//! `reply.rs` decides.

use crate::domain::text_enum::text_enum;
use crate::domain::time::Time;
use serde::Serialize;

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
/// What exactly is behind a reason.
ReplyDetail {
    /// The window is open and its count is used up; the contact's next message gives a new one.
    WindowCountUsed = "window_count_used",
    /// This month's messages of this person are used up.
    MonthUsed = "month_used",
    /// The account has made all its calls of the day.
    AccountDayUsed = "account_day_used",
    /// A subscription account has sent its one message of the day.
    SubscriptionDayUsed = "subscription_day_used",
    /// WeChat has said that the account has nothing left.
    AccountFull = "account_full",
    /// The account is not verified.
    Unverified = "unverified",
    /// Test accounts have no monthly route.
    TestAccount = "test_account",
    /// Enterprise accounts have no monthly route.
    EnterpriseAccount = "enterprise_account",
    /// WeChat does not let the account send broadcast messages or use tags.
    MassDenied = "mass_denied",
    /// The channel's own figures leave the monthly route out.
    PolicyWithoutMonthly = "policy_without_monthly",
});

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
    /// When the route closes; on `quota_exhausted` when it opens again, where that is known.
    #[schema(required = true)]
    pub until: Option<Time>,
    /// Messages left; `null` = no limit. By the monthly route: at most so many.
    #[schema(required = true)]
    pub remaining: Option<i64>,
    /// What exactly is behind the reason, where there is more to say.
    #[schema(required = true)]
    pub detail: Option<ReplyDetail>,
}

impl Reply {
    /// Not now, and why.
    pub(super) const fn refused(reason: ReplyReason, detail: Option<ReplyDetail>) -> Self {
        Self {
            allowed: false,
            reason,
            route: None,
            until: None,
            remaining: None,
            detail,
        }
    }

    /// Nothing is left before `until`.
    pub const fn used_up(detail: ReplyDetail, until: Option<Time>) -> Self {
        Self {
            until,
            remaining: Some(0),
            ..Self::refused(ReplyReason::QuotaExhausted, Some(detail))
        }
    }

    /// Possible by this route.
    pub(super) const fn open(route: Route, until: Option<Time>, remaining: Option<i64>) -> Self {
        Self {
            allowed: true,
            route: Some(route),
            until,
            remaining,
            ..Self::refused(ReplyReason::Ok, None)
        }
    }
}
