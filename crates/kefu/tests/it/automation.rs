//! Automatic answers: what the response to a push says, that it is kept once, and that nobody's reply is counted.

mod bad_days;
mod silence;

use crate::harness::{Channel, Desk, RawPush};
use futures_util::future::join_all;
use serde_json::{Value, json};

fn text(id: i64, occasion: &str, text: &str) -> Value {
    json!({"id": id, "occasion": occasion, "kind": "text", "text": text})
}

fn keyword(id: i64, word: &str, rule: &str, text: &str) -> Value {
    json!({"id": id, "occasion": "keyword", "keyword": word, "match_rule": rule, "kind": "text", "text": text})
}

/// One of each occasion.
fn every_occasion() -> Value {
    json!([
        text(1, "follow", "Welcome!"),
        {"id": 2, "occasion": "menu_click", "keyword": "HOURS", "kind": "text", "text": "Nine to five."},
        keyword(3, "Refund", "contains", "Refunds take a week."),
        keyword(4, "price", "equals", "See our list."),
        text(5, "first_message", "We received it."),
        text(6, "default", "Somebody will be with you."),
    ])
}

async fn automated(changes: Value, answers: Value) -> (Desk, Channel) {
    let desk = Desk::start().await;
    let channel = desk.channel_with(changes).await;
    desk.set_automation(&channel, &answers).await;
    (desk, channel)
}

async fn id(desk: &Desk) -> String {
    let conversation = desk.conversation(&desk.admin).await;
    conversation["id"].as_str().expect("id").to_owned()
}

/// What the desk said by itself, with the occasion.
async fn said(desk: &Desk, conversation: &str) -> Vec<(String, String)> {
    let messages = desk.messages(conversation).await;
    let own = messages.iter().filter(|m| m["direction"] == "out");
    own.map(|m| {
        assert_eq!(
            (&m["author_id"], &m["state"]),
            (&Value::Null, &json!("sent")),
            "{m}"
        );
        let word = m["data"]["automation"].as_str().expect("automation").to_owned();
        (word, m["text"].as_str().expect("text").to_owned())
    })
    .collect()
}

#[tokio::test]
async fn each_occasion_is_answered_and_the_first_that_fits_counts() {
    let (desk, channel) = automated(json!({}), every_occasion()).await;
    let phone = desk.phone(&channel).await;
    phone.does("subscribe").await;
    assert_eq!(phone.received().await, ["Welcome!"]);
    assert_eq!(
        desk.admin.get("/conversations?view=all").await.ok()["items"],
        json!([])
    );
    for message in [
        "hello",
        "is there anybody",
        "about a REFUND, please",
        " ＰＲＩＣＥ\u{3000}",
    ] {
        phone.says(message).await;
    }
    phone
        .sends(json!({"type": "location", "location_x": 1, "location_y": 2, "scale": 3, "label": "price"}))
        .await;
    phone.clicks("HOURS").await;
    let expected = [
        ("first_message", "We received it."),
        ("default", "Somebody will be with you."),
        ("keyword", "Refunds take a week."),
        ("keyword", "See our list."),
        ("default", "Somebody will be with you."),
        ("menu_click", "Nine to five."),
    ];
    let id = id(&desk).await;
    let kept = said(&desk, &id).await;
    let kept: Vec<(&str, &str)> = kept
        .iter()
        .map(|(word, text)| (word.as_str(), text.as_str()))
        .collect();
    assert_eq!(kept, expected);
    let shown: Vec<&str> = expected.iter().map(|(_, text)| *text).collect();
    assert_eq!(phone.received().await[1..], shown);
}

#[tokio::test]
async fn the_default_is_silent_while_somebody_has_the_conversation() {
    let (desk, channel) = automated(
        json!({}),
        json!([text(6, "default", "Somebody will be with you.")]),
    )
    .await;
    let phone = desk.phone(&channel).await;
    phone.says("hello").await;
    let id = id(&desk).await;
    desk.admin
        .post(&format!("/conversations/{id}/pick-up"), json!({}))
        .await
        .ok();
    phone.says("thanks").await;
    assert_eq!(said(&desk, &id).await.len(), 1);
}

#[tokio::test]
async fn an_answer_is_no_reply_of_an_agent_and_costs_nothing() {
    let (desk, channel) = automated(
        json!({"reply_policy": "wechat_current"}),
        json!([text(5, "first_message", "We received it.")]),
    )
    .await;
    let phone = desk.phone(&channel).await;
    phone.says("hello").await;
    let conversation = desk.conversation(&desk.admin).await;
    assert_eq!(conversation["responded"], false);
    assert_eq!(conversation["unread_count"], 1);
    assert!(conversation["waiting_since"].is_string());
    assert_eq!(conversation["last_message"]["text"], "hello");
    assert_eq!(conversation["last_message"]["seq"], 1);
    assert_eq!(conversation["last_message"]["direction"], "in");
    let id = conversation["id"].as_str().expect("id");
    desk.admin
        .post(&format!("/conversations/{id}/pick-up"), json!({}))
        .await
        .ok();
    let reply = desk.admin.get(&format!("/conversations/{id}")).await.ok()["reply"].clone();
    assert_eq!(reply["remaining"], 5);
    let calls = desk
        .control
        .get("/calls?path=/cgi-bin/message/custom/send")
        .await
        .ok();
    assert_eq!(calls["items"], json!([]));
}

