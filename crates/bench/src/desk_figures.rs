//! Figures of a running desk that have no limit to compare with: start, memory, fairness.

use crate::api::Agent;
use crate::desks::{Desk, Desks};
use crate::ingest::Effort;
use crate::kefu::{AGENTS, PASSWORD};
use crate::load::{self, Load};
use crate::pushes::Writers;
use crate::report::{Figure, median, timed};
use anyhow::{Result, ensure};
use serde_json::json;
use std::time::{Duration, Instant};

/// A desk that has just started is not idle yet.
const SETTLE: Duration = Duration::from_secs(3);
/// Connections of the flood beside which an agent works.
const FLOOD: usize = 64;
/// Open conversations two agents take from each other.
const CONTESTED: usize = 20;

/// `start/…`: from the start of the process to its first ready answer, on an existing database.
pub(crate) async fn start(name: &str, desks: &Desks<'_>, effort: Effort) -> Result<Figure> {
    let mut times = Vec::new();
    for _ in 0..effort.rounds {
        let desk = desks.fresh().await?;
        let server = desks.kefu.serve(&desk.place, &desk.log).await?;
        times.push(server.started_in.as_secs_f64() * 1000.0);
        drop(server);
        desk.remove().await?;
    }
    Ok(Figure::alone(name.to_owned(), median(times), "ms"))
}

/// `memory/idle`: resident memory of a desk nobody uses.
pub(crate) async fn memory_idle(name: &str, desks: &Desks<'_>, effort: Effort) -> Result<Figure> {
    let mut sizes = Vec::new();
    for _ in 0..effort.rounds {
        let desk = desks.fresh().await?;
        let server = desks.kefu.serve(&desk.place, &desk.log).await?;
        tokio::time::sleep(SETTLE).await;
        sizes.push(server.resident_mb()?);
        drop(server);
        desk.remove().await?;
    }
    Ok(Figure::alone(name.to_owned(), median(sizes), "MB"))
}

/// `fairness/…`: how long an agent waits for a pick-up while pushes flood in.
pub(crate) async fn fairness(name: &str, desks: &Desks<'_>, contacts: u32, effort: Effort) -> Result<Figure> {
    let mut turns = Vec::new();
    for _ in 0..effort.rounds {
        let desk = desks.fresh().await?;
        turns.push(picked_up_beside_a_flood(desks, &desk, contacts, effort).await?);
        desk.remove().await?;
    }
    Ok(timed(name, turns, 99.0))
}

async fn picked_up_beside_a_flood(
    desks: &Desks<'_>,
    desk: &Desk<'_>,
    contacts: u32,
    effort: Effort,
) -> Result<Vec<u64>> {
    let server = desks.kefu.serve(&desk.place, &desk.log).await?;
    let mut agents = Vec::new();
    for email in AGENTS {
        agents.push(Agent::login(server.addr, email, PASSWORD).await?);
    }
    let paths = contested(&mut agents[0]).await?;
    let flood = Load {
        addr: server.addr,
        account: desks.account.clone(),
        writers: Writers::Known(u64::from(contacts)),
        connections: FLOOD,
        warm_up: Duration::ZERO,
        measured: effort.measured,
    };
    let flood = tokio::spawn(async move { load::run(&flood).await });
    let (begin, mut micros) = (Instant::now(), Vec::new());
    for turn in 0.. {
        if begin.elapsed() >= effort.measured || flood.is_finished() {
            break;
        }
        let sent = Instant::now();
        agents[turn % AGENTS.len()]
            .post(
                &paths[turn / AGENTS.len() % paths.len()],
                &json!({"take_over": true}),
            )
            .await?;
        micros.push(u64::try_from(sent.elapsed().as_micros()).unwrap_or(u64::MAX));
    }
    let pushed = flood.await??;
    ensure!(
        pushed.unclear == 0 && !pushed.acknowledged.is_empty(),
        "the flood failed: {:?}",
        pushed.complaints
    );
    Ok(micros)
}

/// Paths of the pick-up of some open conversations.
async fn contested(agent: &mut Agent) -> Result<Vec<String>> {
    let page = agent
        .get(&format!("/conversations?view=all&limit={CONTESTED}"))
        .await?;
    let ids = page["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|item| item["id"].as_str());
    let paths: Vec<String> = ids.map(|id| format!("/conversations/{id}/pick-up")).collect();
    ensure!(
        paths.len() == CONTESTED,
        "the desk shows {} conversations",
        paths.len()
    );
    Ok(paths)
}
