//! The desk is killed between any two steps of the monthly route: the message arrives once, its place is counted once,
//! and no tag is left at WeChat.

use crate::crash_sending::channel;
use crate::harness::{ADMIN, Api, PASSWORD, Phone, Process, eventually, loopback, provider};
use serde_json::{Value, json};
use wechat_sim::{Sim, SimOptions};

const CREATE: &str = "/cgi-bin/tags/create";
const DELETE: &str = "/cgi-bin/tags/delete";
const SEND_ALL: &str = "/cgi-bin/message/mass/sendall";
const UPLOAD: &str = "/cgi-bin/media/upload";
const MAKE_VIDEO: &str = "/cgi-bin/media/uploadvideo";

/// Where it is killed: while WeChat is slow to answer this call, or after it has acted and the answer is lost.
const POINTS: [(&str, &str); 8] = [
    (CREATE, "slow"),
    (CREATE, "acted"),
    ("/cgi-bin/tags/members/batchtagging", "acted"),
    ("/cgi-bin/user/tag/get", "slow"),
    (SEND_ALL, "slow"),
    (SEND_ALL, "acted"),
    ("/cgi-bin/message/mass/get", "slow"),
    (DELETE, "slow"),
];

/// The steps that only a video has, and the request that delivers it.
const POINTS_OF_A_VIDEO: [(&str, &str); 6] = [
    (UPLOAD, "slow"),
    (UPLOAD, "acted"),
    (MAKE_VIDEO, "slow"),
    (MAKE_VIDEO, "acted"),
    (SEND_ALL, "slow"),
    (SEND_ALL, "acted"),
];

fn fault(path: &str, how: &str) -> Value {
    match how {
        "slow" => json!({"on": "api", "path": path, "times": 1, "delay_ms": 4000}),
        _ => json!({"on": "api", "path": path, "times": 1, "cut": "after"}),
    }
}

/// Who wrote 49 hours ago: the window is closed by every clock.
async fn wrote_long_ago(control: &Api, channel: &crate::harness::Channel, text: &str) -> Phone {
    let phone = Phone::follow(control, channel).await;
    let at = kefu::clock::Clock::new().wall().0 / 1000 - 49 * 3600;
    let message = json!({"type": "text", "content": text, "create_time": at});
    phone.sends(message).await;
    phone
}

async fn conversation_of(api: &Api, text: &str) -> String {
    let page = api.get("/conversations?view=unassigned&limit=200").await.ok();
    let found = page["items"]
        .as_array()
        .expect("items")
        .iter()
        .find(|c| c["last_message"]["text"] == text);
    found.expect("the conversation")["id"]
        .as_str()
        .expect("id")
        .to_owned()
}

async fn took_effect(control: &Api, path: &str) -> usize {
    let page = control.get(&format!("/calls?path={path}")).await.ok();
    let calls = page["items"].as_array().expect("items").clone();
    calls.iter().filter(|call| call["took_effect"] == true).count()
}

#[tokio::test]
async fn killed_at_any_step_a_monthly_message_arrives_once_and_leaves_no_tag() {
    killed_at(&POINTS, "text").await;
}

#[tokio::test]
async fn killed_between_upload_conversion_and_request_a_monthly_video_arrives_once() {
    killed_at(&POINTS_OF_A_VIDEO, "video").await;
}

/// The message of this kind.
async fn body(api: &Api, kind: &str, number: usize) -> Value {
    if kind == "text" {
        return json!({"client_id": "m", "kind": "text", "text": format!("message {number}")});
    }
    let film = b"\0\0\0\x18ftypisom\0\0\0\0isommp42".to_vec();
    let uploaded = api
        .upload(reqwest::Method::POST, "/attachments", "a.mp4", film)
        .await;
    json!({"client_id": "m", "kind": kind, "attachment_id": uploaded.created()["id"]})
}

async fn killed_at(points: &[(&str, &str)], kind: &str) {
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
    // Without events, so that the end is asked for too.
    let account = format!("/accounts/{}", channel.app_id);
    control
        .patch(&account, json!({"mass_receipts": false}))
        .await
        .ok();

    for (number, (path, how)) in points.iter().enumerate() {
        let point = format!("{path} {how}");
        let phone = wrote_long_ago(&control, &channel, &point).await;
        let id = conversation_of(&api, &point).await;
        api.post(&format!("/conversations/{id}/pick-up"), json!({}))
            .await
            .ok();
        control.post("/faults", fault(path, how)).await.created();
        let body = body(&api, kind, number).await;
        let sent = api
            .post(&format!("/conversations/{id}/messages"), body)
            .await
            .accepted();
        assert_eq!(sent["data"]["route"], "monthly", "{point}");
        eventually(&format!("{point} is reached"), || async {
            let left = control.get("/faults").await.ok()["items"].clone();
            if left == json!([]) {
                Ok(())
            } else {
                Err(left.to_string())
            }
        })
        .await;
        process.kill();
        process.again().await;
        eventually(&format!("{point}: it is sent"), || async {
            let page = api
                .get(&format!("/conversations/{id}/messages?limit=200"))
                .await
                .ok();
            let last = page["items"].as_array().expect("items").last().cloned();
            let last = last.expect("a message");
            if last["state"] == "sent" {
                Ok(())
            } else {
                Err(last.to_string())
            }
        })
        .await;
        let shown = phone.timeline().await;
        let received: Vec<&Value> = shown
            .iter()
            .filter(|line| line["direction"] == "received")
            .collect();
        assert_eq!(received.len(), 1, "{point}: {received:?}");
        assert_eq!(received[0]["type"], kind, "{point}");
        let reply = api.get(&format!("/conversations/{id}")).await.ok()["reply"].clone();
        assert_eq!(reply["remaining"], 3, "{point}");
    }
    eventually("no tag is left", || async {
        let made = took_effect(&control, CREATE).await;
        let gone = took_effect(&control, DELETE).await;
        if made == gone {
            Ok(())
        } else {
            Err(format!("{made} made, {gone} removed"))
        }
    })
    .await;
    assert_eq!(took_effect(&control, SEND_ALL).await, points.len());
    sim.shutdown().await;
}
