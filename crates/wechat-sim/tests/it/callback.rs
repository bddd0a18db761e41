//! A small callback server that remembers what it was sent and answers as it is told.
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;

/// One request that came.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) query: HashMap<String, String>,
    pub(crate) body: String,
}

impl Received {
    /// The text of an element, wherever it is.
    pub(crate) fn element(&self, name: &str) -> Option<&str> {
        let (_, rest) = self.body.split_once(&format!("<{name}>"))?;
        let (content, _) = rest.split_once(&format!("</{name}>"))?;
        Some(
            content
                .strip_prefix("<![CDATA[")
                .and_then(|inner| inner.strip_suffix("]]>"))
                .unwrap_or(content),
        )
    }
}

/// What to do with a request.
#[derive(Debug, Clone)]
pub(crate) enum Reaction {
    Answer(u16, String),
    Hang,
}

#[derive(Debug, Default)]
struct Memory {
    received: Mutex<Vec<Received>>,
    reactions: Mutex<VecDeque<Reaction>>,
}

/// A running callback; answers `success` once the ordered reactions are used up.
#[derive(Debug, Clone)]
pub(crate) struct Callback {
    memory: Arc<Memory>,
    pub(crate) url: String,
}

impl Callback {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!(
            "http://{}/callback?key=1",
            listener.local_addr().expect("an address")
        );
        let memory = Arc::new(Memory::default());
        let app = Router::new()
            .route("/callback", get(verify).post(push))
            .with_state(Arc::clone(&memory));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { memory, url }
    }

    pub(crate) fn then(&self, reaction: Reaction) {
        self.memory
            .reactions
            .lock()
            .expect("no panic")
            .push_back(reaction);
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.memory.received.lock().expect("no panic").clone()
    }
}

async fn verify(Query(query): Query<HashMap<String, String>>) -> String {
    query.get("echostr").cloned().unwrap_or_default()
}

async fn push(
    State(memory): State<Arc<Memory>>,
    Query(query): Query<HashMap<String, String>>,
    body: String,
) -> Response {
    memory
        .received
        .lock()
        .expect("no panic")
        .push(Received { query, body });
    let reaction = memory.reactions.lock().expect("no panic").pop_front();
    match reaction {
        None => "success".into_response(),
        Some(Reaction::Answer(status, body)) => {
            (StatusCode::from_u16(status).expect("a status"), body).into_response()
        }
        Some(Reaction::Hang) => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            "success".into_response()
        }
    }
}
