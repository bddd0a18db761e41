//! A place in the log as browsers hold it: opaque to them, and void once the log has begun anew.

use crate::db::events::Position;
use crate::domain::ids::BadValue;
use std::fmt;
use std::str::FromStr;

/// Epoch and position: the id of an SSE event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Changes when the log begins anew, after a restore.
    pub epoch: i64,
    /// Everything up to here was told.
    pub position: Position,
}

impl Place {
    /// Whether everything after this place is still in the log that has these bounds.
    pub fn can_follow(&self, epoch: i64, newest: Position, oldest: Position) -> bool {
        let from_the_beginning = self.position == Position::default() && oldest.seq == 0;
        self.epoch == epoch && self.position <= newest && (self.position >= oldest || from_the_beginning)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:x}-{:x}-{:x}",
            self.epoch, self.position.tx, self.position.seq
        )
    }
}

impl FromStr for Place {
    type Err = BadValue;
    fn from_str(text: &str) -> Result<Self, BadValue> {
        let numbers: Result<Vec<i64>, _> = text
            .split('-')
            .map(|part| i64::from_str_radix(part, 16))
            .collect();
        match numbers.map_err(|_| BadValue)?.as_slice() {
            &[epoch, tx, seq] => Ok(Self {
                epoch,
                position: Position { tx, seq },
            }),
            _ => Err(BadValue),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(tx: i64, seq: i64) -> Position {
        Position { tx, seq }
    }

    #[test]
    fn a_place_round_trips_and_other_text_is_none() {
        let place = Place {
            epoch: 1_700_000_000_000,
            position: at(812, 9),
        };
        assert_eq!(place.to_string().parse(), Ok(place));
        for bad in ["", "12", "1-2", "1-2-3-4", "x-1-2", "1--2"] {
            assert_eq!(bad.parse::<Place>(), Err(BadValue), "{bad}");
        }
    }

    #[test]
    fn a_place_of_another_epoch_or_one_that_was_forgotten_cannot_be_followed() {
        let place = Place {
            epoch: 7,
            position: at(0, 50),
        };
        assert!(place.can_follow(7, at(0, 90), at(0, 10)));
        assert!(place.can_follow(7, at(0, 50), at(0, 50)));
        assert!(!place.can_follow(8, at(0, 90), at(0, 10)));
        assert!(!place.can_follow(7, at(0, 90), at(0, 51)));
        assert!(
            !place.can_follow(7, at(0, 49), at(0, 10)),
            "a log that ends before it is another log"
        );
    }

    #[test]
    fn the_beginning_can_be_followed_while_nothing_was_forgotten() {
        let beginning = Place {
            epoch: 7,
            position: at(0, 0),
        };
        assert!(beginning.can_follow(7, at(900, 4), at(800, 0)));
        assert!(!beginning.can_follow(7, at(900, 4), at(800, 3)));
    }
}
