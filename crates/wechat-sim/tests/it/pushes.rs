//! Deliveries to the callback: signature, order, repeats, faults, the failure line, passive replies.
use axum::http::Method;
use serde_json::{Value, json};
use sha1::{Digest, Sha1};

use crate::callback::{Callback, Reaction};
use crate::platform::{APP_ID, LI, Platform, TOKEN, eventually};

const FAILURE_LINE: &str = "该公众号暂时无法提供服务，请稍后再试";

pub(crate) fn sha1_of_sorted(parts: &[&str]) -> String {
    let mut parts = parts.to_vec();
    parts.sort_unstable();
    Sha1::digest(parts.concat())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn outcomes(told: &Value) -> Vec<&str> {
    let attempts = told["attempts"].as_array().expect("attempts");
    attempts
        .iter()
        .map(|attempt| attempt["outcome"].as_str().expect("an outcome"))
        .collect()
}

#[tokio::test]
async fn plain_push_is_signed_and_acknowledged() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    let told = platform.says("你好").await;
    assert_eq!(told["acknowledged"], true);
    assert_eq!(outcomes(&told), ["accepted"]);
    assert_eq!(told["attempts"][0]["http_status"], 200);
    let received = callback.received();
    let [push] = received.as_slice() else {
        panic!("one push")
    };
    let query = |name: &str| push.query[name].as_str();
    assert_eq!(
        query("signature"),
        sha1_of_sorted(&[TOKEN, query("timestamp"), query("nonce")])
    );
    assert_eq!((query("openid"), query("key")), (LI, "1"));
    assert_eq!(push.element("Content"), Some("你好"));
    assert_eq!(push.element("MsgId"), told["msg_id"].as_str());
    let timeline = platform.timeline().await;
    assert_eq!(
        (&timeline[0]["direction"], &timeline[0]["state"]),
        (&json!("sent"), &json!("delivered"))
    );
}

#[tokio::test]
async fn push_is_delivered_three_times_with_the_same_id_and_then_the_customer_is_told() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({"push_timeout_ms": 100})).await;
    (0..3).for_each(|_| callback.then(Reaction::Answer(500, "oops".to_owned())));
    let told = platform.says("hello").await;
    assert_eq!(told["acknowledged"], false);
    assert_eq!(outcomes(&told), ["bad_status"; 3]);
    let received = callback.received();
    let ids: Vec<_> = received.iter().map(|push| push.element("MsgId")).collect();
    assert_eq!(ids, [told["msg_id"].as_str(); 3]);
    let nonces: std::collections::HashSet<_> = received.iter().map(|push| &push.query["nonce"]).collect();
    assert_eq!(nonces.len(), 3);
    let timeline = platform.timeline().await;
    assert_eq!(timeline[0]["state"], "failed");
    assert_eq!(
        (&timeline[1]["direction"], &timeline[1]["text"]),
        (&json!("system"), &json!(FAILURE_LINE))
    );
}

#[tokio::test]
async fn silent_callback_is_cut_off_and_the_second_delivery_accepted() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({"push_timeout_ms": 100})).await;
    callback.then(Reaction::Hang);
    let told = platform.says("hello").await;
    assert_eq!(outcomes(&told), ["timeout", "accepted"]);
    assert_eq!(platform.timeline().await.len(), 1);
}

#[tokio::test]
async fn refused_connection_is_waited_out_before_it_is_tried_again() {
    let platform = Platform::start(None, json!({"push_timeout_ms": 80})).await;
    let nowhere = json!({"callback_url": "http://127.0.0.1:1/callback"});
    platform
        .control(Method::PATCH, &format!("/accounts/{APP_ID}"), nowhere)
        .await;
    let begun = std::time::Instant::now();
    let told = platform.says("hello").await;
    assert_eq!(outcomes(&told), ["refused"; 3]);
    assert!(begun.elapsed().as_millis() >= 160);
}

#[tokio::test]
async fn answer_that_is_no_reply_counts_as_failure() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({"deliveries": 1})).await;
    callback.then(Reaction::Answer(200, "ok".to_owned()));
    let told = platform.says("hello").await;
    assert_eq!(outcomes(&told), ["bad_reply"]);
}

#[tokio::test]
async fn failed_event_is_silent_except_a_menu_tap() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({"deliveries": 1})).await;
    callback.then(Reaction::Answer(500, String::new()));
    platform.event(json!({"event": "SCAN", "event_key": "7"})).await;
    assert!(platform.timeline().await.is_empty());
    callback.then(Reaction::Answer(500, String::new()));
    platform
        .event(json!({"event": "CLICK", "event_key": "help"}))
        .await;
    assert_eq!(platform.timeline().await[0]["text"], FAILURE_LINE);
}

#[tokio::test]
async fn pushes_of_one_follower_arrive_in_the_order_they_were_sent() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    for number in 0..60 {
        platform
            .message(json!({"type": "text", "content": format!("{number}")}), false)
            .await;
    }
    eventually("the last push", || async { callback.received().len() == 60 }).await;
    let contents: Vec<_> = callback
        .received()
        .iter()
        .map(|push| push.element("Content").expect("content").to_owned())
        .collect();
    let expected: Vec<_> = (0..60).map(|number| number.to_string()).collect();
    assert_eq!(contents, expected);
}

#[tokio::test]
async fn retries_do_not_hold_up_the_next_push() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    callback.then(Reaction::Answer(500, String::new()));
    platform
        .message(json!({"type": "text", "content": "first"}), false)
        .await;
    platform.says("second").await;
    // An abnormal answer is repeated after a second, so the second message has overtaken the first one's repeat.
    assert_eq!(callback.received().len(), 2);
    eventually("the repeat", || async { callback.received().len() == 3 }).await;
    assert_eq!(callback.received()[2].element("Content"), Some("first"));
}

