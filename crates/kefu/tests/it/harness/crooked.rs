//! A gateway before the platform that answers downloads of files with whatever a test wants.

use super::loopback;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use url::Url;

const FILES: &str = "/cgi-bin/media/get";
const CHUNK: usize = 1 << 20;

/// What a download is answered with.
#[derive(Debug, Clone)]
pub enum Trick {
    /// The platform's own answer.
    None,
    /// This content type and body.
    Says(&'static str, Vec<u8>),
    /// So many bytes, without saying how many, after a beginning.
    Endless(Vec<u8>, usize),
    /// A declared length, and fewer bytes.
    Cut(Vec<u8>, u64),
    /// Nothing for so long, then the platform's own answer.
    Slow(Duration),
}

/// The gateway.
#[derive(Debug, Clone)]
pub struct Crooked {
    pub base: Url,
    state: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    target: Mutex<String>,
    trick: Mutex<(Trick, usize)>,
    downloads: Mutex<usize>,
    client: reqwest::Client,
}

impl Crooked {
    pub async fn start() -> Self {
        super::provider();
        let listener = TcpListener::bind(loopback()).await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let state = Arc::new(Shared {
            target: Mutex::default(),
            trick: Mutex::new((Trick::None, 0)),
            downloads: Mutex::new(0),
            client,
        });
        let router = Router::new().fallback(pass).with_state(Arc::clone(&state));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            base: Url::parse(&base).expect("a URL"),
            state,
        }
    }

    pub fn leads_to(&self, platform: &str) {
        *self.state.target.lock().expect("no panic") = platform.trim_end_matches('/').to_owned();
    }

    /// The next `times` downloads meet the trick.
    pub fn plays(&self, trick: Trick, times: usize) {
        *self.state.trick.lock().expect("no panic") = (trick, times);
    }

    pub fn downloads(&self) -> usize {
        *self.state.downloads.lock().expect("no panic")
    }
}

impl Shared {
    fn trick_for(&self, path: &str) -> Trick {
        if path != FILES {
            return Trick::None;
        }
        *self.downloads.lock().expect("no panic") += 1;
        let mut trick = self.trick.lock().expect("no panic");
        if trick.1 == 0 {
            return Trick::None;
        }
        trick.1 -= 1;
        trick.0.clone()
    }
}

async fn pass(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    match shared.trick_for(request.uri().path()) {
        Trick::None => forward(&shared, request).await,
        Trick::Says(mime, body) => ([(header::CONTENT_TYPE, mime)], body).into_response(),
        Trick::Endless(head, bytes) => {
            let chunks = std::iter::once(head).chain(std::iter::repeat_n(vec![0; CHUNK], bytes / CHUNK));
            let stream = tokio_stream::iter(chunks.map(Ok::<_, std::io::Error>));
            Body::from_stream(stream).into_response()
        }
        Trick::Cut(head, length) => {
            let broken = std::io::Error::other("cut");
            let stream = tokio_stream::iter([Ok(head), Err(broken)]);
            (
                [(header::CONTENT_LENGTH, length.to_string())],
                Body::from_stream(stream),
            )
                .into_response()
        }
        Trick::Slow(wait) => {
            tokio::time::sleep(wait).await;
            forward(&shared, request).await
        }
    }
}

async fn forward(shared: &Shared, request: Request) -> Response {
    let target = shared.target.lock().expect("no panic").clone();
    let url = format!("{target}{}", request.uri());
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    let mut headers = HeaderMap::new();
    if let Some(content_type) = parts.headers.get(header::CONTENT_TYPE) {
        headers.insert(header::CONTENT_TYPE, content_type.clone());
    }
    let asked = shared
        .client
        .request(parts.method, url)
        .headers(headers)
        .body(bytes);
    let Ok(answer) = asked.send().await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let (status, headers) = (answer.status(), answer.headers().clone());
    (status, headers, answer.bytes().await.expect("a body")).into_response()
}
