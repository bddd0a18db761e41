//! Load: N connections, each with one request in flight, for a bounded time. Remembers what was acknowledged.

use crate::account::Account;
use crate::clock::now_ms;
use crate::pushes::{Pushes, Writers};
use crate::wire::Wire;
use anyhow::Result;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// No run sends more than this.
const MOST: u64 = 4_000_000;
/// Connections that fail this often in a row give up.
const FAILURES: u32 = 5;

/// What to send, and for how long.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    pub(crate) addr: SocketAddr,
    pub(crate) account: Account,
    pub(crate) writers: Writers,
    pub(crate) connections: usize,
    pub(crate) warm_up: Duration,
    pub(crate) measured: Duration,
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Numbers of the pushes that were answered `success`.
    pub(crate) acknowledged: Vec<u64>,
    /// Pushes with another answer, or none: they may or may not be stored.
    pub(crate) unclear: u64,
    /// Answer times after the warm-up, in microseconds, ascending.
    pub(crate) micros: Vec<u64>,
    /// Why requests failed; the first of each connection.
    pub(crate) complaints: Vec<String>,
}

impl Outcome {
    fn absorb(&mut self, other: Self) {
        self.acknowledged.extend(other.acknowledged);
        self.micros.extend(other.micros);
        self.complaints.extend(other.complaints);
        self.unclear += other.unclear;
    }
}

/// Sends the load and waits for the last answer.
pub(crate) async fn run(load: &Load) -> Result<Outcome> {
    let next = Arc::new(AtomicU64::new(0));
    let begin = Instant::now();
    let workers: Vec<_> = (0..load.connections)
        .map(|_| {
            tokio::spawn(
                Worker {
                    load: load.clone(),
                    next: Arc::clone(&next),
                    begin,
                }
                .run(),
            )
        })
        .collect();
    let mut outcome = Outcome::default();
    for worker in workers {
        outcome.absorb(worker.await?);
    }
    outcome.micros.sort_unstable();
    Ok(outcome)
}

struct Worker {
    load: Load,
    next: Arc<AtomicU64>,
    begin: Instant,
}

impl Worker {
    async fn run(self) -> Outcome {
        let load = &self.load;
        let mut pushes = Pushes::new(load.account.clone(), load.addr, load.writers, now_ms() / 1000);
        let (counts_from, end) = (
            self.begin + load.warm_up,
            self.begin + load.warm_up + load.measured,
        );
        let mut outcome = Outcome::default();
        let (mut wire, mut failures) = (None, 0);
        while Instant::now() < end && failures < FAILURES {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= MOST {
                break;
            }
            let sent = Instant::now();
            match push(&mut wire, load.addr, pushes.request(number)).await {
                Ok(()) => {
                    let answered = Instant::now();
                    outcome.acknowledged.push(number);
                    if sent >= counts_from && answered <= end {
                        outcome
                            .micros
                            .push(u64::try_from((answered - sent).as_micros()).unwrap_or(u64::MAX));
                    }
                    failures = 0;
                }
                Err(error) => {
                    (wire, failures) = (None, failures + 1);
                    outcome.unclear += 1;
                    if outcome.complaints.is_empty() {
                        outcome.complaints.push(format!("{error:#}"));
                    }
                }
            }
        }
        outcome
    }
}

/// Sends one push and sees that it is acknowledged.
pub(crate) async fn push(wire: &mut Option<Wire>, addr: SocketAddr, request: &[u8]) -> Result<()> {
    let wire = match wire {
        Some(wire) => wire,
        None => wire.insert(Wire::connect(addr).await?),
    };
    let answer = wire.exchange(request).await?;
    anyhow::ensure!(
        answer.status == 200 && answer.body == b"success",
        "a push was answered {}",
        answer.status
    );
    Ok(())
}

/// The `percent` percentile of ascending microseconds, in milliseconds.
pub(crate) fn percentile_ms(ascending: &[u64], percent: f64) -> f64 {
    let rank = (ascending.len() as f64 * percent / 100.0).ceil() as usize;
    ascending
        .get(rank.saturating_sub(1))
        .map_or(0.0, |micros| *micros as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_nearest_rank() {
        let ascending: Vec<u64> = (1..=100).map(|n| n * 1000).collect();
        assert_eq!(percentile_ms(&ascending, 50.0), 50.0);
        assert_eq!(percentile_ms(&ascending, 99.0), 99.0);
        assert_eq!(percentile_ms(&[], 99.0), 0.0);
    }
}
