//! Access tokens over HTTP: both families, their errors, the address list.
use axum::http::Method;
use serde_json::{Value, json};

use crate::platform::{APP_ID, HOUR, Platform, SECRET};

impl Platform {
    async fn plain_token(&self, app_id: &str, secret: &str) -> Value {
        let query = [
            ("grant_type", "client_credential"),
            ("appid", app_id),
            ("secret", secret),
        ];
        self.call(Method::GET, "/cgi-bin/token", &query, Value::Null)
            .await
    }

    async fn try_token(&self, token: &str) -> i64 {
        let answer = self
            .call(
                Method::GET,
                "/cgi-bin/getcallbackip",
                &[("access_token", token)],
                Value::Null,
            )
            .await;
        answer["errcode"].as_i64().unwrap_or_default()
    }
}

fn text(answer: &Value) -> &str {
    answer["access_token"].as_str().expect("a token")
}

#[tokio::test]
async fn old_plain_token_is_superseded_after_five_minutes_and_the_new_one_expires_after_two_hours() {
    let platform = Platform::start(None, json!({})).await;
    let first = platform.plain_token(APP_ID, SECRET).await;
    assert_eq!(first["expires_in"], 7200);
    let second = platform.plain_token(APP_ID, SECRET).await;
    assert_eq!(platform.try_token(text(&first)).await, 0);
    platform.advance(301).await;
    assert_eq!(platform.try_token(text(&first)).await, 40001);
    platform.advance(2 * HOUR).await;
    assert_eq!(platform.try_token(text(&second)).await, 42001);
}

#[tokio::test]
async fn stable_token_is_repeated_and_not_touched_by_the_other_family() {
    let platform = Platform::start(None, json!({})).await;
    let stable = platform.token().await;
    platform.plain_token(APP_ID, SECRET).await;
    platform.advance(600).await;
    assert_eq!(platform.token().await, stable);
    assert_eq!(platform.try_token(&stable).await, 0);
}

#[tokio::test]
async fn wrong_credentials_have_their_codes_and_the_app_id_is_judged_first() {
    let platform = Platform::start(None, json!({})).await;
    assert_eq!(platform.plain_token("wxnobody", SECRET).await["errcode"], 40013);
    assert_eq!(platform.plain_token(APP_ID, "wrong").await["errcode"], 40125);
    let without_grant = platform
        .call(
            Method::GET,
            "/cgi-bin/token",
            &[("appid", "wxnobody")],
            Value::Null,
        )
        .await;
    assert_eq!(without_grant["errcode"], 40013);
    assert_eq!(platform.try_token("made-up").await, 40001);
    assert_eq!(
        platform
            .call(Method::GET, "/cgi-bin/getcallbackip", &[], Value::Null)
            .await["errcode"],
        41001
    );
    let frozen = json!({"secret_frozen": true});
    platform
        .control(Method::PATCH, &format!("/accounts/{APP_ID}"), frozen)
        .await;
    assert_eq!(platform.plain_token(APP_ID, SECRET).await["errcode"], 40243);
}

#[tokio::test]
async fn every_error_text_ends_with_a_request_id() {
    let platform = Platform::start(None, json!({})).await;
    let refused = platform.plain_token("wxnobody", SECRET).await;
    let text = refused["errmsg"].as_str().expect("a text");
    let (message, rid) = text.split_once(" rid: ").expect("a request id");
    assert_eq!(message, "invalid appid");
    assert_eq!(rid.split('-').map(str::len).collect::<Vec<_>>(), [8, 8, 8]);
}

#[tokio::test]
async fn address_that_is_not_on_the_list_is_named_in_the_error() {
    let platform = Platform::start(None, json!({})).await;
    let token = platform.token().await;
    let list = json!({"ip_whitelist": ["10.0.0.0/8"]});
    platform
        .control(Method::PATCH, &format!("/accounts/{APP_ID}"), list)
        .await;
    let refused = platform.plain_token(APP_ID, SECRET).await;
    assert_eq!(refused["errcode"], 40164);
    let text = refused["errmsg"].as_str().expect("a text");
    assert!(
        text.starts_with("invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist rid: "),
        "{text}"
    );
    assert_eq!(platform.try_token(&token).await, 40164);
    let list = json!({"ip_whitelist": ["10.0.0.0/8", "127.0.0.1"]});
    platform
        .control(Method::PATCH, &format!("/accounts/{APP_ID}"), list)
        .await;
    assert_eq!(platform.try_token(&token).await, 0);
}

#[tokio::test]
async fn reset_secret_ends_the_tokens_of_the_old_one() {
    let platform = Platform::start(None, json!({})).await;
    let token = platform.token().await;
    platform
        .control(
            Method::PATCH,
            &format!("/accounts/{APP_ID}"),
            json!({"secret": "new"}),
        )
        .await;
    assert_eq!(platform.try_token(&token).await, 40001);
    assert_eq!(platform.plain_token(APP_ID, SECRET).await["errcode"], 40125);
}

#[tokio::test]
async fn unknown_path_and_wrong_method_are_answered_in_json_and_recorded() {
    let platform = Platform::start(None, json!({})).await;
    let token = platform.token().await;
    let query = [("access_token", token.as_str())];
    let unknown = platform
        .call(Method::POST, "/cgi-bin/no/such/thing", &query, json!({"a": 1}))
        .await;
    assert_eq!(unknown["errcode"], 48001);
    let wrong = platform
        .call(Method::GET, "/cgi-bin/message/custom/send", &query, Value::Null)
        .await;
    assert_eq!(wrong["errcode"], 43002);
    let calls = platform.get("/calls?path=/cgi-bin/no/such/thing").await;
    let call = &calls["items"][0];
    assert_eq!(
        (&call["app_id"], &call["errcode"]),
        (&json!(APP_ID), &json!(48001))
    );
    assert_eq!(
        (&call["took_effect"], &call["body"]),
        (&json!(false), &json!({"a": 1}))
    );
    platform.control(Method::DELETE, "/calls", Value::Null).await;
    assert_eq!(platform.get("/calls").await["items"], json!([]));
}

#[tokio::test]
async fn user_info_has_neither_name_nor_picture() {
    let platform = Platform::start(None, json!({})).await;
    let token = platform.token().await;
    let info = async |openid: &str| {
        let query = [("access_token", token.as_str()), ("openid", openid)];
        platform
            .call(Method::GET, "/cgi-bin/user/info", &query, Value::Null)
            .await
    };
    let li = info(crate::platform::LI).await;
    assert_eq!(
        (&li["subscribe"], &li["nickname"], &li["headimgurl"]),
        (&json!(1), &json!(""), &json!(""))
    );
    assert_eq!(info("oNobody").await["errcode"], 40003);
    platform.event(json!({"event": "unsubscribe"})).await;
    assert_eq!(
        info(crate::platform::LI).await,
        json!({"subscribe": 0, "openid": crate::platform::LI})
    );
}
