//! The day and the month that a moment falls into, in a channel's time zone, and when they end.

use crate::domain::time::Time;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// A day and a month, with their ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    /// Year times 100 plus month.
    pub month: i64,
    /// When the next month begins.
    pub month_ends: Time,
    /// Year times 10 000 plus month times 100 plus day.
    pub day: i64,
    /// When the next day begins.
    pub day_ends: Time,
}

impl Calendar {
    /// Of this moment, in the given IANA time zone; an unknown zone counts as UTC.
    pub fn at(now: Time, zone: &str) -> Self {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let moment = Timestamp::from_millisecond(now.0).unwrap_or(Timestamp::UNIX_EPOCH);
        let date = moment.to_zoned(zone.clone()).date();
        let month = i64::from(date.year()) * 100 + i64::from(date.month());
        Self {
            month,
            month_ends: start_of(date.last_of_month().tomorrow().unwrap_or(date), &zone, now),
            day: month * 100 + i64::from(date.day()),
            day_ends: start_of(date.tomorrow().unwrap_or(date), &zone, now),
        }
    }
}

/// When the first of the last so many days began, today included.
pub fn begin_of_days(days: i64, now: Time, zone: &str) -> Time {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let moment = Timestamp::from_millisecond(now.0).unwrap_or(Timestamp::UNIX_EPOCH);
    let today = moment.to_zoned(zone.clone()).date();
    start_of(today.saturating_sub((days - 1).days()), &zone, now)
}

/// Where a clock change skips midnight, the day begins when the clock goes on.
fn start_of(date: Date, zone: &TimeZone, otherwise: Time) -> Time {
    date.to_zoned(zone.clone())
        .map_or(otherwise, |start| Time(start.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Time {
        Time(text.parse::<Timestamp>().expect("a time").as_millisecond())
    }

    #[test]
    fn a_month_ends_at_midnight_of_its_zone() {
        let last = Calendar::at(time("2026-11-30T15:59:59.999Z"), "Asia/Shanghai");
        assert_eq!((last.month, last.day), (202_611, 20_261_130));
        assert_eq!(last.month_ends, time("2026-11-30T16:00:00Z"));
        assert_eq!(last.day_ends, last.month_ends);
        let next = Calendar::at(time("2026-11-30T16:00:00Z"), "Asia/Shanghai");
        assert_eq!(
            (next.month, next.month_ends),
            (202_612, time("2026-12-31T16:00:00Z"))
        );
    }

    #[test]
    fn the_change_to_summer_time_moves_the_end_and_not_the_name_of_a_month() {
        let march = Calendar::at(time("2026-03-15T12:00:00Z"), "Europe/Berlin");
        assert_eq!(
            (march.month, march.month_ends),
            (202_603, time("2026-03-31T22:00:00Z"))
        );
        let october = Calendar::at(time("2026-10-15T12:00:00Z"), "Europe/Berlin");
        assert_eq!(october.month_ends, time("2026-10-31T23:00:00Z"));
        let short = Calendar::at(time("2026-03-29T10:00:00Z"), "Europe/Berlin");
        assert_eq!(short.day_ends, time("2026-03-29T22:00:00Z"));
    }

    #[test]
    fn a_midnight_that_is_skipped_begins_an_hour_later() {
        let before = Calendar::at(time("2018-11-03T12:00:00Z"), "America/Sao_Paulo");
        assert_eq!(before.day_ends, time("2018-11-04T03:00:00Z"));
    }

    #[test]
    fn february_of_a_leap_year_has_its_29th_day() {
        let leap = Calendar::at(time("2028-02-29T00:00:00Z"), "UTC");
        assert_eq!(
            (leap.day, leap.month_ends),
            (20_280_229, time("2028-03-01T00:00:00Z"))
        );
    }

    #[test]
    fn the_last_days_begin_at_midnight_of_their_zone_and_today_is_one_of_them() {
        let begin = |days, now, zone| begin_of_days(days, time(now), zone);
        let noon = "2026-11-25T04:00:00Z";
        assert_eq!(begin(1, noon, "Asia/Shanghai"), time("2026-11-24T16:00:00Z"));
        assert_eq!(begin(7, noon, "Asia/Shanghai"), time("2026-11-18T16:00:00Z"));
        assert_eq!(begin(7, noon, "UTC"), time("2026-11-19T00:00:00Z"));
        let (last, first) = ("2026-11-25T15:59:59.999Z", "2026-11-25T16:00:00Z");
        assert_eq!(begin(7, last, "Asia/Shanghai"), begin(7, noon, "Asia/Shanghai"));
        assert_eq!(begin(7, first, "Asia/Shanghai"), time("2026-11-19T16:00:00Z"));
    }

    #[test]
    fn the_change_to_winter_time_makes_no_day_begin_an_hour_early() {
        let begin = begin_of_days(7, time("2026-10-28T12:00:00Z"), "Europe/Berlin");
        assert_eq!(begin, time("2026-10-21T22:00:00Z"));
    }

    #[test]
    fn an_unknown_zone_counts_as_utc() {
        assert_eq!(
            Calendar::at(Time(0), "Nowhere/At_All"),
            Calendar::at(Time(0), "UTC")
        );
    }
}
