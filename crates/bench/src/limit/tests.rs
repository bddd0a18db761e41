//! The load, the limit and the count, together on both databases: what is acknowledged is stored.

use super::Limit;
use crate::account::Account;
use crate::child::free_address;
use crate::clock::now_ms;
use crate::cluster::Cluster;
use crate::load::{Load, Outcome, run};
use crate::pushes::{Pushes, Writers};
use crate::seed;
use crate::wire::Wire;
use anyhow::{Result, ensure};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

const CONTACTS: u32 = 20;

fn account() -> Account {
    Account {
        token: "BenchToken".to_owned(),
        callback_path: "/callback/wechat/key".to_owned(),
        original_id: "gh_bench".to_owned(),
        channel_id: 1,
        department_id: 1,
    }
}

async fn serve(url: &str) -> Result<SocketAddr> {
    let (addr, account) = (free_address()?, account());
    let limit = Limit {
        database: url.to_owned(),
        listen: addr,
        token: account.token,
        path: account.callback_path,
        channel: account.channel_id,
        department: account.department_id,
    };
    tokio::spawn(limit.run());
    for _ in 0..500 {
        if Wire::connect(addr).await.is_ok() {
            return Ok(addr);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    anyhow::bail!("the limit did not start")
}

async fn push(addr: SocketAddr, writers: Writers) -> Result<Outcome> {
    let (warm_up, measured) = (Duration::ZERO, Duration::from_millis(300));
    run(&Load {
        addr,
        account: account(),
        writers,
        connections: 8,
        warm_up,
        measured,
    })
    .await
}

async fn stores_what_it_acknowledges(url: &str, writers: Writers) -> Result<()> {
    seed::contacts(url, &account(), i64::from(CONTACTS), now_ms()).await?;
    let outcome = push(serve(url).await?, writers).await?;
    ensure!(
        outcome.unclear == 0 && outcome.acknowledged.len() > 8,
        "{outcome:?}"
    );
    seed::check(url, &account(), &outcome.acknowledged, 0).await?;
    let mut lost = outcome.acknowledged;
    lost.push(u64::from(u32::MAX));
    ensure!(
        seed::check(url, &account(), &lost, 0).await.is_err(),
        "a lost message was not noticed"
    );
    ensure!(
        seed::check(url, &account(), &lost[..4], 0).await.is_err(),
        "a surplus message was not noticed"
    );
    Ok(())
}

async fn new_sqlite(dir: &Path) -> Result<String> {
    let path = dir.join("kefu.db");
    let file = SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&file).await?;
    connection
        .execute(include_str!(
            "../../../kefu/src/db/migrations/sqlite/0001_initial.sql"
        ))
        .await?;
    connection.close().await?;
    Ok(format!("sqlite:{}", path.display()))
}

async fn on_sqlite(writers: Writers) -> Result<()> {
    let dir = tempfile::tempdir()?;
    stores_what_it_acknowledges(&new_sqlite(dir.path()).await?, writers).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_stores_known_contacts_on_sqlite() -> Result<()> {
    on_sqlite(Writers::Known(u64::from(CONTACTS))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_stores_first_contacts_on_sqlite() -> Result<()> {
    on_sqlite(Writers::First).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_stores_known_and_first_contacts_on_postgres() -> Result<()> {
    let dir = tempfile::tempdir()?;
    std::fs::set_permissions(dir.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    let cluster = Cluster::start(None, dir.path()).await?;
    for (database, writers) in [
        ("known", Writers::Known(u64::from(CONTACTS))),
        ("first", Writers::First),
    ] {
        let mut connection = cluster.connect().await?;
        let mut create = sqlx::QueryBuilder::<sqlx::Postgres>::new("CREATE DATABASE ");
        create.push(database).build().execute(&mut connection).await?;
        let url = cluster.url(database);
        let mut connection = PgConnection::connect(&url).await?;
        connection
            .execute(include_str!(
                "../../../kefu/src/db/migrations/postgres/0001_initial.sql"
            ))
            .await?;
        stores_what_it_acknowledges(&url, writers).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_with_a_wrong_signature_is_refused() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let addr = serve(&new_sqlite(dir.path()).await?).await?;
    let forged = Account {
        token: "Other".to_owned(),
        ..account()
    };
    let mut pushes = Pushes::new(forged, addr, Writers::First, 1);
    assert_eq!(
        Wire::connect(addr)
            .await?
            .exchange(pushes.request(1))
            .await?
            .status,
        403
    );
    Ok(())
}
