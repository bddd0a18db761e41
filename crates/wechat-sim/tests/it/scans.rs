//! What a scan of a QR code does, by whether the person follows already.
use axum::http::Method;
use serde_json::{Value, json};

use crate::callback::Callback;
use crate::platform::{APP_ID, LI, Platform};

const NEW: &str = "oNew0000000000000000000000000";

async fn scan(platform: &Platform, openid: &str, code: Value) -> Value {
    let path = format!("/accounts/{APP_ID}/followers/{openid}/scan?wait=true");
    platform.control(Method::POST, &path, code).await
}

#[tokio::test]
async fn scan_by_somebody_new_follows_with_the_scene() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    let told = scan(&platform, NEW, json!({"scene": "desk-7"})).await;
    assert_eq!(told["acknowledged"], true);
    let received = &callback.received()[0];
    assert_eq!(received.element("Event"), Some("subscribe"));
    assert_eq!(received.element("EventKey"), Some("qrscene_desk-7"));
    assert!(
        received
            .element("Ticket")
            .is_some_and(|ticket| !ticket.is_empty())
    );
    let path = format!("/accounts/{APP_ID}/followers/{NEW}");
    assert_eq!(platform.get(&path).await["subscribed"], true);
}

#[tokio::test]
async fn scan_by_a_follower_is_a_scan_event_and_opens_a_minute() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    scan(&platform, LI, json!({"scene": 42})).await;
    let received = &callback.received()[0];
    assert_eq!(
        (received.element("Event"), received.element("EventKey")),
        (Some("SCAN"), Some("42"))
    );
    let ledger = platform
        .get(&format!("/accounts/{APP_ID}/followers/{LI}/ledger"))
        .await;
    assert_eq!(ledger["grants"][0]["scene"], "scan");
}

#[tokio::test]
async fn plain_code_follows_without_a_scene_and_tells_nobody_the_second_time() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    scan(&platform, NEW, json!({})).await;
    assert_eq!(callback.received()[0].element("EventKey"), Some(""));
    let again = scan(&platform, NEW, json!({})).await;
    assert_eq!(again["delivery_id"], Value::Null);
    assert_eq!(callback.received().len(), 1);
}

#[tokio::test]
async fn unknown_ticket_is_not_found() {
    let platform = Platform::start(None, json!({})).await;
    let error = scan(&platform, LI, json!({"ticket": "nothing"})).await;
    assert_eq!(error["error"]["code"], "qrcode_not_found");
}

#[tokio::test]
async fn person_can_be_added_who_does_not_follow() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    let path = format!("/accounts/{APP_ID}/followers");
    let person = json!({"openid": NEW, "name": "Mei", "subscribed": false});
    let added = platform.control(Method::POST, &path, person).await;
    assert_eq!(
        (&added["subscribed"], &added["name"]),
        (&json!(false), &json!("Mei"))
    );
    assert!(callback.received().is_empty());
}

#[tokio::test]
async fn scan_of_what_a_picture_says_follows_by_that_code_and_nothing_else_is_one() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    let body = json!({"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "door"}}});
    let code = platform.post_api("/cgi-bin/qrcode/create", body).await;
    let told = scan(&platform, NEW, json!({"url": code["url"]})).await;
    assert_eq!(told["acknowledged"], true);
    assert_eq!(callback.received()[0].element("EventKey"), Some("qrscene_door"));
    let unknown = scan(&platform, NEW, json!({"url": "http://weixin.qq.com/q/unknown"})).await;
    assert_eq!(unknown["error"]["code"], "qrcode_not_found");
}
