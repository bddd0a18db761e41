//! Where the access token of one account is kept, and by which clock it ages. How it is renewed is `token.rs`.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use crate::AccessToken;

/// A future on the heap, as trait objects need it.
pub type BoxFuture<'f, T> = Pin<Box<dyn Future<Output = T> + Send + 'f>>;

/// A token and its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredToken {
    /// The token.
    pub value: AccessToken,
    /// Its end, in milliseconds by the store's clock.
    pub expires_at_ms: i64,
}

/// Where the token of one account is kept, and by which clock. Nodes that share a store share the token.
pub trait TokenStore: Send + Sync {
    /// The time by which tokens age, in milliseconds.
    fn now_ms(&self) -> i64;
    /// The token that was saved last.
    fn load(&self) -> BoxFuture<'_, Option<StoredToken>>;
    /// Keeps a token in place of the last one.
    fn save(&self, token: StoredToken) -> BoxFuture<'_, ()>;
    /// Takes the right to one forced renewal: WeChat allows 20 a day, 30 seconds apart, for all nodes together.
    fn may_force_refresh(&self) -> BoxFuture<'_, bool>;
}

/// A store for one process: everything is forgotten with it.
#[derive(Debug)]
pub struct MemoryTokenStore {
    started: Instant,
    memory: std::sync::Mutex<Memory>,
}

#[derive(Debug, Default)]
struct Memory {
    token: Option<StoredToken>,
    advanced: Duration,
    forced_at_ms: VecDeque<i64>,
}

impl Default for MemoryTokenStore {
    fn default() -> Self {
        Self {
            started: Instant::now(),
            memory: std::sync::Mutex::default(),
        }
    }
}

impl MemoryTokenStore {
    /// Moves this store's clock forward.
    pub fn advance(&self, by: Duration) {
        self.memory().advanced += by;
    }

    fn memory(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_forced_refresh(&self) -> bool {
        const DAY_MS: i64 = 24 * 60 * 60 * 1000;
        let now = self.now_ms();
        let forced = &mut self.memory().forced_at_ms;
        while forced.front().is_some_and(|at| now - at >= DAY_MS) {
            forced.pop_front();
        }
        let allowed = forced.len() < 20 && forced.back().is_none_or(|at| now - at >= 30_000);
        if allowed {
            forced.push_back(now);
        }
        allowed
    }
}

impl TokenStore for MemoryTokenStore {
    fn now_ms(&self) -> i64 {
        let age = self.started.elapsed() + self.memory().advanced;
        i64::try_from(age.as_millis()).unwrap_or(i64::MAX)
    }

    fn load(&self) -> BoxFuture<'_, Option<StoredToken>> {
        Box::pin(std::future::ready(self.memory().token.clone()))
    }

    fn save(&self, token: StoredToken) -> BoxFuture<'_, ()> {
        self.memory().token = Some(token);
        Box::pin(std::future::ready(()))
    }

    fn may_force_refresh(&self) -> BoxFuture<'_, bool> {
        Box::pin(std::future::ready(self.take_forced_refresh()))
    }
}
