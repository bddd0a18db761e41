//! The preview of a ticket timer says what the desk would really have done.

use crate::harness::{Channel, Desk, Phone};
use serde_json::{Value, json};

fn base(desk: &Desk, channel: &Channel) -> String {
    format!("/departments/{}/channels/{}", desk.department, channel.id)
}

async fn preview(desk: &Desk, channel: &Channel, timer: &str) -> Value {
    let path = format!("{}/ticket-preview?timer={timer}", base(desk, channel));
    desk.admin.get(&path).await.ok()
}

/// Writes, is ended, waits these minutes, and so on: closings between all messages.
async fn talk(desk: &Desk, phone: &Phone, waits: &[f64]) {
    for (index, wait) in waits.iter().enumerate() {
        phone.says(&format!("message {index}")).await;
        let newest = desk.admin.get("/conversations?view=all").await.ok();
        let id = newest["items"][0]["id"].as_str().expect("id").to_owned();
        desk.admin
            .post(&format!("/conversations/{id}/end"), json!({}))
            .await
            .ok();
        desk.advance_hours(wait / 60.0);
    }
    phone.says("the last one").await;
}

#[tokio::test]
async fn the_timer_in_force_previews_what_really_happened_and_others_what_would_have() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let path = format!("{}/preferences", base(&desk, &channel));
    desk.admin
        .put(&path, json!({"ticket_timer_minutes": 60}))
        .await
        .ok();
    let phone = desk.phone(&channel).await;
    talk(&desk, &phone, &[15.0, 59.0, 61.0, 25.0 * 60.0]).await;
    let really = desk.admin.get("/tickets").await.ok()["items"]
        .as_array()
        .expect("items")
        .len();
    assert_eq!(really, 3);
    for (timer, tickets) in [
        ("60", 3),
        ("10", 5),
        ("120", 2),
        ("1440", 2),
        ("2880", 1),
        ("none", 1),
        ("always", 5),
    ] {
        let shown = preview(&desk, &channel, timer).await;
        assert_eq!(
            shown,
            json!({"days": 30, "conversations": 1, "messages": 5, "tickets": tickets, "tickets_real": 3,
                "complete": true}),
            "{timer}"
        );
    }
}

#[tokio::test]
async fn closings_of_the_ticket_alone_and_tickets_made_by_hand_count() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let phone = desk.phone(&channel).await;
    phone.says("one").await;
    let conversation = desk.conversation(&desk.admin).await;
    let ticket = format!("/tickets/{}", conversation["ticket"]["id"].as_str().expect("id"));
    desk.admin.patch(&ticket, json!({"status": "closed"})).await.ok();
    desk.advance_hours(1.0);
    phone.says("two").await;
    phone.says("three").await;
    let messages = desk.messages(conversation["id"].as_str().expect("id")).await;
    let last = messages
        .iter()
        .rfind(|m| m["direction"] == "in")
        .expect("a message");
    let path = format!("/messages/{}/ticket", last["id"].as_str().expect("id"));
    desk.admin.post(&path, json!({})).await.created();
    assert_eq!(preview(&desk, &channel, "1440").await["tickets"], 2);
    assert_eq!(preview(&desk, &channel, "1440").await["tickets_real"], 2);
    assert_eq!(preview(&desk, &channel, "always").await["tickets"], 3);
}

#[tokio::test]
async fn what_is_older_than_thirty_days_does_not_count() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let phone = desk.phone(&channel).await;
    talk(&desk, &phone, &[31.0 * 24.0 * 60.0]).await;
    let shown = preview(&desk, &channel, "always").await;
    assert_eq!((&shown["messages"], &shown["tickets"]), (&json!(1), &json!(1)));
    assert_eq!(preview(&desk, &channel, "none").await["tickets"], 0);
}

#[tokio::test]
async fn a_wrong_timer_is_refused_and_only_administrators_look() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let path = |timer: &str| format!("{}/ticket-preview?timer={timer}", base(&desk, &channel));
    for timer in ["11", "0", "-1", "never", ""] {
        desk.admin.get(&path(timer)).await.refused(422, "invalid_fields");
    }
    let agent = desk.agent(&channel).await;
    agent.get(&path("60")).await.refused(403, "not_permitted");
    desk.admin.delete(&format!("/channels/{}", channel.id)).await;
    desk.admin.get(&path("60")).await.refused(404, "not_found");
}
