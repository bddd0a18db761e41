//! Automatic answers: what the response to a push says, that it is kept once, and that nobody's reply is counted.

use crate::crash;
use crate::harness::{ADMIN, Api, Channel, Desk, PASSWORD, Process, RawPush, eventually, loopback, provider};
use futures_util::future::join_all;
use kefu::db::{Error, conversations};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use wechat_sim::{Sim, SimOptions};

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

#[tokio::test]
async fn what_cannot_be_said_is_neither_said_nor_shown() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let push = RawPush::to(&channel);
    let too_long = "字".repeat(683);
    let cases = [
        json!([text(6, "default", &too_long)]),
        json!([{"id": 1, "occasion": "default", "kind": "video", "text": "v"}]),
        json!([{"id": "one"}]),
        json!({"not": "a list"}),
    ];
    for (number, answers) in cases.iter().enumerate() {
        desk.set_automation(&channel, answers).await;
        let (status, body) = push.post(push.text("oOdd", number as u64, "hello")).await;
        assert_eq!((status.as_u16(), body.as_str()), (200, "success"), "{answers}");
    }
    let id = id(&desk).await;
    assert_eq!(desk.messages(&id).await.len(), cases.len());
}

#[tokio::test]
async fn a_blocked_contact_is_not_answered() {
    let (desk, channel) = automated(json!({}), every_occasion()).await;
    let phone = desk.phone(&channel).await;
    phone.says("price").await;
    let id = id(&desk).await;
    desk.admin
        .post(&format!("/conversations/{id}/block"), json!({}))
        .await
        .ok();
    phone.says("price").await;
    phone.clicks("HOURS").await;
    assert_eq!(said(&desk, &id).await.len(), 1);
    desk.admin
        .post(&format!("/conversations/{id}/unblock"), json!({}))
        .await
        .ok();
    phone.says("price").await;
    assert_eq!(said(&desk, &id).await.len(), 2);
}

#[tokio::test]
async fn an_enterprise_account_answers_nobody_who_is_not_approved() {
    let (desk, channel) = automated(json!({"account_kind": "enterprise"}), every_occasion()).await;
    let phone = desk.phone(&channel).await;
    phone.does("subscribe").await;
    let pushed = phone.says("price").await;
    assert_eq!(pushed["acknowledged"], true);
    assert_eq!(phone.received().await, [""; 0]);
}

#[tokio::test]
async fn a_disabled_channel_acknowledges_and_says_nothing() {
    let (desk, channel) = automated(json!({}), every_occasion()).await;
    desk.admin
        .post(&format!("/channels/{}/disable", channel.id), json!({}))
        .await
        .ok();
    let push = RawPush::to(&channel);
    let (status, body) = push.post(push.text("oOff", 1, "price")).await;
    assert_eq!((status.as_u16(), body.as_str()), (200, "success"));
}

#[tokio::test]
async fn many_messages_at_once_each_get_their_own_answer_in_order() {
    let (desk, channel) = automated(json!({}), every_occasion()).await;
    let push = RawPush::to(&channel);
    push.post(push.text("oMany", 1, "hello")).await;
    let words = |n: u64| if n.is_multiple_of(2) { "price" } else { "refund" };
    let answers = join_all((2..40).map(|n| {
        let push = push.clone();
        async move { (n, push.post(push.text("oMany", n, words(n))).await.1) }
    }))
    .await;
    for (n, body) in answers {
        let expected = if n.is_multiple_of(2) {
            "See our list."
        } else {
            "Refunds take a week."
        };
        assert!(body.contains(expected), "{n}: {body}");
    }
    let id = id(&desk).await;
    let messages = desk.messages(&id).await;
    let seqs: Vec<i64> = messages.iter().map(|m| m["seq"].as_i64().expect("seq")).collect();
    assert_eq!(seqs, (1..=messages.len() as i64).collect::<Vec<_>>());
    // Each answer stands right behind what it answers.
    for pair in messages.chunks(2) {
        assert_eq!(
            (&pair[0]["direction"], &pair[1]["direction"]),
            (&json!("in"), &json!("out"))
        );
        let fits = match pair[0]["text"].as_str() {
            Some("price") => "See our list.",
            Some("refund") => "Refunds take a week.",
            _ => "We received it.",
        };
        assert_eq!(pair[1]["text"], fits);
    }
}

