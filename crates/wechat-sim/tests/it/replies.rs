//! Replies through custom/send: window, count, checks, faults.
use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};

use crate::platform::{APP_ID, HOUR, LI, Platform, eventually};

#[tokio::test]
async fn reply_appears_on_the_phone() {
    let platform = Platform::start(None, json!({})).await;
    platform.says("hi").await;
    assert_eq!(platform.reply("你好 <b>").await, 0);
    let shown = &platform.timeline().await[1];
    assert_eq!(
        (&shown["direction"], &shown["text"], &shown["via"]),
        (&json!("received"), &json!("你好 <b>"), &json!("custom"))
    );
}

#[tokio::test]
async fn window_is_open_at_47_hours_59_and_closed_at_48() {
    let platform = Platform::start(None, json!({})).await;
    platform.says("hi").await;
    platform.advance(48 * HOUR - 60).await;
    assert_eq!(platform.reply("in time").await, 0);
    platform.advance(60).await;
    assert_eq!(platform.reply("too late").await, 45015);
}

#[tokio::test]
async fn documented_profile_has_no_count_and_the_current_one_five_until_the_next_message() {
    let documented = Platform::start(None, json!({})).await;
    documented.says("hi").await;
    for _ in 0..8 {
        assert_eq!(documented.reply("more").await, 0);
    }
    let current = Platform::start(None, json!({"reply_profile": "wechat_current"})).await;
    current.says("hi").await;
    for _ in 0..5 {
        assert_eq!(current.reply("more").await, 0);
    }
    assert_eq!(current.reply("sixth").await, 45047);
    current.says("again").await;
    assert_eq!(current.reply("first of five").await, 0);
}

#[tokio::test]
async fn closed_window_is_reported_before_a_used_up_count() {
    let platform = Platform::start(None, json!({"reply_profile": "wechat_current"})).await;
    platform.says("hi").await;
    for _ in 0..5 {
        platform.reply("x").await;
    }
    assert_eq!(platform.reply("x").await, 45047);
    platform.advance(48 * HOUR).await;
    assert_eq!(platform.reply("x").await, 45015);
}

#[tokio::test]
async fn menu_tap_opens_three_messages_for_a_minute() {
    let platform = Platform::start(None, json!({"reply_profile": "wechat_current"})).await;
    platform
        .event(json!({"event": "CLICK", "event_key": "help"}))
        .await;
    let codes = [
        platform.reply("1").await,
        platform.reply("2").await,
        platform.reply("3").await,
    ];
    assert_eq!(codes, [0, 0, 0]);
    assert_eq!(platform.reply("4").await, 45047);
    platform.advance(61).await;
    assert_eq!(platform.reply("5").await, 45015);
}

#[tokio::test]
async fn tap_on_a_menu_message_opens_only_a_minute() {
    let platform = Platform::start(None, json!({})).await;
    platform
        .message(
            json!({"type": "text", "content": "满意", "bizmsgmenuid": "101"}),
            true,
        )
        .await;
    assert_eq!(platform.reply("thanks").await, 0);
    platform.advance(61).await;
    assert_eq!(platform.reply("late").await, 45015);
}

#[tokio::test]
async fn unsubscribe_closes_the_window_and_the_phone_can_no_longer_write() {
    let platform = Platform::start(None, json!({})).await;
    platform.says("hi").await;
    platform.event(json!({"event": "unsubscribe"})).await;
    assert_eq!(platform.reply("gone").await, 45015);
    let refused = platform.says("hello?").await;
    assert_eq!(refused["error"]["code"], "not_following");
    platform.event(json!({"event": "subscribe"})).await;
    assert_eq!(platform.reply("welcome back").await, 0);
}

