//! The line customers of a disabled channel are told: once an hour, in each mode, and never instead of counting.

use crate::harness::{Channel, Desk, Phone, RawPush};
use futures_util::future::join_all;
use kefu::db::quarantine;
use serde_json::{Value, json};

const TEXT: &str = "We are closed until Monday. 月曜日に再開します。<b>&amp;</b>";

async fn switch(desk: &Desk, channel: &Channel, how: &str) {
    let path = format!("/channels/{}/{how}", channel.id);
    desk.admin.post(&path, json!({})).await.ok();
}

async fn off(changes: Value) -> (Desk, Channel, Phone) {
    let desk = Desk::start().await;
    let mut settings = json!({"off_notice": TEXT});
    crate::harness::merge(&mut settings, &changes);
    let channel = desk.channel_with(settings).await;
    let phone = desk.phone(&channel).await;
    switch(&desk, &channel, "disable").await;
    (desk, channel, phone)
}

async fn dropped(desk: &Desk, channel: &Channel) -> Value {
    let seen = desk.admin.get(&format!("/channels/{}", channel.id)).await.ok();
    seen["dropped_pushes"].clone()
}

#[tokio::test]
async fn the_phone_shows_it_in_each_mode_and_nothing_is_stored() {
    for mode in ["plain", "compatible", "safe"] {
        let (desk, channel, phone) = off(json!({"encryption_mode": mode})).await;
        assert_eq!(phone.says("a secret word").await["acknowledged"], true, "{mode}");
        assert_eq!(phone.received().await, [TEXT], "{mode}");
        assert_eq!(dropped(&desk, &channel).await, 1);
        let all = desk.admin.get("/conversations?view=all").await.ok();
        assert_eq!(all["items"], json!([]));
        let stored = desk.stored().await;
        assert!(!stored.contains("a secret word"), "{mode}");
    }
}

#[tokio::test]
async fn it_is_said_once_an_hour_to_each_contact_and_every_message_is_counted() {
    let (desk, channel, phone) = off(json!({})).await;
    let other = desk.phone(&channel).await;
    for text in ["one", "two", "three"] {
        phone.says(text).await;
    }
    other.says("hello").await;
    assert_eq!(phone.received().await, [TEXT]);
    assert_eq!(other.received().await, [TEXT]);
    desk.advance_hours(59.0 / 60.0);
    phone.says("still nobody?").await;
    assert_eq!(phone.received().await.len(), 1);
    desk.advance_hours(1.0 / 60.0);
    phone.says("an hour later").await;
    assert_eq!(phone.received().await, [TEXT, TEXT]);
    assert_eq!(dropped(&desk, &channel).await, 6);
}

#[tokio::test]
async fn twenty_messages_at_once_are_told_once_and_every_copy_of_one_the_same() {
    let (_desk, channel, _) = off(json!({})).await;
    let push = RawPush::to(&channel);
    let bodies: Vec<_> = (1..=20).map(|id| push.text("oMany", id, "hello?")).collect();
    let answers = join_all(bodies.iter().map(|body| push.post(body.clone()))).await;
    assert!(answers.iter().all(|(status, _)| *status == 200));
    let told: Vec<_> = answers
        .iter()
        .enumerate()
        .filter(|(_, (_, body))| body != "success")
        .collect();
    assert_eq!(told.len(), 1, "{answers:?}");
    // WeChat sends the message again when it missed the answer.
    let (at, _) = told[0];
    let again = push.post(bodies[at].clone()).await.1;
    assert!(again.contains("We are closed"), "{again}");
    let another = push.post(push.text("oMany", 99, "hello?")).await.1;
    assert_eq!(another, "success");
}

#[tokio::test]
async fn without_a_text_and_while_the_channel_is_on_nothing_is_said() {
    let (desk, channel, phone) = off(json!({"off_notice": ""})).await;
    phone.says("anybody?").await;
    assert_eq!(phone.received().await, [""; 0]);
    let path = format!("/channels/{}", channel.id);
    desk.admin.patch(&path, json!({"off_notice": TEXT})).await.ok();
    switch(&desk, &channel, "enable").await;
    phone.says("anybody now?").await;
    assert_eq!(phone.received().await, [""; 0]);
    // Changed while it is off, it is said as it is now.
    switch(&desk, &channel, "disable").await;
    desk.admin
        .patch(&path, json!({"off_notice": " Back on Tuesday. "}))
        .await
        .ok();
    phone.says("and now?").await;
    assert_eq!(phone.received().await, ["Back on Tuesday."]);
}

