//! The control API: accounts, followers, errors, the change feed, the phone page.
use axum::http::Method;
use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::callback::Callback;
use crate::platform::{APP_ID, LI, Platform};

#[tokio::test]
async fn account_reads_back_changes_and_is_replaced_by_a_second_creation() {
    let platform = Platform::start(None, json!({})).await;
    let path = format!("/accounts/{APP_ID}");
    let read = platform.get(&path).await;
    assert_eq!(
        (&read["deliveries"], &read["reply_profile"]),
        (&json!(3), &json!("documented"))
    );
    let changed = platform
        .control(Method::PATCH, &path, json!({"verified": false}))
        .await;
    assert_eq!(
        (&changed["verified"], &changed["app_id"]),
        (&json!(false), &json!(APP_ID))
    );
    platform.create_account(None, json!({})).await;
    assert_eq!(
        platform.get(&format!("{path}/followers")).await["items"],
        json!([])
    );
    assert_eq!(
        platform.get("/accounts").await["items"].as_array().map(Vec::len),
        Some(1)
    );
}

#[tokio::test]
async fn missing_identifiers_are_made_up() {
    let platform = Platform::open(None).await;
    let made = platform.control(Method::POST, "/accounts", json!({})).await;
    let length = |field: &str| made[field].as_str().map(str::len);
    assert_eq!(
        (
            length("app_id"),
            length("original_id"),
            length("encoding_aes_key")
        ),
        (Some(18), Some(15), Some(43))
    );
}

#[tokio::test]
async fn faulty_requests_have_stable_codes() {
    let platform = Platform::start(None, json!({})).await;
    let code = async |method: Method, path: &str, body: Value| {
        let response = platform.control_response(method, path, body).await;
        let status = response.status().as_u16();
        let error: Value = response.json().await.expect("JSON");
        (
            status,
            error["error"]["code"].as_str().expect("a code").to_owned(),
        )
    };
    let messages = |openid: &str| format!("/accounts/{APP_ID}/followers/{openid}/messages");
    let expect = |status, code: &str| (status, code.to_owned());
    assert_eq!(
        code(Method::GET, "/accounts/wx0", Value::Null).await,
        expect(404, "account_not_found")
    );
    assert_eq!(
        code(Method::POST, &messages("oX"), json!({"type": "text"})).await,
        expect(404, "follower_not_found")
    );
    assert_eq!(
        code(Method::POST, &messages(LI), json!({})).await,
        expect(422, "field_missing")
    );
    assert_eq!(
        code(Method::POST, &messages(LI), json!([])).await,
        expect(400, "malformed")
    );
    assert_eq!(
        code(Method::POST, "/faults", json!({"on": "api"})).await,
        expect(422, "invalid_fault")
    );
    let bad_key = json!({"encoding_aes_key": "short"});
    assert_eq!(
        code(Method::POST, "/accounts", bad_key).await,
        expect(422, "invalid_account")
    );
    assert_eq!(
        code(Method::GET, "/nothing", Value::Null).await,
        expect(404, "path_not_found")
    );
    assert_eq!(
        code(Method::DELETE, "/clock", Value::Null).await,
        expect(405, "method_not_allowed")
    );
}

#[tokio::test]
async fn one_fault_is_cancelled_and_the_others_stay() {
    let platform = Platform::start(None, json!({})).await;
    let order = async |code: i64| {
        let fault = json!({"id": "mine", "on": "api", "path": "/cgi-bin/message/custom/send", "errcode": code, "times": -1});
        let ordered = platform.control(Method::POST, "/faults", fault).await;
        ordered["id"].as_str().expect("an id").to_owned()
    };
    let (first, second) = (order(-1).await, order(45011).await);
    assert_ne!(first, second);
    let ids = |listed: &Value| -> Vec<Value> {
        let items = listed["items"].as_array().expect("a list");
        items.iter().map(|fault| fault["id"].clone()).collect()
    };
    assert_eq!(ids(&platform.get("/faults").await), [first.as_str(), &second]);
    let cancel = async |id: &str| {
        platform
            .control_response(Method::DELETE, &format!("/faults/{id}"), Value::Null)
            .await
    };
    assert_eq!(cancel(&first).await.status(), 204);
    assert_eq!(ids(&platform.get("/faults").await), [second.as_str()]);
    assert_eq!(platform.reply("x").await, 45011);
    let gone = cancel(&first).await;
    assert_eq!(gone.status(), 404);
    let gone: Value = gone.json().await.expect("JSON");
    assert_eq!(gone["error"]["code"], "fault_not_found");
    order(-1).await;
    let cleared = platform
        .control_response(Method::DELETE, "/faults", Value::Null)
        .await;
    assert_eq!(cleared.status(), 204);
    assert_eq!(platform.get("/faults").await["items"], json!([]));
}

