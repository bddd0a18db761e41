//! `search/…`: the newest twenty messages with a word, as the console asks for them, beside the same lookup by
//! hand-written SQL on the same index: no login, no visibility, no comparing with the text, no HTTP.

use crate::api::Agent;
use crate::clock::now_ms;
use crate::desks::{Desk, Desks};
use crate::ingest::Effort;
use crate::kefu::{AGENTS, PASSWORD};
use crate::load::percentile_ms;
use crate::report::{Figure, median};
use crate::seed;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::time::{Duration, Instant};

/// Messages each known contact has beside the first one.
const MESSAGES_EACH: i64 = 20;
/// Hits of a page.
const HITS: usize = 20;
/// Each agent may search ten times a second; what is measured stays below that.
const PACE: Duration = Duration::from_millis(55);
/// Indexing may take this long.
const PATIENCE: Duration = Duration::from_secs(600);

/// What is searched for: the address, and the same for either index. In a tenth of all messages, two characters and
/// four, and in one of a thousand.
const LOOKUPS: [Lookup; 3] = [
    Lookup {
        q: "%E9%80%80%E6%AC%BE",
        fts: "\"退款\"",
        tsquery: "'退款'",
    },
    Lookup {
        q: "%E7%94%B3%E8%AF%B7%E9%80%80%E6%AC%BE",
        fts: "\"申请\" AND \"请退\" AND \"退款\"",
        tsquery: "'申请'&'请退'&'退款'",
    },
    Lookup {
        q: "%E9%98%B2%E6%B0%B4",
        fts: "\"防水\"",
        tsquery: "'防水'",
    },
];

#[derive(Debug, Clone, Copy)]
struct Lookup {
    q: &'static str,
    fts: &'static str,
    tsquery: &'static str,
}

/// The figure.
pub(crate) async fn figure(name: &str, desks: &Desks<'_>, effort: Effort) -> Result<Figure> {
    let (mut turns, mut limits) = (Vec::new(), Vec::new());
    let desk = desks.fresh().await?;
    // The copy knows nothing of what is added here.
    drop(std::fs::remove_file(desk.place.data_dir.join("search.db")));
    seed::talk(&desk.place.database, &desks.account, MESSAGES_EACH, now_ms()).await?;
    let server = desks.kefu.serve(&desk.place, &desk.log).await?;
    let mut agents = Vec::new();
    for email in AGENTS {
        agents.push(Agent::login(server.addr, email, PASSWORD).await?);
    }
    indexed(&mut agents[0]).await?;
    for _ in 0..effort.rounds {
        turns.push(asked(&mut agents, effort.measured).await?);
        limits.push(looked_up(&desk, effort.measured).await?);
    }
    drop(server);
    desk.remove().await?;
    let limit = |percent| Some(middle(&limits, percent));
    Ok(Figure {
        p50_ms: Some(middle(&turns, 50.0)),
        p99_ms: Some(middle(&turns, 99.0)),
        limit: limit(50.0),
        limit_p99_ms: limit(99.0),
        ..Figure::alone(name.to_owned(), middle(&turns, 50.0), "ms")
    })
}

/// The median over the turns.
fn middle(turns: &[Vec<u64>], percent: f64) -> f64 {
    median(
        turns
            .iter()
            .map(|micros| percentile_ms(micros, percent))
            .collect(),
    )
}

async fn indexed(agent: &mut Agent) -> Result<()> {
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        let page = search(agent, LOOKUPS[0]).await?;
        if page["index"]["state"] == "ready" && full(&page) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    bail!("the index was not ready after {} s", PATIENCE.as_secs())
}

async fn search(agent: &mut Agent, lookup: Lookup) -> Result<Value> {
    let path = format!("/search?kind=message&limit={HITS}&q={}", lookup.q);
    agent.get(&path).await
}

fn full(page: &Value) -> bool {
    page["items"].as_array().is_some_and(|items| items.len() == HITS)
}

async fn asked(agents: &mut [Agent], measured: Duration) -> Result<Vec<u64>> {
    let (begin, mut micros) = (Instant::now(), Vec::new());
    for turn in 0.. {
        if begin.elapsed() >= measured {
            break;
        }
        let agent = turn % agents.len();
        let sent = Instant::now();
        let page = search(&mut agents[agent], LOOKUPS[turn % LOOKUPS.len()]).await?;
        micros.push(since(sent));
        ensure!(full(&page), "the page is not full: {page}");
        tokio::time::sleep(PACE).await;
    }
    micros.sort_unstable();
    Ok(micros)
}

async fn looked_up(desk: &Desk<'_>, measured: Duration) -> Result<Vec<u64>> {
    let mut limit = Limit::open(desk).await?;
    let (begin, mut micros) = (Instant::now(), Vec::new());
    for turn in 0.. {
        if begin.elapsed() >= measured {
            break;
        }
        let sent = Instant::now();
        let found = limit.look_up(LOOKUPS[turn % LOOKUPS.len()]).await?;
        micros.push(since(sent));
        ensure!(found == HITS, "the limit found {found}");
        tokio::time::sleep(PACE).await;
    }
    micros.sort_unstable();
    Ok(micros)
}

fn since(sent: Instant) -> u64 {
    u64::try_from(sent.elapsed().as_micros()).unwrap_or(u64::MAX)
}

type Row = (i64, i64, i64, String, i64, String);

const ON_SQLITE: &str = "
SELECT m.id, m.conversation_id, m.seq, m.text, c.department_id, ct.name
FROM (SELECT rowid AS id FROM message_words WHERE message_words MATCH $1 ORDER BY rowid DESC LIMIT 20) f
JOIN messages m ON m.id = f.id JOIN conversations c ON c.id = m.conversation_id JOIN contacts ct ON ct.id = c.contact_id
ORDER BY m.id DESC";

const ON_POSTGRES: &str = "
WITH f AS MATERIALIZED (SELECT id FROM search_words WHERE kind = 1 AND words @@ $1::tsquery ORDER BY id DESC LIMIT 20)
SELECT m.id, m.conversation_id, m.seq, m.text, c.department_id, ct.name
FROM f JOIN messages m ON m.id = f.id JOIN conversations c ON c.id = m.conversation_id
JOIN contacts ct ON ct.id = c.contact_id ORDER BY m.id DESC";

/// A connection and one statement.
enum Limit {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Limit {
    async fn open(desk: &Desk<'_>) -> Result<Self> {
        let url = &desk.place.database;
        if !url.starts_with("sqlite:") {
            return Ok(Self::Postgres(PgConnection::connect(url).await?));
        }
        let mut connection = SqliteConnection::connect(url).await?;
        let index = desk.place.data_dir.join("search.db");
        sqlx::query("ATTACH DATABASE $1 AS search")
            .bind(index.to_str().context("a path that is not text")?)
            .execute(&mut connection)
            .await?;
        Ok(Self::Sqlite(connection))
    }

    async fn look_up(&mut self, lookup: Lookup) -> Result<usize> {
        let rows: Vec<Row> = match self {
            Self::Sqlite(c) => sqlx::query_as(ON_SQLITE).bind(lookup.fts).fetch_all(c).await?,
            Self::Postgres(c) => {
                sqlx::query_as(ON_POSTGRES)
                    .bind(lookup.tsquery)
                    .fetch_all(c)
                    .await?
            }
        };
        Ok(rows.len())
    }
}
