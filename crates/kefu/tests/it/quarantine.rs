//! After a restore the desk takes messages in and sends nothing, until somebody confirms. Whatever was queued when the
//! backup was made is unknown.

use crate::crash::channel;
use crate::harness::{ADMIN, Api, PASSWORD, Phone, Process, TOKEN, eventually, loopback, provider};
use serde_json::{Value, json};
use std::path::Path;
use wechat_sim::{Sim, SimOptions};

async fn simulator() -> Sim {
    provider();
    let options = SimOptions {
        listen: loopback(),
        data_dir: None,
        not_before_ms: None,
    };
    Sim::start(options).await.expect("the simulator")
}

async fn conversation(api: &Api) -> String {
    let page = api.get("/conversations?view=all").await.ok();
    page["items"][0]["id"]
        .as_str()
        .expect("a conversation")
        .to_owned()
}

async fn messages(api: &Api, conversation: &str) -> Vec<Value> {
    let page = api
        .get(&format!("/conversations/{conversation}/messages?limit=200"))
        .await
        .ok();
    page["items"].as_array().expect("items").clone()
}

/// The state and reason of the message with this text.
async fn state(api: &Api, conversation: &str, text: &str) -> (String, Value) {
    let all = messages(api, conversation).await;
    let found = all
        .iter()
        .find(|m| m["text"] == text)
        .unwrap_or_else(|| panic!("{all:?}"));
    (
        found["state"].as_str().expect("a state").to_owned(),
        found["reason"].clone(),
    )
}

async fn reply(api: &Api, conversation: &str, text: &str) {
    let body = json!({"client_id": text, "kind": "text", "text": text});
    api.post(&format!("/conversations/{conversation}/messages"), body)
        .await
        .accepted();
}

async fn arrives(phone: &Phone, text: &str) {
    eventually("it arrives", || async {
        let received = phone.received().await;
        if received.iter().any(|found| found == text) {
            Ok(())
        } else {
            Err(format!("{received:?}"))
        }
    })
    .await;
}

/// Backs up, stops the desk for good, and serves what was restored elsewhere.
async fn restored(source: &mut Process, dir: &Path, archive: &Path) -> Process {
    source.kill();
    let place = source.elsewhere(dir).await;
    let output = place.run(&["restore", &archive.to_string_lossy()]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.success() && said.contains("The desk is quarantined"),
        "{said}"
    );
    place.serve().await
}

