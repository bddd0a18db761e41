//! Hostile and broken pushes: a clear refusal or a dead letter, never a 5xx, never a lost message.

use crate::harness::{AES_KEY, Desk, RawPush, TOKEN, signed_query};
use serde_json::json;
use wechat::callback::{encrypt, sign};
use wechat::{AppId, CallbackToken, EncodingAesKey};

fn aes_query(token: &str, encrypted: &str) -> String {
    let token = CallbackToken::parse(token).expect("a token");
    let signature = sign(&token, &["1700000000", "n", encrypted]);
    format!("encrypt_type=aes&msg_signature={signature}&timestamp=1700000000&nonce=n")
}

fn envelope(encrypted: &str) -> String {
    format!("<xml><ToUserName><![CDATA[gh_x]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>")
}

#[tokio::test]
async fn a_wrong_signature_is_refused_and_nothing_is_stored() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let push = RawPush::to(&channel);
    let body = push.text("oBad", 1, "x");
    let (status, answer) = push
        .post_with(&signed_query("otherToken", "1", "n"), body.clone())
        .await;
    assert_eq!(
        (status.as_u16(), answer.as_str()),
        (403, "callback_signature_wrong")
    );
    assert_eq!(push.post_with("timestamp=1&nonce=n", body.clone()).await.0, 400);
    assert_eq!(push.post_with("", body).await.0, 400);
    assert_eq!(
        desk.admin.get("/conversations?view=all").await.ok()["items"],
        json!([])
    );
    assert_eq!(desk.admin.get("/dead-letters").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn an_unknown_callback_address_is_404() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let mut unknown = channel.clone();
    unknown.callback_url.push('x');
    let push = RawPush::to(&unknown);
    assert_eq!(push.post(push.text("o", 1, "x")).await.0, 404);
    assert_eq!(push.get_with(&signed_query(TOKEN, "1", "n")).await.0, 404);
}

#[tokio::test]
async fn the_address_is_verified_only_with_the_right_token() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let push = RawPush::to(&channel);
    let right = format!("{}&echostr=4375120948345356249", signed_query(TOKEN, "1", "n"));
    assert_eq!(push.get_with(&right).await.1, "4375120948345356249");
    let wrong = format!("{}&echostr=1", signed_query("otherToken", "1", "n"));
    assert_eq!(push.get_with(&wrong).await.0, 403);
    let seen = desk.admin.get(&format!("/channels/{}", channel.id)).await.ok();
    assert!(seen["url_verified_at"].is_string(), "{seen}");
}

#[tokio::test]
async fn a_body_over_one_megabyte_is_413() {
    let desk = Desk::start().await;
    let push = RawPush::to(&desk.channel().await);
    assert_eq!(push.post(vec![b'x'; 10 * 1024 * 1024]).await.0, 413);
}

#[tokio::test]
async fn what_cannot_be_read_behind_a_right_signature_becomes_a_dead_letter() {
    let desk = Desk::start().await;
    let push = RawPush::to(&desk.channel().await);
    let bomb =
        "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><xml><Content>&b;</Content></xml>";
    for body in ["not xml at all", "<xml><Unclosed>", bomb, "{}", ""] {
        assert_eq!(
            push.post(body).await,
            (200.try_into().expect("a status"), "success".to_owned()),
            "{body}"
        );
    }
    let letters = desk.admin.get("/dead-letters").await.ok();
    assert_eq!(letters["items"].as_array().expect("items").len(), 5, "{letters}");
    assert_eq!(letters["items"][4]["body"], "not xml at all");
    assert_eq!(letters["items"][4]["state"], "waiting");
}

#[tokio::test]
async fn a_truncated_cipher_or_another_key_becomes_a_dead_letter_and_a_forged_one_is_refused() {
    let desk = Desk::start().await;
    let channel = desk.channel_with(json!({"encryption_mode": "safe"})).await;
    let push = RawPush::to(&channel);
    let app_id = AppId::from(channel.app_id.clone());
    let clear = push.text("oSafe", 1, "secret");
    let key = EncodingAesKey::parse(AES_KEY).expect("a key");
    let other = EncodingAesKey::parse("0123456789abcdefghijklmnopqrstuvwxyzABCDEFG").expect("a key");
    let good = encrypt(&key, clear.as_bytes(), &app_id);

    let truncated = &good[..good.len() - 8];
    assert_eq!(
        push.post_with(&aes_query(TOKEN, truncated), envelope(truncated))
            .await
            .0,
        200
    );
    let stale = encrypt(&other, clear.as_bytes(), &app_id);
    assert_eq!(
        push.post_with(&aes_query(TOKEN, &stale), envelope(&stale))
            .await
            .0,
        200
    );
    let elsewhere = encrypt(
        &key,
        clear.as_bytes(),
        &AppId::from("wx0000000000000000".to_owned()),
    );
    assert_eq!(
        push.post_with(&aes_query(TOKEN, &elsewhere), envelope(&elsewhere))
            .await
            .0,
        200
    );
    assert_eq!(
        desk.admin.get("/dead-letters").await.ok()["items"]
            .as_array()
            .expect("items")
            .len(),
        3
    );

    assert_eq!(
        push.post_with(&aes_query("otherToken", &good), envelope(&good))
            .await
            .0,
        403
    );
    assert_eq!(push.post_with(&aes_query(TOKEN, &good), "<xml>").await.0, 400);
    // In mode safe a clear push is refused, whatever its `signature` says: that does not cover the body.
    assert_eq!(push.post(clear).await.0, 403);
    assert_eq!(
        desk.admin.get("/conversations?view=all").await.ok()["items"],
        json!([])
    );

    assert_eq!(
        push.post_with(&aes_query(TOKEN, &good), envelope(&good)).await.1,
        "success"
    );
    assert_eq!(
        desk.conversation(&desk.admin).await["last_message"]["text"],
        "secret"
    );
}

#[tokio::test]
async fn zero_bytes_and_broken_utf_8_are_kept_without_harm() {
    let desk = Desk::start().await;
    let push = RawPush::to(&desk.channel().await);
    let mut body = push.text("oBytes", 9, "before|after").into_bytes();
    let at = body.iter().position(|b| *b == b'|').expect("the mark");
    body.splice(at..=at, [0, 0xff]);
    assert_eq!(push.post(body).await.1, "success");
    let text = desk.conversation(&desk.admin).await["last_message"]["text"]
        .as_str()
        .expect("text")
        .to_owned();
    assert!(text.starts_with("before") && text.ends_with("after"), "{text:?}");
}

#[tokio::test]
async fn a_push_addressed_to_another_account_is_stored_and_counted() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let push = RawPush::to(&channel);
    let body = push
        .text("oOther", 1, "hello")
        .replace(&channel.original_id, "gh_somebodyelse");
    assert_eq!(push.post(body).await.1, "success");
    assert_eq!(
        desk.conversation(&desk.admin).await["last_message"]["text"],
        "hello"
    );
    let seen = desk.admin.get(&format!("/channels/{}", channel.id)).await.ok();
    assert_eq!(seen["mismatched_pushes"], 1, "{seen}");
}
