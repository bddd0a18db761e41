//! A push becomes a stored message: once, in order, with its ticket.

use crate::harness::{Desk, RawPush, eventually};
use futures_util::future::join_all;
use serde_json::{Value, json};

fn texts(messages: &[Value]) -> Vec<String> {
    let inbound = messages.iter().filter(|m| m["direction"] == "in");
    inbound
        .map(|m| m["text"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn a_message_becomes_a_conversation_with_a_ticket() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let pushed = desk
        .phone(&channel)
        .await
        .says("你好，我的订单到哪里了？😀")
        .await;
    assert_eq!(pushed["acknowledged"], true, "{pushed}");

    let conversation = desk.conversation(&desk.admin).await;
    assert_eq!(conversation["state"], "open");
    assert_eq!(conversation["assignee_id"], Value::Null);
    assert_eq!(conversation["unread_count"], 1);
    assert_eq!(conversation["responded"], false);
    assert_eq!(conversation["department_id"], desk.department.as_str());
    assert_eq!(conversation["last_message"]["text"], "你好，我的订单到哪里了？😀");
    assert_eq!(conversation["ticket"]["status"], "open");
    assert_eq!(conversation["reply"]["reason"], "unassigned");
    assert!(conversation["waiting_since"].is_string());

    let messages = desk.messages(conversation["id"].as_str().expect("id")).await;
    assert_eq!(messages.len(), 1);
    assert_eq!(
        (
            messages[0]["seq"].as_i64(),
            &messages[0]["kind"],
            &messages[0]["state"]
        ),
        (Some(1), &json!("text"), &json!("received"))
    );
    assert_eq!(messages[0]["ticket_id"], conversation["ticket"]["id"]);
    let ticket = desk
        .admin
        .get(&format!(
            "/tickets/{}",
            conversation["ticket"]["id"].as_str().expect("id")
        ))
        .await
        .ok();
    assert_eq!(ticket["subject"], "你好，我的订单到哪里了？😀");
}

#[tokio::test]
async fn a_message_reaches_the_desk_in_every_encryption_mode() {
    let desk = Desk::start().await;
    for mode in ["plain", "compatible", "safe"] {
        let channel = desk.channel_with(json!({"encryption_mode": mode})).await;
        let pushed = desk.phone(&channel).await.says(mode).await;
        assert_eq!(pushed["acknowledged"], true, "{mode}: {pushed}");
        let page = desk
            .admin
            .get(&format!("/conversations?view=all&channel_id={}", channel.id))
            .await
            .ok();
        assert_eq!(page["items"][0]["last_message"]["text"], mode);
    }
}

#[tokio::test]
async fn the_same_push_three_times_is_one_message() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let push = RawPush::to(&channel);
    for _ in 0..3 {
        assert_eq!(
            push.post(push.text("oTriple", 42, "once")).await,
            (200.try_into().expect("a status"), "success".to_owned())
        );
    }
    let conversation = desk.conversation(&desk.admin).await;
    assert_eq!(conversation["unread_count"], 1);
    assert_eq!(
        texts(&desk.messages(conversation["id"].as_str().expect("id")).await),
        ["once"]
    );
}

#[tokio::test]
async fn the_same_push_fifty_times_at_once_is_one_message() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let push = RawPush::to(&channel);
    let answers = join_all((0..50).map(|_| push.post(push.text("oFifty", u64::MAX, "once")))).await;
    assert!(
        answers
            .iter()
            .all(|(status, body)| *status == 200 && body == "success"),
        "{answers:?}"
    );
    let conversation = desk.conversation(&desk.admin).await;
    assert_eq!(
        texts(&desk.messages(conversation["id"].as_str().expect("id")).await),
        ["once"]
    );
}

#[tokio::test]
async fn duplicates_are_found_after_a_restart_too() {
    let mut desk = Desk::start().await;
    let channel = desk.channel().await;
    let push = RawPush::to(&channel);
    push.post(push.text("oAgain", 7, "once")).await;
    desk.restart().await;
    let moved = RawPush::to(&crate::harness::Channel {
        callback_url: desk.local(&channel.callback_url),
        ..channel
    });
    assert_eq!(moved.post(moved.text("oAgain", 7, "once")).await.0, 200);
    let conversation = desk.conversation(&desk.admin).await;
    assert_eq!(
        texts(&desk.messages(conversation["id"].as_str().expect("id")).await),
        ["once"]
    );
}

#[tokio::test]
async fn five_hundred_messages_of_one_contact_are_stored_in_the_order_they_were_written() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let phone = desk.phone(&channel).await;
    let control = desk.control.clone();
    for i in 0..500 {
        let message = json!({"type": "text", "content": format!("message {i}")});
        assert!(
            control
                .post(&format!("{}/messages", phone.path), message)
                .await
                .status
                .is_success()
        );
    }
    let id = eventually("the conversation appears", || async {
        let page = desk.admin.get("/conversations?view=all").await.ok();
        page["items"][0]["id"]
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| page.to_string())
    })
    .await;
    eventually("500 messages arrive", || async {
        let newest = desk
            .admin
            .get(&format!("/conversations/{id}/messages?limit=1"))
            .await
            .ok();
        if newest["items"][0]["seq"] == 500 {
            Ok(())
        } else {
            Err(newest.to_string())
        }
    })
    .await;
    let messages = desk.messages(&id).await;
    let expected: Vec<String> = (0..500).map(|i| format!("message {i}")).collect();
    assert_eq!(texts(&messages), expected);
    let seqs: Vec<i64> = messages.iter().map(|m| m["seq"].as_i64().expect("seq")).collect();
    assert_eq!(seqs, (1..=500).collect::<Vec<_>>());
}

