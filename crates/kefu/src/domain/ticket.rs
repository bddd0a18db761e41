//! Tickets: their words, and the rule that decides whether a customer's message opens a new one.

use super::ids::TicketId;
use super::text_enum::text_enum;
use super::time::{MINUTE_MS, Time};
use serde::{Deserialize, Serialize};

text_enum!(
    /// Where the work stands.
    TicketStatus { Open = "open", OnHold = "on_hold", Escalated = "escalated", Closed = "closed" });
text_enum!(
    /// How soon it is wanted.
    Priority { Low = "low", Normal = "normal", High = "high", Urgent = "urgent" });

/// Longest subject made from a message, in characters.
pub const SUBJECT_CHARS: usize = 60;
/// The timer a channel's preferences start with, in minutes.
pub const DEFAULT_TIMER: Timer = Timer::Minutes(1440);

/// After a ticket was closed: when does the customer's next message open a new one?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timer {
    /// Never: the same ticket is opened again.
    None,
    /// At once.
    Always,
    /// When so many minutes have passed since it was closed (inclusive).
    Minutes(i64),
}

impl Timer {
    /// The allowed minutes.
    pub const MINUTES: &'static [i64] = &[
        10, 20, 30, 40, 50, 60, 120, 180, 360, 540, 720, 1080, 1440, 2880, 4320, 5760,
    ];

    /// The stored number: -1 always, 0 none.
    pub const fn stored(self) -> i64 {
        match self {
            Self::None => 0,
            Self::Always => -1,
            Self::Minutes(minutes) => minutes,
        }
    }

    /// From the stored number.
    pub const fn from_stored(number: i64) -> Self {
        match number {
            0 => Self::None,
            n if n < 0 => Self::Always,
            n => Self::Minutes(n),
        }
    }

    /// Whether a message at `now` opens a new ticket after one that was closed at `closed_at`.
    pub const fn opens_new(self, closed_at: Time, now: Time) -> bool {
        match self {
            Self::None => false,
            Self::Always => true,
            Self::Minutes(minutes) => now.since_ms(closed_at) >= minutes * MINUTE_MS,
        }
    }
}

/// Outside a timer is `"none"`, `"always"` or a number of minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum TimerValue {
    /// Minutes, one of [`Timer::MINUTES`].
    Minutes(i64),
    /// `none` or `always`.
    Word(String),
}

impl From<Timer> for TimerValue {
    fn from(timer: Timer) -> Self {
        match timer {
            Timer::None => Self::Word("none".into()),
            Timer::Always => Self::Word("always".into()),
            Timer::Minutes(minutes) => Self::Minutes(minutes),
        }
    }
}

impl TryFrom<TimerValue> for Timer {
    type Error = super::ids::BadValue;
    fn try_from(value: TimerValue) -> Result<Self, Self::Error> {
        match value {
            TimerValue::Minutes(minutes) if Self::MINUTES.contains(&minutes) => Ok(Self::Minutes(minutes)),
            TimerValue::Word(word) if word == "none" => Ok(Self::None),
            TimerValue::Word(word) if word == "always" => Ok(Self::Always),
            _ => Err(super::ids::BadValue),
        }
    }
}

/// The current ticket of a conversation, as far as the rules need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurrentTicket {
    /// Its id.
    pub id: TicketId,
    /// When it was closed; `None` while it is being worked on.
    pub closed_at: Option<Time>,
}

/// What a customer's message does to tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketStep {
    /// It belongs to the ticket that is open.
    Append,
    /// It opens the closed ticket again.
    Reopen,
    /// It opens a new ticket.
    New,
}

/// The rule of R-35: an open ticket takes the message; a closed one by its timer; without one a new ticket.
pub fn step(current: Option<CurrentTicket>, timer: Timer, now: Time) -> TicketStep {
    match current {
        None => TicketStep::New,
        Some(CurrentTicket { closed_at: None, .. }) => TicketStep::Append,
        Some(CurrentTicket {
            closed_at: Some(closed_at),
            ..
        }) if timer.opens_new(closed_at, now) => TicketStep::New,
        Some(_) => TicketStep::Reopen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed(at: i64) -> Option<CurrentTicket> {
        Some(CurrentTicket {
            id: TicketId(1),
            closed_at: Some(Time(at)),
        })
    }

    #[test]
    fn closed_59_minutes_ago_reopens_and_60_opens_a_new_one() {
        let timer = Timer::Minutes(60);
        assert_eq!(
            step(closed(0), timer, Time(60 * MINUTE_MS - 1)),
            TicketStep::Reopen
        );
        assert_eq!(step(closed(0), timer, Time(60 * MINUTE_MS)), TicketStep::New);
    }

    #[test]
    fn none_never_opens_a_new_one_and_always_does_at_once() {
        assert_eq!(
            step(closed(0), Timer::None, Time(i64::MAX / 2)),
            TicketStep::Reopen
        );
        assert_eq!(step(closed(0), Timer::Always, Time(0)), TicketStep::New);
    }

    #[test]
    fn an_open_ticket_takes_the_message_and_the_first_message_opens_one() {
        let open = Some(CurrentTicket {
            id: TicketId(1),
            closed_at: None,
        });
        assert_eq!(step(open, Timer::Always, Time(1)), TicketStep::Append);
        assert_eq!(step(None, Timer::None, Time(1)), TicketStep::New);
    }
}
