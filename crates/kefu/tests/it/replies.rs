//! Writing: once, in form, only while it is allowed; notes; trying again.

use crate::harness::{Api, Channel, Desk, Phone, eventually};
use serde_json::{Value, json};

struct Chat {
    desk: Desk,
    phone: Phone,
    agent: Api,
    path: String,
    id: String,
}

/// A conversation that the agent has picked up.
async fn chat(changes: Value) -> Chat {
    let desk = Desk::start().await;
    let channel: Channel = desk.channel_with(changes).await;
    let phone = desk.phone(&channel).await;
    phone.says("hi").await;
    let agent = desk.agent(&channel).await;
    let id = desk.conversation(&agent).await["id"]
        .as_str()
        .expect("id")
        .to_owned();
    agent
        .post(&format!("/conversations/{id}/pick-up"), json!({}))
        .await
        .ok();
    Chat {
        desk,
        phone,
        agent,
        path: format!("/conversations/{id}/messages"),
        id,
    }
}

async fn arrived(phone: &Phone, texts: &[&str]) {
    eventually("the phone shows the replies", || async {
        let seen = phone.received().await;
        if seen == texts {
            Ok(())
        } else {
            Err(format!("{seen:?}"))
        }
    })
    .await;
}

fn text(client_id: &str, text: &str) -> Value {
    json!({"client_id": client_id, "kind": "text", "text": text})
}

#[tokio::test]
async fn the_same_client_id_is_one_message_even_at_once() {
    let chat = chat(json!({})).await;
    let (one, two) = tokio::join!(
        chat.agent.post(&chat.path, text("a", "hello")),
        chat.agent.post(&chat.path, text("a", "hello"))
    );
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 202]);
    assert_eq!(one.json()["id"], two.json()["id"]);
    chat.agent
        .post(&chat.path, text("a", "other"))
        .await
        .refused(409, "client_id_reused");
    let replies = chat
        .desk
        .messages(&chat.id)
        .await
        .into_iter()
        .filter(|m| m["direction"] == "out")
        .count();
    assert_eq!(replies, 1);
    arrived(&chat.phone, &["hello"]).await;
}

#[tokio::test]
async fn the_form_is_checked_before_the_state() {
    let chat = chat(json!({})).await;
    chat.agent
        .post(&format!("/conversations/{}/end", chat.id), json!({}))
        .await
        .ok();
    for (body, field, code) in [
        (json!({"kind": "text", "text": "x"}), "client_id", "required"),
        (text(&"x".repeat(65), "x"), "client_id", "too_long"),
        (json!({"client_id": "1"}), "kind", "required"),
        (
            json!({"client_id": "1", "kind": "location"}),
            "kind",
            "unknown_kind",
        ),
        (text("1", " "), "text", "required"),
        (text("1", &"好".repeat(683)), "text", "text_too_long"),
        (
            json!({"client_id": "1", "kind": "image"}),
            "attachment_id",
            "required",
        ),
        (
            json!({"client_id": "1", "kind": "image", "attachment_id": "md_999"}),
            "attachment_id",
            "unknown_attachment",
        ),
    ] {
        let error = chat
            .agent
            .post(&chat.path, body.clone())
            .await
            .refused(422, "invalid_fields");
        assert_eq!(error["fields"][field], code, "{body}");
    }
    let error = chat
        .agent
        .post(&chat.path, text("1", "hello"))
        .await
        .refused(409, "conversation_ended");
    assert_eq!(error["reply"]["allowed"], false);
}

