//! The clock: moved, followed by long poll and inside the process.
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::http::Method;
use serde_json::json;

use crate::platform::{Platform, eventually};

#[tokio::test]
async fn move_is_answered_after_the_follower_has_taken_it() {
    let platform = Platform::open(None).await;
    let taken = Arc::new(Mutex::new(0_i64));
    let follower = {
        let (taken, http, url) = (Arc::clone(&taken), platform.http.clone(), platform.sim.url());
        tokio::spawn(async move {
            let mut after = 0;
            loop {
                let asked = http.get(format!("{url}/sim/v1/clock?after={after}")).send().await;
                let reading: serde_json::Value = asked.expect("an answer").json().await.expect("JSON");
                after = reading["version"].as_i64().expect("a version");
                // A slow follower: the move must not be answered before this is over.
                tokio::time::sleep(Duration::from_millis(100)).await;
                *taken.lock().expect("no panic") = reading["offset_ms"].as_i64().expect("an offset");
            }
        })
    };
    eventually("the first reading", || async {
        platform.sim.clock().offset_ms() == *taken.lock().expect("no panic")
    })
    .await;
    for turn in 1..=3 {
        platform.advance(60).await;
        assert_eq!(*taken.lock().expect("no panic"), turn * 60_000);
    }
    follower.abort();
}

#[tokio::test]
async fn follower_that_went_away_is_forgotten_after_two_seconds() {
    let platform = Platform::open(None).await;
    platform.get("/clock?after=0").await;
    let begun = Instant::now();
    platform.advance(1).await;
    assert!(begun.elapsed() < Duration::from_secs(3));
    let begun = Instant::now();
    platform.advance(1).await;
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn follower_in_the_process_is_told_before_the_move_returns() {
    let platform = Platform::open(None).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    platform.sim.clock().on_change(Box::new(move |offset_ms| {
        heard.lock().expect("no panic").push(offset_ms)
    }));
    platform.sim.clock().advance(5000);
    platform.advance(10).await;
    assert_eq!(*told.lock().expect("no panic"), [0, 5000, 15_000]);
}

#[tokio::test]
async fn clock_never_goes_back_and_never_starts_behind_what_is_asked() {
    let platform = Platform::open(None).await;
    let refused = platform
        .control(Method::POST, "/clock", json!({"advance_seconds": -1}))
        .await;
    assert_eq!(refused["error"]["code"], "invalid_jump");
    let future = platform.sim.clock().now_ms() + 3_600_000;
    let options = wechat_sim::SimOptions {
        listen: "127.0.0.1:0".parse().expect("an address"),
        data_dir: None,
        not_before_ms: Some(future),
    };
    let later = wechat_sim::Sim::start(options).await.expect("it starts");
    assert!(later.clock().now_ms() >= future);
}
