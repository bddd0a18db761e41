//! Follows a simulator's clock, so that "49 hours later" there is 49 hours later here. Never with the real platform.

use crate::clock::Clock;
use serde::Deserialize;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use url::Url;

/// The first answer must come within this time.
const FIRST: Duration = Duration::from_secs(5);
/// Longer than the simulator holds a question.
const TIMEOUT: Duration = Duration::from_secs(40);
const PAUSE: Duration = Duration::from_millis(200);

#[derive(Debug, Deserialize)]
struct Answer {
    offset_ms: i64,
    version: u64,
}

/// Sets the clock once and then keeps following until the desk stops.
pub(crate) async fn start(url: Url, clock: Clock, stopping: CancellationToken) -> Result<(), ()> {
    let client = reqwest::Client::builder()
        .timeout(TIMEOUT)
        .build()
        .map_err(|_| ())?;
    let first = tokio::time::timeout(FIRST, ask(&client, &url, None))
        .await
        .map_err(|_| ())?
        .ok_or(())?;
    clock.set_offset_ms(first.offset_ms);
    tokio::spawn(async move {
        tokio::select! {
            () = stopping.cancelled() => {}
            () = follow(client, url, clock, first.version) => {}
        }
    });
    Ok(())
}

async fn follow(client: reqwest::Client, url: Url, clock: Clock, mut version: u64) {
    loop {
        match ask(&client, &url, Some(version)).await {
            Some(answer) => {
                clock.set_offset_ms(answer.offset_ms);
                version = answer.version;
            }
            None => tokio::time::sleep(PAUSE).await,
        }
    }
}

async fn ask(client: &reqwest::Client, url: &Url, after: Option<u64>) -> Option<Answer> {
    let mut url = url.clone();
    if let Some(version) = after {
        url.query_pairs_mut().append_pair("after", &version.to_string());
    }
    client
        .get(url)
        .send()
        .await
        .ok()?
        .error_for_status()
        .ok()?
        .json()
        .await
        .ok()
}
