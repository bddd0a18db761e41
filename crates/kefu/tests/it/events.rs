//! The stream of changes: what is in sight, in order, each once, however often a browser connects anew.

use crate::harness::{Desk, Listener};
use serde_json::{Value, json};

#[tokio::test]
async fn what_happened_while_away_is_replayed_once_and_in_order() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let agent = desk.agent(&channel).await;
    let phone = desk.phone(&channel).await;
    let mut listener = Listener::connect(&agent, None).await;
    assert_eq!(listener.next().await.expect("hello").event, "hello");
    phone.says("one").await;
    let first = listener.change("message").await;
    drop(listener);
    for text in ["two", "three"] {
        phone.says(text).await;
    }
    let mut again = Listener::connect(&agent, Some(&first.id)).await;
    assert_eq!(again.next().await.expect("hello").event, "hello");
    phone.says("four").await;
    let mut told = Vec::new();
    for _ in 0..3 {
        told.push(again.change("message").await.data["id"].clone());
    }
    let conversation = first.data["conversation_id"].as_str().expect("conversation_id");
    let stored: Vec<Value> = desk
        .messages(conversation)
        .await
        .iter()
        .skip(1)
        .map(|m| m["id"].clone())
        .collect();
    assert_eq!(told, stored);
}

#[tokio::test]
async fn only_what_is_in_sight_is_told_and_new_sight_means_resync() {
    let desk = Desk::start().await;
    let (channel, other) = (desk.channel().await, desk.channel().await);
    let (agent, stranger) = (desk.agent(&channel).await, desk.agent(&other).await);
    let mut hears = Listener::connect(&agent, None).await;
    let mut hears_not = Listener::connect(&stranger, None).await;
    hears.next().await.expect("hello");
    hears_not.next().await.expect("hello");
    desk.phone(&channel).await.says("secret").await;
    hears.change("message").await;
    let path = format!(
        "/departments/{}/channels/{}/preferences",
        desk.department, channel.id
    );
    let me = stranger.get("/me").await.ok()["id"].clone();
    desk.admin
        .put(&path, json!({"agent_ids": [me], "ticket_timer_minutes": 1440}))
        .await
        .ok();
    loop {
        let told = hears_not.next().await.expect("the stream goes on");
        assert!(
            told.data["kind"] != "message" && told.data["kind"] != "conversation",
            "{told:?}"
        );
        if told.event == "resync" {
            break;
        }
    }
    desk.phone(&channel).await.says("now in sight").await;
    hears_not.change("message").await;
}

#[tokio::test]
async fn whoever_sees_the_conversation_is_told_that_its_contact_unfollowed() {
    let desk = Desk::start().await;
    let (channel, other) = (desk.channel().await, desk.channel().await);
    let (agent, stranger) = (desk.agent(&channel).await, desk.agent(&other).await);
    let phone = desk.phone(&channel).await;
    phone.says("hello").await;
    let contact = desk.conversation(&agent).await["contact"]["id"].clone();
    let (mut hears, mut hears_not) = (
        Listener::connect(&agent, None).await,
        Listener::connect(&stranger, None).await,
    );
    hears.next().await.expect("hello");
    hears_not.next().await.expect("hello");
    phone.does("unsubscribe").await;
    assert_eq!(hears.change("contact").await.data["id"], contact);
    desk.phone(&other).await.says("mine").await;
    // Everybody is told of channels: this one has had its first message.
    let mut told = hears_not.next().await.expect("a change");
    while told.data["kind"] == "channel" {
        told = hears_not.next().await.expect("a change");
    }
    assert_eq!(told.data["kind"], "ticket");
}

#[tokio::test]
async fn a_place_of_another_log_means_resync_and_an_ended_login_hears_nothing() {
    let mut desk = Desk::start().await;
    let channel = desk.channel().await;
    let agent = desk.agent(&channel).await;
    for wrong in ["nonsense", "1-0-0"] {
        let mut listener = Listener::connect(&agent, Some(wrong)).await;
        assert_eq!(listener.next().await.expect("hello").event, "hello");
        assert_eq!(listener.next().await.expect("resync").event, "resync", "{wrong}");
    }
    let mut listener = Listener::connect(&agent, None).await;
    listener.next().await.expect("hello");
    let me = agent.get("/me").await.ok()["id"].as_str().expect("id").to_owned();
    desk.admin
        .patch(&format!("/agents/{me}"), json!({"state": "disabled"}))
        .await
        .ok();
    while let Some(told) = listener.next().await {
        assert_eq!(told.data["kind"], "agent", "{told:?}");
    }
    let mut listener = Listener::connect(&desk.admin, None).await;
    listener.next().await.expect("hello");
    desk.running.take().expect("running").stop().await;
    assert_eq!(listener.next().await.expect("a last word").event, "resync");
}

#[tokio::test]
async fn everybody_is_told_of_another_name_of_the_organisation_and_of_departments() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let mut viewer = Listener::connect(&desk.agent_with_role(&channel, "viewer").await, None).await;
    assert_eq!(viewer.next().await.expect("hello").event, "hello");
    desk.admin
        .patch("/installation", json!({"organisation": "Shanghai Tea"}))
        .await
        .ok();
    let told = viewer.change("installation").await;
    assert_eq!(
        (&told.data["id"], &told.data["conversation_id"]),
        (&json!(""), &Value::Null)
    );

    let made = desk
        .admin
        .post("/departments", json!({"name": "Repairs"}))
        .await
        .created();
    assert_eq!(viewer.change("department").await.data["id"], made["id"]);
    let path = format!("/departments/{}", made["id"].as_str().expect("id"));
    desk.admin.patch(&path, json!({"name": "Repair shop"})).await.ok();
    assert_eq!(viewer.change("department").await.data["id"], made["id"]);
    desk.admin.delete(&path).await;
    assert_eq!(viewer.change("department").await.data["id"], made["id"]);
}