#[tokio::test]
async fn a_repeated_push_is_answered_the_same_and_kept_once() {
    let (mut desk, channel) = automated(json!({}), json!([keyword(3, "hi", "equals", "Hello there.")])).await;
    let push = RawPush::to(&channel);
    let (_, first) = push.post(push.text("oTwice", 42, "hi")).await;
    assert!(first.contains("<![CDATA[Hello there.]]>"), "{first}");
    assert!(first.contains("<ToUserName><![CDATA[oTwice]]>"), "{first}");
    // What is said again is what was said, whatever the rules are now.
    desk.set_automation(&channel, &json!([])).await;
    for _ in 0..2 {
        let (_, again) = push.post(push.text("oTwice", 42, "hi")).await;
        assert!(again.contains("<![CDATA[Hello there.]]>"), "{again}");
    }
    desk.restart().await;
    let moved = RawPush::to(&Channel {
        callback_url: desk.local(&channel.callback_url),
        ..channel
    });
    let (_, again) = moved.post(moved.text("oTwice", 42, "hi")).await;
    assert!(again.contains("<![CDATA[Hello there.]]>"), "{again}");
    let id = id(&desk).await;
    assert_eq!(desk.messages(&id).await.len(), 2);
    let (_, plain) = moved.post(moved.text("oTwice", 43, "hi")).await;
    assert_eq!(plain, "success");
}

#[tokio::test]
async fn fifty_copies_at_once_get_one_answer() {
    let (desk, channel) = automated(json!({}), every_occasion()).await;
    let push = RawPush::to(&channel);
    let answers = join_all((0..50).map(|_| push.post(push.text("oFifty", 7, "refund")))).await;
    for (status, body) in answers {
        assert_eq!(status, 200);
        assert!(body.contains("Refunds take a week."), "{body}");
    }
    let id = id(&desk).await;
    assert_eq!(said(&desk, &id).await.len(), 1);
}

#[tokio::test]
async fn a_repeated_follow_is_answered_the_same() {
    let (desk, channel) = automated(json!({}), every_occasion()).await;
    let push = RawPush::to(&channel);
    let follow = format!(
        "<xml><ToUserName><![CDATA[{}]]></ToUserName><FromUserName><![CDATA[oFan]]></FromUserName>\
         <CreateTime>1700000000</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe]]></Event></xml>",
        channel.original_id
    );
    for _ in 0..3 {
        let (_, body) = push.post(follow.clone()).await;
        assert!(body.contains("<![CDATA[Welcome!]]>"), "{body}");
    }
    assert_eq!(desk.admin.get("/tickets").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn answers_arrive_in_every_encryption_mode() {
    let desk = Desk::start().await;
    for mode in ["plain", "compatible", "safe"] {
        let channel = desk.channel_with(json!({"encryption_mode": mode})).await;
        desk.set_automation(&channel, &every_occasion()).await;
        let phone = desk.phone(&channel).await;
        let pushed = phone.says("price").await;
        assert_eq!(pushed["acknowledged"], true, "{mode}: {pushed}");
        assert_eq!(phone.received().await, ["See our list."], "{mode}");
    }
}

#[tokio::test]
async fn an_answer_is_encrypted_with_the_key_that_opened_the_push() {
    let (desk, channel) = automated(json!({"encryption_mode": "safe"}), every_occasion()).await;
    let key = "ZYXWVUTSRQPONMLKJIHGFEDCBA9876543210zyxwvut";
    desk.admin
        .patch(
            &format!("/channels/{}", channel.id),
            json!({"encoding_aes_key": key}),
        )
        .await
        .ok();
    // The account still pushes with the key before.
    let phone = desk.phone(&channel).await;
    let pushed = phone.says("price").await;
    assert_eq!(pushed["acknowledged"], true, "{pushed}");
    assert_eq!(phone.received().await, ["See our list."]);
}

#[tokio::test]
async fn pictures_and_links_are_said_and_shown() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let phone = desk.phone(&channel).await;
    let news = json!({"id": 1, "occasion": "keyword", "keyword": "news", "match_rule": "equals", "kind": "news", "text": "Spring",
        "data": {"title": "Spring", "description": "New things", "picture_url": "https://example.com/a.jpg", "url": "https://example.com/"}});
    let image = json!({"id": 2, "occasion": "keyword", "keyword": "picture", "match_rule": "equals", "kind": "image",
        "text": "Our shop", "data": {"media_id": "M_1"}});
    desk.set_automation(&channel, &json!([news, image])).await;
    phone.says("news").await;
    assert_eq!(
        phone.timeline().await.last().expect("an item")["articles"][0]["url"],
        "https://example.com/"
    );
    let push = RawPush::to(&channel);
    let (_, body) = push.post(push.text("oPicture", 1, "picture")).await;
    assert!(
        body.contains("<Image><MediaId><![CDATA[M_1]]></MediaId></Image>"),
        "{body}"
    );
    let page = desk.admin.get("/conversations?view=all").await.ok();
    let mut kinds = Vec::new();
    for conversation in page["items"].as_array().expect("items") {
        for message in desk.messages(conversation["id"].as_str().expect("id")).await {
            if message["direction"] == "out" {
                kinds.push((message["kind"].clone(), message["text"].clone()));
            }
        }
    }
    kinds.sort_by_key(|(kind, _)| kind.to_string());
    assert_eq!(
        kinds,
        [
            (json!("image"), json!("Our shop")),
            (json!("link"), json!("Spring"))
        ]
    );
}
