//! How fast one agent may search: typing never meets the limit, a program that goes through everything does.

use super::{ApiError, ApiResult};
use crate::domain::ids::AgentId;
use crate::domain::time::Time;
use std::collections::HashMap;
use std::sync::Mutex;
use tokio::sync::{Semaphore, SemaphorePermit};

/// So many searches at once, one after the other without a pause.
const BURST: i64 = 60;
/// One more after this time.
const EACH_MS: i64 = 100;
/// Searches of all agents that run at the same time; others wait.
const AT_ONCE: usize = 4;

/// The searches of this node.
#[derive(Debug)]
pub struct SearchPace {
    /// Until when each agent's searches are paid for. Those of a while ago are forgotten.
    paid_until: Mutex<HashMap<AgentId, Time>>,
    running: Semaphore,
}

impl Default for SearchPace {
    fn default() -> Self {
        Self {
            paid_until: Mutex::default(),
            running: Semaphore::new(AT_ONCE),
        }
    }
}

impl SearchPace {
    /// A turn for one search, or 429. `wall`: real time.
    pub async fn turn(&self, agent: AgentId, wall: Time) -> ApiResult<SemaphorePermit<'_>> {
        self.pay(agent, wall)?;
        let permit = self.running.acquire().await;
        permit.map_err(|_| ApiError::unavailable())
    }

    fn pay(&self, agent: AgentId, wall: Time) -> ApiResult<()> {
        let mut all = self
            .paid_until
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        all.retain(|_, until| *until > wall);
        let until = all.entry(agent).or_insert(wall);
        let ahead_ms = until.since_ms(wall);
        if ahead_ms > (BURST - 1) * EACH_MS {
            return Err(ApiError::too_many(1));
        }
        *until = until.plus_ms(EACH_MS);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_at_once_and_then_ten_a_second_for_each_agent() {
        let pace = SearchPace::default();
        let (one, other) = (AgentId(1), AgentId(2));
        for _ in 0..60 {
            pace.pay(one, Time(0)).expect("within the burst");
        }
        assert!(pace.pay(one, Time(0)).is_err());
        pace.pay(other, Time(0)).expect("another agent");
        pace.pay(one, Time(100)).expect("after a tenth of a second");
        assert!(pace.pay(one, Time(100)).is_err());
        pace.pay(one, Time(100_000)).expect("after a pause");
        assert_eq!(pace.paid_until.lock().expect("no panic").len(), 1);
    }
}
