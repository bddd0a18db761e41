//! The wall clock: pushes and seeds carry times, and a desk compares them with its own.

use std::time::{SystemTime, UNIX_EPOCH};

/// Now, in milliseconds.
#[expect(clippy::disallowed_methods, reason = "this is the crate's clock module")]
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
