//! The desk is killed under load: whatever was acknowledged is there, once and in order.

use crate::harness::{ADMIN, Api, Channel, PASSWORD, Process, RawPush, TOKEN, loopback, provider};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use wechat_sim::{Sim, SimOptions};

const CONTACTS: u64 = 8;

type Acknowledged = Arc<Mutex<HashMap<u64, Vec<u64>>>>;

pub async fn channel(api: &Api, base: &str) -> Channel {
    let department = api
        .post("/departments", json!({"name": "Support"}))
        .await
        .created()["id"]
        .clone();
    let body = json!({
        "kind": "wechat", "name": "Load", "account_kind": "service", "original_id": "gh_0123456789ab", "app_id": "wx0123456789abcdef",
        "app_secret": "0123456789abcdef", "token": TOKEN, "department_ids": [department],
    });
    let made = api.post("/channels", body).await.created();
    let url = made["callback_url"].as_str().expect("callback_url");
    let path = &url[url.find("/callback/").expect("a path")..];
    Channel {
        id: made["id"].as_str().expect("id").to_owned(),
        app_id: "wx0123456789abcdef".to_owned(),
        original_id: "gh_0123456789ab".to_owned(),
        callback_url: format!("{base}{path}"),
    }
}

/// One contact writes without pause and repeats what was not acknowledged, as WeChat does.
async fn write(push: RawPush, contact: u64, stop: Arc<AtomicBool>, acknowledged: Acknowledged) {
    let client = reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(6))
        .build()
        .expect("a client");
    let mut number = 0;
    while !stop.load(Ordering::Relaxed) {
        let body = push.text(
            &format!("oLoad{contact}"),
            contact * 1_000_000 + number,
            &number.to_string(),
        );
        if push.try_post(&client, body).await {
            acknowledged
                .lock()
                .expect("no panic")
                .entry(contact)
                .or_default()
                .push(number);
            number += 1;
        } else {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn stored(api: &Api, conversation: &str) -> Vec<u64> {
    let mut all: Vec<Value> = Vec::new();
    loop {
        let after = all.last().map_or(0, |m| m["seq"].as_i64().expect("seq"));
        let page = api
            .get(&format!(
                "/conversations/{conversation}/messages?after={after}&limit=200"
            ))
            .await
            .ok();
        let items = page["items"].as_array().expect("items").clone();
        if items.is_empty() {
            return all
                .iter()
                .map(|m| m["text"].as_str().expect("text").parse().expect("a number"))
                .collect();
        }
        all.extend(items);
    }
}

#[tokio::test]
async fn killed_six_times_under_load_every_acknowledged_message_is_there_once_and_in_order() {
    provider();
    let dir = tempfile::tempdir().expect("a folder");
    let sim = Sim::start(SimOptions {
        listen: loopback(),
        data_dir: None,
        not_before_ms: None,
    })
    .await
    .expect("the simulator");
    let mut process = Process::start(dir.path(), &sim.url()).await;
    let api = Api::signed_in(&process.base, ADMIN, PASSWORD).await;
    let channel = channel(&api, &process.base).await;
    let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Acknowledged::default());
    let writers: Vec<_> = (0..CONTACTS)
        .map(|contact| {
            tokio::spawn(write(
                RawPush::to(&channel),
                contact,
                Arc::clone(&stop),
                Arc::clone(&acknowledged),
            ))
        })
        .collect();
    for kill in 1..=6_usize {
        // Killed in the middle of the load, at another moment each time.
        let count = || {
            acknowledged
                .lock()
                .expect("no panic")
                .values()
                .map(Vec::len)
                .sum::<usize>()
        };
        let before = count();
        while count() < before + 40 * kill {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        process.kill();
        process.again().await;
    }
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.expect("no panic");
    }
    let page = api.get("/conversations?view=all&limit=200").await.ok();
    let conversations = page["items"].as_array().expect("items");
    assert_eq!(conversations.len() as u64, CONTACTS);
    let acknowledged = acknowledged.lock().expect("no panic").clone();
    let mut total = 0;
    for conversation in conversations {
        let found = stored(&api, conversation["id"].as_str().expect("id")).await;
        // In order, without a gap and without a repetition; the last one may be stored and not acknowledged.
        assert_eq!(found, (0..found.len() as u64).collect::<Vec<_>>());
        total += found.len();
    }
    let promised: usize = acknowledged.values().map(Vec::len).sum();
    assert!(
        total >= promised && total <= promised + CONTACTS as usize,
        "{promised} acknowledged, {total} stored"
    );
    sim.shutdown().await;
}
