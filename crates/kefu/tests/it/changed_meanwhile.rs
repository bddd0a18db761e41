//! A first message that is being stored while an administrator changes where it would go, or who may see it.
//! SQLite has one writer at a time; on PostgreSQL the message is held in the middle of its transaction.

use crate::harness::{Channel, Desk, Held, RawPush};
use serde_json::{Value, json};
use std::future::Future;

/// Stores the first message of a person while `change` is made in the middle of it.
async fn first_message_during<F: Future<Output = ()>>(
    desk: &Desk,
    channel: &Channel,
    change: impl FnOnce() -> F,
) {
    let held = Held::new_contacts(desk).await;
    let push = RawPush::to(channel);
    let message = push.post(push.text("oMeanwhile", 1, "hello"));
    let changed = async {
        let Some(held) = held else {
            return change().await;
        };
        held.somebody_waits(1).await;
        let mut change = std::pin::pin!(change());
        tokio::select! {
            () = &mut change => held.release().await,
            () = held.somebody_waits(2) => {
                held.release().await;
                change.await;
            }
        }
    };
    let ((status, _), ()) = tokio::join!(message, changed);
    assert_eq!(status, 200);
}

async fn only_conversation(desk: &Desk) -> Value {
    let page = desk.admin.get("/conversations?view=all").await.ok();
    let items = page["items"].as_array().expect("items");
    assert_eq!(items.len(), 1, "{page}");
    items[0].clone()
}

#[tokio::test]
async fn a_first_message_never_stays_in_a_department_that_is_being_deleted() {
    let desk = Desk::start().await;
    let sales = desk.admin.post("/departments", json!({"name": "Sales"})).await;
    let sales = sales.created()["id"].as_str().expect("id").to_owned();
    let channel = desk.channel_with(json!({"department_ids": [sales]})).await;
    first_message_during(&desk, &channel, || async {
        let path = format!("/departments/{sales}?move_to={}", desk.department);
        assert_eq!(desk.admin.delete(&path).await.status, 204);
    })
    .await;
    assert_eq!(only_conversation(&desk).await["department_id"], desk.department);
    let tickets = desk.admin.get("/tickets").await.ok();
    assert_eq!(tickets["items"][0]["department_id"], desk.department);
}

#[tokio::test]
async fn a_person_who_first_writes_while_a_channel_becomes_enterprise_is_let_in_or_waits() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let agent = desk.agent(&channel).await;
    first_message_during(&desk, &channel, || async {
        let path = format!("/channels/{}", channel.id);
        let changed = desk
            .admin
            .patch(&path, json!({"account_kind": "enterprise"}))
            .await;
        changed.ok();
    })
    .await;
    let counts = desk
        .admin
        .get(&format!("/channels/{}/approvals/counts", channel.id))
        .await
        .ok();
    let seen = agent.get("/conversations?view=all").await.ok();
    let seen = seen["items"].as_array().expect("items").len();
    assert_eq!(counts["approved"], seen, "{counts}");
    assert_eq!(counts["pending"], 1 - seen, "{counts}");
}

#[tokio::test]
async fn a_person_who_first_writes_while_a_channel_ceases_to_be_enterprise_does_not_wait() {
    let desk = Desk::start().await;
    let channel = desk.channel_with(json!({"account_kind": "enterprise"})).await;
    let agent = desk.agent(&channel).await;
    first_message_during(&desk, &channel, || async {
        let path = format!("/channels/{}", channel.id);
        desk.admin
            .patch(&path, json!({"account_kind": "service"}))
            .await
            .ok();
    })
    .await;
    let seen = agent.get("/conversations?view=all").await.ok();
    assert_eq!(seen["items"].as_array().expect("items").len(), 1, "{seen}");
}
