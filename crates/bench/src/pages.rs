//! `inbox_page/…` and `thread_page/…`: how long one page takes, asked for one after the other.

use crate::desks::Desks;
use crate::ingest::Effort;
use crate::report::{Figure, timed};
use crate::seed;
use crate::side::Side;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::time::Instant;

/// Entries of a page, as the console asks for them.
const PAGE: usize = 50;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Page {
    /// The newest conversations nobody has.
    Inbox,
    /// The end of a thread with so many messages.
    Thread(i64),
}

impl Page {
    fn path(self, side: Side, conversation: i64) -> String {
        match self {
            Self::Inbox => side
                .path("/api/v1/conversations?view=unassigned&limit=50", "/inbox")
                .to_owned(),
            Self::Thread(_) => match side {
                Side::Kefu => format!("/api/v1/conversations/cv_{conversation}/messages?limit={PAGE}"),
                Side::Limit => format!("/thread/{conversation}"),
            },
        }
    }

    /// Whether the answer is the page that was asked for.
    fn check(self, page: &Value) -> Result<()> {
        let items = page["items"].as_array().context("a page without items")?;
        ensure!(items.len() == PAGE, "the page has {} entries", items.len());
        if let Self::Thread(messages) = self {
            let last = items.last().and_then(|item| item["seq"].as_i64());
            ensure!(last == Some(messages), "the page ends with {last:?}");
        }
        Ok(())
    }
}

/// Measures one page, Kefu and the limit in turns.
pub(crate) async fn figure(name: &str, desks: &Desks<'_>, page: Page, effort: Effort) -> Result<Figure> {
    let (mut kefu, mut limit) = (Vec::new(), Vec::new());
    for _ in 0..effort.rounds {
        kefu.push(
            turn(desks, Side::Kefu, page, effort)
                .await
                .with_context(|| format!("{name}, Kefu"))?,
        );
        limit.push(
            turn(desks, Side::Limit, page, effort)
                .await
                .with_context(|| format!("{name}, limit"))?,
        );
    }
    Ok(timed(name, kefu, 50.0).beside(timed(name, limit, 50.0)))
}

async fn turn(desks: &Desks<'_>, side: Side, page: Page, effort: Effort) -> Result<Vec<u64>> {
    let desk = desks.fresh().await?;
    let conversation = match page {
        Page::Inbox => 0,
        Page::Thread(messages) => seed::thread(&desk.place.database, messages).await?,
    };
    let server = side.start(desks, &desk).await?;
    let mut reader = side.reader(&server).await?;
    let path = page.path(side, conversation);
    let (begin, mut micros) = (Instant::now(), Vec::new());
    while begin.elapsed() < effort.measured {
        let sent = Instant::now();
        let answer = reader.read(&path).await?;
        micros.push(u64::try_from(sent.elapsed().as_micros()).unwrap_or(u64::MAX));
        page.check(&answer)?;
    }
    drop(server);
    desk.remove().await?;
    Ok(micros)
}
