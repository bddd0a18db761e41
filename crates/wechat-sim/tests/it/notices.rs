//! Template messages, subscription notices, the JS-SDK ticket, and the platform's own customer service.
use axum::http::Method;
use serde_json::{Value, json};

use crate::callback::Callback;
use crate::platform::{APP_ID, LI, Platform, eventually};

async fn template(platform: &Platform) -> String {
    let made = platform
        .post_api(
            "/cgi-bin/template/api_add_template",
            json!({"template_id_short": "OPENTM1", "keyword_name_list": ["订单"]}),
        )
        .await;
    made["template_id"].as_str().expect("an id").to_owned()
}

fn notice(template_id: &str, value: &str) -> Value {
    json!({"touser": LI, "template_id": template_id, "url": "http://a/", "data": {"thing1": {"value": value}}})
}

#[tokio::test]
async fn template_message_arrives_outside_the_window_with_a_receipt() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    let id = template(&platform).await;
    let sent = platform
        .post_api("/cgi-bin/message/template/send", notice(&id, "A-1"))
        .await;
    eventually("the receipt", async || !callback.received().is_empty()).await;
    let receipt = &callback.received()[0];
    assert_eq!(receipt.element("Event"), Some("TEMPLATESENDJOBFINISH"));
    assert_eq!(
        receipt.element("MsgID").map(str::to_owned),
        Some(sent["msgid"].to_string())
    );
    assert_eq!(receipt.element("FromUserName"), Some(LI));
    assert_eq!(platform.timeline().await[0]["data"]["url"], "http://a/");
    let again = platform
        .post_api("/cgi-bin/message/template/send", notice(&id, "A-1"))
        .await;
    assert_eq!(again["errcode"], 40241);
}

#[tokio::test]
async fn wrong_value_is_named_and_blocked_person_is_reported() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({"region": "other"})).await;
    let id = template(&platform).await;
    let long = platform
        .post_api("/cgi-bin/message/template/send", notice(&id, &"x".repeat(21)))
        .await;
    assert_eq!(long["errcode"], 47003);
    assert!(
        long["errmsg"]
            .as_str()
            .is_some_and(|text| text.contains("data.thing1.value"))
    );
    let unknown = platform
        .post_api("/cgi-bin/message/template/send", notice("no", "x"))
        .await;
    assert_eq!(unknown["errcode"], 40037);
    platform
        .post_api("/cgi-bin/message/template/send", notice(&id, "from abroad"))
        .await;
    assert_eq!(platform.timeline().await[0]["data"]["url"], Value::Null);
    let path = format!("/accounts/{APP_ID}/followers/{LI}");
    platform
        .control(Method::PATCH, &path, json!({"refuses": true}))
        .await;
    platform
        .post_api("/cgi-bin/message/template/send", notice(&id, "b"))
        .await;
    eventually("both receipts", async || callback.received().len() == 2).await;
    assert_eq!(
        callback.received()[1].element("Status"),
        Some("failed:user block")
    );
}

#[tokio::test]
async fn subscription_notice_needs_one_consent_each() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    let send = async || {
        let body = json!({"touser": LI, "template_id": "tpl", "data": {"thing1": {"value": "a"}}});
        let answer = platform
            .post_api("/cgi-bin/message/subscribe/bizsend", body)
            .await;
        answer["errcode"].as_i64()
    };
    assert_eq!(send().await, Some(43101));
    let consent = json!({"template_id": "tpl", "subscribe_status_string": "accept", "popup_scene": 1});
    platform
        .event(
            json!({"event": "subscribe_msg_popup_event", "subscribe_msg_popup_event": {"list": [consent]}}),
        )
        .await;
    assert!(
        callback.received()[0]
            .body
            .contains("<SubscribeMsgPopupEvent><List><TemplateId><![CDATA[tpl]]>")
    );
    assert_eq!((send().await, send().await), (Some(0), Some(43101)));
    eventually("the receipt", async || callback.received().len() == 2).await;
    assert_eq!(callback.received()[1].element("ErrorStatus"), Some("success"));
}

#[tokio::test]
async fn ticket_stays_until_near_its_end() {
    let platform = Platform::start(None, json!({})).await;
    let ticket = async || platform.get_api("/cgi-bin/ticket/getticket?type=jsapi").await["ticket"].clone();
    let first = ticket().await;
    assert_eq!(ticket().await, first);
    platform.advance(7000).await;
    assert_ne!(ticket().await, first);
}

#[tokio::test]
async fn open_native_chats_are_read() {
    let platform = Platform::start(None, json!({})).await;
    let native = json!({
        "agents": [{"kf_account": "a@gh", "kf_nick": "A", "kf_id": 1001, "online": true}],
        "chats": [{"openid": LI, "kf_account": "a@gh", "since": 1_800_000_000}, {"openid": "oW", "since": 1}],
    });
    let path = format!("/accounts/{APP_ID}/native-service");
    platform.control(Method::PUT, &path, native).await;
    let list = platform.get_api("/cgi-bin/customservice/getkflist").await;
    assert_eq!(list["kf_list"][0]["kf_id"], "1001");
    let online = platform.get_api("/cgi-bin/customservice/getonlinekflist").await;
    assert_eq!(online["kf_online_list"][0]["accepted_case"], 1);
    let chat = platform
        .get_api(&format!("/customservice/kfsession/getsession?openid={LI}"))
        .await;
    assert_eq!(chat["kf_account"], "a@gh");
    let waiting = platform.get_api("/customservice/kfsession/getwaitcase").await;
    assert_eq!(waiting["waitcaselist"][0]["openid"], "oW");
}
