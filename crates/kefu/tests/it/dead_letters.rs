//! Dead letters: administrators see them and replay them.

use crate::harness::{Desk, RawPush};
use serde_json::json;

#[tokio::test]
async fn a_dead_letter_that_is_still_unreadable_stays() {
    let desk = Desk::start().await;
    let push = RawPush::to(&desk.channel().await);
    push.post("<xml>").await;
    let letters = desk.admin.get("/dead-letters").await.ok();
    let id = letters["items"][0]["id"].as_str().expect("id");
    let error = desk
        .admin
        .post(&format!("/dead-letters/{id}/replay"), json!({}))
        .await
        .refused(409, "still_unreadable");
    let problem = error["problem"].as_str().expect("a problem");
    assert!(
        problem.starts_with("push_") && !problem.contains("raw"),
        "{problem}"
    );
    assert_eq!(
        desk.admin.get("/dead-letters").await.ok()["items"][0]["state"],
        "waiting"
    );
}

#[tokio::test]
async fn only_administrators_see_dead_letters() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    for role in ["supervisor", "agent", "viewer"] {
        let api = desk.agent_with_role(&channel, role).await;
        api.get("/dead-letters").await.refused(403, "not_permitted");
        api.post("/dead-letters/dl_1/replay", json!({}))
            .await
            .refused(403, "not_permitted");
    }
}

#[tokio::test]
async fn a_dead_letter_that_can_be_read_again_becomes_its_message() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let push = RawPush::to(&channel);
    push.post("<xml>").await;
    let id = desk.admin.get("/dead-letters").await.ok()["items"][0]["id"]
        .as_str()
        .expect("id")
        .to_owned();
    // As if a newer version could read what this one could not.
    let body = push.text("oReplay", 5, "found again");
    let number: i64 = id.trim_start_matches("dl_").parse().expect("a number");
    desk.put_dead_letter_body(number, body.as_bytes()).await;
    desk.admin
        .post(&format!("/dead-letters/{id}/replay"), json!({}))
        .await
        .ok();
    assert_eq!(
        desk.conversation(&desk.admin).await["last_message"]["text"],
        "found again"
    );
    desk.admin
        .post(&format!("/dead-letters/{id}/replay"), json!({}))
        .await
        .refused(409, "already_replayed");
}
