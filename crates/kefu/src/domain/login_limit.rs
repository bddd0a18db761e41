//! How fast passwords may be guessed: after some failures in a row every further one doubles the wait.

use super::time::MINUTE_MS;

/// The first wait.
const FIRST_MS: i64 = 30_000;
/// The longest wait.
const LONGEST_MS: i64 = 15 * MINUTE_MS;

/// How many failures in a row are free of a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// The wait begins with this failure.
    pub free: i64,
}

/// For one e-mail address or one agent.
pub const PER_ACCOUNT: Limit = Limit { free: 5 };
/// For one network address: a whole company may sit behind it.
pub const PER_ADDRESS: Limit = Limit { free: 50 };

impl Limit {
    /// The wait after so many failures in a row, in milliseconds.
    pub fn wait_ms(self, failures: i64) -> i64 {
        match failures - self.free {
            over if over < 0 => 0,
            over => FIRST_MS.saturating_mul(1_i64 << over.min(10)).min(LONGEST_MS),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fifth_failure_costs_30_seconds_and_each_further_one_twice_as_much_up_to_15_minutes() {
        let waits: Vec<i64> = (0..=12)
            .map(|failures| PER_ACCOUNT.wait_ms(failures) / 1000)
            .collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
        assert_eq!(PER_ACCOUNT.wait_ms(i64::MAX), LONGEST_MS);
    }
}