#[tokio::test]
async fn duplicate_fault_sends_the_same_message_many_times_at_once() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    platform
        .fault(json!({"on": "push", "times": 1, "duplicate": 49}))
        .await;
    let told = platform.says("once").await;
    assert_eq!(told["attempts"].as_array().map(Vec::len), Some(50));
    let received = callback.received();
    assert_eq!(received.len(), 50);
    assert!(
        received
            .iter()
            .all(|push| push.element("MsgId") == told["msg_id"].as_str())
    );
}

#[tokio::test]
async fn dropped_push_never_arrives_and_the_next_one_does() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    platform
        .fault(json!({"on": "push", "times": 1, "drop": true}))
        .await;
    let told = platform.says("lost").await;
    assert_eq!(
        (&told["acknowledged"], &told["attempts"]),
        (&json!(false), &json!([]))
    );
    platform.says("kept").await;
    let contents: Vec<_> = callback
        .received()
        .iter()
        .map(|push| push.element("Content").map(str::to_owned))
        .collect();
    assert_eq!(contents, [Some("kept".to_owned())]);
}

#[tokio::test]
async fn reordered_push_is_overtaken_by_the_next() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    platform
        .fault(json!({"on": "push", "times": 1, "reorder": true}))
        .await;
    platform
        .message(json!({"type": "text", "content": "first"}), false)
        .await;
    platform.says("second").await;
    eventually("both pushes", || async { callback.received().len() == 2 }).await;
    assert_eq!(callback.received()[0].element("Content"), Some("second"));
}

#[tokio::test]
async fn cut_before_never_reaches_the_callback_and_cut_after_reaches_it_twice() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({"push_timeout_ms": 200})).await;
    platform
        .fault(json!({"on": "push", "times": 1, "cut": "before"}))
        .await;
    assert_eq!(outcomes(&platform.says("a").await), ["cut", "accepted"]);
    assert_eq!(callback.received().len(), 1);
    platform
        .fault(json!({"on": "push", "times": 1, "cut": "after"}))
        .await;
    assert_eq!(outcomes(&platform.says("b").await), ["cut", "accepted"]);
    assert_eq!(callback.received().len(), 3);
}

#[tokio::test]
async fn passive_reply_is_shown_on_the_phone() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    let reply = format!(
        "<xml><ToUserName><![CDATA[{LI}]]></ToUserName><FromUserName><![CDATA[gh_0123456789ab]]></FromUserName>\
         <CreateTime>1</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[稍等]]></Content></xml>"
    );
    callback.then(Reaction::Answer(200, reply.clone()));
    assert_eq!(outcomes(&platform.says("hi").await), ["accepted"]);
    let shown = &platform.timeline().await[1];
    assert_eq!(
        (&shown["text"], &shown["via"], &shown["direction"]),
        (&json!("稍等"), &json!("passive"), &json!("received"))
    );
    callback.then(Reaction::Answer(200, reply.replace(LI, "oSomebodyElse")));
    assert_eq!(outcomes(&platform.says("hi").await)[0], "bad_reply");
}

#[tokio::test]
async fn message_without_a_callback_address_is_sent_and_opens_the_window() {
    let platform = Platform::start(None, json!({})).await;
    let told = platform.says("hi").await;
    assert_eq!(
        (&told["acknowledged"], &told["attempts"]),
        (&json!(false), &json!([]))
    );
    assert_eq!(platform.timeline().await[0]["state"], "delivered");
    assert_eq!(platform.reply("hello").await, 0);
}

#[tokio::test]
async fn verification_proves_that_the_callback_knows_the_token() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    let path = format!("/accounts/{APP_ID}/verify-url");
    let verified = platform.control(Method::POST, &path, Value::Null).await;
    assert_eq!(
        (&verified["ok"], &verified["status"], &verified["error"]),
        (&json!(true), &json!(200), &Value::Null)
    );
    let nowhere = json!({"callback_url": "http://127.0.0.1:1/"});
    platform
        .control(Method::PATCH, &format!("/accounts/{APP_ID}"), nowhere)
        .await;
    let failed = platform.control(Method::POST, &path, Value::Null).await;
    assert_eq!((&failed["ok"], &failed["status"]), (&json!(false), &Value::Null));
    assert!(failed["error"].is_string());
}

#[tokio::test]
async fn many_pushers_at_once_keep_the_order_the_phone_shows() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    let numbers: Vec<i32> = (0..500).collect();
    let platform = &platform;
    let pushers = numbers.chunks(25).map(|chunk| async move {
        for number in chunk {
            let told = platform.says(&number.to_string()).await;
            assert_eq!(told["acknowledged"], true);
        }
    });
    futures_util::future::join_all(pushers).await;
    let arrived: Vec<_> = callback
        .received()
        .iter()
        .map(|push| json!(push.element("Content").expect("content")))
        .collect();
    let shown: Vec<_> = platform
        .timeline()
        .await
        .iter()
        .map(|item| item["text"].clone())
        .collect();
    assert_eq!(arrived.len(), 500);
    assert_eq!(arrived, shown);
}

#[tokio::test]
async fn callback_that_keeps_failing_gets_nothing_for_a_minute_where_that_is_on() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({"mark_fail": true, "deliveries": 1})).await;
    for _ in 0..10 {
        callback.then(Reaction::Answer(500, String::new()));
        platform.says("fails").await;
    }
    assert_eq!(platform.says("lost").await["attempts"], json!([]));
    platform.advance(60).await;
    assert_eq!(platform.says("back").await["acknowledged"], true);
}
