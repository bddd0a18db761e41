//! Databases of a run: one template per kind, set up once, and a fresh copy for every turn.

use crate::account::Account;
use crate::clock::now_ms;
use crate::cluster::Cluster;
use crate::kefu::{Kefu, Place};
use crate::seed;
use anyhow::{Context, Result, ensure};
use sqlx::{Connection, Executor, QueryBuilder};
use std::cell::Cell;
use std::fmt;
use std::path::{Path, PathBuf};

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        })
    }
}

/// The desk every turn starts from.
#[derive(Debug)]
pub(crate) struct Desks<'c> {
    pub(crate) account: Account,
    pub(crate) kefu: Kefu,
    dir: PathBuf,
    cluster: Option<&'c Cluster>,
    template: Place,
    made: Cell<u32>,
}

impl<'c> Desks<'c> {
    /// Sets the template up through Kefu itself and adds known contacts. SQLite when there is no cluster.
    pub(crate) async fn new(
        kefu: &Kefu,
        cluster: Option<&'c Cluster>,
        dir: &Path,
        contacts: u32,
    ) -> Result<Self> {
        let name = format!("template_{contacts}");
        let template = place(cluster, dir, &name);
        make_place(cluster, &template, &name, None).await?;
        let account = kefu.set_up(&template, &dir.join("set-up.log")).await?;
        seed::contacts(&template.database, &account, i64::from(contacts), now_ms()).await?;
        if cluster.is_some() {
            let mut connection = sqlx::PgConnection::connect(&template.database).await?;
            connection.execute("VACUUM ANALYZE").await?;
            connection.close().await?;
        }
        let (kefu, dir) = (kefu.clone(), dir.to_owned());
        Ok(Self {
            account,
            kefu,
            dir,
            cluster,
            template,
            made: Cell::new(0),
        })
    }

    /// Processor time of the databases so far, in microseconds; SQLite's is that of whoever uses it.
    pub(crate) fn database_us(&self) -> Result<f64> {
        self.cluster.map_or(Ok(0.0), Cluster::processor_us)
    }

    /// A copy of the template that nobody has used.
    pub(crate) async fn fresh(&self) -> Result<Desk<'_>> {
        self.made.set(self.made.get() + 1);
        let name = format!("desk_{}", self.made.get());
        let place = place(self.cluster, &self.dir, &name);
        make_place(self.cluster, &place, &name, Some(&self.template)).await?;
        let log = self.dir.join(format!("{name}.log"));
        Ok(Desk {
            place,
            log,
            name,
            desks: self,
        })
    }
}

/// A copy of the template.
#[derive(Debug)]
pub(crate) struct Desk<'d> {
    pub(crate) place: Place,
    /// Where its servers write their logs.
    pub(crate) log: PathBuf,
    name: String,
    desks: &'d Desks<'d>,
}

impl Desk<'_> {
    /// Frees its space.
    pub(crate) async fn remove(self) -> Result<()> {
        std::fs::remove_dir_all(&self.place.data_dir)?;
        if let Some(cluster) = self.desks.cluster {
            let mut connection = cluster.connect().await?;
            let mut drop_it = QueryBuilder::<sqlx::Postgres>::new("DROP DATABASE ");
            drop_it
                .push(&self.name)
                .push(" WITH (FORCE)")
                .build()
                .execute(&mut connection)
                .await?;
            connection.close().await?;
        }
        Ok(())
    }
}

fn place(cluster: Option<&Cluster>, dir: &Path, name: &str) -> Place {
    let data_dir = dir.join(name);
    let database = match cluster {
        Some(cluster) => cluster.url(name),
        None => format!("sqlite:{}", data_dir.join("kefu.db").display()),
    };
    Place { data_dir, database }
}

async fn make_place(
    cluster: Option<&Cluster>,
    place: &Place,
    name: &str,
    from: Option<&Place>,
) -> Result<()> {
    std::fs::create_dir(&place.data_dir)?;
    match (cluster, from) {
        (Some(cluster), from) => {
            let mut connection = cluster.connect().await?;
            let mut create = QueryBuilder::<sqlx::Postgres>::new("CREATE DATABASE ");
            create.push(name);
            if let Some(from) = from {
                let template = from.data_dir.file_name().and_then(|name| name.to_str());
                create
                    .push(" TEMPLATE ")
                    .push(template.context("a template without a name")?);
            }
            create.build().execute(&mut connection).await?;
            // What the copy left behind is not the next program's work.
            connection.execute("CHECKPOINT").await?;
            connection.close().await?;
        }
        (None, Some(from)) => copy_file(&from.data_dir, &place.data_dir)?,
        (None, None) => {}
    }
    Ok(())
}

/// The database is one file once its last connection was closed.
fn copy_file(from: &Path, to: &Path) -> Result<()> {
    ensure!(!from.join("kefu.db-wal").exists(), "the template is still open");
    let copy = to.join("kefu.db");
    std::fs::copy(from.join("kefu.db"), &copy)?;
    std::fs::File::open(copy)?.sync_all()?;
    // The search index of a desk that has run: without it every turn would begin with making one.
    if from.join("search.db").exists() {
        std::fs::copy(from.join("search.db"), to.join("search.db"))?;
    }
    Ok(())
}