#[tokio::test]
async fn faulty_replies_are_refused_with_their_code() {
    let platform = Platform::start(None, json!({})).await;
    platform.says("hi").await;
    let body = |kind: &str, inner: Value| json!({"touser": LI, "msgtype": kind, kind: inner});
    assert_eq!(platform.reply(&"字".repeat(683)).await, 45002);
    assert_eq!(platform.reply(&"字".repeat(682)).await, 0);
    assert_eq!(platform.reply("").await, 44004);
    assert_eq!(platform.send(body("link", json!({}))).await, 40008);
    assert_eq!(
        platform.send(body("image", json!({"media_id": "nothing"}))).await,
        40007
    );
    assert_eq!(
        platform.send(body("news", json!({"articles": [{}, {}]}))).await,
        45008
    );
    let stranger = json!({"touser": "oNobody", "msgtype": "text", "text": {"content": "x"}});
    assert_eq!(platform.send(stranger).await, 40003);
}

#[tokio::test]
async fn a_test_account_sends_texts_and_no_menus() {
    let platform = Platform::start(None, json!({"account_kind": "test"})).await;
    platform.says("hi").await;
    let menu = json!({"head_content": "Well?", "list": [{"id": "1", "content": "Yes"}], "tail_content": ""});
    let message = json!({"touser": LI, "msgtype": "msgmenu", "msgmenu": menu});
    assert_eq!(platform.send(message).await, 40200);
    assert_eq!(platform.reply("Well?").await, 0);
}

#[tokio::test]
async fn unverified_account_may_not_reply() {
    let platform = Platform::start(None, json!({"verified": false, "account_kind": "subscription"})).await;
    platform.says("hi").await;
    assert_eq!(platform.reply("x").await, 48001);
}

