//! How long to wait before the next try: doubling, capped, with jitter so that many do not come back at once.

/// The figures of one kind of work.
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    /// Before the second try, in milliseconds.
    pub first_ms: i64,
    /// Never longer than this.
    pub cap_ms: i64,
    /// After so many tries it ends.
    pub max_tries: i64,
}

/// Replies: about ten minutes in all.
pub const REPLIES: Backoff = Backoff {
    first_ms: 2_000,
    cap_ms: 180_000,
    max_tries: 10,
};
/// Background jobs: until the job itself says that it is over.
pub const JOBS: Backoff = Backoff {
    first_ms: 5_000,
    cap_ms: 3_600_000,
    max_tries: i64::MAX,
};

impl Backoff {
    /// The wait after the `tries`-th try (from 1). `jitter` from 0 to 1 takes up to a quarter off; what the other
    /// side asked for is waited in full. `None`: no further try.
    pub fn after(&self, tries: i64, asked_ms: Option<i64>, jitter: f64) -> Option<i64> {
        if tries >= self.max_tries {
            return None;
        }
        let doublings = u32::try_from(tries.saturating_sub(1).clamp(0, 40)).unwrap_or(40);
        let full = self.first_ms.saturating_mul(1_i64 << doublings).min(self.cap_ms);
        let off = (full as f64 / 4.0 * jitter.clamp(0.0, 1.0)) as i64;
        Some((full - off).max(asked_ms.unwrap_or(0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_retry_comes_within_five_seconds_and_waits_double_up_to_the_cap() {
        let waits: Vec<_> = (1..=10).map(|tries| REPLIES.after(tries, None, 0.0)).collect();
        let expected = [2, 4, 8, 16, 32, 64, 128, 180, 180].map(|s| Some(s * 1000));
        assert_eq!(waits[..9], expected);
        assert_eq!(waits[9], None);
    }

    #[test]
    fn jitter_only_shortens_and_what_was_asked_for_holds() {
        assert_eq!(REPLIES.after(1, None, 1.0), Some(1_500));
        assert_eq!(REPLIES.after(1, Some(60_000), 1.0), Some(60_000));
        assert_eq!(JOBS.after(1_000, None, 0.0), Some(3_600_000));
    }
}
