//! A first message that is being stored while an administrator changes where it would go, or who may see it.
//! SQLite has one writer at a time; on PostgreSQL the message is held in the middle of its transaction.

use crate::harness::{Channel, Desk, Held, RawPush};
use serde_json::{Value, json};
use std::future::Future;

/// Who writes meanwhile.
const PERSON: &str = "oMeanwhile";

/// Whether the writer of the message met the channel before. On PostgreSQL it then takes one statement, else many.
#[derive(Debug, Clone, Copy)]
enum Writer {
    IsNew,
    KnowsTheChannel,
}

/// More people than it takes for every writer to know the channel.
const EARLIER: usize = 24;

impl Writer {
    /// How many people have written before the message.
    async fn prepare(self, channel: &Channel) -> usize {
        let Self::KnowsTheChannel = self else {
            return 0;
        };
        let push = RawPush::to(channel);
        for n in 0..EARLIER {
            let openid = format!("oEarlier{n}");
            assert_eq!(push.post(push.text(&openid, 1, "hello")).await.0, 200);
        }
        EARLIER
    }
}

/// Stores the first message of a person while `change` is made in the middle of it.
async fn first_message_during<F: Future<Output = ()>>(
    desk: &Desk,
    channel: &Channel,
    change: impl FnOnce() -> F,
) {
    let held = Held::new_contact(desk, channel, PERSON).await;
    let push = RawPush::to(channel);
    let message = push.post(push.text(PERSON, 1, "hello"));
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

async fn all(desk: &Desk, path: &str) -> Vec<Value> {
    let page = desk.admin.get(path).await.ok();
    page["items"].as_array().expect("items").clone()
}

#[tokio::test]
async fn a_first_message_never_stays_in_a_department_that_is_being_deleted() {
    a_department_is_deleted(Writer::IsNew).await;
}

#[tokio::test]
async fn nor_does_one_whose_writer_knows_the_channel() {
    a_department_is_deleted(Writer::KnowsTheChannel).await;
}

async fn a_department_is_deleted(writer: Writer) {
    let desk = Desk::start().await;
    let sales = desk.admin.post("/departments", json!({"name": "Sales"})).await;
    let sales = sales.created()["id"].as_str().expect("id").to_owned();
    let channel = desk.channel_with(json!({"department_ids": [sales]})).await;
    let earlier = writer.prepare(&channel).await;
    first_message_during(&desk, &channel, || async {
        let path = format!("/departments/{sales}?move_to={}", desk.department);
        assert_eq!(desk.admin.delete(&path).await.status, 204);
    })
    .await;
    for path in ["/conversations?view=all", "/tickets"] {
        let items = all(&desk, path).await;
        assert_eq!(items.len(), earlier + 1, "{path}");
        assert!(
            items.iter().all(|item| item["department_id"] == desk.department),
            "{items:?}"
        );
    }
}

#[tokio::test]
async fn a_person_who_first_writes_while_a_channel_becomes_enterprise_is_let_in_or_waits() {
    a_channel_becomes_enterprise(Writer::IsNew).await;
}

#[tokio::test]
async fn so_is_one_whose_writer_knows_the_channel() {
    a_channel_becomes_enterprise(Writer::KnowsTheChannel).await;
}

async fn a_channel_becomes_enterprise(writer: Writer) {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let agent = desk.agent(&channel).await;
    let earlier = writer.prepare(&channel).await;
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
    assert_eq!(counts["pending"], earlier + 1 - seen, "{counts}");
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