#[tokio::test]
async fn a_restored_desk_takes_in_and_sends_nothing_until_somebody_confirms() {
    let sim = simulator().await;
    let dir = tempfile::tempdir().expect("a folder");
    let mut source = Process::start(&dir.path().join("data"), &sim.url()).await;
    let api = Api::signed_in(&source.base, ADMIN, PASSWORD).await;
    let channel = channel(&api, &source.base).await;
    let control = Api::new(&format!("{}/sim/v1", sim.url().trim_end_matches('/')));
    let account = json!({
        "app_id": channel.app_id, "secret": "0123456789abcdef", "original_id": channel.original_id, "token": TOKEN,
        "encryption_mode": "plain", "callback_url": channel.callback_url, "account_kind": "service", "verified": true,
        "region": "mainland_china", "ip_whitelist": [], "reply_profile": "documented",
    });
    control.post("/accounts", account).await.created();
    let phone = Phone::follow(&control, &channel).await;
    phone.says("你好").await;
    let cv = conversation(&api).await;
    api.post(&format!("/conversations/{cv}/pick-up"), json!({}))
        .await
        .ok();
    let answers = json!([{"id": 1, "occasion": "keyword", "keyword": "在", "match_rule": "contains", "kind": "text", "text": "We got it"}]);
    source.set_automation(&answers).await;
    // Busy without an end: the reply stays queued.
    let fault = json!({"on": "api", "path": "/cgi-bin/message/custom/send", "times": -1, "errcode": -1});
    control.post("/faults", fault).await;
    reply(&api, &cv, "queued at the backup").await;
    let archive = dir.path().join("backup.tar.gz");
    let output = source.run(&["backup", &archive.to_string_lossy()]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    if std::env::var("TEST_DATABASE_URL").is_err() {
        // The desk goes on, and sends it.
        control.delete("/faults").await;
        arrives(&phone, "queued at the backup").await;
    }
    let mut restored = restored(&mut source, &dir.path().join("restored"), &archive).await;
    control.delete("/faults").await;
    control.delete("/calls").await;
    let api = Api {
        base: format!("{}/api/v1", restored.base),
        ..api
    };

    assert_eq!(
        state(&api, &cv, "queued at the backup").await,
        ("unknown".to_owned(), json!("restored"))
    );
    let installation = api.get("/installation").await.ok();
    assert!(
        installation["quarantine"]["since"].is_string()
            && installation["quarantine"]["backup_made_at"].is_string()
    );
    let at = channel.callback_url.find("/callback/").expect("a path");
    let callback = format!("{}{}", restored.base, &channel.callback_url[at..]);
    control
        .patch(
            &format!("/accounts/{}", channel.app_id),
            json!({"callback_url": callback}),
        )
        .await
        .ok();
    let before = phone.received().await;
    assert_eq!(
        phone.says("还在吗").await["acknowledged"],
        true,
        "pushes are taken in"
    );
    reply(&api, &cv, "written in quarantine").await;
    api.post(&format!("/conversations/{cv}/typing"), json!({}))
        .await
        .refused(409, "quarantined");
    // A restart changes nothing.
    restored.kill();
    restored.again().await;
    assert_eq!(state(&api, &cv, "written in quarantine").await.0, "queued");
    assert_eq!(phone.received().await, before, "no reply and no automatic answer");
    assert_eq!(
        control.get("/calls").await.ok()["items"],
        json!([]),
        "WeChat was not asked for anything"
    );

    api.post("/installation/release", json!({})).await.ok();
    arrives(&phone, "written in quarantine").await;
    assert_eq!(api.get("/installation").await.ok()["quarantine"], Value::Null);
    api.post("/installation/release", json!({}))
        .await
        .refused(409, "not_quarantined");
    phone.says("在?").await;
    arrives(&phone, "We got it").await;
    let again = phone
        .received()
        .await
        .iter()
        .filter(|text| *text == "queued at the backup")
        .count();
    assert!(again <= 1, "it was not sent a second time");
    assert_eq!(state(&api, &cv, "queued at the backup").await.0, "unknown");
}

#[tokio::test]
async fn browsers_are_told_to_start_again_and_the_machine_can_confirm_too() {
    let sim = simulator().await;
    let dir = tempfile::tempdir().expect("a folder");
    let mut source = Process::start(&dir.path().join("data"), &sim.url()).await;
    let api = Api::signed_in(&source.base, ADMIN, PASSWORD).await;
    let hello = first_events(&api, None, 1).await;
    let archive = dir.path().join("backup.tar.gz");
    assert!(
        source
            .run(&["backup", &archive.to_string_lossy()])
            .status
            .success()
    );
    let restored = restored(&mut source, &dir.path().join("restored"), &archive).await;
    let api = Api {
        base: format!("{}/api/v1", restored.base),
        ..api
    };
    let id = hello
        .lines()
        .find_map(|line| line.strip_prefix("id:"))
        .expect("a place")
        .trim();
    let told = first_events(&api, Some(id), 2).await;
    assert!(
        told.contains("event: resync") || told.contains("event:resync"),
        "{told}"
    );

    let output = restored.run(&["admin", "release"]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(api.get("/installation").await.ok()["quarantine"], Value::Null);
    assert_eq!(restored.run(&["admin", "release"]).status.code(), Some(1));
}

/// The first things the stream of changes says.
async fn first_events(api: &Api, last: Option<&str>, count: usize) -> String {
    let cookie = api.cookie.clone().expect("a cookie");
    let mut request = api
        .client
        .get(format!("{}/events", api.base))
        .header("cookie", cookie);
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    let mut answer = request.send().await.expect("an answer");
    let mut text = String::new();
    while text.matches("\n\n").count() < count {
        let chunk = answer.chunk().await.expect("a chunk").expect("more");
        text.push_str(&String::from_utf8_lossy(&chunk));
    }
    text
}
