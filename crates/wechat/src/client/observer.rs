//! Who wants to hear of things that concern the account as a whole and come up in any call: the address WeChat refuses,
//! and WeChat's time. Nothing here changes what a call returns.

use std::fmt;
use std::net::IpAddr;

use reqwest::header::{DATE, HeaderMap};

use super::Error;

/// Somebody who listens to every call of a [`Client`](crate::Client). Called in the middle of a call: it must not block.
pub trait Observer: fmt::Debug + Send + Sync {
    /// WeChat does not accept calls from these addresses (40164, 61004).
    fn refused_addresses(&self, addresses: &[IpAddr]);
    /// The time WeChat's answer carries, in Unix seconds.
    fn server_time(&self, unix_seconds: i64);
}

/// Tells the time of an answer.
pub(super) fn tell_time(observer: &dyn Observer, headers: &HeaderMap) {
    let date = headers.get(DATE).and_then(|value| value.to_str().ok());
    if let Some(seconds) = date.and_then(unix_seconds) {
        observer.server_time(seconds);
    }
}

/// Tells of refused addresses.
pub(super) fn tell_refusal(observer: &dyn Observer, error: &Error) {
    let addresses = error.refused_addresses();
    if !addresses.is_empty() {
        observer.refused_addresses(&addresses);
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, the only form that is sent today (RFC 9110, 5.6.7).
fn unix_seconds(date: &str) -> Option<i64> {
    let (_, rest) = date.split_once(", ")?;
    let mut parts = rest.split(' ');
    let day: i64 = parts.next()?.parse().ok()?;
    let month = month(parts.next()?)?;
    let year: i64 = parts.next()?.parse().ok()?;
    let mut time = parts.next()?.splitn(3, ':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    let is_sane = (1970..=9999).contains(&year) && (1..=31).contains(&day) && parts.next() == Some("GMT");
    is_sane.then(|| days_since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second)
}

fn month(name: &str) -> Option<i64> {
    const NAMES: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let at = NAMES.iter().position(|known| *known == name)?;
    i64::try_from(at + 1).ok()
}

/// Years are counted from March, so that the leap day is the last of its year.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, in_era) = (year.div_euclid(400), year.rem_euclid(400));
    let in_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::unix_seconds;

    #[test]
    fn the_date_of_an_answer_is_read() {
        assert_eq!(unix_seconds("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(unix_seconds("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(unix_seconds("Thu, 29 Feb 2024 23:59:59 GMT"), Some(1_709_251_199));
        assert_eq!(unix_seconds("Sat, 01 Mar 2025 00:00:00 GMT"), Some(1_740_787_200));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "yesterday",
            "Sun, 06 Nov 1994",
            "Sun, 06 Foo 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 06 Nov 1994 08:49:37 CST",
            "Sun, 99999999999999999999 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(unix_seconds(text), None, "{text}");
        }
    }
}
