//! Which bytes of a file a `Range` header asks for. One range only; anything else means the whole file (RFC 9110, 14.2).

/// What to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// All of it.
    Whole,
    /// From the first to the last byte, both included.
    Part {
        /// The first.
        first: u64,
        /// The last.
        last: u64,
    },
    /// Nothing of it exists (416).
    Outside,
}

/// Reads the header's value for a file of `length` bytes.
pub fn wanted(header: Option<&str>, length: u64) -> Wanted {
    let Some((first, last)) = header
        .and_then(|value| value.strip_prefix("bytes="))
        .and_then(|set| set.split_once('-'))
    else {
        return Wanted::Whole;
    };
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first > last => Wanted::Whole,
        (Some(first), _) if first >= length && whole_or_number(last) => Wanted::Outside,
        (Some(first), Some(last)) => Wanted::Part {
            first,
            last: last.min(length - 1),
        },
        (Some(first), None) if last.is_empty() => Wanted::Part {
            first,
            last: length - 1,
        },
        (None, Some(0)) if first.is_empty() => Wanted::Outside,
        (None, Some(_)) if first.is_empty() && length == 0 => Wanted::Outside,
        (None, Some(count)) if first.is_empty() => Wanted::Part {
            first: length.saturating_sub(count),
            last: length - 1,
        },
        _ => Wanted::Whole,
    }
}

fn whole_or_number(last: &str) -> bool {
    last.is_empty() || number(last).is_some()
}

fn number(digits: &str) -> Option<u64> {
    digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| digits.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_ranges_are_cut_to_the_file() {
        assert_eq!(wanted(Some("bytes=0-0"), 10), Wanted::Part { first: 0, last: 0 });
        assert_eq!(wanted(Some("bytes=4-99"), 10), Wanted::Part { first: 4, last: 9 });
        assert_eq!(wanted(Some("bytes=4-"), 10), Wanted::Part { first: 4, last: 9 });
        assert_eq!(wanted(Some("bytes=-3"), 10), Wanted::Part { first: 7, last: 9 });
        assert_eq!(wanted(Some("bytes=-30"), 10), Wanted::Part { first: 0, last: 9 });
    }

    #[test]
    fn a_range_behind_the_end_is_outside() {
        for header in ["bytes=10-", "bytes=10-12", "bytes=-0"] {
            assert_eq!(wanted(Some(header), 10), Wanted::Outside, "{header}");
        }
        assert_eq!(wanted(Some("bytes=0-"), 0), Wanted::Outside);
        assert_eq!(wanted(Some("bytes=-5"), 0), Wanted::Outside);
    }

    #[test]
    fn what_is_not_one_range_means_the_whole_file() {
        for header in [
            "",
            "items=0-1",
            "bytes=0-1,4-5",
            "bytes=5-4",
            "bytes=-",
            "bytes=a-b",
            "bytes=+1-2",
        ] {
            assert_eq!(wanted(Some(header), 10), Wanted::Whole, "{header}");
        }
        assert_eq!(wanted(None, 10), Wanted::Whole);
    }
}
