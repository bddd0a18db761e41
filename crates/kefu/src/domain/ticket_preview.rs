//! What a stretch of one conversation would have looked like under another ticket timer: the rule of `ticket::step`
//! over what really happened. What people would have done differently, nobody knows: closings stay where they were.

use super::ids::TicketId;
use super::ticket::{CurrentTicket, TicketStep, Timer, step};
use super::time::Time;

/// What happened in a conversation, as far as tickets are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Happened {
    /// The customer wrote.
    Wrote,
    /// The current ticket was closed.
    Closed,
    /// It was opened again by an agent.
    Reopened,
    /// An agent made a new ticket by hand.
    MadeByHand,
}

/// Since when tickets are counted, and under which timer.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// The first moment that counts. Before it only the state of the ticket is followed.
    pub since: Time,
    /// The timer.
    pub timer: Timer,
}

/// How many tickets begin. `history` is in the order of time; `began_before` says that it is the end of a longer
/// one, which has a ticket already (taken to be open).
pub fn tickets(history: &[(Time, Happened)], began_before: bool, asked: Asked) -> u64 {
    let mut current = began_before.then_some(OPEN);
    let mut begun = 0;
    for (at, happened) in history {
        let (after, begins) = follow(current, *happened, *at, asked.timer);
        current = after;
        begun += u64::from(begins && *at >= asked.since);
    }
    begun
}

/// Which ticket it is does not matter here, only whether it is closed.
const OPEN: CurrentTicket = CurrentTicket {
    id: TicketId(0),
    closed_at: None,
};

fn follow(
    current: Option<CurrentTicket>,
    happened: Happened,
    at: Time,
    timer: Timer,
) -> (Option<CurrentTicket>, bool) {
    match happened {
        Happened::Wrote => (Some(OPEN), step(current, timer, at) == TicketStep::New),
        Happened::MadeByHand => (Some(OPEN), true),
        Happened::Reopened => (current.map(|_| OPEN), false),
        Happened::Closed => (current.map(|ticket| closed(ticket, at)), false),
    }
}

/// Closing what is closed changes nothing.
fn closed(ticket: CurrentTicket, at: Time) -> CurrentTicket {
    CurrentTicket {
        closed_at: ticket.closed_at.or(Some(at)),
        ..ticket
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::MINUTE_MS;
    use proptest::prelude::*;

    fn at(minute: i64) -> Time {
        Time(minute * MINUTE_MS)
    }

    fn asked(timer: Timer) -> Asked {
        Asked {
            since: Time(0),
            timer,
        }
    }

    #[test]
    fn an_hour_joins_what_ten_minutes_cut() {
        let history = [
            (at(0), Happened::Wrote),
            (at(1), Happened::Closed),
            (at(31), Happened::Wrote),
            (at(32), Happened::Closed),
            (at(92), Happened::Wrote),
        ];
        assert_eq!(tickets(&history, false, asked(Timer::Minutes(10))), 3);
        assert_eq!(tickets(&history, false, asked(Timer::Minutes(60))), 2);
        assert_eq!(tickets(&history, false, asked(Timer::None)), 1);
        assert_eq!(tickets(&history, true, asked(Timer::None)), 0);
    }

    #[test]
    fn what_was_before_is_followed_and_not_counted() {
        let history = [
            (at(0), Happened::Wrote),
            (at(5), Happened::Closed),
            (at(60), Happened::Wrote),
        ];
        let late = Asked {
            since: at(50),
            timer: Timer::Always,
        };
        assert_eq!(tickets(&history, false, late), 1);
    }

    fn happened() -> impl Strategy<Value = Happened> {
        prop_oneof![
            4 => Just(Happened::Wrote),
            3 => Just(Happened::Closed),
            1 => Just(Happened::Reopened),
            1 => Just(Happened::MadeByHand),
        ]
    }

    fn timers() -> impl Strategy<Value = Timer> {
        let minutes = prop::sample::select(Timer::MINUTES).prop_map(Timer::Minutes);
        prop_oneof![Just(Timer::None), Just(Timer::Always), minutes]
    }

    proptest! {
        /// The rule in one sentence: a message begins a ticket when there is none yet, or when the last
        /// one has been closed for at least the timer; written without the state machine.
        #[test]
        fn it_counts_what_the_rule_says(
            steps in prop::collection::vec((0_i64..3_000, happened()), 0..60),
            timer in timers(),
        ) {
            let mut now = 0;
            let history: Vec<_> = steps.iter().map(|(wait, what)| { now += wait; (at(now), *what) }).collect();
            let mut begun = 0;
            for (index, (time, what)) in history.iter().enumerate() {
                let before = &history[..index];
                let last_open = before.iter().rposition(|(_, h)| *h != Happened::Closed);
                let has_ticket = before.iter().any(|(_, h)| matches!(h, Happened::Wrote | Happened::MadeByHand));
                let first_close = before[last_open.map_or(0, |i| i + 1)..].first().map(|(closed, _)| *closed);
                let begins = match (what, has_ticket, first_close) {
                    (Happened::MadeByHand, _, _) | (Happened::Wrote, false, _) => true,
                    (Happened::Wrote, true, Some(closed)) => timer.opens_new(closed, *time),
                    _ => false,
                };
                begun += u64::from(begins);
            }
            prop_assert_eq!(tickets(&history, false, asked(timer)), begun);
        }

        #[test]
        fn a_longer_timer_never_makes_more_tickets(
            steps in prop::collection::vec((0_i64..3_000, happened()), 0..60),
        ) {
            let mut now = 0;
            let history: Vec<_> = steps.iter().map(|(wait, what)| { now += wait; (at(now), *what) }).collect();
            let mut before = tickets(&history, false, asked(Timer::Always));
            for minutes in Timer::MINUTES {
                let next = tickets(&history, false, asked(Timer::Minutes(*minutes)));
                prop_assert!(next <= before);
                before = next;
            }
            prop_assert!(tickets(&history, false, asked(Timer::None)) <= before);
        }
    }
}