#[tokio::test]
async fn the_allowance_is_spent_when_a_reply_is_queued_and_notes_are_free() {
    let chat = chat(json!({"reply_policy": "wechat_current"})).await;
    for n in 0..5 {
        chat.agent
            .post(&chat.path, text(&n.to_string(), "hello"))
            .await
            .accepted();
    }
    chat.agent
        .post(&chat.path, text("5", "hello"))
        .await
        .refused(409, "quota_exhausted");
    let note = json!({"client_id": "n", "kind": "note", "text": "call back"});
    let note = chat.agent.post(&chat.path, note).await.created();
    assert_eq!(
        (&note["state"], &note["direction"]),
        (&json!("sent"), &json!("internal")),
        "{note}"
    );
    let conversation = chat.agent.get(&format!("/conversations/{}", chat.id)).await.ok();
    assert_eq!(
        (&conversation["responded"], &conversation["waiting_since"]),
        (&json!(true), &json!(null))
    );
    assert_eq!(
        conversation["last_message"]["kind"], "text",
        "a note is no last message"
    );
    // Replies that still wait would use up the next window before it opens.
    eventually("every reply has left", || async {
        let messages = chat.desk.messages(&chat.id).await;
        let waiting = messages
            .iter()
            .filter(|m| m["state"] == "queued" || m["state"] == "sending");
        match waiting.count() {
            0 => Ok(()),
            some => Err(format!("{some} wait")),
        }
    })
    .await;
    chat.phone.says("thanks").await;
    chat.agent
        .post(&chat.path, text("6", "you are welcome"))
        .await
        .accepted();
}

#[tokio::test]
async fn only_who_has_it_replies_and_only_in_the_window() {
    let chat = chat(json!({})).await;
    chat.desk
        .admin
        .post(&chat.path, text("1", "hello"))
        .await
        .refused(409, "not_assignee");
    let own = json!({"reply_policy": "custom", "custom_policy": {"window_ms": 172_800_000, "window_messages": null,
        "burst_ms": 60_000, "burst_messages": 3, "monthly_messages": 0}});
    let channel = chat.agent.get(&format!("/conversations/{}", chat.id)).await.ok()["channel_id"].clone();
    let channel = format!("/channels/{}", channel.as_str().expect("id"));
    chat.desk.admin.patch(&channel, own).await.ok();
    chat.desk.advance_hours(49.0);
    let refused = chat
        .agent
        .post(&chat.path, text("1", "hello"))
        .await
        .refused(409, "window_closed");
    assert_eq!(refused["reply"]["detail"], "policy_without_monthly");
}

#[tokio::test]
async fn what_was_sent_cannot_be_tried_again() {
    let chat = chat(json!({})).await;
    let reply = chat.agent.post(&chat.path, text("1", "hello")).await.accepted();
    arrived(&chat.phone, &["hello"]).await;
    let path = format!("/messages/{}/retry", reply["id"].as_str().expect("id"));
    chat.agent
        .post(&path, json!({}))
        .await
        .refused(409, "not_retryable");
    chat.agent
        .post("/messages/ms_999999/retry", json!({}))
        .await
        .refused(404, "not_found");
}

#[tokio::test]
async fn pages_of_a_thread_are_ascending_from_either_end() {
    let chat = chat(json!({})).await;
    for n in 0..6 {
        chat.phone.says(&n.to_string()).await;
    }
    let page = |query: &'static str| {
        let (agent, path) = (chat.agent.clone(), chat.path.clone());
        async move {
            let page = agent.get(&format!("{path}?{query}")).await.ok();
            let seqs: Vec<i64> = page["items"]
                .as_array()
                .expect("items")
                .iter()
                .map(|m| m["seq"].as_i64().expect("seq"))
                .collect();
            (seqs, page["next_cursor"].as_str().map(str::to_owned))
        }
    };
    assert_eq!(page("limit=3").await, (vec![6, 7, 8], Some("6".into())));
    assert_eq!(page("before=6&limit=3").await, (vec![3, 4, 5], Some("3".into())));
    assert_eq!(page("before=3&limit=3").await, (vec![1, 2], None));
    assert_eq!(page("after=0&limit=3").await, (vec![1, 2, 3], Some("3".into())));
    assert_eq!(page("after=6&limit=3").await, (vec![7, 8], None));
}

const TYPING: &str = "/calls?path=/cgi-bin/message/custom/typing";