#[tokio::test]
async fn escaped_characters_and_broken_json_are_refused() {
    let platform = Platform::start(None, json!({})).await;
    platform.says("hi").await;
    let token = platform.token().await;
    let url = format!(
        "{}/cgi-bin/message/custom/send?access_token={token}",
        platform.sim.url()
    );
    let send = async |body: String| -> Value {
        platform
            .http
            .post(&url)
            .body(body)
            .send()
            .await
            .expect("an answer")
            .json()
            .await
            .expect("JSON")
    };
    let escaped = format!(r#"{{"touser":"{LI}","msgtype":"text","text":{{"content":"\u4f60"}}}}"#);
    assert_eq!(send(escaped).await["errcode"], 40033);
    assert_eq!(send("{".to_owned()).await["errcode"], 47001);
    assert_eq!(send(String::new()).await["errcode"], 44002);
}

#[tokio::test]
async fn cut_before_has_no_effect_and_cut_after_has() {
    let platform = Platform::start(None, json!({})).await;
    platform.says("hi").await;
    let token = platform.token().await;
    let body = json!({"touser": LI, "msgtype": "text", "text": {"content": "x"}});
    for (cut, shown) in [("before", 1), ("after", 2)] {
        platform
            .fault(json!({"on": "api", "path": "/cgi-bin/message/custom/send", "times": 1, "cut": cut}))
            .await;
        let path = "/cgi-bin/message/custom/send";
        let cut_off = platform
            .call_response(Method::POST, path, &[("access_token", &token)], body.clone())
            .await;
        assert!(cut_off.is_err());
        assert_eq!(platform.timeline().await.len(), shown);
    }
    let calls = platform.get("/calls?path=/cgi-bin/message/custom/send").await;
    let booked: Vec<_> = calls["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|call| json!([call["took_effect"], call["errcode"], call["rid"]]))
        .collect();
    assert_eq!(booked, [json!([false, null, null]), json!([true, null, null])]);
    assert_eq!(calls["items"][1]["body"]["text"]["content"], "x");
}

#[tokio::test]
async fn refusal_whose_answer_is_cut_is_booked_without_code_and_effect() {
    let platform = Platform::start(None, json!({})).await;
    let token = platform.token().await;
    let path = "/cgi-bin/message/custom/send";
    platform
        .fault(json!({"on": "api", "path": path, "cut": "after"}))
        .await;
    let body = json!({"touser": LI, "msgtype": "text", "text": {"content": "no window"}});
    let cut_off = platform
        .call_response(Method::POST, path, &[("access_token", &token)], body)
        .await;
    assert!(cut_off.is_err());
    assert_eq!(platform.reply("no window").await, 45015);
    let calls = platform.get(&format!("/calls?path={path}")).await;
    let booked = |nth: usize| {
        (
            &calls["items"][nth]["errcode"],
            &calls["items"][nth]["took_effect"],
        )
    };
    assert_eq!(booked(0), (&Value::Null, &json!(false)));
    assert_eq!(booked(1), (&json!(45015), &json!(false)));
}

#[tokio::test]
async fn ordered_code_and_status_replace_the_effect() {
    let platform = Platform::start(None, json!({})).await;
    platform.says("hi").await;
    platform
        .fault(json!({"on": "api", "path": "/cgi-bin/message/custom/send", "times": 1, "errcode": -1}))
        .await;
    assert_eq!(platform.reply("x").await, -1);
    platform
        .fault(json!({"on": "api", "openid": LI, "times": 1, "http_status": 502}))
        .await;
    let token = platform.token().await;
    let body = json!({"touser": LI, "msgtype": "text", "text": {"content": "x"}});
    let path = "/cgi-bin/message/custom/send";
    let broken = platform
        .call_response(Method::POST, path, &[("access_token", &token)], body)
        .await;
    assert_eq!(broken.expect("an answer").status(), 502);
    assert_eq!(platform.timeline().await.len(), 1);
    assert_eq!(platform.get("/faults").await["items"], json!([]));
}

#[tokio::test]
async fn typing_is_shown_for_a_while_after_a_message_only() {
    let platform = Platform::start(None, json!({})).await;
    let token = platform.token().await;
    let typing = async |command: &str| -> Value {
        let body = json!({"touser": LI, "command": command});
        platform
            .call(
                Method::POST,
                "/cgi-bin/message/custom/typing",
                &[("access_token", &token)],
                body,
            )
            .await
    };
    assert_eq!(typing("Typing").await["errcode"], 45080);
    platform.says("hi").await;
    assert_eq!(typing("Typing").await["errcode"], 0);
    assert_eq!(
        platform
            .get(&format!("/accounts/{APP_ID}/followers/{LI}/timeline"))
            .await["is_typing"],
        true
    );
    assert_eq!(typing("Typing").await["errcode"], 45081);
    assert_eq!(typing("CancelTyping").await["errcode"], 0);
    assert_eq!(typing("Dancing").await["errcode"], 45072);
}

#[tokio::test]
async fn daily_quota_ends_with_the_day_and_denied_api_is_refused() {
    let quotas =
        json!({"quotas": {"/cgi-bin/message/custom/send": 1}, "denied_apis": ["/cgi-bin/user/info"]});
    let platform = Platform::start(None, quotas).await;
    platform.says("hi").await;
    assert_eq!(platform.reply("one").await, 0);
    assert_eq!(platform.reply("two").await, 45009);
    platform.advance(24 * HOUR).await;
    assert_eq!(platform.reply("three").await, 0);
    let token = platform.token().await;
    let query = [("access_token", token.as_str()), ("openid", LI)];
    let denied = platform
        .call(Method::GET, "/cgi-bin/user/info", &query, Value::Null)
        .await;
    assert_eq!(denied["errcode"], 48001);
}

#[tokio::test]
async fn caller_that_hangs_up_does_not_stop_a_slow_platform() {
    let platform = Platform::start(None, json!({})).await;
    platform.says("hi").await;
    let token = platform.token().await;
    platform
        .fault(json!({"on": "api", "path": "/cgi-bin/message/custom/send", "times": 1, "delay_ms": 300}))
        .await;
    let url = format!(
        "{}/cgi-bin/message/custom/send?access_token={token}",
        platform.sim.url()
    );
    let body = json!({"touser": LI, "msgtype": "text", "text": {"content": "slow"}});
    let request = platform
        .http
        .post(url)
        .timeout(Duration::from_millis(50))
        .body(body.to_string());
    assert!(request.send().await.expect_err("no answer in time").is_timeout());
    eventually("the effect", || async { platform.timeline().await.len() == 2 }).await;
}
