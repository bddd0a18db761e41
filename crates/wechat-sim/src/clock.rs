//! The simulator's time: the wall clock plus an offset that only grows, and the followers of that offset.
//! The only file that reads the system clock. Network time-outs and pauses between deliveries use real time (tokio), never this.
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::Notify;
use tokio::time::Instant;

/// A follower that has not asked for this long is forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(2);

type Listener = Box<dyn Fn(i64) + Send + Sync>;

/// Milliseconds since 1970 by the machine's own clock.
#[expect(clippy::disallowed_methods, reason = "this is the crate's clock module")]
pub(crate) fn wall_ms() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}

/// Writes a time as RFC 3339 UTC with milliseconds.
pub(crate) fn rfc3339(ms: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::MAX);
    format!("{time:.3}")
}

/// Writes a time as HTTP headers have it.
pub(crate) fn http_date(ms: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::MAX);
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// The clock of one simulator; clones share it.
#[derive(Clone)]
pub struct SimClock {
    shared: Arc<Shared>,
}

struct Shared {
    inner: Mutex<Inner>,
    listeners: Mutex<Vec<Listener>>,
    changed: Notify,
    asked: Notify,
}

struct Inner {
    offset_ms: i64,
    version: i64,
    /// Polls under way: the version each of them already has.
    waiting: Vec<i64>,
    /// Answered polls whose follower has not asked again: (version answered, when).
    answered: Vec<(i64, Instant)>,
}

/// What a follower of the clock is told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) now_ms: i64,
    pub(crate) offset_ms: i64,
    pub(crate) version: i64,
}

impl fmt::Debug for SimClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimClock")
            .field("offset_ms", &self.offset_ms())
            .finish_non_exhaustive()
    }
}

impl SimClock {
    /// A clock with the given offset, moved on so that it is not behind `not_before_ms`.
    pub(crate) fn new(offset_ms: i64, not_before_ms: Option<i64>) -> Self {
        let wall = wall_ms();
        let offset_ms = offset_ms.max(not_before_ms.map_or(i64::MIN, |at| at - wall));
        // The first version differs from one start to the next, so a follower of an earlier run notices at once.
        let inner = Inner {
            offset_ms,
            version: wall,
            waiting: Vec::new(),
            answered: Vec::new(),
        };
        let shared = Shared {
            inner: Mutex::new(inner),
            listeners: Mutex::default(),
            changed: Notify::new(),
            asked: Notify::new(),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// The simulator's time, milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        wall_ms() + self.offset_ms()
    }

    /// How far the simulator's time is ahead of the system's wall clock.
    pub fn offset_ms(&self) -> i64 {
        self.lock().offset_ms
    }

    /// Moves the clock on and tells the followers in this process before it returns.
    pub fn advance(&self, ms: i64) {
        let offset_ms = {
            let mut inner = self.lock();
            inner.offset_ms = inner.offset_ms.saturating_add(ms.max(0));
            inner.version += 1;
            inner.offset_ms
        };
        self.shared.changed.notify_waiters();
        let listeners = self
            .shared
            .listeners
            .lock()
            .expect("no listener panics while it is called");
        listeners.iter().for_each(|listener| listener(offset_ms));
    }

    /// Calls `listener` with the offset now and at every later change.
    pub fn on_change(&self, listener: Listener) {
        let mut listeners = self
            .shared
            .listeners
            .lock()
            .expect("no listener panics while it is called");
        listener(self.offset_ms());
        listeners.push(listener);
    }

    pub(crate) fn reading(&self) -> Reading {
        let inner = self.lock();
        Reading {
            now_ms: wall_ms() + inner.offset_ms,
            offset_ms: inner.offset_ms,
            version: inner.version,
        }
    }

    /// Answers a follower as soon as the version is not `after`, or when `patience` is over.
    pub(crate) async fn follow(&self, after: i64, patience: Duration) -> Reading {
        let _waiting = self.note_asked(after);
        let deadline = Instant::now() + patience;
        loop {
            let changed = self.shared.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if self.lock().version != after || tokio::time::timeout_at(deadline, changed).await.is_err() {
                return self.answer();
            }
        }
    }

    /// Waits until every follower that was answered has asked again, or is forgotten.
    pub(crate) async fn settled(&self) {
        loop {
            let asked = self.shared.asked.notified();
            tokio::pin!(asked);
            asked.as_mut().enable();
            let Some(until) = self.unsettled_until() else {
                return;
            };
            let _ = tokio::time::timeout_at(until, asked).await;
        }
    }

    fn note_asked(&self, after: i64) -> Waiting<'_> {
        let mut inner = self.lock();
        if let Some(at) = inner.answered.iter().position(|(version, _)| *version == after) {
            inner.answered.remove(at);
        }
        inner.waiting.push(after);
        drop(inner);
        self.shared.asked.notify_waiters();
        Waiting { clock: self, after }
    }

    fn answer(&self) -> Reading {
        let mut inner = self.lock();
        let version = inner.version;
        inner.answered.push((version, Instant::now()));
        Reading {
            now_ms: wall_ms() + inner.offset_ms,
            offset_ms: inner.offset_ms,
            version,
        }
    }

    /// When to look again, while a follower has not taken the present version.
    fn unsettled_until(&self) -> Option<Instant> {
        let mut inner = self.lock();
        inner.answered.retain(|(_, at)| at.elapsed() < FORGOTTEN_AFTER);
        let oldest = inner.answered.first().map(|(_, at)| *at + FORGOTTEN_AFTER);
        let being_answered = inner.waiting.iter().any(|after| *after != inner.version);
        oldest.or_else(|| being_answered.then(|| Instant::now() + Duration::from_millis(1)))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.shared
            .inner
            .lock()
            .expect("nothing panics while it holds the clock")
    }
}

/// One poll under way; dropped when it is answered or its connection goes.
struct Waiting<'a> {
    clock: &'a SimClock,
    after: i64,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut inner = self.clock.lock();
        if let Some(at) = inner.waiting.iter().position(|after| *after == self.after) {
            inner.waiting.swap_remove(at);
        }
    }
}