#[tokio::test]
async fn typing_is_shown_to_the_contact_where_a_reply_would_be_accepted() {
    let chat = chat(json!({})).await;
    let path = format!("/conversations/{}/typing", chat.id);
    assert_eq!(chat.agent.post(&path, json!({})).await.status, 204);
    let none = chat.agent.send(reqwest::Method::POST, &path, None).await;
    assert_eq!(none.status, 204, "the body may be left out");
    eventually("WeChat was told once", || async {
        let calls = chat.desk.control.get(TYPING).await.ok();
        match calls["items"].as_array().map(Vec::len) {
            Some(1) => Ok(()),
            _ => Err(calls.to_string()),
        }
    })
    .await;
    chat.desk
        .admin
        .post(&path, json!({}))
        .await
        .refused(409, "not_assignee");
    chat.agent
        .post(&format!("/conversations/{}/end", chat.id), json!({}))
        .await
        .ok();
    chat.agent
        .post(&path, json!({}))
        .await
        .refused(409, "conversation_ended");
    assert_eq!(
        chat.desk.control.get(TYPING).await.ok()["items"]
            .as_array()
            .map(Vec::len),
        Some(1),
        "refusals are not sent"
    );
}

#[tokio::test]
async fn a_body_that_cannot_be_read_does_not_tell_that_a_hidden_thing_exists() {
    let chat = chat(json!({})).await;
    let other = chat.desk.channel().await;
    let stranger = chat.desk.agent(&other).await;
    let ticket = chat.desk.conversation(&chat.agent).await["ticket"]["id"].clone();
    let contact = chat.desk.conversation(&chat.agent).await["contact"]["id"].clone();
    let wrong = json!({"client_id": 5, "typing": 5, "take_over": 5, "close_ticket": 5, "agent_id": 5});
    for action in ["messages", "typing", "pick-up", "end", "transfer"] {
        let path = format!("/conversations/{}/{action}", chat.id);
        stranger
            .post(&path, wrong.clone())
            .await
            .refused(404, "not_found");
        assert_eq!(
            chat.agent.post(&path, wrong.clone()).await.status,
            422,
            "{action}"
        );
    }
    let wrong = json!({"version": "x"});
    for (prefix, id) in [("tickets", ticket), ("contacts", contact)] {
        let path = format!("/{prefix}/{}", id.as_str().expect("id"));
        stranger
            .patch(&path, wrong.clone())
            .await
            .refused(404, "not_found");
        assert_eq!(chat.agent.patch(&path, wrong.clone()).await.status, 422, "{path}");
    }
    let pair = format!(
        "/departments/{}/channels/ch_999/preferences",
        chat.desk.department
    );
    for path in ["/channels/ch_999", "/departments/dp_999", "/agents/ag_999"] {
        chat.desk
            .admin
            .patch(path, wrong.clone())
            .await
            .refused(404, "not_found");
    }
    let unknown = json!({"agent_ids": ["ag_999"]});
    chat.desk
        .admin
        .put(&pair, unknown)
        .await
        .refused(404, "not_found");
}

#[tokio::test]
async fn a_channel_that_is_off_is_the_first_reason_against_trying_again() {
    let chat = chat(json!({})).await;
    let sent = chat.agent.post(&chat.path, text("a", "hello")).await.accepted();
    arrived(&chat.phone, &["hello"]).await;
    let retry = format!("/messages/{}/retry", sent["id"].as_str().expect("id"));
    chat.agent
        .post(&retry, json!({}))
        .await
        .refused(409, "not_retryable");
    let channel = chat.desk.admin.get("/channels").await.ok()["items"][0]["id"].clone();
    let channel = channel.as_str().expect("id");
    chat.desk
        .admin
        .post(&format!("/channels/{channel}/disable"), json!({}))
        .await
        .ok();
    chat.agent
        .post(&retry, json!({}))
        .await
        .refused(409, "channel_disabled");
}
