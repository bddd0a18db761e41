//! People nobody knew, many at once: each gets one contact, one conversation and one ticket. On PostgreSQL they go a way
//! of their own, in one statement; the rules are those of everybody else.

use crate::harness::{Channel, Desk, RawPush};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::HashSet;

/// Enough people that every writer has read the channel: then new people go the short way.
async fn known_to_every_writer(push: &RawPush) {
    for n in 0..24_u64 {
        let body = push.text(&format!("oEarly{n}"), 100 + n, "early");
        assert_eq!(push.post(body).await.0, 200);
    }
}

/// The conversations of people whose first message begins with this.
async fn conversations(desk: &Desk, first: &str) -> Vec<Value> {
    let page = desk.admin.get("/conversations?view=all&limit=100").await.ok();
    let mut found = Vec::new();
    for conversation in page["items"].as_array().expect("items") {
        let id = conversation["id"].as_str().expect("id");
        let messages = desk.messages(id).await;
        let text = messages.first().and_then(|message| message["text"].as_str());
        if text.is_some_and(|text| text.starts_with(first)) {
            found.push(json!({"is": conversation, "messages": messages}));
        }
    }
    found
}

fn follow(channel: &Channel, openid: &str) -> String {
    format!(
        "<xml><ToUserName><![CDATA[{}]]></ToUserName><FromUserName><![CDATA[{openid}]]></FromUserName>\
         <CreateTime>1700000000</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe]]></Event></xml>",
        channel.original_id
    )
}

fn seqs(conversation: &Value) -> Vec<i64> {
    let messages = conversation["messages"].as_array().expect("messages");
    messages.iter().filter_map(|m| m["seq"].as_i64()).collect()
}

#[tokio::test]
async fn thirty_new_people_at_once_get_a_conversation_and_a_ticket_each() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let push = RawPush::to(&channel);
    known_to_every_writer(&push).await;
    // Every other one follows first, and is a contact without a conversation then.
    for n in (0..30).step_by(2) {
        let follow = follow(&channel, &format!("oNew{n}"));
        assert_eq!(push.post(follow).await.0, 200);
    }
    let sent = (0..30_u64).flat_map(|n| {
        // Each message twice: WeChat repeats what it doubts.
        [0, 1, 0, 1].map(|part| {
            let text = format!("new {n} part {part}");
            push.post(push.text(&format!("oNew{n}"), 1_000 + n * 10 + part, &text))
        })
    });
    assert!(join_all(sent).await.iter().all(|(status, _)| *status == 200));

    let found = conversations(&desk, "new ").await;
    assert_eq!(found.len(), 30);
    let mut tickets = HashSet::new();
    for conversation in &found {
        assert_eq!(seqs(conversation), [1, 2], "{conversation}");
        let is = &conversation["is"];
        assert_eq!(is["unread_count"], 2);
        assert_eq!(
            is["last_message"]["created_at"],
            conversation["messages"][1]["created_at"]
        );
        assert!(
            is["waiting_since"].is_string() && is["contact"]["name"] != "",
            "{is}"
        );
        let ticket = is["ticket"]["id"].as_str().expect("a ticket");
        let shown = desk.admin.get(&format!("/tickets/{ticket}")).await.ok();
        assert_eq!(
            (&shown["status"], &shown["assignee_id"]),
            (&json!("open"), &Value::Null)
        );
        assert_eq!(shown["conversation_id"], is["id"]);
        for message in conversation["messages"].as_array().expect("messages") {
            assert_eq!(message["ticket_id"], ticket);
        }
        tickets.insert(ticket.to_owned());
    }
    assert_eq!(tickets.len(), 30);
}

