//! What switching a channel off does beyond the pushes: queued replies, secrets, actions, what the desk says about it.

use crate::harness::{Channel, Desk, eventually};
use serde_json::{Value, json};

/// A conversation that the administrator has picked up.
async fn conversation(desk: &Desk, channel: &Channel) -> String {
    desk.phone(channel).await.says("hello").await;
    let id = text(&desk.conversation(&desk.admin).await["id"]);
    desk.admin
        .post(&format!("/conversations/{id}/pick-up"), json!({}))
        .await
        .ok();
    id
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

async fn switch(desk: &Desk, channel: &Channel, how: &str) -> Value {
    let path = format!("/channels/{}/{how}", channel.id);
    desk.admin.post(&path, json!({})).await.ok()
}

async fn message(desk: &Desk, id: &str) -> Value {
    desk.admin.get(&format!("/messages/{id}")).await.ok()
}

/// A reply that WeChat told to come again in a minute.
async fn waiting_reply(desk: &Desk, channel: &Channel, conversation: &str) -> String {
    let fault = json!({"on": "api", "path": "/cgi-bin/message/custom/send", "app_id": channel.app_id,
        "times": 1, "errcode": 45011});
    desk.control.post("/faults", fault).await.created();
    let body = json!({"client_id": "a", "kind": "text", "text": "in a minute"});
    let path = format!("/conversations/{conversation}/messages");
    let id = text(&desk.admin.post(&path, body).await.accepted()["id"]);
    eventually("the first try is over", || async {
        let calls = desk
            .control
            .get("/calls?path=/cgi-bin/message/custom/send")
            .await
            .ok();
        let tried = calls["items"].as_array().expect("items").len() == 1;
        let state = message(desk, &id).await["state"].clone();
        if tried && state == "queued" {
            Ok(())
        } else {
            Err(format!("{state} {calls}"))
        }
    })
    .await;
    id
}

#[tokio::test]
async fn queued_replies_of_a_disabled_channel_fail_at_once_and_can_be_sent_later() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let id = conversation(&desk, &channel).await;
    let reply = waiting_reply(&desk, &channel, &id).await;
    let path = format!("/channels/{}/impact", channel.id);
    assert_eq!(
        desk.admin.get(&path).await.ok(),
        json!({"open_conversations": 1, "queued_replies": 1})
    );

    switch(&desk, &channel, "disable").await;
    let failed = message(&desk, &reply).await;
    assert_eq!(
        (&failed["state"], &failed["reason"]),
        (&json!("failed"), &json!("channel_disabled"))
    );
    let seen = desk.admin.get(&format!("/conversations/{id}")).await.ok();
    assert_eq!(
        (
            &seen["responded"],
            &seen["last_message"]["state"],
            &seen["reply"]["reason"]
        ),
        (&json!(false), &json!("failed"), &json!("channel_disabled"))
    );
    desk.admin
        .post(&format!("/messages/{reply}/retry"), json!({}))
        .await
        .refused(409, "channel_disabled");

    switch(&desk, &channel, "enable").await;
    desk.admin
        .post(&format!("/messages/{reply}/retry"), json!({}))
        .await
        .accepted();
    eventually("it is sent", || async {
        match message(&desk, &reply).await {
            sent if sent["state"] == "sent" => Ok(()),
            other => Err(other.to_string()),
        }
    })
    .await;
}

#[tokio::test]
async fn it_says_who_switched_it_off_and_counts_anew_what_it_drops() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let phone = desk.phone(&channel).await;
    let me = desk.admin.get("/me").await.ok()["id"].clone();
    let off = switch(&desk, &channel, "disable").await;
    assert_eq!(
        (&off["state_changed_by"], &off["dropping_since"]),
        (&me, &off["disabled_at"])
    );
    phone.says("one").await;
    phone.says("two").await;
    let path = format!("/channels/{}", channel.id);
    desk.admin.patch(&path, json!({"name": "Renamed"})).await.ok();
    let seen = desk.admin.get(&path).await.ok();
    assert_eq!(seen["dropped_pushes"], 2, "a rename is no switching off");
    assert_eq!(seen["dropping_since"], off["disabled_at"]);
    let on = switch(&desk, &channel, "enable").await;
    assert_eq!(
        (&on["dropping_since"], &on["dropped_pushes"]),
        (&Value::Null, &json!(2))
    );
    assert_eq!(switch(&desk, &channel, "disable").await["dropped_pushes"], 0);
}

