//! Addresses, quotas, files beside messages, and the JS-SDK.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use wechat::{CallbackAction, CallbackOperator, Client, JsTicket, MediaId, MemoryTokenStore};

use crate::calls::{done, wire};
use crate::platform::{Platform, answer, client_with, options, token};

#[tokio::test]
async fn the_addresses_wechat_uses() {
    let reply = json!({ "ip_list": ["127.0.0.1", "101.226.103.0/25"] });
    let (sent, ips) = wire(reply.clone(), async |client| client.callback_ips().await).await;
    insta::assert_snapshot!(sent, @"GET /cgi-bin/getcallbackip?access_token=TOKEN");
    assert_eq!(ips.unwrap(), ["127.0.0.1", "101.226.103.0/25"]);
    insta::assert_snapshot!(wire(reply, async |client| client.api_ips().await).await.0, @"GET /cgi-bin/get_api_domain_ip?access_token=TOKEN");
}

#[tokio::test]
async fn the_callback_is_tried_from_wechats_side() {
    let reply = json!({
        "dns": [{ "ip": "111.161.64.40", "real_operator": "UNICOM" }],
        "ping": [{ "ip": "111.161.64.40", "from_operator": "UNICOM", "package_loss": "0%", "time": "23.079ms" }],
    });
    let call = async |client: Client| {
        client
            .check_callback(CallbackAction::All, CallbackOperator::Default)
            .await
    };
    let (sent, check) = wire(reply, call).await;
    insta::assert_snapshot!(sent, @r#"
    POST /cgi-bin/callback/check?access_token=TOKEN
    {"action":"all","check_operator":"DEFAULT"}
    "#);
    insta::assert_compact_debug_snapshot!(check.unwrap(), @r#"CallbackCheck { dns: [DnsFinding { ip: "111.161.64.40", real_operator: "UNICOM" }], ping: [PingFinding { ip: "111.161.64.40", from_operator: "UNICOM", package_loss: "0%", time: "23.079ms" }] }"#);
}

#[tokio::test]
async fn quotas_are_read() {
    let reply = json!({
        "errcode": 0, "errmsg": "ok", "quota": { "daily_limit": 500_000, "used": 2, "remain": 499_998 },
        "rate_limit": { "call_count": 10, "refresh_second": 60 }, "component_rate_limit": {},
    });
    let call = async |client: Client| client.api_quota("/cgi-bin/message/custom/send").await;
    let (sent, quota) = wire(reply, call).await;
    insta::assert_snapshot!(sent, @r#"
    POST /cgi-bin/openapi/quota/get?access_token=TOKEN
    {"cgi_path":"/cgi-bin/message/custom/send"}
    "#);
    insta::assert_compact_debug_snapshot!(quota.unwrap(), @"ApiQuota { quota: DailyQuota { daily_limit: 500000, used: 2, remain: 499998 }, rate_limit: Some(RateLimit { call_count: 10, refresh_second: 60 }) }");
}

#[tokio::test]
async fn what_became_of_a_call_is_read_by_its_id() {
    let reply = json!({ "errcode": 0, "errmsg": "ok", "request": {
        "invoke_time": 1_635_156_704, "cost_in_ms": 30, "request_url": "access_token=x", "request_body": "",
        "response_body": "{}", "client_ip": "1.2.3.4",
    } });
    let (sent, info) = wire(reply, async |client| client.rid_info("61725984-6126f6f9").await).await;
    insta::assert_snapshot!(sent, @r#"
    POST /cgi-bin/openapi/rid/get?access_token=TOKEN
    {"rid":"61725984-6126f6f9"}
    "#);
    assert_eq!(info.unwrap().cost_in_ms, 30);
}

#[tokio::test]
async fn counts_begin_at_zero_again() {
    insta::assert_snapshot!(done(async |client| client.clear_quota().await).await, @r#"
    POST /cgi-bin/clear_quota?access_token=TOKEN
    {"appid":"wx0123456789abcdef"}
    "#);
    insta::assert_snapshot!(done(async |client| client.clear_quota_by_secret().await).await, @r#"
    POST /cgi-bin/clear_quota/v2?
    {"appid":"wx0123456789abcdef","appsecret":"app-secret"}
    "#);
    let path = "/cgi-bin/user/get";
    insta::assert_snapshot!(done(async |client| client.clear_api_quota(path).await).await, @r#"
    POST /cgi-bin/openapi/quota/clear?access_token=TOKEN
    {"cgi_path":"/cgi-bin/user/get"}
    "#);
}

#[tokio::test]
async fn data_is_put_behind_a_short_key_and_found_again() {
    let call = async |client: Client| client.make_short_key("loooooong data", 86_400).await;
    let (sent, key) = wire(
        json!({ "errcode": 0, "errmsg": "ok", "short_key": "0rPL9u4kQpKy3vx" }),
        call,
    )
    .await;
    insta::assert_snapshot!(sent, @r#"
    POST /cgi-bin/shorten/gen?access_token=TOKEN
    {"long_data":"loooooong data","expire_seconds":86400}
    "#);
    assert_eq!(key.unwrap(), "0rPL9u4kQpKy3vx");
    let reply = json!({ "errcode": 0, "long_data": "loooooong data", "create_time": 1_611_047_541, "expire_seconds": 86_300 });
    let (sent, data) = wire(reply, async |client| {
        client.short_key_data("0rPL9u4kQpKy3vx").await
    })
    .await;
    insta::assert_snapshot!(sent, @r#"
    POST /cgi-bin/shorten/fetch?access_token=TOKEN
    {"short_key":"0rPL9u4kQpKy3vx"}
    "#);
    assert_eq!(data.unwrap().long_data, "loooooong data");
}

#[tokio::test]
async fn a_voice_of_a_page_is_fetched_at_sixteen_kilohertz() {
    let platform = Platform::start(|call| match call.path.as_str() {
        "/cgi-bin/stable_token" => token("T"),
        _ => axum::response::IntoResponse::into_response("speex"),
    })
    .await;
    let voice = platform
        .client()
        .get_hd_voice(&MediaId::from("M"), 100)
        .await
        .unwrap();
    assert_eq!(&voice.bytes[..], b"speex");
    let call = platform.calls().pop().unwrap();
    assert_eq!(
        (call.path.as_str(), call.query.as_str()),
        ("/cgi-bin/media/get/jssdk", "access_token=T&media_id=M")
    );
}

#[tokio::test]
async fn a_picture_for_an_article_becomes_an_address() {
    let platform = Platform::start(|call| match call.path.as_str() {
        "/cgi-bin/stable_token" => token("T"),
        _ => answer(&json!({ "url": "http://mmbiz.qpic.cn/x" })),
    })
    .await;
    let png = bytes::Bytes::from_static(b"\x89PNG");
    let url = platform
        .client()
        .upload_article_image("a.png", "image/png", png)
        .await;
    assert_eq!(url.unwrap(), "http://mmbiz.qpic.cn/x");
    assert_eq!(platform.calls().pop().unwrap().path, "/cgi-bin/media/uploadimg");
}

/// The example of Tencent's own page on the JS-SDK.
#[test]
fn pages_are_signed_like_the_published_example() {
    let ticket = JsTicket::from(
        "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg",
    );
    let page = "http://mp.weixin.qq.com?params=value#chapter";
    let signed = ticket.sign(page, "Wm3WZYTPz0wzccnW", 1_414_587_457);
    assert_eq!(signed.signature, "0f9de62fce790f9a083d5c99e95740ceb90c27ed");
}

#[tokio::test]
async fn the_ticket_is_asked_for_once_in_two_hours() {
    let platform = Platform::start(|call| match call.path.as_str() {
        "/cgi-bin/stable_token" => token("T"),
        _ => answer(&json!({ "errcode": 0, "errmsg": "ok", "ticket": format!("t{}", call.earlier), "expires_in": 7200 })),
    })
    .await;
    let store = Arc::new(MemoryTokenStore::default());
    let client = client_with(options(&platform.url), store.clone());
    for _ in 0..3 {
        assert_eq!(client.js_ticket().await.unwrap().expose(), "t0");
    }
    store.advance(Duration::from_secs(7200 - 119));
    let signed = client.js_signature("https://example.com/", "n", 1).await.unwrap();
    assert_eq!(signed, JsTicket::from("t1").sign("https://example.com/", "n", 1));
    let tickets = platform.calls();
    let tickets = tickets.iter().filter(|call| call.path.ends_with("getticket"));
    assert_eq!(
        tickets.map(|call| call.query.as_str()).collect::<Vec<_>>(),
        ["access_token=T&type=jsapi"; 2]
    );
}
