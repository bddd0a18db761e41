//! The list of figures, and their order: those that share a database template are measured together.

use crate::cluster::Cluster;
use crate::consoles;
use crate::desk_figures;
use crate::desks::{Desks, Kind};
use crate::first_load;
use crate::ingest::{self, Case, Effort};
use crate::kefu::Kefu;
use crate::pages::{self, Page};
use crate::pushes::Writers;
use crate::report::{Figure, complain};
use crate::search;
use anyhow::{Result, ensure};
use std::path::Path;

/// Known contacts of every figure that does not say otherwise.
const CONTACTS: u32 = 10_000;
/// The larger inboxes.
const MANY_CONTACTS: u32 = 100_000;
const A_MILLION: u32 = 1_000_000;
/// Messages of long threads.
const LONG_THREADS: [(&str, i64); 2] = [("10k", 10_000), ("100k", 100_000)];
/// Browsers that follow.
const CONSOLES: usize = 1000;

/// What is measured.
#[derive(Debug, Clone, Copy)]
enum What {
    Ingest(Case),
    Start,
    MemoryIdle,
    MemoryConsoles,
    Fairness,
    Fanout,
    FirstLoad,
    Page(Page),
    Search,
}

/// A figure of the contract.
#[derive(Debug, Clone)]
struct Planned {
    name: String,
    kind: Kind,
    contacts: u32,
    what: What,
}

fn all() -> Vec<Planned> {
    [Kind::Sqlite, Kind::Postgres]
        .into_iter()
        .flat_map(figures_on)
        .collect()
}

fn figures_on(kind: Kind) -> Vec<Planned> {
    let planned = |name: String, contacts, what| Planned {
        name,
        kind,
        contacts,
        what,
    };
    let known = Writers::Known(u64::from(CONTACTS));
    let mut list: Vec<Planned> = [1, 16, 64, 256]
        .into_iter()
        .map(|connections| {
            let case = Case {
                connections,
                writers: known,
            };
            planned(
                format!("ingest/{kind}/c{connections}"),
                CONTACTS,
                What::Ingest(case),
            )
        })
        .collect();
    let first = Case {
        connections: 64,
        writers: Writers::First,
    };
    list.push(planned(
        format!("ingest/{kind}/c64/first"),
        CONTACTS,
        What::Ingest(first),
    ));
    list.push(planned(format!("fairness/{kind}"), CONTACTS, What::Fairness));
    list.push(planned(format!("start/{kind}"), CONTACTS, What::Start));
    if kind == Kind::Sqlite {
        list.push(planned("memory/idle".to_owned(), CONTACTS, What::MemoryIdle));
        list.push(planned(
            format!("memory/{CONSOLES}_consoles"),
            CONTACTS,
            What::MemoryConsoles,
        ));
        list.push(planned(format!("fanout/{CONSOLES}"), CONTACTS, What::Fanout));
        let console = "console/first_load_gzip".to_owned();
        list.push(planned(console, CONTACTS, What::FirstLoad));
    }
    for (name, messages) in LONG_THREADS {
        let page = What::Page(Page::Thread(messages));
        list.push(planned(format!("thread_page/{kind}/{name}"), CONTACTS, page));
    }
    list.push(planned(format!("search/{kind}"), CONTACTS, What::Search));
    for (name, contacts) in [("10k", CONTACTS), ("100k", MANY_CONTACTS), ("1m", A_MILLION)] {
        let page = What::Page(Page::Inbox);
        list.push(planned(format!("inbox_page/{kind}/{name}"), contacts, page));
    }
    list
}

/// Whether `name` is `prefix` or below it: `ingest/sqlite/c1` does not mean `ingest/sqlite/c16`.
fn is_below(name: &str, prefix: &str) -> bool {
    let prefix = prefix.trim_end_matches('/');
    name.strip_prefix(prefix)
        .is_some_and(|rest| prefix.is_empty() || rest.is_empty() || rest.starts_with('/'))
}

/// Measures every figure at or below `only`.
pub(crate) async fn run(
    kefu: &Kefu,
    only: &str,
    effort: Effort,
    postgres_bin: Option<&Path>,
    dir: &Path,
) -> Result<Vec<Figure>> {
    let chosen: Vec<Planned> = all()
        .into_iter()
        .filter(|planned| is_below(&planned.name, only))
        .collect();
    ensure!(!chosen.is_empty(), "no figure is called `{only}`");
    let cluster = match chosen.iter().any(|planned| planned.kind == Kind::Postgres) {
        true => Some(Cluster::start(postgres_bin, dir).await?),
        false => None,
    };
    let mut figures = Vec::new();
    for group in chosen.chunk_by(|a, b| a.kind == b.kind && a.contacts == b.contacts) {
        let Planned { kind, contacts, .. } = group[0];
        let dir = dir.join(format!("{kind}_{contacts}"));
        std::fs::create_dir(&dir)?;
        let cluster = cluster.as_ref().filter(|_| kind == Kind::Postgres);
        let desks = Desks::new(kefu, cluster, &dir, contacts).await?;
        for planned in group {
            complain(&planned.name);
            figures.push(measure(planned, &desks, effort).await?);
        }
    }
    Ok(figures)
}

async fn measure(planned: &Planned, desks: &Desks<'_>, effort: Effort) -> Result<Figure> {
    let name = &planned.name;
    match planned.what {
        What::Ingest(case) => ingest::figure(name, desks, case, effort).await,
        What::Start => desk_figures::start(name, desks, effort).await,
        What::MemoryIdle => desk_figures::memory_idle(name, desks, effort).await,
        What::MemoryConsoles => consoles::memory(name, desks, CONSOLES, effort).await,
        What::Fanout => consoles::fanout(name, desks, CONSOLES, effort).await,
        What::FirstLoad => first_load::figure(name, desks).await,
        What::Fairness => desk_figures::fairness(name, desks, planned.contacts, effort).await,
        What::Page(page) => pages::figure(name, desks, page, effort).await,
        What::Search => search::figure(name, desks, effort).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_means_whole_words() {
        assert!(is_below("ingest/sqlite/c16", "ingest/sqlite"));
        assert!(is_below("ingest/sqlite/c64/first", "ingest/sqlite/c64"));
        assert!(!is_below("ingest/sqlite/c16", "ingest/sqlite/c1"));
        assert!(is_below("memory/idle", ""));
    }

    #[test]
    fn every_figure_has_a_name_of_its_own() {
        let mut names: Vec<String> = all().into_iter().map(|planned| planned.name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
