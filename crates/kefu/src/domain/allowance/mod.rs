//! The reply allowance: whether, until when and how often a contact may still be written to.
//!
//! `policy` has the figures, `books` what is left of the window, `monthly` what is left after it, `reply` makes the
//! `decision`.
//! Policies are data. WeChat's own refusals always win and correct these books.

mod books;
mod calendar;
mod decision;
mod lesson;
mod monthly;
mod policy;
mod reply;

#[cfg(test)]
mod model;

pub use books::{Books, Grant};
pub use calendar::{Calendar, begin_of_days};
pub use decision::{Reply, ReplyDetail, ReplyReason, Route};
pub use lesson::{Lesson, Period};
pub use monthly::{ACCOUNT_DAY_CALLS, ACCOUNT_MINUTE_CALLS, MonthlyBooks};
pub use policy::{PLATFORM_WINDOW_MESSAGES, Policy};
pub use reply::ReplySituation;
