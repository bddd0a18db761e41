//! A simulator with one account, and short ways to act on it.
use std::path::Path;
use std::time::{Duration, Instant};

use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use wechat_sim::{Sim, SimOptions};

use crate::callback::Callback;

pub(crate) const APP_ID: &str = "wx0123456789abcdef";
pub(crate) const SECRET: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const TOKEN: &str = "callbacktoken";
/// A key whose last two bits are set, which strict decoders refuse.
pub(crate) const AES_KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
pub(crate) const LI: &str = "oLi00000000000000000000000000";

pub(crate) const HOUR: i64 = 3600;

/// A simulator under test.
pub(crate) struct Platform {
    pub(crate) sim: Sim,
    pub(crate) http: Client,
}

impl Platform {
    /// A simulator with the account, extended by `fields`, and the silent follower Li.
    pub(crate) async fn start(callback: Option<&Callback>, fields: Value) -> Self {
        let platform = Self::open(None).await;
        platform.create_account(callback, fields).await;
        let follower = json!({"openid": LI, "name": "Li", "silent": true});
        let added = platform
            .control(Method::POST, &format!("/accounts/{APP_ID}/followers"), follower)
            .await;
        assert_eq!(added["openid"], LI);
        platform
    }

    /// A simulator with whatever its data directory holds.
    pub(crate) async fn open(data_dir: Option<&Path>) -> Self {
        let options = SimOptions {
            listen: "127.0.0.1:0".parse().expect("an address"),
            data_dir: data_dir.map(Path::to_owned),
            not_before_ms: None,
        };
        let sim = Sim::start(options).await.expect("the simulator starts");
        let http = Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(30))
            .build()
            .expect("a client");
        Self { sim, http }
    }

    pub(crate) async fn create_account(&self, callback: Option<&Callback>, fields: Value) {
        let mut account = json!({
            "app_id": APP_ID, "secret": SECRET, "original_id": "gh_0123456789ab", "token": TOKEN,
            "encoding_aes_key": AES_KEY, "encryption_mode": "plain", "account_kind": "service", "verified": true,
            "callback_url": callback.map_or("", |callback| callback.url.as_str()),
        });
        for (key, value) in fields.as_object().expect("an object") {
            account[key] = value.clone();
        }
        let created = self.control_response(Method::POST, "/accounts", account).await;
        assert_eq!(created.status(), 201);
    }

    pub(crate) async fn control_response(&self, method: Method, path: &str, body: Value) -> Response {
        let url = format!("{}/sim/v1{path}", self.sim.url());
        let request = self.http.request(method, url);
        let request = if body.is_null() {
            request
        } else {
            request.json(&body)
        };
        request.send().await.expect("the control API answers")
    }

    pub(crate) async fn control(&self, method: Method, path: &str, body: Value) -> Value {
        let response = self.control_response(method, path, body).await;
        if response.status() == 204 {
            return Value::Null;
        }
        response.json().await.expect("JSON")
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.control(Method::GET, path, Value::Null).await
    }

    pub(crate) async fn advance(&self, seconds: i64) {
        self.control(Method::POST, "/clock", json!({"advance_seconds": seconds}))
            .await;
    }

    /// Moves on to the beginning of a minute, so that none ends within the test.
    pub(crate) async fn to_next_minute(&self) {
        let into_minute_ms = self.sim.clock().now_ms() % 60_000;
        self.advance(60 - into_minute_ms / 1000).await;
    }

    /// Li writes and the answer comes when the push is accepted or given up.
    pub(crate) async fn says(&self, content: &str) -> Value {
        self.message(json!({"type": "text", "content": content}), true)
            .await
    }

    pub(crate) async fn message(&self, fields: Value, wait: bool) -> Value {
        let path = format!("/accounts/{APP_ID}/followers/{LI}/messages?wait={wait}");
        self.control(Method::POST, &path, fields).await
    }

    pub(crate) async fn event(&self, fields: Value) -> Value {
        let path = format!("/accounts/{APP_ID}/followers/{LI}/events?wait=true");
        self.control(Method::POST, &path, fields).await
    }

    pub(crate) async fn fault(&self, fault: Value) {
        let ordered = self.control_response(Method::POST, "/faults", fault).await;
        assert_eq!(ordered.status(), 201);
    }

    pub(crate) async fn timeline(&self) -> Vec<Value> {
        let timeline = self
            .get(&format!("/accounts/{APP_ID}/followers/{LI}/timeline"))
            .await;
        timeline["items"].as_array().expect("a list").clone()
    }

    /// A fresh stable token.
    pub(crate) async fn token(&self) -> String {
        let body = json!({"grant_type": "client_credential", "appid": APP_ID, "secret": SECRET});
        let answer = self.call(Method::POST, "/cgi-bin/stable_token", &[], body).await;
        answer["access_token"].as_str().expect("a token").to_owned()
    }

    pub(crate) async fn call_response(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Value,
    ) -> reqwest::Result<Response> {
        let request = self
            .http
            .request(method, format!("{}{path}", self.sim.url()))
            .query(query);
        // The platform wants characters as they are, which is how serde_json writes them.
        if body.is_null() {
            request.send().await
        } else {
            request.body(body.to_string()).send().await
        }
    }

    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Value,
    ) -> Value {
        let response = self
            .call_response(method, path, query, body)
            .await
            .expect("an answer");
        assert_eq!(
            response.status(),
            200,
            "the platform answers 200 whatever happens"
        );
        response.json().await.expect("JSON")
    }

    /// A call with a fresh token.
    pub(crate) async fn api(&self, method: Method, path: &str, body: Value) -> Value {
        let token = self.token().await;
        let (path, rest) = path.split_once('?').unwrap_or((path, ""));
        let more: Vec<_> = rest.split('&').filter_map(|pair| pair.split_once('=')).collect();
        let query = [vec![("access_token", token.as_str())], more].concat();
        self.call(method, path, &query, body).await
    }

    pub(crate) async fn post_api(&self, path: &str, body: Value) -> Value {
        self.api(Method::POST, path, body).await
    }

    pub(crate) async fn get_api(&self, path: &str) -> Value {
        self.api(Method::GET, path, Value::Null).await
    }

    /// Adds a follower of whom the account is not told.
    pub(crate) async fn follower(&self, openid: &str) {
        let path = format!("/accounts/{APP_ID}/followers");
        let added = self
            .control(Method::POST, &path, json!({"openid": openid, "silent": true}))
            .await;
        assert_eq!(added["openid"], openid);
    }

    /// Sends a text to Li and answers the code.
    pub(crate) async fn reply(&self, content: &str) -> i64 {
        let body = json!({"touser": LI, "msgtype": "text", "text": {"content": content}});
        self.send(body).await
    }

    pub(crate) async fn send(&self, body: Value) -> i64 {
        let token = self.token().await;
        let answer = self
            .call(
                Method::POST,
                "/cgi-bin/message/custom/send",
                &[("access_token", &token)],
                body,
            )
            .await;
        answer["errcode"].as_i64().expect("a code")
    }
}

/// Asks until the answer is yes, for at most five seconds.
pub(crate) async fn eventually<F: Future<Output = bool>>(what: &str, mut ask: impl FnMut() -> F) {
    let deadline = Instant::now() + Duration::from_secs(5);
    while !ask().await {
        assert!(
            Instant::now() < deadline,
            "{what} did not happen within five seconds"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
