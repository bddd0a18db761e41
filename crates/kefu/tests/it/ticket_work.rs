//! Tickets cut from a conversation by hand, their messages, and many changed at once.

use crate::harness::{Channel, Desk};
use serde_json::{Value, json};

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

/// A conversation with three messages of one ticket.
async fn three(desk: &Desk, channel: &Channel) -> (String, Vec<Value>) {
    let phone = desk.phone(channel).await;
    for words in ["my parcel", "and another thing", "about the invoice"] {
        phone.says(words).await;
    }
    let id = text(&desk.conversation(&desk.admin).await["id"]);
    let messages = desk.messages(&id).await;
    (id, messages)
}

async fn texts(desk: &Desk, ticket: &str) -> Vec<String> {
    let page = desk.admin.get(&format!("/tickets/{ticket}/messages")).await.ok();
    let items = page["items"].as_array().expect("items").iter();
    items
        .filter(|m| m["kind"] == "text")
        .map(|m| text(&m["text"]))
        .collect()
}

#[tokio::test]
async fn a_ticket_from_a_message_takes_it_and_what_follows_and_the_old_one_stays() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let agent = desk.agent(&channel).await;
    let (id, messages) = three(&desk, &channel).await;
    let old = text(&messages[0]["ticket_id"]);
    let path = format!("/messages/{}/ticket", text(&messages[1]["id"]));
    let made = agent.post(&path, json!({})).await.created();
    assert_eq!(
        (&made["subject"], &made["status"], &made["conversation_id"]),
        (&json!("and another thing"), &json!("open"), &json!(id))
    );
    let new = text(&made["id"]);
    assert_eq!(texts(&desk, &old).await, ["my parcel"]);
    assert_eq!(
        texts(&desk, &new).await,
        ["and another thing", "about the invoice"]
    );
    let conversation = agent.get(&format!("/conversations/{id}")).await.ok();
    assert_eq!(conversation["ticket"]["id"], made["id"]);
    assert_eq!(
        desk.admin.get(&format!("/tickets/{old}")).await.ok()["status"],
        "open"
    );
    let line = desk.messages(&id).await.pop().expect("a line");
    assert_eq!(
        (&line["data"]["code"], &line["data"]["number"], &line["ticket_id"]),
        (&json!("ticket_created"), &made["number"], &made["id"])
    );

    agent
        .post(&path, json!({}))
        .await
        .refused(409, "ticket_begins_here");
    let first = format!("/messages/{}/ticket", text(&messages[0]["id"]));
    agent
        .post(&first, json!({}))
        .await
        .refused(409, "not_in_current_ticket");
    let third = format!("/messages/{}/ticket", text(&messages[2]["id"]));
    agent
        .post(&third, json!({"subject": "x".repeat(256)}))
        .await
        .refused(422, "invalid_fields");
    let again = agent
        .post(&third, json!({"subject": " Invoice "}))
        .await
        .created();
    assert_eq!(again["subject"], "Invoice");
}

#[tokio::test]
async fn the_customers_next_message_goes_into_the_new_ticket() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let phone = desk.phone(&channel).await;
    phone.says("one").await;
    phone.says("two").await;
    let id = text(&desk.conversation(&desk.admin).await["id"]);
    let second = text(&desk.messages(&id).await[1]["id"]);
    let made = desk
        .admin
        .post(&format!("/messages/{second}/ticket"), json!({}))
        .await
        .created();
    phone.says("three").await;
    assert_eq!(texts(&desk, &text(&made["id"])).await, ["two", "three"]);
}

