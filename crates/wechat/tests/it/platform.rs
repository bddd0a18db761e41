//! A server that answers as a test says and remembers what it was asked.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use axum::body::{Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;
use wechat::{AppId, AppSecret, Client, ClientOptions, MemoryTokenStore, TokenStore};

/// One request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) peer: SocketAddr,
    /// How many requests this path had before.
    pub(crate) earlier: usize,
}

impl Call {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

type Answer = dyn Fn(&Call) -> Response + Send + Sync;

#[derive(Clone)]
pub(crate) struct Platform {
    pub(crate) url: Url,
    answer: Arc<Answer>,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Platform {
    /// Starts a server that answers each call by `answer`.
    pub(crate) async fn start(answer: impl Fn(&Call) -> Response + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = address_of(&listener);
        let platform = Self {
            url,
            answer: Arc::new(answer),
            calls: Arc::default(),
        };
        let app = axum::Router::new().fallback(record).with_state(platform.clone());
        let service = app.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        platform
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.calls().into_iter().map(|call| call.path).collect()
    }

    pub(crate) fn client(&self) -> Client {
        client_for(&self.url)
    }

    fn remember(&self, mut call: Call) -> Call {
        let mut calls = self.calls.lock().unwrap();
        call.earlier = calls.iter().filter(|earlier| earlier.path == call.path).count();
        calls.push(call.clone());
        call
    }
}

async fn record(
    State(platform): State<Platform>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let call = Call {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body: to_bytes(body, 64 * 1024 * 1024).await.unwrap(),
        peer,
        earlier: 0,
    };
    let call = platform.remember(call);
    (platform.answer)(&call)
}

pub(crate) fn address_of(listener: &TcpListener) -> Url {
    Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap()
}

pub(crate) fn options(base_url: &Url) -> ClientOptions {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        rustls::crypto::ring::default_provider()
            .install_default()
            .expect("no other provider is installed");
    });
    let options = ClientOptions::new(AppId::from("wx0123456789abcdef"), AppSecret::from("app-secret"));
    ClientOptions {
        base_url: base_url.clone(),
        timeout: Duration::from_secs(30),
        ..options
    }
}

pub(crate) fn client_for(base_url: &Url) -> Client {
    client_with(options(base_url), Arc::new(MemoryTokenStore::default()))
}

pub(crate) fn client_with(options: ClientOptions, tokens: Arc<dyn TokenStore>) -> Client {
    Client::new(options, tokens).expect("the options are right")
}

pub(crate) fn token(value: &str) -> Response {
    answer(&json!({ "access_token": value, "expires_in": 7200 }))
}

pub(crate) fn ok() -> Response {
    answer(&json!({ "errcode": 0, "errmsg": "ok" }))
}

pub(crate) fn refusal(code: i64) -> Response {
    answer(&json!({ "errcode": code, "errmsg": format!("refused rid: 6aac005a-{code}") }))
}

pub(crate) fn status(status: u16) -> Response {
    StatusCode::from_u16(status).unwrap().into_response()
}

pub(crate) fn answer(body: &Value) -> Response {
    (
        [("content-type", "application/json; encoding=utf-8")],
        body.to_string(),
    )
        .into_response()
}
