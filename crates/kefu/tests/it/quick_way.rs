//! How many pushes took PostgreSQL's quick way is counted (`docs/decisions/0008`). A process of its own: figures are the
//! process's, and other tests push too.

use crate::crash_sending::channel;
use crate::harness::{ADMIN, Api, PASSWORD, Phone, Process, loopback, provider};
use serde_json::json;
use wechat_sim::{Sim, SimOptions};

/// The figure of one way; 0 while it was never counted.
async fn counted(base: &str, way: &str) -> u64 {
    let metrics = Api::new(base).get("/metrics").await;
    assert_eq!(metrics.status, 200);
    let name = format!("kefu_postgres_pushes_total{{way=\"{way}\"}} ");
    let line = metrics.text.lines().find_map(|line| line.strip_prefix(&name));
    line.map_or(0, |value| value.parse().expect("a number"))
}

#[tokio::test]
async fn each_push_is_counted_under_the_way_it_took() {
    provider();
    let dir = tempfile::tempdir().expect("a folder");
    let options = SimOptions {
        listen: loopback(),
        data_dir: None,
        not_before_ms: None,
    };
    let sim = Sim::start(options).await.expect("the simulator");
    let control = Api::new(&format!("{}/sim/v1", sim.url().trim_end_matches('/')));
    let process = Process::start(dir.path(), &sim.url()).await;
    let api = Api::signed_in(&process.base, ADMIN, PASSWORD).await;
    let channel = channel(&api, &control, &process.base).await;
    let phone = Phone::follow(&control, &channel).await;
    let ways = async || {
        (
            counted(&process.base, "quick").await,
            counted(&process.base, "locks").await + counted(&process.base, "first").await,
        )
    };
    // The first makes the contact, its conversation and its ticket; the second finds an open one and is remembered.
    phone.says("one").await;
    phone.says("two").await;
    let (quick, locks) = ways().await;
    if std::env::var("TEST_DATABASE_URL").is_err() {
        assert_eq!((quick, locks), (0, 0), "SQLite has one way");
        sim.shutdown().await;
        return;
    }
    assert!(quick + locks >= 2, "each push is counted: {quick} and {locks}");
    // A database that is slow for a moment costs the memory, so that a few may go the way with locks in between.
    for n in 0..30 {
        phone.says(&format!("more {n}")).await;
        if ways().await.0 >= quick + 5 {
            break;
        }
    }
    let (quick, locks) = ways().await;
    assert!(quick >= 5, "conversations are remembered: {quick} and {locks}");
    // An agent's hand changes the row: the next push goes the way with locks.
    let page = api.get("/conversations?view=all").await.ok();
    let id = page["items"][0]["id"].as_str().expect("id").to_owned();
    api.post(&format!("/conversations/{id}/pick-up"), json!({}))
        .await
        .ok();
    phone.says("after the pick-up").await;
    let (still, more) = ways().await;
    assert!(
        still == quick && more > locks,
        "{still} and {more}, after {quick} and {locks}"
    );
    sim.shutdown().await;
}