#[tokio::test]
async fn pushes_of_many_contacts_at_once_are_all_stored() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let push = RawPush::to(&channel);
    let answers =
        join_all((0..300_u64).map(|i| push.post(push.text(&format!("oMany{}", i % 60), i, "hello")))).await;
    assert!(answers.iter().all(|(status, _)| *status == 200));
    let page = desk.admin.get("/conversations?view=all&limit=200").await.ok();
    let conversations = page["items"].as_array().expect("items");
    assert_eq!(conversations.len(), 60);
    assert!(conversations.iter().all(|c| c["unread_count"] == 5), "{page}");
}

#[tokio::test]
async fn a_follow_alone_makes_neither_a_ticket_nor_a_conversation() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let phone = desk.phone(&channel).await;
    assert_eq!(phone.does("subscribe").await["acknowledged"], true);
    assert_eq!(
        desk.admin.get("/conversations?view=all").await.ok()["items"],
        json!([])
    );
    assert_eq!(desk.admin.get("/tickets").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn every_kind_of_message_is_kept_as_what_it_is() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let phone = desk.phone(&channel).await;
    let sent = [
        json!({"type": "location", "location_x": 31.2304, "location_y": 121.4737, "scale": 15, "label": "上海市黄浦区"}),
        json!({"type": "link", "title": "A page", "description": "About it", "url": "https://example.com/"}),
        json!({"type": "file", "title": "合同.pdf", "file_md5": "0123456789abcdef0123456789abcdef", "file_total_len": 1234}),
        json!({"type": "text", "content": "【收到不支持的消息类型，暂无法显示】"}),
        json!({"type": "hologram"}),
    ];
    for message in sent {
        assert_eq!(
            phone.sends(message.clone()).await["acknowledged"],
            true,
            "{message}"
        );
    }
    let conversation = desk.conversation(&desk.admin).await;
    let messages = desk.messages(conversation["id"].as_str().expect("id")).await;
    let kinds: Vec<&str> = messages
        .iter()
        .map(|m| m["kind"].as_str().expect("kind"))
        .collect();
    assert_eq!(kinds, ["location", "link", "file", "sticker", "unsupported"]);
    assert_eq!(messages[0]["data"]["label"], "上海市黄浦区");
    assert_eq!(messages[1]["data"]["url"], "https://example.com/");
    assert_eq!(messages[2]["data"]["title"], "合同.pdf");
}

#[tokio::test]
async fn an_unfollow_closes_the_reply_and_a_new_message_opens_it_again() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let phone = desk.phone(&channel).await;
    phone.says("hello").await;
    let id = desk.conversation(&desk.admin).await["id"]
        .as_str()
        .expect("id")
        .to_owned();
    desk.admin
        .post(&format!("/conversations/{id}/pick-up"), json!({}))
        .await
        .ok();
    phone.does("unsubscribe").await;
    let reply = desk.admin.get(&format!("/conversations/{id}")).await.ok()["reply"].clone();
    assert_eq!(
        (&reply["allowed"], &reply["reason"]),
        (&json!(false), &json!("contact_unsubscribed"))
    );
    phone.does("subscribe").await;
    phone.says("back again").await;
    let reply = desk.admin.get(&format!("/conversations/{id}")).await.ok()["reply"].clone();
    assert_eq!(
        (&reply["allowed"], &reply["route"]),
        (&json!(true), &json!("window"))
    );
}

#[tokio::test]
async fn the_window_is_open_at_47_59_and_closed_at_48_00() {
    let desk = Desk::start().await;
    // An account without the monthly route, which would be open from then on.
    let channel = desk.channel_with(json!({"account_kind": "test"})).await;
    desk.phone(&channel).await.says("hello").await;
    let id = desk.conversation(&desk.admin).await["id"]
        .as_str()
        .expect("id")
        .to_owned();
    desk.admin
        .post(&format!("/conversations/{id}/pick-up"), json!({}))
        .await
        .ok();
    desk.advance_hours(47.0 + 59.0 / 60.0);
    assert_eq!(
        desk.admin.get(&format!("/conversations/{id}")).await.ok()["reply"]["allowed"],
        true
    );
    desk.advance_hours(1.0 / 60.0);
    assert_eq!(
        desk.admin.get(&format!("/conversations/{id}")).await.ok()["reply"]["reason"],
        "window_closed"
    );
    let late = json!({"client_id": "late", "kind": "text", "text": "too late"});
    desk.admin
        .post(&format!("/conversations/{id}/messages"), late)
        .await
        .refused(409, "window_closed");
}
