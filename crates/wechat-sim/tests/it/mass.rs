//! Mass messages: who gets them, how often, and what the account hears of it.
use axum::http::Method;
use serde_json::{Value, json};

use crate::callback::Callback;
use crate::platform::{APP_ID, LI, Platform, eventually};

const MEI: &str = "oMei0000000000000000000000000";

/// A platform with the followers Li and Mei, and Li tagged 100.
async fn start(callback: Option<&Callback>, mut fields: Value) -> Platform {
    // The tests ask again and again how a job stands.
    fields["minute_quotas"] = json!({"/cgi-bin/message/mass/get": 100_000});
    let platform = Platform::start(callback, fields).await;
    platform.follower(MEI).await;
    platform
        .post_api("/cgi-bin/tags/create", json!({"tag": {"name": "VIP"}}))
        .await;
    let people = json!({"openid_list": [LI], "tagid": 100});
    platform
        .post_api("/cgi-bin/tags/members/batchtagging", people)
        .await;
    platform
}

fn by_tag(text: &str) -> Value {
    json!({"filter": {"is_to_all": false, "tag_id": 100}, "msgtype": "text", "text": {"content": text}})
}

async fn send_all(platform: &Platform, body: Value) -> Value {
    platform.post_api("/cgi-bin/message/mass/sendall", body).await
}

async fn status(platform: &Platform, sent: &Value) -> String {
    let asked = json!({"msg_id": sent["msg_id"]});
    let answer = platform.post_api("/cgi-bin/message/mass/get", asked).await;
    answer["msg_status"].as_str().expect("a status").to_owned()
}

/// Sends and waits for the end.
async fn finished(platform: &Platform, body: Value) -> String {
    let sent = send_all(platform, body).await;
    assert_eq!(sent["errcode"], 0, "{sent}");
    eventually("the end of the job", async || {
        status(platform, &sent).await != "SENDING"
    })
    .await;
    status(platform, &sent).await
}

#[tokio::test]
async fn message_by_tag_appears_only_there_and_is_followed_by_a_receipt() {
    let callback = Callback::start().await;
    let platform = start(Some(&callback), json!({})).await;
    let sent = send_all(&platform, by_tag("本月新品")).await;
    assert_eq!(sent["errmsg"], "send job submission success");
    eventually("the receipt", async || !callback.received().is_empty()).await;
    let receipt = &callback.received()[0];
    assert_eq!(receipt.element("Event"), Some("MASSSENDJOBFINISH"));
    assert_eq!(receipt.element("Status"), Some("send success"));
    assert_eq!(
        receipt.element("MsgID").map(str::to_owned),
        Some(sent["msg_id"].to_string())
    );
    assert_eq!(
        (receipt.element("TotalCount"), receipt.element("SentCount")),
        (Some("1"), Some("1"))
    );
    let shown = &platform.timeline().await[0];
    assert_eq!(
        (&shown["text"], &shown["via"]),
        (&json!("本月新品"), &json!("mass"))
    );
    let other = platform
        .get(&format!("/accounts/{APP_ID}/followers/{MEI}/timeline"))
        .await;
    assert_eq!(other["items"], json!([]));
}

#[tokio::test]
async fn each_person_gets_four_a_month() {
    let platform = start(None, json!({})).await;
    for number in 1..=4 {
        assert_eq!(
            finished(&platform, by_tag(&number.to_string())).await,
            "SEND_SUCCESS"
        );
    }
    let ledger = format!("/accounts/{APP_ID}/followers/{LI}/ledger");
    assert_eq!(platform.get(&ledger).await["monthly"]["used"], 4);
    assert_eq!(finished(&platform, by_tag("5")).await, "SEND_FAIL");
    assert_eq!(platform.timeline().await.len(), 4);
    platform.advance(31 * 86_400).await;
    assert_eq!(finished(&platform, by_tag("6")).await, "SEND_SUCCESS");
}

#[tokio::test]
async fn subscription_account_sends_once_a_day_and_not_to_a_list() {
    let platform = start(None, json!({"account_kind": "subscription"})).await;
    assert_eq!(finished(&platform, by_tag("one")).await, "SEND_SUCCESS");
    assert_eq!(send_all(&platform, by_tag("two")).await["errcode"], 45028);
    let list = json!({"touser": [LI, MEI], "msgtype": "text", "text": {"content": "x"}});
    let answer = platform.post_api("/cgi-bin/message/mass/send", list).await;
    assert_eq!(answer["errcode"], 48001);
    platform.advance(86_400).await;
    assert_eq!(finished(&platform, by_tag("two")).await, "SEND_SUCCESS");
}

