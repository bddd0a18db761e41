//! How often a contact is told that somebody types: the provider allows few calls, whoever asks for them.

use super::time::Time;

/// WeChat shows the sign for about fifteen seconds, and refuses it while it is shown.
const AGAIN_AFTER_MS: i64 = 14_000;
/// Between showing it and taking it away, and back.
const CHANGE_AFTER_MS: i64 = 3_000;

/// What a contact was told last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sign {
    /// Whether somebody types.
    pub typing: bool,
    /// When it was told, by real time.
    pub told_at: Time,
}

/// Whether the contact is to be told now. What is not told is no loss: the sign goes by itself.
pub fn is_due(last: Option<Sign>, typing: bool, now: Time) -> bool {
    match last {
        // There is nothing to take away.
        None => typing,
        Some(last) if last.typing == typing => typing && now.since_ms(last.told_at) >= AGAIN_AFTER_MS,
        Some(last) => now.since_ms(last.told_at) >= CHANGE_AFTER_MS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn told(typing: bool, at: i64) -> Option<Sign> {
        Some(Sign {
            typing,
            told_at: Time(at),
        })
    }

    #[test]
    fn it_is_shown_at_once_again_when_it_has_gone_and_taken_away_once() {
        assert!(is_due(None, true, Time(0)) && !is_due(None, false, Time(0)));
        assert!(!is_due(told(true, 0), true, Time(13_999)) && is_due(told(true, 0), true, Time(14_000)));
        assert!(!is_due(told(true, 0), false, Time(2_999)) && is_due(told(true, 0), false, Time(3_000)));
        assert!(!is_due(told(false, 0), false, Time(i64::MAX)));
        assert!(!is_due(told(false, 0), true, Time(2_999)) && is_due(told(false, 0), true, Time(3_000)));
    }

    proptest! {
        #[test]
        fn whatever_is_asked_for_two_calls_are_three_seconds_apart(
            asked in proptest::collection::vec((any::<bool>(), 0..2_000_i64), 0..200)
        ) {
            let (mut last, mut now, mut calls) = (None, 0, Vec::new());
            for (typing, pause) in asked {
                now += pause;
                if is_due(last, typing, Time(now)) {
                    last = told(typing, now);
                    calls.push(now);
                }
            }
            prop_assert!(calls.windows(2).all(|pair| pair[1] - pair[0] >= CHANGE_AFTER_MS), "{calls:?}");
        }
    }
}
