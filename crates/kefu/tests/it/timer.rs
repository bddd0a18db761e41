//! The ticket timer: when a customer's message after the end opens a new ticket.

use crate::harness::{Channel, Desk, Phone};
use serde_json::{Value, json};

async fn set_timer(desk: &Desk, channel: &Channel, timer: Value) {
    let path = format!(
        "/departments/{}/channels/{}/preferences",
        desk.department, channel.id
    );
    desk.admin
        .put(&path, json!({"agent_ids": [], "ticket_timer_minutes": timer}))
        .await
        .ok();
}

/// Writes, ends, waits, writes again: the ticket ids of both messages.
async fn tickets_around(desk: &Desk, channel: &Channel, minutes: f64) -> (Value, Value, Phone) {
    let phone = desk.phone(channel).await;
    phone.says("first").await;
    let id = newest(desk).await;
    desk.admin
        .post(&format!("/conversations/{id}/pick-up"), json!({}))
        .await
        .ok();
    desk.admin
        .post(&format!("/conversations/{id}/end"), json!({}))
        .await
        .ok();
    desk.advance_hours(minutes / 60.0);
    phone.says("second").await;
    let messages = desk.messages(&id).await;
    let inbound: Vec<&Value> = messages.iter().filter(|m| m["direction"] == "in").collect();
    (
        inbound[0]["ticket_id"].clone(),
        inbound[1]["ticket_id"].clone(),
        phone,
    )
}

async fn newest(desk: &Desk) -> String {
    desk.admin.get("/conversations?view=all").await.ok()["items"][0]["id"]
        .as_str()
        .expect("id")
        .to_owned()
}

#[tokio::test]
async fn sixty_minutes_59_reopens_the_ticket_and_60_opens_a_new_one() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    set_timer(&desk, &channel, json!(60)).await;
    let (first, second, _) = tickets_around(&desk, &channel, 59.0).await;
    assert_eq!(first, second);
    let ticket = desk
        .admin
        .get(&format!("/tickets/{}", first.as_str().expect("id")))
        .await
        .ok();
    assert_eq!(
        (&ticket["status"], &ticket["closed_at"]),
        (&json!("open"), &Value::Null)
    );
    let (first, second, _) = tickets_around(&desk, &channel, 60.1).await;
    assert_ne!(first, second);
}

#[tokio::test]
async fn none_never_opens_a_new_ticket_and_always_does_at_once() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    set_timer(&desk, &channel, json!("none")).await;
    let (first, second, _) = tickets_around(&desk, &channel, 60.0 * 24.0 * 30.0).await;
    assert_eq!(first, second);
    set_timer(&desk, &channel, json!("always")).await;
    let (first, second, _) = tickets_around(&desk, &channel, 0.0).await;
    assert_ne!(first, second);
}

#[tokio::test]
async fn a_message_after_the_end_opens_the_conversation_again_and_a_new_ticket_is_unassigned() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    set_timer(&desk, &channel, json!("always")).await;
    tickets_around(&desk, &channel, 0.0).await;
    let conversation = desk.conversation(&desk.admin).await;
    assert_eq!(
        (&conversation["state"], &conversation["assignee_id"]),
        (&json!("open"), &Value::Null)
    );
}

#[tokio::test]
async fn reopening_the_same_ticket_keeps_an_assignee_who_may_still_have_it() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    tickets_around(&desk, &channel, 1.0).await;
    let conversation = desk.conversation(&desk.admin).await;
    let me = desk.admin.get("/me").await.ok();
    assert_eq!(
        (&conversation["state"], &conversation["assignee_id"]),
        (&json!("open"), &me["id"])
    );
}

#[tokio::test]
async fn an_open_ticket_takes_every_message_whatever_the_timer() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    for timer in [json!("always"), json!(10), json!("none")] {
        set_timer(&desk, &channel, timer.clone()).await;
        let phone = desk.phone(&channel).await;
        phone.says("first").await;
        desk.advance_hours(24.0 * 5.0);
        phone.says("second").await;
        let messages = desk.messages(&newest(&desk).await).await;
        assert_eq!(messages[0]["ticket_id"], messages[1]["ticket_id"], "{timer}");
    }
}

#[tokio::test]
async fn always_opens_one_new_ticket_and_further_messages_stay_in_it() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    set_timer(&desk, &channel, json!("always")).await;
    let (_, second, phone) = tickets_around(&desk, &channel, 0.0).await;
    phone.says("third").await;
    let messages = desk.messages(&newest(&desk).await).await;
    let third = messages.last().expect("a message");
    assert_eq!((&third["text"], &third["ticket_id"]), (&json!("third"), &second));
}

#[tokio::test]
async fn the_timer_counts_on_while_a_channel_is_disabled() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    set_timer(&desk, &channel, json!(60)).await;
    let phone = desk.phone(&channel).await;
    phone.says("first").await;
    let id = newest(&desk).await;
    desk.admin
        .post(&format!("/conversations/{id}/end"), json!({}))
        .await
        .ok();
    let state = |how: &str| format!("/channels/{}/{how}", channel.id);
    desk.admin.post(&state("disable"), json!({})).await.ok();
    desk.advance_hours(2.0);
    phone.says("dropped").await;
    desk.admin.post(&state("enable"), json!({})).await.ok();
    phone.says("second").await;
    let messages = desk.messages(&id).await;
    let inbound: Vec<&Value> = messages.iter().filter(|m| m["direction"] == "in").collect();
    assert_eq!(inbound.len(), 2);
    assert_ne!(inbound[0]["ticket_id"], inbound[1]["ticket_id"]);
}
