//! Which kinds of messages an account can send: by region, and by what it has shown.

use crate::harness::{Api, Channel, Desk};
use kefu::db::capabilities::{self, CapabilityRow};
use kefu::domain::capability::{Capability, CapabilityState};
use kefu::domain::time::Time;
use reqwest::Method;
use serde_json::{Value, json};

const AMR: &[u8] = b"#!AMR\n\x7c\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
const MP4: &[u8] = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08mdat";

async fn rules(agent: &Api, channel: &Channel) -> Value {
    agent
        .get(&format!("/channels/{}/can-send", channel.id))
        .await
        .ok()
}

fn reason<'v>(rules: &'v Value, kind: &str) -> &'v Value {
    let kinds = rules["kinds"].as_array().expect("kinds");
    let found = kinds.iter().find(|one| one["kind"] == kind).expect(kind);
    assert_eq!(found["allowed"], found["reason"].is_null(), "{found}");
    &found["reason"]
}

async fn found(desk: &Desk, channel: &Channel, capability: Capability, state: CapabilityState) {
    let id = channel.id.parse().expect("an id");
    let row = CapabilityRow {
        capability,
        state,
        code: None,
        checked_at: Time(1),
    };
    let written = desk.inside().db.write::<_, kefu::db::Error, _>(move |tx| {
        Box::pin(async move { capabilities::put(tx, id, row).await })
    });
    written.await.expect("written");
}

async fn picked_up(desk: &Desk, channel: &Channel) -> (Api, String) {
    let agent = desk.agent(channel).await;
    desk.phone(channel).await.says("hello").await;
    let id = desk.conversation(&agent).await["id"]
        .as_str()
        .expect("id")
        .to_owned();
    agent
        .post(&format!("/conversations/{id}/pick-up"), json!({}))
        .await
        .ok();
    (agent, id)
}

async fn send(agent: &Api, conversation: &str, kind: &str, bytes: &[u8]) -> crate::harness::Answer {
    let file = agent
        .upload(Method::POST, "/attachments", "a", bytes.to_vec())
        .await
        .created();
    let body =
        json!({"client_id": format!("{kind}{}", file["id"]), "kind": kind, "attachment_id": file["id"]});
    agent
        .post(&format!("/conversations/{conversation}/messages"), body)
        .await
}

#[tokio::test]
async fn an_account_of_the_mainland_sends_every_kind() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let (agent, id) = picked_up(&desk, &channel).await;
    let rules = rules(&agent, &channel).await;
    for kind in ["text", "image", "voice", "video", "link", "miniprogram"] {
        assert_eq!(reason(&rules, kind), &Value::Null);
    }
    assert_eq!(
        rules["file_link"],
        json!({"limit_bytes": 52_428_800, "life_ms": 604_800_000, "reachable": false})
    );
    send(&agent, &id, "voice", AMR).await.accepted();
}

#[tokio::test]
async fn an_account_from_elsewhere_sends_no_voice_and_no_video_unless_it_has_shown_that_it_can() {
    let desk = Desk::start().await;
    let channel = desk.channel_with(json!({"region": "other"})).await;
    let (agent, id) = picked_up(&desk, &channel).await;
    let before = rules(&agent, &channel).await;
    assert_eq!(reason(&before, "voice"), "kind_region_other");
    assert_eq!(reason(&before, "video"), "kind_region_other");
    assert_eq!(reason(&before, "image"), &Value::Null);
    for (kind, bytes) in [("voice", AMR), ("video", MP4)] {
        let error = send(&agent, &id, kind, bytes)
            .await
            .refused(409, "kind_region_other");
        assert_eq!(error["kind"], kind);
    }
    found(&desk, &channel, Capability::VoiceSend, CapabilityState::Granted).await;
    let after = rules(&agent, &channel).await;
    assert_eq!(reason(&after, "voice"), &Value::Null);
    assert_eq!(reason(&after, "video"), "kind_region_other");
    send(&agent, &id, "voice", AMR).await.accepted();
}

#[tokio::test]
async fn what_wechat_has_refused_to_an_account_is_not_offered() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let (agent, id) = picked_up(&desk, &channel).await;
    found(&desk, &channel, Capability::VideoSend, CapabilityState::Denied).await;
    assert_eq!(
        reason(&rules(&agent, &channel).await, "video"),
        "kind_not_granted"
    );
    send(&agent, &id, "video", MP4)
        .await
        .refused(409, "kind_not_granted");
}

#[tokio::test]
async fn that_no_reply_at_all_is_possible_comes_before_the_kind() {
    let desk = Desk::start().await;
    // A test account has no other way after the window.
    let account = json!({"region": "other", "account_kind": "test"});
    let channel = desk.channel_with(account).await;
    let (agent, id) = picked_up(&desk, &channel).await;
    desk.advance_hours(49.0);
    send(&agent, &id, "voice", AMR)
        .await
        .refused(409, "window_closed");
}

#[tokio::test]
async fn a_channel_of_another_department_is_not_told_of() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let department = desk
        .admin
        .post("/departments", json!({"name": "Other"}))
        .await
        .created();
    let elsewhere = desk
        .channel_with(json!({"department_ids": [department["id"]]}))
        .await;
    let agent = desk.agent(&channel).await;
    let path = format!("/channels/{}/can-send", elsewhere.id);
    agent.get(&path).await.refused(404, "not_found");
}
