//! How often an account did something: by day, minute and month of the platform's calendar.
use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

/// The platform's calendar is China's.
const CHINA_MS: i64 = 8 * 3_600_000;

/// How often each path was called on one day of the platform's calendar (UTC+8).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Usage {
    day: i64,
    counts: BTreeMap<String, u64>,
}

/// The day of the platform's calendar.
pub(crate) fn day_of(now_ms: i64) -> i64 {
    (now_ms + CHINA_MS).div_euclid(86_400_000)
}

/// The month of the platform's calendar, as a number that grows by one each month.
pub(crate) fn month_of(now_ms: i64) -> i64 {
    let time = jiff::Timestamp::from_millisecond(now_ms + CHINA_MS).unwrap_or(jiff::Timestamp::MAX);
    let date = time.to_zoned(jiff::tz::TimeZone::UTC).date();
    i64::from(date.year()) * 12 + i64::from(date.month()) - 1
}

impl Usage {
    /// A new day starts without counts.
    fn turn(&mut self, now_ms: i64) {
        let day = day_of(now_ms);
        if day != self.day {
            *self = Self {
                day,
                counts: BTreeMap::new(),
            };
        }
    }

    pub(crate) fn used(&mut self, path: &str, now_ms: i64) -> u64 {
        self.turn(now_ms);
        self.counts.get(path).copied().unwrap_or_default()
    }

    pub(crate) fn clear(&mut self) {
        self.counts.clear();
    }

    pub(crate) fn clear_one(&mut self, path: &str) {
        self.counts.remove(path);
    }

    /// Counts a call; `false` when it is over the limit.
    pub(crate) fn count(&mut self, path: &str, limit: Option<u64>, now_ms: i64) -> bool {
        self.turn(now_ms);
        let used = self.counts.entry(path.to_owned()).or_default();
        if limit.is_some_and(|limit| *used >= limit) {
            return false;
        }
        *used += 1;
        true
    }
}

/// How often each path was called within the present minute.
#[derive(Debug, Clone, Default)]
pub(crate) struct MinuteUsage {
    minute: i64,
    counts: HashMap<String, u64>,
}

impl MinuteUsage {
    /// Counts a call; `false` when it is over the limit.
    pub(crate) fn count(&mut self, name: &str, limit: u64, now_ms: i64) -> bool {
        let minute = now_ms.div_euclid(60_000);
        if minute != self.minute {
            self.counts.clear();
            self.minute = minute;
        }
        let used = self.counts.entry(name.to_owned()).or_default();
        *used += 1;
        *used <= limit
    }
}

/// How often something was done in one month of the platform's calendar.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct MonthCount {
    month: i64,
    used: u32,
}

impl MonthCount {
    /// `false` when it was done as often as it may be.
    pub(crate) fn take(&mut self, month: i64, most: u32) -> bool {
        if month != self.month {
            *self = Self { month, used: 0 };
        }
        self.used += 1;
        self.used <= most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn daily_count_starts_again_at_midnight_in_china() {
        let mut usage = Usage::default();
        let just_before = 16 * 3_600_000 - 1;
        assert!(usage.count("/a", Some(1), just_before));
        assert!(!usage.count("/a", Some(1), just_before));
        assert!(usage.count("/a", Some(1), just_before + 1));
    }

    #[test]
    fn month_ends_at_midnight_in_china() {
        let november_2026 = month_of(1_796_054_399_999);
        assert_eq!((november_2026 / 12, november_2026 % 12), (2026, 10));
        assert_eq!(month_of(1_796_054_400_000), november_2026 + 1);
    }

    #[test]
    fn minute_and_month_have_a_most() {
        let mut minute = MinuteUsage::default();
        assert!(minute.count("a", 1, 0) && !minute.count("a", 1, 59_999) && minute.count("a", 1, 60_000));
        let mut month = MonthCount::default();
        assert!(month.take(5, 1) && !month.take(5, 1) && month.take(6, 1));
    }
}
