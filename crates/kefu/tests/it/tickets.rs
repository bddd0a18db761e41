//! Tickets: lists, changes, and the conversation they belong to.

use crate::harness::Desk;
use serde_json::json;

#[tokio::test]
async fn lists_filter_by_status_assignee_contact_and_text() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    for text in ["where is my order", "hello"] {
        desk.phone(&channel).await.says(text).await;
    }
    let agent = desk.agent(&channel).await;
    let all = agent.get("/tickets?limit=1").await.ok();
    let newest = all["items"][0].clone();
    assert_eq!(
        (&newest["subject"], &newest["status"], &newest["priority"]),
        (&json!("hello"), &json!("open"), &json!("normal"))
    );
    assert_eq!(newest["id"], format!("tk_{}", newest["number"]));
    let contact = newest["contact_id"].as_str().expect("contact_id");
    let closed = agent
        .patch(
            &format!("/tickets/{}", newest["id"].as_str().expect("id")),
            json!({"status": "closed"}),
        )
        .await
        .ok();
    assert!(closed["closed_at"].is_string(), "{closed}");
    let next = all["next_cursor"].as_str().expect("next_cursor");
    let older = agent.get(&format!("/tickets?cursor={next}")).await.ok();
    let other = older["items"][0]["contact_id"].as_str().expect("contact_id");
    let name = format!("Room {}", newest["number"]);
    agent
        .patch(&format!("/contacts/{other}"), json!({"name": name}))
        .await
        .ok();
    for (query, count) in [
        ("status=open".to_owned(), 1),
        ("status=closed".to_owned(), 1),
        ("assignee_id=none".to_owned(), 2),
        ("assignee_id=me".to_owned(), 0),
        (format!("contact_id={contact}"), 1),
        (format!("q=%23{}", newest["number"]), 1),
        ("q=%2399".to_owned(), 0),
        ("q=ORDER".to_owned(), 1),
        (format!("cursor={next}"), 1),
        (
            format!(
                "channel_id={}&priority=normal&department_id={}",
                channel.id, desk.department
            ),
            2,
        ),
    ] {
        let page = agent.get(&format!("/tickets?{query}")).await.ok();
        assert_eq!(page["items"].as_array().expect("items").len(), count, "{query}");
    }
    agent.get("/tickets?status=lost").await.refused(400, "malformed");
    let conversation = agent
        .get(&format!(
            "/conversations/{}",
            newest["conversation_id"].as_str().expect("id")
        ))
        .await
        .ok();
    assert_eq!(
        conversation["state"], "open",
        "closing a ticket leaves its conversation open"
    );
}

#[tokio::test]
async fn a_ticket_that_was_closed_alone_is_opened_again_by_the_next_message() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let phone = desk.phone(&channel).await;
    phone.says("one").await;
    phone.says("two").await;
    let conversation = desk.conversation(&desk.admin).await;
    let ticket = format!("/tickets/{}", conversation["ticket"]["id"].as_str().expect("id"));
    desk.admin.patch(&ticket, json!({"status": "closed"})).await.ok();
    phone.says("three").await;
    let after = desk.admin.get(&ticket).await.ok();
    assert_eq!(
        (&after["status"], &after["closed_at"]),
        (&json!("open"), &json!(null))
    );
}

#[tokio::test]
async fn the_assignee_of_a_ticket_is_its_conversations() {
    let desk = Desk::start().await;
    let (channel, other) = (desk.channel().await, desk.channel().await);
    desk.phone(&channel).await.says("hi").await;
    let (agent, stranger) = (desk.agent(&channel).await, desk.agent(&other).await);
    let conversation = desk.conversation(&agent).await;
    let path = format!("/tickets/{}", conversation["ticket"]["id"].as_str().expect("id"));
    let (me, them) = (
        agent.get("/me").await.ok()["id"].clone(),
        stranger.get("/me").await.ok()["id"].clone(),
    );
    let mine = agent
        .patch(&path, json!({"assignee_id": me, "priority": "urgent"}))
        .await
        .ok();
    assert_eq!((&mine["assignee_id"], &mine["priority"]), (&me, &json!("urgent")));
    let get = format!("/conversations/{}", conversation["id"].as_str().expect("id"));
    assert_eq!(agent.get(&get).await.ok()["assignee_id"], me);
    agent
        .patch(&path, json!({"assignee_id": them}))
        .await
        .refused(409, "not_associated");
    agent
        .patch(&path, json!({"subject": "x", "version": 1}))
        .await
        .refused(409, "changed_meanwhile");
    let wrong = agent
        .patch(&path, json!({"status": "lost", "department_id": "dp_x"}))
        .await
        .refused(422, "invalid_fields");
    assert_eq!(
        wrong["fields"],
        json!({"status": "unknown_value", "department_id": "unknown_department"})
    );
    agent
        .patch(&path, json!({"subject": "x".repeat(256)}))
        .await
        .refused(422, "invalid_fields");
    let free = agent
        .patch(&path, json!({"assignee_id": null, "subject": " Parcel "}))
        .await
        .ok();
    assert_eq!(
        (&free["assignee_id"], &free["subject"]),
        (&json!(null), &json!("Parcel"))
    );
    assert_eq!(agent.get(&get).await.ok()["assignee_id"], json!(null));
}