#[tokio::test]
async fn page_of_another_origin_may_not_call() {
    let platform = Platform::open(None).await;
    let url = format!("{}/sim/v1/accounts", platform.sim.url());
    let call = async |origin: String| {
        let request = platform.http.post(&url).header("origin", origin).json(&json!({}));
        request.send().await.expect("an answer").status().as_u16()
    };
    assert_eq!(call("http://evil.example".to_owned()).await, 403);
    assert_eq!(call(platform.sim.url()).await, 201);
}

#[tokio::test]
async fn new_follower_is_announced_unless_silent() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    let path = format!("/accounts/{APP_ID}/followers");
    let added = platform
        .control_response(Method::POST, &path, json!({"name": "Wang"}))
        .await;
    assert_eq!(added.status(), 201);
    let added: Value = added.json().await.expect("JSON");
    assert_eq!(added["openid"].as_str().map(str::len), Some(28));
    crate::platform::eventually("the push", || async { !callback.received().is_empty() }).await;
    let push = &callback.received()[0];
    assert_eq!(
        (push.element("Event"), push.element("EventKey")),
        (Some("subscribe"), Some(""))
    );
    assert_eq!(push.element("FromUserName"), added["openid"].as_str());
    let names: Vec<_> = platform.get(&path).await["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| item["name"].clone())
        .collect();
    assert_eq!(names, ["Li", "Wang"]);
    let renamed = platform
        .control(Method::PATCH, &format!("{path}/{LI}"), json!({"name": "李"}))
        .await;
    assert_eq!(renamed["name"], "李");
}

#[tokio::test]
async fn deliveries_are_found_by_message() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    platform.says("one").await;
    let told = platform
        .message(
            json!({"type": "text", "content": "two", "msg_id": "18446744073709551615"}),
            true,
        )
        .await;
    assert_eq!(told["msg_id"], "18446744073709551615");
    let found = platform
        .get(&format!(
            "/accounts/{APP_ID}/deliveries?msg_id=18446744073709551615"
        ))
        .await;
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(found["items"][0]["delivery_id"], told["delivery_id"]);
    assert_eq!(found["items"][0]["acknowledged"], true);
}

#[tokio::test]
async fn feed_tells_what_changed() {
    let platform = Platform::start(None, json!({})).await;
    let response = platform
        .http
        .get(format!("{}/sim/v1/events", platform.sim.url()))
        .send()
        .await
        .expect("a stream");
    let mut stream = response.bytes_stream();
    let hello = stream.next().await.expect("a chunk").expect("bytes");
    assert!(String::from_utf8_lossy(&hello).contains("\"kind\":\"hello\""));
    platform.says("hi").await;
    let change = stream.next().await.expect("a chunk").expect("bytes");
    let expected = format!("{{\"kind\":\"timeline\",\"app_id\":\"{APP_ID}\",\"openid\":\"{LI}\"}}");
    assert!(String::from_utf8_lossy(&change).contains(&expected));
}

#[tokio::test]
async fn phone_page_is_served_at_the_root() {
    let platform = Platform::open(None).await;
    let page = platform
        .http
        .get(platform.sim.url())
        .send()
        .await
        .expect("an answer");
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    let etag = page.headers()["etag"].clone();
    let again = platform
        .http
        .get(platform.sim.url())
        .header("if-none-match", etag)
        .send()
        .await
        .expect("an answer");
    assert_eq!(again.status(), 304);
    let missing = platform
        .http
        .get(format!("{}/nothing.js", platform.sim.url()))
        .send()
        .await
        .expect("an answer");
    assert_eq!(missing.status(), 404);
}

#[tokio::test]
async fn shutdown_ends_streams_and_frees_the_port() {
    let platform = Platform::open(None).await;
    let stream = platform
        .http
        .get(format!("{}/sim/v1/events", platform.sim.url()))
        .send()
        .await
        .expect("a stream");
    platform.sim.shutdown().await;
    drop(stream);
    assert!(tokio::net::TcpListener::bind(platform.sim.addr()).await.is_ok());
}
