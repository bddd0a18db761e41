//! What else an administrator finds beside the examination: addresses WeChat saw, and the account's QR code.

use super::{connected, patch};
use crate::harness::{Desk, eventually};
use serde_json::{Value, json};

#[tokio::test]
async fn an_address_that_was_refused_anywhere_is_listed_beside_those_an_administrator_knows() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    patch(&desk, &channel, json!({"ip_whitelist": ["203.0.113.9"]})).await;
    // By a check, not by the doctor.
    let checked = desk
        .admin
        .post(&format!("/channels/{}/check", channel.id), json!({}))
        .await
        .ok();
    assert_eq!(checked["code"], "wechat_40164");
    let known = json!({"addresses": ["198.51.100.0/24", " 2001:DB8::1 ", "198.51.100.0/24"]});
    let put = desk.admin.put("/outgoing-addresses", known).await.ok();
    let path = format!("/channels/{}/addresses", channel.id);
    let items = eventually("the refused address is listed", async || {
        let items = desk.admin.get(&path).await.ok()["items"].clone();
        if items[0]["source"] == "seen" {
            Ok(items)
        } else {
            Err(items.to_string())
        }
    })
    .await;
    assert_eq!(items[0]["address"], "127.0.0.1");
    assert!(items[0]["last_seen_at"].is_string());
    let manual: Vec<&Value> = items
        .as_array()
        .expect("items")
        .iter()
        .filter(|item| item["source"] == "manual")
        .map(|item| &item["address"])
        .collect();
    assert_eq!(manual, ["198.51.100.0/24", "2001:db8::1"]);
    assert!(put["items"].as_array().is_some_and(|items| items.len() >= 2));
    for wrong in ["localhost", "203.0.113.7:443", "*", "203.0.113.0/40"] {
        let refused = desk
            .admin
            .put("/outgoing-addresses", json!({"addresses": [wrong]}))
            .await;
        assert_eq!(
            refused.refused(422, "invalid_fields")["fields"]["addresses"],
            "address_form"
        );
    }
    let all: Vec<String> = (0..101).map(|n| format!("198.51.{n}.1")).collect();
    let refused = desk
        .admin
        .put("/outgoing-addresses", json!({"addresses": all}))
        .await;
    assert_eq!(
        refused.refused(422, "invalid_fields")["fields"]["addresses"],
        "too_long"
    );
}

#[tokio::test]
async fn the_code_of_a_service_account_is_made_once_and_scanning_it_follows() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    let path = format!("/channels/{}/qr", channel.id);
    let code = desk.admin.get(&path).await.ok();
    assert_eq!(
        (&code["permanent"], &code["source"]),
        (&json!(true), &json!("created"))
    );
    assert_eq!(desk.admin.get(&path).await.ok(), code);
    let made = desk.control.get("/calls?path=/cgi-bin/qrcode/create").await.ok();
    assert_eq!(made["items"].as_array().expect("items").len(), 1);
    let picture = desk.admin.get(&format!("{path}.svg")).await;
    assert_eq!(picture.headers["content-type"], "image/svg+xml");
    assert!(picture.text.starts_with("<svg") && picture.headers.contains_key("content-security-policy"));

    let scan = format!(
        "/accounts/{}/followers/oScannedTheCode0000000000000/scan?wait=true",
        channel.app_id
    );
    let told = desk.control.post(&scan, json!({"url": code["url"]})).await.ok();
    assert_eq!(told["acknowledged"], true);
    let followers = desk
        .control
        .get(&format!("/accounts/{}/followers", channel.app_id))
        .await
        .ok();
    assert!(followers.to_string().contains("oScannedTheCode0000000000000"));
    // Another account: the code leads elsewhere.
    desk.admin
        .patch(
            &format!("/channels/{}", channel.id),
            json!({"app_id": "wx00000000000000ff"}),
        )
        .await
        .ok();
    assert_eq!(desk.admin.get(&path).await.ok()["reason"], "wechat_40013");
}

#[tokio::test]
async fn an_account_that_may_not_make_codes_gets_the_one_somebody_pastes() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({"account_kind": "subscription"})).await;
    let path = format!("/channels/{}/qr", channel.id);
    assert_eq!(
        desk.admin.get(&path).await.ok()["reason"],
        "account_not_permitted"
    );
    assert_eq!(desk.admin.get(&format!("{path}.svg")).await.status, 404);
    let refused = desk.admin.put(&path, json!({"url": "javascript:alert(1)"})).await;
    assert_eq!(
        refused.refused(422, "invalid_fields")["fields"]["url"],
        "url_form"
    );
    let pasted = desk
        .admin
        .put(&path, json!({"url": "http://weixin.qq.com/r/abc"}))
        .await
        .ok();
    assert_eq!(
        (&pasted["source"], &pasted["url"]),
        (&json!("pasted"), &json!("http://weixin.qq.com/r/abc"))
    );
    assert_eq!(desk.admin.get(&format!("{path}.svg")).await.status, 200);
    desk.admin.put(&path, json!({"url": null})).await.ok();
    assert_eq!(desk.admin.get(&path).await.ok()["url"], Value::Null);
}