#[tokio::test]
async fn a_new_person_is_answered_once_and_their_next_message_follows() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let answers = json!([
        {"id": 1, "occasion": "first_message", "kind": "text", "text": "We are here."},
    ]);
    desk.set_automation(&channel, &answers).await;
    let push = RawPush::to(&channel);
    known_to_every_writer(&push).await;
    for _ in 0..2 {
        let (_, body) = push.post(push.text("oAnswered", 1_000, "hello")).await;
        assert!(body.contains("We are here."), "{body}");
    }
    let (_, body) = push.post(push.text("oAnswered", 1_001, "and more")).await;
    assert_eq!(body, "success");
    let found = conversations(&desk, "hello").await;
    let messages = found[0]["messages"].as_array().expect("messages");
    let told: Vec<_> = messages
        .iter()
        .map(|m| (&m["direction"], &m["text"], &m["state"]))
        .collect();
    assert_eq!(
        told,
        [
            (&json!("in"), &json!("hello"), &json!("received")),
            (&json!("out"), &json!("We are here."), &json!("sent")),
            (&json!("in"), &json!("and more"), &json!("received")),
        ]
    );
    assert_eq!(seqs(&found[0]), [1, 2, 3]);
}

#[tokio::test]
async fn a_new_persons_tap_on_a_menu_message_opens_only_the_short_allowance() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let push = RawPush::to(&channel);
    known_to_every_writer(&push).await;
    let tap = push.text("oTapped", 1_000, "tapped");
    let tap = tap.replace("</xml>", "<bizmsgmenuid>101</bizmsgmenuid></xml>");
    assert_eq!(push.post(tap).await.0, 200);
    let found = conversations(&desk, "tapped").await;
    desk.admin.post(&path(&found[0], "pick-up"), json!({})).await.ok();
    let reply = desk.admin.get(&path(&found[0], "")).await.ok()["reply"].clone();
    assert_ne!(reply["reason"], "contact_never_wrote", "{reply}");
    assert_eq!(found[0]["messages"][0]["data"]["menu_id"], "101");
}

fn path(conversation: &Value, verb: &str) -> String {
    let id = conversation["is"]["id"].as_str().expect("id");
    format!("/conversations/{id}/{verb}")
        .trim_end_matches('/')
        .to_owned()
}

/// Two nodes of one desk that have both read the channel; `None` on SQLite, which has one.
async fn two_nodes(desk: &Desk, channel: &Channel) -> Option<(crate::harness::Node, [RawPush; 2])> {
    let second = desk.second_node().await?;
    let pushes = [RawPush::to(channel), RawPush::to(&second.channel(channel))];
    known_to_every_writer(&pushes[0]).await;
    for n in 0..24_u64 {
        let body = pushes[1].text(&format!("oLate{n}"), 200 + n, "late");
        assert_eq!(pushes[1].post(body).await.0, 200);
    }
    Some((second, pushes))
}

#[tokio::test]
async fn two_nodes_that_meet_the_same_new_people_at_once_make_each_one_conversation() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let Some((_second, pushes)) = two_nodes(&desk, &channel).await else {
        return;
    };
    for n in (0..20).step_by(2) {
        let follow = follow(&channel, &format!("oBoth{n}"));
        assert_eq!(pushes[n % 4 / 2].post(follow).await.0, 200);
    }
    let sent = (0..20_u64).flat_map(|n| {
        let pushes = &pushes;
        (0..6_u64).map(move |part| {
            // Parts 4 and 5 are parts 0 and 1 once more, to the other node.
            let push = &pushes[usize::from((part + part / 4) % 2 == 1)];
            let text = format!("both {n}");
            push.post(push.text(&format!("oBoth{n}"), 1_000 + n * 10 + part % 4, &text))
        })
    });
    assert!(join_all(sent).await.iter().all(|(status, _)| *status == 200));
    let found = conversations(&desk, "both ").await;
    assert_eq!(found.len(), 20);
    for conversation in &found {
        assert_eq!(seqs(conversation), [1, 2, 3, 4], "{conversation}");
        let tickets: HashSet<_> = conversation["messages"]
            .as_array()
            .expect("messages")
            .iter()
            .map(|message| message["ticket_id"].as_str())
            .collect();
        assert_eq!(tickets.len(), 1);
    }
}

#[tokio::test]
async fn a_new_person_finds_a_channel_switched_off_that_another_node_has_just_switched_off() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let Some((_second, pushes)) = two_nodes(&desk, &channel).await else {
        return;
    };
    let off = format!("/channels/{}/disable", channel.id);
    desk.admin.post(&off, json!({})).await.ok();
    assert_eq!(
        pushes[1].post(pushes[1].text("oToo", 1_000, "too late")).await.0,
        200
    );
    assert_eq!(conversations(&desk, "too late").await.len(), 0);
}
