//! The web login: page, code, and what the account gets for it.
use axum::http::Method;
use serde_json::{Value, json};

use crate::platform::{APP_ID, LI, Platform, SECRET};

const BACK: &str = "http://127.0.0.1:1/back?x=1";

async fn page(platform: &Platform, scope: &str) -> String {
    let query = [
        ("appid", APP_ID),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("scope", scope),
        ("state", "s1"),
    ];
    let path = "/connect/oauth2/authorize";
    let response = platform
        .call_response(Method::GET, path, &query, Value::Null)
        .await;
    response.expect("an answer").text().await.expect("a page")
}

/// Li consents; answers the code that comes back.
async fn code(platform: &Platform, scope: &str) -> String {
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    let form = [
        ("appid", APP_ID),
        ("redirect_uri", BACK),
        ("scope", scope),
        ("state", "s1"),
        ("openid", LI),
    ];
    let url = format!("{}/connect/oauth2/consent", platform.sim.url());
    let response = client.post(url).form(&form).send().await.expect("an answer");
    let target = response.headers()["location"]
        .to_str()
        .expect("a text")
        .to_owned();
    assert!(
        target.starts_with(BACK) && target.ends_with("&state=s1"),
        "{target}"
    );
    let (_, code) = target.split_once("code=").expect("a code");
    code.trim_end_matches("&state=s1").to_owned()
}

async fn exchange(platform: &Platform, code: &str) -> Value {
    let query = [
        ("appid", APP_ID),
        ("secret", SECRET),
        ("code", code),
        ("grant_type", "authorization_code"),
    ];
    platform
        .call(Method::GET, "/sns/oauth2/access_token", &query, Value::Null)
        .await
}

async fn sns(platform: &Platform, path: &str, tokens: &Value) -> Value {
    let token = tokens["access_token"].as_str().expect("a token");
    let query = [("access_token", token), ("openid", LI)];
    platform.call(Method::GET, path, &query, Value::Null).await
}

#[tokio::test]
async fn follower_consents_and_the_account_learns_the_name() {
    let platform = Platform::start(None, json!({})).await;
    assert!(page(&platform, "snsapi_userinfo").await.contains(">Li</button>"));
    let code = code(&platform, "snsapi_userinfo").await;
    let tokens = exchange(&platform, &code).await;
    assert_eq!(tokens["openid"], LI);
    assert_eq!(sns(&platform, "/sns/userinfo", &tokens).await["nickname"], "Li");
    assert_eq!(sns(&platform, "/sns/auth", &tokens).await["errcode"], 0);
    assert_eq!(exchange(&platform, &code).await["errcode"], 40163);
    assert_eq!(exchange(&platform, "wrong").await["errcode"], 40029);
}

#[tokio::test]
async fn base_scope_tells_no_name_and_codes_expire() {
    let platform = Platform::start(None, json!({})).await;
    let base = code(&platform, "snsapi_base").await;
    let tokens = exchange(&platform, &base).await;
    assert_eq!(sns(&platform, "/sns/userinfo", &tokens).await["errcode"], 48001);
    let late = code(&platform, "snsapi_base").await;
    platform.advance(300).await;
    assert_eq!(exchange(&platform, &late).await["errcode"], 42003);
}

#[tokio::test]
async fn expired_token_is_refreshed() {
    let platform = Platform::start(None, json!({})).await;
    let code = code(&platform, "snsapi_userinfo").await;
    let tokens = exchange(&platform, &code).await;
    platform.advance(7200).await;
    assert_eq!(sns(&platform, "/sns/auth", &tokens).await["errcode"], 42001);
    let refresh_token = tokens["refresh_token"].as_str().expect("a token");
    let query = [
        ("appid", APP_ID),
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
    ];
    let renewed = platform
        .call(Method::GET, "/sns/oauth2/refresh_token", &query, Value::Null)
        .await;
    assert_eq!(sns(&platform, "/sns/auth", &renewed).await["errcode"], 0);
}

#[tokio::test]
async fn subscription_account_has_no_web_login() {
    let platform = Platform::start(None, json!({"account_kind": "subscription"})).await;
    assert!(page(&platform, "snsapi_base").await.contains("10005"));
}