#[tokio::test]
async fn while_the_database_is_slow_the_push_gets_503_and_its_repetition_the_answer() {
    let (desk, channel) = automated(json!({}), every_occasion()).await;
    let push = RawPush::to(&channel);
    push.post(push.text("oSlow", 1, "hello")).await;
    let number: i64 = id(&desk).await["cv_".len()..].parse().expect("a number");
    let (release, released) = tokio::sync::oneshot::channel::<()>();
    let released = Arc::new(Mutex::new(Some(released)));
    let db = desk.inside().db.clone();
    let (holding, held) = tokio::sync::oneshot::channel::<()>();
    let holding = Arc::new(Mutex::new(Some(holding)));
    let holder = tokio::spawn(async move {
        db.write::<(), Error, _>(move |tx| {
            let (released, holding) = (Arc::clone(&released), Arc::clone(&holding));
            Box::pin(async move {
                conversations::lock(tx, kefu::domain::ids::ConversationId(number)).await?;
                let told = holding.lock().expect("no panic").take();
                if let Some(told) = told {
                    told.send(()).ok();
                }
                let until = released.lock().expect("no panic").take();
                if let Some(until) = until {
                    until.await.ok();
                }
                Ok(())
            })
        })
        .await
    });
    held.await.expect("it holds the lock");
    let (status, body) = push.post(push.text("oSlow", 2, "price")).await;
    assert_eq!((status.as_u16(), body.as_str()), (503, "unavailable"));
    release.send(()).expect("it waits");
    holder.await.expect("it ends").expect("it commits");
    let answer = eventually("the repetition is answered", || async {
        let (status, body) = push.post(push.text("oSlow", 2, "price")).await;
        if status == 200 { Ok(body) } else { Err(body) }
    })
    .await;
    assert!(answer.contains("See our list."), "{answer}");
    let id = format!("cv_{number}");
    assert_eq!(said(&desk, &id).await.len(), 2);
}

#[tokio::test]
async fn killed_between_commit_and_answer_the_repetition_gets_the_answer_that_is_stored() {
    const PUSHES: u64 = 24;
    provider();
    let options = SimOptions {
        listen: loopback(),
        data_dir: None,
        not_before_ms: None,
    };
    let sim = Sim::start(options).await.expect("the simulator starts");
    let dir = tempfile::TempDir::new().expect("a folder");
    let mut process = Process::start(dir.path(), &sim.url()).await;
    let api = Api::signed_in(&process.base, ADMIN, PASSWORD).await;
    let push = RawPush::to(&crash::channel(&api, &process.base).await);
    process
        .set_automation(&json!([text(6, "default", "Somebody will be with you.")]))
        .await;
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    for round in 0..3 {
        // Nobody hears these answers: the desk dies while it gives them.
        let sent: Vec<_> = (0..PUSHES)
            .map(|n| {
                let (push, client) = (push.clone(), client.clone());
                let body = push.text(&format!("oKilled{}", n % 4), round * PUSHES + n, "hello");
                tokio::spawn(async move { push.try_post(&client, body).await })
            })
            .collect();
        tokio::time::sleep(std::time::Duration::from_millis(5 + 10 * round)).await;
        process.kill();
        for one in sent {
            one.await.expect("it ends");
        }
        process.again().await;
    }
    for n in 0..3 * PUSHES {
        let body = push.text(&format!("oKilled{}", n % PUSHES % 4), n, "hello");
        let (status, answer) = push.post(body).await;
        assert_eq!(status, 200);
        assert!(answer.contains("Somebody will be with you."), "{n}: {answer}");
    }
    let api = Api::signed_in(&process.base, ADMIN, PASSWORD).await;
    let page = api.get("/conversations?view=all").await.ok();
    let mut directions = Vec::new();
    for conversation in page["items"].as_array().expect("items") {
        let path = format!(
            "/conversations/{}/messages?after=0&limit=200",
            conversation["id"].as_str().expect("id")
        );
        let messages = api.get(&path).await.ok();
        for (place, message) in messages["items"].as_array().expect("items").iter().enumerate() {
            assert_eq!(message["seq"], place + 1);
            directions.push(message["direction"].as_str().expect("direction").to_owned());
        }
    }
    let count = |direction: &str| directions.iter().filter(|one| *one == direction).count() as u64;
    assert_eq!((count("in"), count("out")), (3 * PUSHES, 3 * PUSHES));
}

#[tokio::test]
async fn a_replayed_dead_letter_is_not_answered() {
    let (desk, channel) = automated(json!({}), every_occasion()).await;
    let push = RawPush::to(&channel);
    push.post("<xml><broken").await;
    let letters = desk.admin.get("/dead-letters").await.ok();
    let letter = letters["items"][0]["id"].as_str().expect("id").to_owned();
    let number = letter["dl_".len()..].parse().expect("a number");
    desk.put_dead_letter_body(number, push.text("oReplayed", 9, "price").as_bytes())
        .await;
    desk.admin
        .post(&format!("/dead-letters/{letter}/replay"), json!({}))
        .await
        .ok();
    let id = id(&desk).await;
    assert_eq!(said(&desk, &id).await, []);
}
