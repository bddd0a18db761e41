//! Limits of a day and a minute, what is left of them, request ids, and chance.
use serde_json::{Value, json};

use crate::platform::{APP_ID, LI, Platform, SECRET};

const INFO: &str = "/cgi-bin/user/info";

async fn info(platform: &Platform) -> i64 {
    let answer = platform.get_api(&format!("{INFO}?openid={LI}")).await;
    answer["errcode"].as_i64().unwrap_or_default()
}

#[tokio::test]
async fn daily_limit_is_told_reached_and_cleared_ten_times_a_month() {
    let platform = Platform::start(None, json!({"quotas": {INFO: 2}})).await;
    assert_eq!(
        (
            info(&platform).await,
            info(&platform).await,
            info(&platform).await
        ),
        (0, 0, 45009)
    );
    let told = platform
        .post_api("/cgi-bin/openapi/quota/get", json!({"cgi_path": INFO}))
        .await;
    assert_eq!(told["quota"], json!({"daily_limit": 2, "used": 2, "remain": 0}));
    let clear = json!({"appid": APP_ID});
    for _ in 0..9 {
        assert_eq!(
            platform.post_api("/cgi-bin/clear_quota", clear.clone()).await["errcode"],
            0
        );
    }
    assert_eq!(info(&platform).await, 0);
    let by_secret = json!({"appid": APP_ID, "appsecret": SECRET});
    let post = axum::http::Method::POST;
    let answer = platform
        .call(post, "/cgi-bin/clear_quota/v2", &[], by_secret)
        .await;
    assert_eq!(answer["errcode"], 0);
    assert_eq!(
        platform.post_api("/cgi-bin/clear_quota", clear).await["errcode"],
        48006
    );
}

#[tokio::test]
async fn usual_limits_are_those_of_a_new_account() {
    let platform = Platform::start(None, json!({})).await;
    let read = async |path: &str| {
        platform
            .post_api("/cgi-bin/openapi/quota/get", json!({"cgi_path": path}))
            .await
    };
    assert_eq!(
        read("/cgi-bin/message/mass/sendall").await["quota"]["daily_limit"],
        100
    );
    assert_eq!(read("/cgi-bin/nothing").await["errcode"], 76021);
    assert_eq!(read("/sns/userinfo").await["errcode"], 76022);
}

#[tokio::test]
async fn minute_limit_ends_with_the_minute() {
    let platform = Platform::start(None, json!({"minute_quotas": {INFO: 1}})).await;
    platform.to_next_minute().await;
    assert_eq!((info(&platform).await, info(&platform).await), (0, 45011));
    platform.advance(60).await;
    assert_eq!(info(&platform).await, 0);
}

#[tokio::test]
async fn request_id_of_an_error_leads_to_the_call() {
    let platform = Platform::start(None, json!({})).await;
    let sent = json!({"touser": "oNobody", "msgtype": "text", "text": {"content": "x"}});
    let refused = platform.post_api("/cgi-bin/message/custom/send", sent).await;
    let errmsg = refused["errmsg"].as_str().expect("a text");
    let (_, rid) = errmsg.rsplit_once("rid: ").expect("a rid");
    let found = platform
        .post_api("/cgi-bin/openapi/rid/get", json!({"rid": rid}))
        .await;
    let body = found["request"]["request_body"].as_str().expect("a body");
    assert!(body.contains("oNobody"));
    assert_eq!(found["request"]["client_ip"], "127.0.0.1");
    let unknown = platform
        .post_api("/cgi-bin/openapi/rid/get", json!({"rid": "1-2-3"}))
        .await;
    assert_eq!(unknown["errcode"], 76001);
}

#[tokio::test]
async fn busy_platform_answers_minus_one() {
    let platform = Platform::start(None, json!({})).await;
    let token = platform.token().await;
    let path = format!("/accounts/{APP_ID}");
    let patch = axum::http::Method::PATCH;
    platform.control(patch, &path, json!({"busy_percent": 100})).await;
    let query = [("access_token", token.as_str()), ("openid", LI)];
    let answer = platform
        .call(axum::http::Method::GET, INFO, &query, Value::Null)
        .await;
    assert_eq!(answer["errcode"], -1);
}

#[tokio::test]
async fn callback_is_checked_from_the_platforms_side() {
    let callback = crate::callback::Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    let checked = platform
        .post_api(
            "/cgi-bin/callback/check",
            json!({"action": "all", "check_operator": "DEFAULT"}),
        )
        .await;
    assert_eq!(
        (&checked["dns"][0]["ip"], &checked["ping"][0]["package_loss"]),
        (&json!("127.0.0.1"), &json!("0%"))
    );
    assert!(
        callback.received().is_empty(),
        "a check is no push and no verification"
    );
}
