//! What a refusal of WeChat's teaches about the books: the numbers that say that ours were wrong.

use super::decision::Route;
use crate::domain::capability::Capability;

/// When an account has something left again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// The next day.
    Day,
    /// The next month; for a subscription account the next day.
    Quota,
}

/// What a refusal teaches, beside what [`Books::refused`](super::Books::refused) puts right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lesson {
    /// The count of the window was used up: perhaps the channel's figures are not the platform's.
    CountUsedUp,
    /// The contact does not follow any more.
    NotFollowing,
    /// The account has nothing left on the monthly route.
    AccountFull(Period),
    /// The account may not do this at all.
    Lacks(Capability),
}

impl Lesson {
    /// What the number means for a message that went this way. `lacks` is the ability the channel kind says is missing.
    pub const fn of(code: i64, route: Route, lacks: Option<Capability>) -> Option<Self> {
        match (code, route, lacks) {
            (_, Route::Monthly, Some(ability)) => Some(Self::Lacks(ability)),
            (45047, Route::Window, _) => Some(Self::CountUsedUp),
            (43004 | 50005, _, _) => Some(Self::NotFollowing),
            (45028, _, _) => Some(Self::AccountFull(Period::Quota)),
            (45009, Route::Monthly, _) => Some(Self::AccountFull(Period::Day)),
            (48001, Route::Window, _) => Some(Self::Lacks(Capability::CustomSend)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_teaches_by_the_route_it_came_on() {
        let window = |code| Lesson::of(code, Route::Window, None);
        let monthly = |code| Lesson::of(code, Route::Monthly, None);
        assert_eq!(window(45047), Some(Lesson::CountUsedUp));
        assert_eq!(monthly(45047), None);
        assert_eq!(window(45009), None, "replies have a quota of their own");
        assert_eq!(monthly(45009), Some(Lesson::AccountFull(Period::Day)));
        assert_eq!(monthly(45028), Some(Lesson::AccountFull(Period::Quota)));
        assert_eq!(monthly(50005), Some(Lesson::NotFollowing));
        assert_eq!(window(43019), None, "who is on the blacklist still follows");
        let tags = Lesson::of(48001, Route::Monthly, Some(Capability::Tags));
        assert_eq!(tags, Some(Lesson::Lacks(Capability::Tags)));
    }
}
