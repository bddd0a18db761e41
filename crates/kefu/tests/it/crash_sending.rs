//! The desk is killed while replies leave: none leaves twice, none is stuck, and what is not known is said.

use crate::harness::{ADMIN, Api, PASSWORD, Phone, Process, TOKEN, eventually, loopback, provider};
use crate::harness::{AES_KEY, Channel};
use serde_json::{Value, json};
use wechat_sim::{Sim, SimOptions};

const CONTACTS: usize = 6;
const REPLIES: usize = 3;

/// A channel of the process and its simulated account.
pub async fn channel(api: &Api, control: &Api, base: &str) -> Channel {
    let department = api
        .post("/departments", json!({"name": "Support"}))
        .await
        .created()["id"]
        .clone();
    let (app_id, original_id, secret) = (
        "wx0123456789abcdef",
        "gh_0123456789ab",
        "0123456789abcdef0123456789abcdef",
    );
    let body = json!({
        "kind": "wechat", "name": "Sending", "account_kind": "service", "original_id": original_id, "app_id": app_id,
        "app_secret": secret, "token": TOKEN, "encoding_aes_key": AES_KEY, "department_ids": [department],
    });
    let made = api.post("/channels", body).await.created();
    let url = made["callback_url"].as_str().expect("callback_url");
    let callback_url = format!("{base}{}", &url[url.find("/callback/").expect("a path")..]);
    let account = json!({
        "app_id": app_id, "secret": secret, "original_id": original_id, "token": TOKEN, "encoding_aes_key": AES_KEY,
        "encryption_mode": "plain", "callback_url": callback_url, "account_kind": "service", "verified": true,
        "region": "mainland_china", "ip_whitelist": [], "reply_profile": "documented",
    });
    control.post("/accounts", account).await.created();
    let id = made["id"].as_str().expect("id").to_owned();
    Channel {
        id,
        app_id: app_id.to_owned(),
        original_id: original_id.to_owned(),
        callback_url,
    }
}

async fn outbound(api: &Api, conversation: &str) -> Vec<Value> {
    let page = api
        .get(&format!("/conversations/{conversation}/messages?limit=200"))
        .await
        .ok();
    let items = page["items"].as_array().expect("items").clone();
    items.into_iter().filter(|m| m["direction"] == "out").collect()
}

#[tokio::test]
async fn killed_while_sending_no_reply_leaves_twice_and_none_is_stuck() {
    provider();
    let dir = tempfile::tempdir().expect("a folder");
    let sim = Sim::start(SimOptions {
        listen: loopback(),
        data_dir: None,
        not_before_ms: None,
    })
    .await
    .expect("the simulator");
    let control = Api::new(&format!("{}/sim/v1", sim.url().trim_end_matches('/')));
    let mut process = Process::start(dir.path(), &sim.url()).await;
    let api = Api::signed_in(&process.base, ADMIN, PASSWORD).await;
    let channel = channel(&api, &control, &process.base).await;

    let mut phones = Vec::new();
    for n in 0..CONTACTS {
        let phone = Phone::follow(&control, &channel).await;
        phone.says(&format!("hello {n}")).await;
        phones.push(phone);
    }
    let page = api.get("/conversations?view=all&limit=200").await.ok();
    let id_of = |n: usize| {
        let mine = |c: &&Value| c["last_message"]["text"] == format!("hello {n}");
        let found = page["items"]
            .as_array()
            .expect("items")
            .iter()
            .find(mine)
            .expect("the conversation");
        found["id"].as_str().expect("id").to_owned()
    };
    let ids: Vec<String> = (0..CONTACTS).map(id_of).collect();

    // The platform is slow, so the kill finds requests that were written and not answered.
    let slow = json!({"on": "api", "path": "/cgi-bin/message/custom/send", "times": -1, "delay_ms": 700});
    control.post("/faults", slow).await.created();
    for id in &ids {
        api.post(&format!("/conversations/{id}/pick-up"), json!({}))
            .await
            .ok();
        for reply in 0..REPLIES {
            let body =
                json!({"client_id": format!("r{reply}"), "kind": "text", "text": format!("reply {reply}")});
            api.post(&format!("/conversations/{id}/messages"), body)
                .await
                .accepted();
        }
    }
    eventually("something is being sent", || async {
        let found = outbound(&api, &ids[0]).await;
        if found.iter().any(|m| m["state"] == "sending") {
            Ok(())
        } else {
            Err(format!("{found:?}"))
        }
    })
    .await;
    process.kill();
    assert_eq!(control.delete("/faults").await.status.as_u16() / 100, 2);
    process.again().await;

    for (id, phone) in ids.iter().zip(&phones) {
        let settled = eventually("every reply is settled", || async {
            let found = outbound(&api, id).await;
            let done = |m: &Value| m["state"] == "sent" || m["state"] == "unknown";
            if found.len() == REPLIES && found.iter().all(done) {
                Ok(found)
            } else {
                Err(format!("{found:?}"))
            }
        })
        .await;
        let received = phone.received().await;
        for message in &settled {
            let text = message["text"].as_str().expect("text");
            let times = received.iter().filter(|r| *r == text).count();
            let right = if message["state"] == "sent" {
                times == 1
            } else {
                times <= 1
            };
            assert!(
                right,
                "{text} is {} and was received {times} times: {received:?}",
                message["state"]
            );
        }
        // The platform may still carry out late what was written before the kill: only what is known keeps its order.
        let sent = |text: &&String| {
            settled
                .iter()
                .any(|m| m["state"] == "sent" && m["text"] == text.as_str())
        };
        let known: Vec<&String> = received.iter().filter(sent).collect();
        assert!(known.is_sorted(), "{received:?}");
    }
    sim.shutdown().await;
}
