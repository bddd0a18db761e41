//! A channel that is off: pushes are answered and counted, nothing is stored, history stays.

use crate::harness::{Desk, RawPush};
use serde_json::json;

#[tokio::test]
async fn a_disabled_channel_answers_success_stores_nothing_and_counts() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let phone = desk.phone(&channel).await;
    phone.says("before").await;
    let conversation = desk.conversation(&desk.admin).await;
    let id = conversation["id"].as_str().expect("id");
    desk.admin
        .post(&format!("/conversations/{id}/pick-up"), json!({}))
        .await
        .ok();
    desk.admin
        .post(&format!("/channels/{}/disable", channel.id), json!({}))
        .await
        .ok();

    assert_eq!(phone.says("while off").await["acknowledged"], true);
    assert_eq!(
        desk.messages(id)
            .await
            .iter()
            .filter(|m| m["direction"] == "in")
            .count(),
        1
    );
    let seen = desk.admin.get(&format!("/channels/{}", channel.id)).await.ok();
    assert_eq!(
        (&seen["state"], &seen["dropped_pushes"]),
        (&json!("disabled"), &json!(1)),
        "{seen}"
    );
    let reply = json!({"client_id": "a", "kind": "text", "text": "no"});
    desk.admin
        .post(&format!("/conversations/{id}/messages"), reply)
        .await
        .refused(409, "channel_disabled");

    desk.admin
        .post(&format!("/channels/{}/enable", channel.id), json!({}))
        .await
        .ok();
    assert_eq!(phone.says("after").await["acknowledged"], true);
    let texts: Vec<_> = desk
        .messages(id)
        .await
        .into_iter()
        .filter(|m| m["direction"] == "in")
        .map(|m| m["text"].clone())
        .collect();
    assert_eq!(texts, ["before", "after"]);
}

#[tokio::test]
async fn a_deleted_channel_answers_success_to_anything_and_keeps_its_history() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let phone = desk.phone(&channel).await;
    phone.says("before").await;
    let id = desk.conversation(&desk.admin).await["id"]
        .as_str()
        .expect("id")
        .to_owned();
    assert_eq!(
        desk.admin
            .delete(&format!("/channels/{}", channel.id))
            .await
            .status,
        204
    );

    let push = RawPush::to(&channel);
    assert_eq!(push.post_with("", "anything").await.1, "success");
    assert_eq!(push.get_with("echostr=1").await.0, 404);
    let listed = desk.admin.get("/channels?include_deleted=true").await.ok();
    assert_eq!(listed["items"][0]["dropped_pushes"], 1, "{listed}");
    assert_eq!(desk.messages(&id).await.len(), 1);
    for action in ["pick-up", "end", "reopen", "block"] {
        desk.admin
            .post(&format!("/conversations/{id}/{action}"), json!({}))
            .await
            .refused(409, "channel_deleted");
    }
    let reply = json!({"client_id": "a", "kind": "text", "text": "no"});
    desk.admin
        .post(&format!("/conversations/{id}/messages"), reply)
        .await
        .refused(409, "channel_deleted");
}
