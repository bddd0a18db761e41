//! Who gets no automatic answer, and what cannot be said.

use super::{automated, every_occasion, id, said, text};
use crate::harness::{Desk, RawPush};
use serde_json::json;

#[tokio::test]
async fn what_cannot_be_said_is_neither_said_nor_shown() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let push = RawPush::to(&channel);
    let too_long = "字".repeat(683);
    let cases = [
        json!([text(6, "default", &too_long)]),
        json!([{"id": 1, "occasion": "default", "kind": "video", "text": "v"}]),
        json!([{"id": "one"}]),
        json!({"not": "a list"}),
    ];
    for (number, answers) in cases.iter().enumerate() {
        desk.set_automation(&channel, answers).await;
        let (status, body) = push.post(push.text("oOdd", number as u64, "hello")).await;
        assert_eq!((status.as_u16(), body.as_str()), (200, "success"), "{answers}");
    }
    let id = id(&desk).await;
    assert_eq!(desk.messages(&id).await.len(), cases.len());
}

#[tokio::test]
async fn a_blocked_contact_is_not_answered() {
    let (desk, channel) = automated(json!({}), every_occasion()).await;
    let phone = desk.phone(&channel).await;
    phone.says("price").await;
    let id = id(&desk).await;
    desk.admin
        .post(&format!("/conversations/{id}/block"), json!({}))
        .await
        .ok();
    phone.says("price").await;
    phone.clicks("HOURS").await;
    assert_eq!(said(&desk, &id).await.len(), 1);
    desk.admin
        .post(&format!("/conversations/{id}/unblock"), json!({}))
        .await
        .ok();
    phone.says("price").await;
    assert_eq!(said(&desk, &id).await.len(), 2);
}

#[tokio::test]
async fn an_enterprise_account_answers_nobody_who_is_not_approved() {
    let (desk, channel) = automated(json!({"account_kind": "enterprise"}), every_occasion()).await;
    let phone = desk.phone(&channel).await;
    phone.does("subscribe").await;
    let pushed = phone.says("price").await;
    assert_eq!(pushed["acknowledged"], true);
    assert_eq!(phone.received().await, [""; 0]);
}

#[tokio::test]
async fn a_disabled_channel_acknowledges_and_says_nothing() {
    let (desk, channel) = automated(json!({}), every_occasion()).await;
    desk.admin
        .post(&format!("/channels/{}/disable", channel.id), json!({}))
        .await
        .ok();
    let push = RawPush::to(&channel);
    let (status, body) = push.post(push.text("oOff", 1, "price")).await;
    assert_eq!((status.as_u16(), body.as_str()), (200, "success"));
}
