//! `fanout/…` and `memory/…_consoles`: many browsers that follow the changes.

use crate::desks::Desks;
use crate::ingest::Effort;
use crate::load::push;
use crate::pushes::{Pushes, Writers};
use crate::report::{Figure, median, timed};
use crate::side::Side;
use crate::wire::Wire;
use anyhow::{Context, Result, ensure};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio::time::timeout;

/// Until everything has calmed down.
const SETTLE: Duration = Duration::from_secs(3);
/// A change that has not reached everybody by then is lost.
const PATIENCE: Duration = Duration::from_secs(10);
/// What a change of a message looks like, in Kefu and in the limit.
const CHANGE: &[u8] = b"\"kind\":\"message\"";

/// `memory/…_consoles`: resident memory while so many browsers follow and nothing happens.
pub(crate) async fn memory(name: &str, desks: &Desks<'_>, count: usize, effort: Effort) -> Result<Figure> {
    let (mut kefu, mut limit) = (Vec::new(), Vec::new());
    for _ in 0..effort.rounds {
        for (side, sizes) in [(Side::Kefu, &mut kefu), (Side::Limit, &mut limit)] {
            let desk = desks.fresh().await?;
            let server = side.start(desks, &desk).await?;
            let crowd = Crowd::gather(side, &server, count).await?;
            tokio::time::sleep(SETTLE).await;
            sizes.push(server.resident_mb()?);
            crowd.leave(0)?;
            drop(server);
            desk.remove().await?;
        }
    }
    let limit = Figure::alone(name.to_owned(), median(limit), "MB");
    Ok(Figure::alone(name.to_owned(), median(kefu), "MB").beside(limit))
}

/// `fanout/…`: from sending a push until the last of so many browsers has heard of its message.
pub(crate) async fn fanout(name: &str, desks: &Desks<'_>, count: usize, effort: Effort) -> Result<Figure> {
    let (mut kefu, mut limit) = (Vec::new(), Vec::new());
    for _ in 0..effort.rounds {
        kefu.push(
            told(desks, Side::Kefu, count, effort)
                .await
                .with_context(|| format!("{name}, Kefu"))?,
        );
        limit.push(
            told(desks, Side::Limit, count, effort)
                .await
                .with_context(|| format!("{name}, limit"))?,
        );
    }
    Ok(timed(name, kefu, 50.0).beside(timed(name, limit, 50.0)))
}

async fn told(desks: &Desks<'_>, side: Side, count: usize, effort: Effort) -> Result<Vec<u64>> {
    let desk = desks.fresh().await?;
    let server = side.start(desks, &desk).await?;
    let crowd = Crowd::gather(side, &server, count).await?;
    let created = crate::clock::now_ms() / 1000;
    let mut pushes = Pushes::new(desks.account.clone(), server.addr, Writers::Known(100), created);
    let (mut wire, mut micros) = (None, Vec::new());
    let begin = Instant::now();
    let mut changes = 0;
    while begin.elapsed() < effort.measured {
        let sent = Instant::now();
        push(&mut wire, server.addr, pushes.request(changes)).await?;
        changes += 1;
        crowd.heard(changes).await?;
        micros.push(u64::try_from(sent.elapsed().as_micros()).unwrap_or(u64::MAX));
    }
    crowd.leave(changes)?;
    drop(server);
    desk.remove().await?;
    Ok(micros)
}

/// Browsers that follow, each with what it has heard.
struct Crowd {
    each: Vec<Arc<AtomicU64>>,
    shared: Arc<Shared>,
    tasks: tokio::task::JoinSet<()>,
}

#[derive(Default)]
struct Shared {
    /// By all of them together.
    changes: AtomicU64,
    news: Notify,
}

impl Crowd {
    /// Connects them all; each has been greeted when this returns.
    async fn gather(side: Side, server: &crate::child::Server, count: usize) -> Result<Self> {
        let cookie = side.reader(server).await?.cookie();
        let path = side.path("/api/v1/events", "/events");
        let mut crowd = Self {
            each: Vec::with_capacity(count),
            shared: Arc::default(),
            tasks: tokio::task::JoinSet::new(),
        };
        for _ in 0..count {
            let mut wire = Wire::connect(server.addr).await?;
            let request = format!(
                "GET {path} HTTP/1.1\r\nhost: {}\r\naccept: text/event-stream\r\n{cookie}\r\n",
                server.addr
            );
            wire.follow(request.as_bytes(), b"event: hello").await?;
            let own = Arc::new(AtomicU64::new(0));
            crowd.each.push(Arc::clone(&own));
            crowd.tasks.spawn(listen(wire, own, Arc::clone(&crowd.shared)));
        }
        Ok(crowd)
    }

    /// Waits until everybody has heard of so many changes.
    async fn heard(&self, changes: u64) -> Result<()> {
        let wanted = changes * self.each.len() as u64;
        let all = async {
            while self.shared.changes.load(Ordering::Relaxed) < wanted {
                self.shared.news.notified().await;
            }
        };
        timeout(PATIENCE, all)
            .await
            .with_context(|| format!("change {changes} did not reach everybody"))
    }

    /// Ends the connections, if each has heard of every change once.
    fn leave(self, changes: u64) -> Result<()> {
        let others = self
            .each
            .iter()
            .filter(|own| own.load(Ordering::Relaxed) != changes)
            .count();
        ensure!(others == 0, "{others} consoles did not hear of {changes} changes");
        Ok(())
    }
}

/// Counts the changes one browser hears of.
async fn listen(mut wire: Wire, own: Arc<AtomicU64>, shared: Arc<Shared>) {
    while let Ok(found) = wire.count(CHANGE).await {
        if found > 0 {
            own.fetch_add(found, Ordering::Relaxed);
            shared.changes.fetch_add(found, Ordering::Relaxed);
            shared.news.notify_one();
        }
    }
}