#[tokio::test]
async fn a_restored_desk_tells_nothing_until_somebody_confirms() {
    let (desk, _, phone) = off(json!({})).await;
    let inside = desk.inside();
    let now = inside.clock.now();
    let begun = inside
        .db
        .write(move |tx| Box::pin(quarantine::begin(tx, now, now)));
    assert!(begun.await.expect("the database"));
    phone
        .says("who answers: this desk, or the one it was copied from?")
        .await;
    assert_eq!(phone.received().await, [""; 0]);
    let ended = inside.db.write(|tx| Box::pin(quarantine::end(tx)));
    assert!(ended.await.expect("the database"));
    phone.says("and now?").await;
    assert_eq!(phone.received().await, [TEXT]);
}

#[tokio::test]
async fn events_and_taps_are_told_nothing() {
    let (desk, channel, phone) = off(json!({})).await;
    phone.does("subscribe").await;
    phone.clicks("HOURS").await;
    let tap = json!({"type": "text", "content": "5", "bizmsgmenuid": "kefu-1-5-abc"});
    phone.sends(tap).await;
    assert_eq!(phone.received().await, [""; 0]);
    assert_eq!(dropped(&desk, &channel).await, 3);
    // They took nobody's turn.
    phone
        .sends(json!({"type": "location", "location_x": 1, "location_y": 2, "scale": 3, "label": "here"}))
        .await;
    assert_eq!(phone.received().await, [TEXT]);
}

#[tokio::test]
async fn a_deleted_channel_says_nothing() {
    let (desk, channel, phone) = off(json!({})).await;
    desk.admin.delete(&format!("/channels/{}", channel.id)).await;
    assert_eq!(phone.says("anybody?").await["acknowledged"], true);
    assert_eq!(phone.received().await, [""; 0]);
}

#[tokio::test]
async fn somebody_blocked_and_somebody_not_approved_are_told_nothing() {
    let desk = Desk::start().await;
    let channel = desk.channel_with(json!({"off_notice": TEXT})).await;
    let phone = desk.phone(&channel).await;
    phone.says("hello").await;
    let id = desk.conversation(&desk.admin).await["id"].clone();
    let path = format!("/conversations/{}/block", id.as_str().expect("id"));
    desk.admin.post(&path, json!({})).await.ok();
    switch(&desk, &channel, "disable").await;
    phone.says("hello?").await;
    assert_eq!(phone.received().await, [""; 0]);

    let (_desk, _, stranger) = off(json!({"account_kind": "enterprise"})).await;
    stranger.says("hello").await;
    assert_eq!(stranger.received().await, [""; 0]);
}

#[tokio::test]
async fn it_is_as_long_as_wechat_takes_and_no_longer() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let path = format!("/channels/{}", channel.id);
    for (text, code) in [
        ("字".repeat(683), "too_long"),
        ("x".repeat(2049), "too_long"),
        ("a\u{7}b".into(), "unknown_value"),
    ] {
        let error = desk
            .admin
            .patch(&path, json!({"off_notice": text}))
            .await
            .refused(422, "invalid_fields");
        assert_eq!(error["fields"]["off_notice"], code);
    }
    let text = format!("{}ab", "字".repeat(682));
    let seen = desk.admin.patch(&path, json!({"off_notice": text})).await.ok();
    assert_eq!(seen["off_notice"], json!(text));
    switch(&desk, &channel, "disable").await;
    let phone = desk.phone(&channel).await;
    phone.says("hello").await;
    assert_eq!(phone.received().await, [text]);
}

#[tokio::test]
async fn a_restart_does_not_make_it_repeat_itself() {
    let (mut desk, channel, phone) = off(json!({})).await;
    phone.says("hello").await;
    desk.restart().await;
    let account = format!("/accounts/{}", channel.app_id);
    let callback_url = desk.local(&channel.callback_url);
    desk.control
        .patch(&account, json!({"callback_url": callback_url}))
        .await
        .ok();
    phone.says("hello again").await;
    assert_eq!(phone.received().await, [TEXT]);
    assert_eq!(dropped(&desk, &channel).await, 2);
}
