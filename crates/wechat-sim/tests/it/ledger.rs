//! What the platform's own books say about one follower, and in which order it refuses.
use axum::http::Method;
use serde_json::{Value, json};

use crate::callback::Callback;
use crate::platform::{APP_ID, HOUR, LI, Platform};

async fn ledger(platform: &Platform) -> Value {
    platform
        .get(&format!("/accounts/{APP_ID}/followers/{LI}/ledger"))
        .await
}

async fn change(platform: &Platform, changes: Value) -> Value {
    let path = format!("/accounts/{APP_ID}/followers/{LI}");
    platform.control(Method::PATCH, &path, changes).await
}

#[tokio::test]
async fn ledger_says_what_custom_send_would_answer() {
    let platform = Platform::start(None, json!({"reply_profile": "wechat_current"})).await;
    let before = ledger(&platform).await;
    assert_eq!(
        (&before["grants"], &before["custom_send"]["errcode"]),
        (&json!([]), &json!(45015))
    );
    platform.says("hi").await;
    platform.reply("one").await;
    let open = ledger(&platform).await;
    assert_eq!(
        (&open["grants"][0]["scene"], &open["grants"][0]["left"]),
        (&json!("message"), &json!(4))
    );
    assert_eq!(open["custom_send"], json!({"errcode": 0, "errmsg": "ok"}));
    for _ in 0..4 {
        platform.reply("more").await;
    }
    assert_eq!(ledger(&platform).await["custom_send"]["errcode"], 45047);
    platform.advance(48 * HOUR).await;
    assert_eq!(ledger(&platform).await["custom_send"]["errcode"], 45015);
}

#[tokio::test]
async fn blacklist_goes_before_refusal_and_refusal_before_the_window() {
    let platform = Platform::start(None, json!({})).await;
    let shown = change(&platform, json!({"refuses": true, "blacklisted": true})).await;
    assert_eq!(
        (&shown["refuses"], &shown["blacklisted"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(platform.reply("x").await, 43019);
    change(&platform, json!({"blacklisted": false})).await;
    assert_eq!(platform.reply("x").await, 48002);
    change(&platform, json!({"refuses": false})).await;
    assert_eq!(platform.reply("x").await, 45015);
    platform.says("hi").await;
    assert_eq!(platform.reply("x").await, 0);
}

#[tokio::test]
async fn unsubscribing_closes_the_window_for_good() {
    let platform = Platform::start(None, json!({})).await;
    platform.says("hi").await;
    platform.event(json!({"event": "unsubscribe"})).await;
    change(&platform, json!({"blacklisted": true})).await;
    assert_eq!(platform.reply("x").await, 45015);
    change(&platform, json!({"blacklisted": false})).await;
    platform.event(json!({"event": "subscribe"})).await;
    let grants = ledger(&platform).await["grants"].clone();
    assert_eq!(
        (&grants[0]["scene"], &grants[0]["left"]),
        (&json!("follow"), &json!(3))
    );
}

#[tokio::test]
async fn what_a_blacklisted_person_writes_is_not_pushed_and_opens_nothing() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    change(&platform, json!({"blacklisted": true})).await;
    let told = platform.says("hello?").await;
    assert_eq!(told["attempts"], json!([]));
    assert!(callback.received().is_empty());
    assert_eq!(ledger(&platform).await["grants"], json!([]));
}

#[tokio::test]
async fn unverified_account_reads_48001_in_the_ledger() {
    let platform = Platform::start(None, json!({"verified": false})).await;
    platform.says("hi").await;
    assert_eq!(
        ledger(&platform).await["custom_send"],
        json!({"errcode": 48001, "errmsg": "api unauthorized"})
    );
}