#[tokio::test]
async fn list_has_at_least_two_people() {
    let platform = start(None, json!({})).await;
    let list = |people: Value| json!({"touser": people, "msgtype": "text", "text": {"content": "x"}});
    let send = async |people: Value| {
        let answer = platform
            .post_api("/cgi-bin/message/mass/send", list(people))
            .await;
        answer["errcode"].as_i64()
    };
    assert_eq!(send(json!([LI])).await, Some(40130));
    assert_eq!(send(json!([LI, MEI])).await, Some(0));
}

#[tokio::test]
async fn repeat_with_the_same_client_id_is_answered_with_the_first_message() {
    let platform = start(None, json!({})).await;
    let mut body = by_tag("once");
    body["clientmsgid"] = json!("monthly-1");
    let first = send_all(&platform, body.clone()).await;
    let second = send_all(&platform, body.clone()).await;
    assert_eq!(
        (&second["errcode"], &second["msg_id"]),
        (&json!(45065), &first["msg_id"])
    );
    let same_content = by_tag("twice");
    assert_eq!(send_all(&platform, same_content.clone()).await["errcode"], 0);
    assert_eq!(send_all(&platform, same_content).await["errcode"], 45065);
    body["clientmsgid"] = json!("x".repeat(33));
    assert_eq!(send_all(&platform, body).await["errcode"], 45067);
}

#[tokio::test]
async fn without_receipts_only_asking_tells_that_it_failed() {
    let callback = Callback::start().await;
    let fields = json!({"mass_receipts": false, "mass_status": "err(20013)"});
    let platform = start(Some(&callback), fields).await;
    assert_eq!(finished(&platform, by_tag("x")).await, "SEND_FAIL");
    assert_eq!(platform.timeline().await.len(), 0);
    assert!(callback.received().is_empty());
}

#[tokio::test]
async fn sixty_one_calls_in_a_minute_are_one_too_many() {
    let platform = start(None, json!({})).await;
    platform.to_next_minute().await;
    let mut codes = Vec::new();
    for _ in 0..61 {
        let asked = platform
            .post_api("/cgi-bin/message/mass/delete", json!({"msg_id": 1}))
            .await;
        codes.push(asked["errcode"].as_i64());
    }
    assert_eq!(codes.last(), Some(&Some(45011)));
    assert_eq!(codes[0], Some(40059));
}

#[tokio::test]
async fn preview_reaches_one_person_and_does_not_count() {
    let platform = start(None, json!({})).await;
    let preview = json!({"touser": LI, "msgtype": "text", "text": {"content": "proof"}});
    let answer = platform.post_api("/cgi-bin/message/mass/preview", preview).await;
    assert_eq!(answer["errcode"], 0);
    assert_eq!(platform.timeline().await[0]["text"], "proof");
    let ledger = format!("/accounts/{APP_ID}/followers/{LI}/ledger");
    assert_eq!(platform.get(&ledger).await["monthly"]["used"], 0);
}

#[tokio::test]
async fn who_refuses_is_an_error_and_who_is_blacklisted_is_not_counted() {
    let callback = Callback::start().await;
    let platform = start(Some(&callback), json!({})).await;
    let patch = |openid: &str| format!("/accounts/{APP_ID}/followers/{openid}");
    platform
        .control(Method::PATCH, &patch(LI), json!({"refuses": true}))
        .await;
    platform
        .control(Method::PATCH, &patch(MEI), json!({"blacklisted": true}))
        .await;
    let all = json!({"filter": {"is_to_all": true}, "msgtype": "text", "text": {"content": "x"}});
    assert_eq!(finished(&platform, all).await, "SEND_FAIL");
    eventually("the receipt", async || !callback.received().is_empty()).await;
    let receipt = &callback.received()[0];
    let counts = ["TotalCount", "FilterCount", "SentCount", "ErrorCount"].map(|name| receipt.element(name));
    assert_eq!(counts, [Some("2"), Some("1"), Some("0"), Some("1")]);
}
