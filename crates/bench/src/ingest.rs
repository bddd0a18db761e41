//! `ingest/…`: pushes per second that are durably stored, Kefu and the limit in turns on the same load.

use crate::child::{Server, last_words};
use crate::desks::Desks;
use crate::load::{self, Load, percentile_ms};
use crate::processor;
use crate::pushes::Writers;
use crate::report::{Figure, complain, median};
use crate::seed;
use crate::side::Side;
use anyhow::{Context, Result, ensure};
use std::fmt;
use std::time::Duration;

/// Sent before measuring begins: caches fill, statements are prepared.
const WARM_UP: Duration = Duration::from_secs(1);

/// One ingest figure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    pub(crate) connections: usize,
    pub(crate) writers: Writers,
}

/// How long and how often everything is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) rounds: u32,
    pub(crate) measured: Duration,
}

/// The result of one turn.
#[derive(Debug, Clone, Copy)]
struct Turn {
    per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    cpu: Cpu,
}

/// Processor time of one push, in microseconds.
#[derive(Debug, Clone, Copy)]
struct Cpu {
    server: f64,
    database: f64,
}

impl Cpu {
    fn so_far(desks: &Desks<'_>, server: &Server) -> Result<Self> {
        Ok(Self {
            server: processor::of(server.pid())?,
            database: desks.database_us()?,
        })
    }

    fn per_push(self, before: Self, pushes: usize) -> Self {
        let pushes = pushes as f64;
        Self {
            server: (self.server - before.server) / pushes,
            database: (self.database - before.database) / pushes,
        }
    }
}

impl fmt::Display for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cpu { server, database } = self.cpu;
        let per_second = self.per_second;
        write!(
            f,
            "{per_second:.0}/s at {server:.1} + {database:.1} µs of processor"
        )
    }
}

/// Measures one figure.
pub(crate) async fn figure(name: &str, desks: &Desks<'_>, case: Case, effort: Effort) -> Result<Figure> {
    let (mut kefu, mut limit) = (Vec::new(), Vec::new());
    for _ in 0..effort.rounds {
        kefu.push(
            turn(desks, Side::Kefu, case, effort)
                .await
                .with_context(|| format!("{name}, Kefu"))?,
        );
        limit.push(
            turn(desks, Side::Limit, case, effort)
                .await
                .with_context(|| format!("{name}, limit"))?,
        );
        if let (Some(kefu), Some(limit)) = (kefu.last(), limit.last()) {
            complain(&format!("{name}: kefu {kefu}, limit {limit}"));
        }
    }
    let of = |turns: &[Turn], field: fn(&Turn) -> f64| median(turns.iter().map(field).collect());
    Ok(Figure {
        p50_ms: Some(of(&kefu, |turn| turn.p50_ms)),
        p99_ms: Some(of(&kefu, |turn| turn.p99_ms)),
        limit: Some(of(&limit, |turn| turn.per_second)),
        limit_p99_ms: Some(of(&limit, |turn| turn.p99_ms)),
        cpu_us: Some(of(&kefu, |turn| turn.cpu.server + turn.cpu.database)),
        limit_cpu_us: Some(of(&limit, |turn| turn.cpu.server + turn.cpu.database)),
        ..Figure::alone(name.to_owned(), of(&kefu, |turn| turn.per_second), "1/s")
    })
}

async fn turn(desks: &Desks<'_>, side: Side, case: Case, effort: Effort) -> Result<Turn> {
    let desk = desks.fresh().await?;
    let server = side.start(desks, &desk).await?;
    let load = Load {
        addr: server.addr,
        account: desks.account.clone(),
        writers: case.writers,
        connections: case.connections,
        warm_up: WARM_UP,
        measured: effort.measured,
    };
    let before = Cpu::so_far(desks, &server)?;
    let outcome = load::run(&load).await?;
    let after = Cpu::so_far(desks, &server)?;
    // Killed, not stopped: what was acknowledged must be on disk already.
    drop(server);
    for complaint in outcome.complaints.iter().take(3) {
        complain(&format!("a push failed: {complaint}"));
    }
    ensure!(
        !outcome.micros.is_empty(),
        "nothing was acknowledged: {}",
        last_words(&desk.log)
    );
    seed::check(
        &desk.place.database,
        &desks.account,
        &outcome.acknowledged,
        outcome.unclear,
    )
    .await?;
    desk.remove().await?;
    Ok(Turn {
        per_second: outcome.micros.len() as f64 / effort.measured.as_secs_f64(),
        p50_ms: percentile_ms(&outcome.micros, 50.0),
        p99_ms: percentile_ms(&outcome.micros, 99.0),
        cpu: after.per_push(before, outcome.acknowledged.len()),
    })
}
