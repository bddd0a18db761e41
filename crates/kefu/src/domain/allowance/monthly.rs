//! What is left after the window: a few messages a month for each person, within what the account may send at all
//! . The account's own campaigns spend the same messages unseen, so every count here is "at most".

use super::calendar::Calendar;
use super::decision::ReplyDetail;
use super::policy::Policy;
use crate::domain::channel::AccountKind;
use crate::domain::time::Time;

/// Calls of the monthly route an account may make a day.
pub const ACCOUNT_DAY_CALLS: i64 = 100;
/// Calls of the monthly route, asking included, an account may make a minute.
pub const ACCOUNT_MINUTE_CALLS: i64 = 60;
/// What a subscription account may send a day, to everybody together.
const SUBSCRIPTION_DAY_CALLS: i64 = 1;

/// What was used of the monthly route, as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MonthlyBooks {
    /// The newest month the person's ledger has a line for.
    pub month: Option<i64>,
    /// What was used in it.
    pub used: Option<i64>,
    /// The newest day the account's ledger has a line for.
    pub account_day: Option<i64>,
    /// What all its contacts used on it.
    pub account_used: Option<i64>,
    /// WeChat has said that the account has nothing left before this moment.
    pub account_full_until: Option<Time>,
    /// WeChat has said that the account may not use the route at all.
    pub denied: bool,
}

/// What the route would do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// So many messages are left, until then.
    Left { remaining: i64, until: Time },
    /// Nothing is left before `until`.
    UsedUp { detail: ReplyDetail, until: Time },
    /// The account has no such route.
    None(ReplyDetail),
}

impl MonthlyBooks {
    /// How many calls a day this kind of account has for all its contacts.
    pub const fn account_limit(kind: AccountKind) -> i64 {
        match kind {
            AccountKind::Subscription => SUBSCRIPTION_DAY_CALLS,
            AccountKind::Service | AccountKind::Enterprise | AccountKind::Test => ACCOUNT_DAY_CALLS,
        }
    }

    pub(super) fn standing(
        &self,
        kind: AccountKind,
        policy: &Policy,
        calendar: &Calendar,
        now: Time,
    ) -> Standing {
        match kind {
            AccountKind::Enterprise => Standing::None(ReplyDetail::EnterpriseAccount),
            AccountKind::Test => Standing::None(ReplyDetail::TestAccount),
            _ if policy.monthly_messages <= 0 => Standing::None(ReplyDetail::PolicyWithoutMonthly),
            _ if self.denied => Standing::None(ReplyDetail::MassDenied),
            AccountKind::Service => self.of_service(policy, calendar, now),
            AccountKind::Subscription => self.of_subscription(calendar, now),
        }
    }

    fn of_service(&self, policy: &Policy, calendar: &Calendar, now: Time) -> Standing {
        let person = policy.monthly_messages - self.used_in(calendar);
        let account = ACCOUNT_DAY_CALLS - self.account_used_on(calendar);
        let used_up = |detail, until| Standing::UsedUp { detail, until };
        if person <= 0 {
            used_up(ReplyDetail::MonthUsed, calendar.month_ends)
        } else if let Some(until) = self.full(now) {
            used_up(ReplyDetail::AccountFull, until)
        } else if account <= 0 {
            used_up(ReplyDetail::AccountDayUsed, calendar.day_ends)
        } else {
            Standing::Left {
                remaining: person.min(account),
                until: calendar.month_ends,
            }
        }
    }

    fn of_subscription(&self, calendar: &Calendar, now: Time) -> Standing {
        let left = SUBSCRIPTION_DAY_CALLS - self.account_used_on(calendar);
        if let Some(until) = self.full(now) {
            Standing::UsedUp {
                detail: ReplyDetail::AccountFull,
                until,
            }
        } else if left <= 0 {
            Standing::UsedUp {
                detail: ReplyDetail::SubscriptionDayUsed,
                until: calendar.day_ends,
            }
        } else {
            Standing::Left {
                remaining: left,
                until: calendar.day_ends,
            }
        }
    }

    fn full(&self, now: Time) -> Option<Time> {
        self.account_full_until.filter(|until| now < *until)
    }

    /// A line of a later month than this one (the time zone was changed) counts too: rather less than too much.
    fn used_in(&self, calendar: &Calendar) -> i64 {
        self.month
            .filter(|month| *month >= calendar.month)
            .and(self.used)
            .unwrap_or(0)
    }

    fn account_used_on(&self, calendar: &Calendar) -> i64 {
        self.account_day
            .filter(|day| *day >= calendar.day)
            .and(self.account_used)
            .unwrap_or(0)
    }
}
