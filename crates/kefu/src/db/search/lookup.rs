//! Looking something up: proposals of the index, the newest first, compared with what is there and may be seen.
//!
//! How much one request looks at is bounded: by ranges of ids, which grow while little is found in them, by the number of
//! proposals, and by time. Where a bound was met the answer says where to go on.

use super::found::{self, FoundRow, Narrowed};
use super::{Conn, Result, Search, table};
use crate::domain::agent::Viewer;
use crate::domain::search::document::SearchKind;
use crate::domain::search::matching::{self, Excerpt};
use crate::domain::search::query::{Query, Token};
use std::time::Duration;
use tokio::time::Instant;

/// Proposals asked for at once.
const AT_ONCE: usize = 200;
/// Most proposals that one request compares.
const PROPOSALS: usize = 4_000;
/// Longest time of one request.
const TIME: Duration = Duration::from_millis(1_500);
/// So many of the newest messages are compared one by one when only single characters are asked for.
const ONE_BY_ONE: i64 = 2_000;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    pub query: &'a Query,
    pub kind: SearchKind,
    pub narrowed: Narrowed,
    /// Only older than this id.
    pub below: i64,
    pub limit: usize,
}

/// Something that was found, and where in it.
#[derive(Debug, Clone)]
pub struct Hit {
    pub row: FoundRow,
    pub excerpt: Excerpt,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Hits {
    /// The newest first.
    pub hits: Vec<Hit>,
    /// Where to go on: below this id. `None`: nowhere.
    pub next: Option<i64>,
}

impl Search {
    /// The newest hits below an id.
    pub async fn lookup(&self, viewer: &Viewer, asked: &Asked<'_>) -> Result<Hits> {
        let newest = found::newest(&mut self.db.read().await?, asked.kind).await?;
        let mut walk = Walk {
            search: self,
            viewer,
            asked,
            tokens: asked.query.tokens(),
            below: asked.below.min(newest + 1),
            window: table::RANGE,
            compared: 0,
            until: Instant::now() + TIME,
            hits: Vec::new(),
        };
        if asked.query.is_weak() && asked.kind == SearchKind::Message {
            walk.one_by_one().await?;
        }
        while walk.goes_on() {
            walk.step().await?;
        }
        Ok(walk.end())
    }
}

impl Search {
    /// The ticket with exactly this number.
    pub async fn ticket(&self, viewer: &Viewer, asked: &Asked<'_>, number: i64) -> Result<Hits> {
        let mut conn = self.db.read().await?;
        let rows = found::those(&mut conn, viewer, SearchKind::Ticket, &[number], asked.narrowed).await?;
        let hits = rows.into_iter().filter(|row| row.id < asked.below);
        let found = hits.filter_map(|row| {
            let excerpt = matching::find(asked.query, &row.fields())?;
            Some(Hit { row, excerpt })
        });
        Ok(Hits {
            hits: found.collect(),
            next: None,
        })
    }
}

struct Walk<'a> {
    search: &'a Search,
    viewer: &'a Viewer,
    asked: &'a Asked<'a>,
    tokens: Vec<Token>,
    /// Everything from here on has been looked at.
    below: i64,
    window: i64,
    compared: usize,
    until: Instant,
    hits: Vec<Hit>,
}

impl Walk<'_> {
    /// One more than asked for shows that there are more.
    fn goes_on(&self) -> bool {
        self.below > 0
            && self.hits.len() <= self.asked.limit
            && self.compared < PROPOSALS
            && Instant::now() < self.until
    }

    async fn one_by_one(&mut self) -> Result<()> {
        let from = (self.below - ONE_BY_ONE).max(0);
        let mut conn = self.search.db.read().await?;
        let rows =
            found::messages_between(&mut conn, self.viewer, (from, self.below), self.asked.narrowed).await?;
        self.keep(rows);
        self.below = from;
        Ok(())
    }

    async fn step(&mut self) -> Result<()> {
        let from = (self.below - self.window) / table::RANGE * table::RANGE;
        let from = from.max(0);
        let mut conn = self.search.db.read().await?;
        let ids = self.proposals(&mut conn, from).await?;
        self.compared += ids.len();
        let rows = found::those(&mut conn, self.viewer, self.asked.kind, &ids, self.asked.narrowed).await?;
        drop(conn);
        self.keep(rows);
        match ids.last() {
            Some(last) if ids.len() == AT_ONCE => self.below = *last,
            // Little is found in this range: the next one is larger, and after some all the rest.
            _ => {
                self.below = from;
                self.window = if self.window >= table::RANGE * table::RANGES / 2 {
                    i64::MAX / 2
                } else {
                    self.window * 2
                };
            }
        }
        Ok(())
    }

    async fn proposals(&self, conn: &mut Conn, from: i64) -> Result<Vec<i64>> {
        let (kind, within, limit) = (self.asked.kind, (from, self.below), AT_ONCE as i64);
        match &self.search.file {
            Some(file) => file.candidates(kind, &self.tokens, within, limit).await,
            None => table::candidates(conn, kind, &self.tokens, within, limit).await,
        }
    }

    fn keep(&mut self, rows: Vec<FoundRow>) {
        for row in rows {
            if self.hits.len() > self.asked.limit {
                return;
            }
            if let Some(excerpt) = matching::find(self.asked.query, &row.fields()) {
                self.hits.push(Hit { row, excerpt });
            }
        }
    }

    fn end(mut self) -> Hits {
        let more = self.hits.len() > self.asked.limit;
        self.hits.truncate(self.asked.limit);
        let next = if more {
            self.hits.last().map(|hit| hit.row.id)
        } else {
            Some(self.below).filter(|below| *below > 0)
        };
        Hits {
            hits: self.hits,
            next,
        }
    }
}