#[tokio::test]
async fn deleting_wipes_every_secret_and_fails_what_was_queued() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let path = format!("/channels/{}", channel.id);
    // Both a rotation under way and a kept access token.
    let rotated =
        json!({"token": "anotherToken", "encoding_aes_key": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"});
    desk.admin.patch(&path, rotated).await.ok();
    let id = conversation(&desk, &channel).await;
    let reply = waiting_reply(&desk, &channel, &id).await;
    let (number, db) = (channel_number(&channel), &desk.inside().db);
    let mut conn = db.read().await.expect("a connection");
    let before = kefu::db::channels::find(&mut conn, number)
        .await
        .expect("a row")
        .expect("it is there");
    assert!(before.previous_token.is_some() && before.previous_encoding_aes_key.is_some());
    assert!(
        kefu::db::access_tokens::find(&mut conn, number)
            .await
            .expect("a row")
            .is_some()
    );
    drop(conn);

    assert_eq!(desk.admin.delete(&path).await.status, 204);
    let mut conn = db.read().await.expect("a connection");
    let after = kefu::db::channels::find(&mut conn, number)
        .await
        .expect("a row")
        .expect("it stays");
    for secret in [
        &after.app_secret,
        &after.token,
        &after.previous_token,
        &after.encoding_aes_key,
        &after.previous_encoding_aes_key,
    ] {
        assert!(secret.is_none());
    }
    assert!(
        kefu::db::access_tokens::find(&mut conn, number)
            .await
            .expect("a row")
            .is_none()
    );
    let failed = message(&desk, &reply).await;
    assert_eq!(
        (&failed["state"], &failed["reason"]),
        (&json!("failed"), &json!("channel_deleted"))
    );
}

fn channel_number(channel: &Channel) -> kefu::domain::ids::ChannelId {
    channel.id.parse().expect("an id")
}

#[tokio::test]
async fn a_deleted_channels_history_is_found_and_its_ticket_work_goes_on() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let agent = desk.agent(&channel).await;
    let id = conversation(&desk, &channel).await;
    let (me, them) = (
        desk.admin.get("/me").await.ok()["id"].clone(),
        agent.get("/me").await.ok()["id"].clone(),
    );
    desk.admin.delete(&format!("/channels/{}", channel.id)).await;

    for api in [&desk.admin, &agent] {
        let listed = api
            .get(&format!("/conversations?channel_id={}", channel.id))
            .await
            .ok();
        assert_eq!(listed["items"].as_array().expect("items").len(), 1, "{listed}");
        let channels = api.get("/channels?include_deleted=true").await.ok();
        assert_eq!(channels["items"][0]["state"], "deleted");
    }
    let path = |action: &str| format!("/conversations/{id}/{action}");
    for action in ["pick-up", "end", "reopen", "block", "unblock"] {
        desk.admin
            .post(&path(action), json!({}))
            .await
            .refused(409, "channel_deleted");
    }
    for to in [
        json!({"agent_id": them}),
        json!({"department_id": desk.department}),
    ] {
        desk.admin
            .post(&path("transfer"), to)
            .await
            .refused(409, "channel_deleted");
    }
    desk.admin
        .get(&path("transfer-targets"))
        .await
        .refused(409, "channel_deleted");
    desk.admin
        .post(&path("typing"), json!({}))
        .await
        .refused(409, "channel_deleted");

    let note = json!({"client_id": "n", "kind": "note", "text": "for the record"});
    desk.admin.post(&path("messages"), note).await.created();
    let ticket = desk.admin.get(&format!("/conversations/{id}")).await.ok()["ticket"]["id"].clone();
    let ticket = format!("/tickets/{}", text(&ticket));
    let change = json!({"status": "closed", "priority": "low", "subject": "Done"});
    assert_eq!(desk.admin.patch(&ticket, change).await.ok()["status"], "closed");
    desk.admin
        .patch(&ticket, json!({"assignee_id": them}))
        .await
        .refused(409, "channel_deleted");
    assert_eq!(desk.admin.get(&ticket).await.ok()["assignee_id"], me);

    let listed = desk
        .admin
        .get(&format!("/departments/{}/preferences", desk.department))
        .await
        .ok();
    assert_eq!(listed, json!({"items": []}), "associations and timers are gone");
}

#[tokio::test]
async fn nobody_starts_a_conversation() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let (agent, viewer) = (
        desk.agent(&channel).await,
        desk.agent_with_role(&channel, "viewer").await,
    );
    let body = json!({"channel_id": channel.id, "contact_id": "ct_1", "text": "hello"});
    for api in [&desk.admin, &agent] {
        api.post("/conversations", body.clone())
            .await
            .refused(409, "started_by_customers_only");
    }
    viewer
        .post("/conversations", body)
        .await
        .refused(403, "not_permitted");
    assert_eq!(
        desk.admin.get("/conversations").await.ok()["items"],
        json!([]),
        "nothing was made"
    );
}