#[tokio::test]
async fn a_viewer_reads_a_tickets_messages_in_pages_and_makes_none() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let viewer = desk.agent_with_role(&channel, "viewer").await;
    let (_, messages) = three(&desk, &channel).await;
    let path = format!("/tickets/{}/messages?limit=2", text(&messages[0]["ticket_id"]));
    let page = viewer.get(&path).await.ok();
    assert_eq!(page["items"].as_array().expect("items").len(), 2);
    let next = format!("{path}&cursor={}", text(&page["next_cursor"]));
    let rest = viewer.get(&next).await.ok();
    assert_eq!(
        (&rest["items"][0]["id"], &rest["next_cursor"]),
        (&messages[2]["id"], &Value::Null)
    );
    let one = viewer
        .get(&format!("/messages/{}", text(&messages[1]["id"])))
        .await
        .ok();
    assert_eq!(one["seq"], messages[1]["seq"]);
    viewer
        .post(
            &format!("/messages/{}/ticket", text(&messages[1]["id"])),
            json!({}),
        )
        .await
        .refused(403, "not_permitted");
}

/// Three tickets of three customers.
async fn tickets(desk: &Desk, channel: &Channel) -> Vec<String> {
    for words in ["one", "two", "three"] {
        desk.phone(channel).await.says(words).await;
    }
    let page = desk.admin.get("/tickets").await.ok();
    let items = page["items"].as_array().expect("items").iter();
    items.map(|ticket| text(&ticket["id"])).collect()
}

#[tokio::test]
async fn many_tickets_change_each_with_its_own_result_and_nothing_is_sent() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let agent = desk.agent(&channel).await;
    let me = agent.get("/me").await.ok()["id"].clone();
    let ids = tickets(&desk, &channel).await;
    let conversation = text(&desk.admin.get(&format!("/tickets/{}", ids[1])).await.ok()["conversation_id"]);
    desk.admin
        .post(
            &format!("/conversations/{conversation}/end"),
            json!({"close_ticket": false}),
        )
        .await
        .ok();
    let body = json!({"ticket_ids": [ids[0], ids[1], "tk_999", ids[2], ids[0]], "priority": "high", "assignee_id": me});
    let done = agent.post("/tickets/bulk", body).await.ok();
    let codes: Vec<_> = done["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| (item["id"].clone(), item["ok"].clone(), item["code"].clone()))
        .collect();
    let none = Value::Null;
    assert_eq!(
        codes,
        [
            (json!(ids[0]), json!(true), none.clone()),
            (json!(ids[1]), json!(false), json!("conversation_ended")),
            (json!("tk_999"), json!(false), json!("not_found")),
            (json!(ids[2]), json!(true), none),
        ]
    );
    assert_eq!(done["items"][0]["ticket"]["assignee_id"], me);
    assert_eq!(
        desk.admin.get(&format!("/tickets/{}", ids[1])).await.ok()["priority"],
        "normal",
        "a refused one is not changed by half"
    );
    let calls = desk
        .control
        .get("/calls?path=/cgi-bin/message/custom/send")
        .await
        .ok();
    assert_eq!(calls["items"], json!([]));
}

#[tokio::test]
async fn a_bulk_change_is_checked_as_a_whole_first() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let (agent, viewer) = (
        desk.agent(&channel).await,
        desk.agent_with_role(&channel, "viewer").await,
    );
    let ids = tickets(&desk, &channel).await;
    for (body, field, code) in [
        (json!({"status": "closed"}), "ticket_ids", "required"),
        (
            json!({"ticket_ids": vec!["tk_1"; 201], "status": "closed"}),
            "ticket_ids",
            "too_many",
        ),
        (
            json!({"ticket_ids": ids, "status": "lost"}),
            "status",
            "unknown_value",
        ),
    ] {
        let error = agent
            .post("/tickets/bulk", body)
            .await
            .refused(422, "invalid_fields");
        assert_eq!(error["fields"][field], code);
    }
    viewer
        .post("/tickets/bulk", json!({"ticket_ids": ids, "status": "closed"}))
        .await
        .refused(403, "not_permitted");
    let open = desk.admin.get("/tickets?status=open").await.ok();
    assert_eq!(open["items"].as_array().expect("items").len(), 3);
}
