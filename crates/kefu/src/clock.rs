//! The only source of time.
//!
//! Two clocks: the *desk clock* (`now`) decides windows, tickets, months and media expiry and can be moved by the
//! simulator or a test; the *wall clock* (`wall`) decides logins, leases and back-off and cannot.

use crate::domain::time::Time;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::watch;

/// The desk clock: the wall clock plus an offset that somebody may move.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    offset_ms: Arc<watch::Sender<i64>>,
}

impl Clock {
    /// A clock that shows the wall clock's time until it is moved.
    pub fn new() -> Self {
        Self::default()
    }

    /// The desk's time.
    pub fn now(&self) -> Time {
        self.wall().plus_ms(*self.offset_ms.borrow())
    }

    /// The machine's time.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the system clock"
    )]
    pub fn wall(&self) -> Time {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Time(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }

    /// Sets how far the desk's time is from the machine's.
    pub fn set_offset_ms(&self, offset_ms: i64) {
        self.offset_ms
            .send_if_modified(|old| std::mem::replace(old, offset_ms) != offset_ms);
    }

    /// Moves the desk's time on.
    pub fn advance_ms(&self, ms: i64) {
        self.offset_ms.send_modify(|offset| *offset += ms);
    }

    /// Hears of every move of the desk's time.
    pub fn moves(&self) -> watch::Receiver<i64> {
        self.offset_ms.subscribe()
    }
}
