//! Pushes in JSON, in the three modes.
use serde_json::{Value, json};

use crate::callback::{Callback, Reaction};
use crate::platform::{LI, Platform};

#[tokio::test]
async fn plain_push_is_json_with_numbers_and_its_reply_too() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({"push_format": "json"})).await;
    let reply =
        json!({"ToUserName": LI, "FromUserName": "gh", "CreateTime": 1, "MsgType": "text", "Content": "好"});
    callback.then(Reaction::Answer(200, reply.to_string()));
    let told = platform.says("你好").await;
    let push: Value = serde_json::from_str(&callback.received()[0].body).expect("JSON");
    assert_eq!(
        (&push["Content"], push["MsgId"].to_string()),
        (&json!("你好"), told["msg_id"].as_str().expect("an id").to_owned())
    );
    assert!(push["CreateTime"].is_i64());
    assert_eq!(platform.timeline().await[1]["text"], "好");
}

#[tokio::test]
async fn safe_push_is_an_envelope_and_the_compatible_one_carries_both() {
    let callback = Callback::start().await;
    let fields = json!({"push_format": "json", "encryption_mode": "safe"});
    let platform = Platform::start(Some(&callback), fields).await;
    platform.says("hi").await;
    let safe: Value = serde_json::from_str(&callback.received()[0].body).expect("JSON");
    let keys: Vec<_> = safe.as_object().expect("an object").keys().cloned().collect();
    assert_eq!(keys, ["ToUserName", "Encrypt"]);
    let path = format!("/accounts/{}", crate::platform::APP_ID);
    let compatible = json!({"encryption_mode": "compatible"});
    platform
        .control(axum::http::Method::PATCH, &path, compatible)
        .await;
    platform.says("hi").await;
    let both: Value = serde_json::from_str(&callback.received()[1].body).expect("JSON");
    assert_eq!(both["Content"], "hi");
    assert!(both["Encrypt"].is_string());
}
