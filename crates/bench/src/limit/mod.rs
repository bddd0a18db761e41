//! The limit: the least program that does the same durable work as Kefu's callback. It checks the signature, takes
//! the fields it needs out of the XML, writes the same rows into Kefu's own tables by hand-written SQL, many pushes
//! to a commit, and answers `success` after the commit. Nothing else: no other message kinds, no rules, no retries.

mod pages;
mod postgres;
mod push;
mod sqlite;
#[cfg(test)]
mod tests;

use crate::account::Account;
use anyhow::{Context, Result};
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use bytes::Bytes;
use clap::Args;
use pages::Pages;
use push::Push;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::net::TcpListener;
use tokio::sync::{broadcast, mpsc, oneshot};

/// Pushes in one commit at most.
const BATCH: usize = 512;
/// Pushes that may wait.
const QUEUE: usize = 8_192;

/// What the limit is told; Kefu reads the same from its database.
#[derive(Debug, Args)]
pub(crate) struct Limit {
    /// `sqlite:PATH` or `postgres://…`, with Kefu's tables.
    #[arg(long)]
    database: String,
    #[arg(long)]
    listen: SocketAddr,
    #[arg(long)]
    token: String,
    #[arg(long)]
    path: String,
    #[arg(long)]
    channel: i64,
    #[arg(long)]
    department: i64,
}

impl Limit {
    /// The arguments that start it.
    pub(crate) fn arguments(database: &str, listen: SocketAddr, account: &Account) -> Vec<String> {
        let listen = listen.to_string();
        let (channel, department) = (account.channel_id.to_string(), account.department_id.to_string());
        let pairs = [
            ("--database", database),
            ("--listen", &listen),
            ("--token", &account.token),
            ("--path", &account.callback_path),
            ("--channel", &channel),
            ("--department", &department),
        ];
        let flat = pairs
            .into_iter()
            .flat_map(|(name, value)| [name.to_owned(), value.to_owned()]);
        std::iter::once("limit".to_owned()).chain(flat).collect()
    }

    /// Serves until it is killed.
    pub(crate) async fn run(self) -> Result<()> {
        let scope = Scope {
            channel_id: self.channel,
            department_id: self.department,
        };
        let writers = match self.database.strip_prefix("sqlite:") {
            Some(path) => vec![sqlite::start(path, scope)?],
            None => postgres::start(&self.database, scope).await?,
        };
        let shared = Arc::new(Shared {
            token: self.token,
            writers,
            pages: Pages::open(&self.database)?,
            told: broadcast::Sender::new(1024),
            stored: AtomicU64::new(0),
        });
        let app = Router::new()
            .route(&self.path, post(receive))
            .route("/readyz", get(ready))
            .merge(pages::routes())
            .with_state(shared);
        let listener = TcpListener::bind(self.listen)
            .await
            .context("the limit's address is taken")?;
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        axum::serve(listener, app).await?;
        Ok(())
    }
}

/// Where everything belongs: one channel, one department.
#[derive(Debug, Clone, Copy)]
struct Scope {
    channel_id: i64,
    department_id: i64,
}

/// A push and who waits for it.
#[derive(Debug)]
struct Submission {
    push: Push,
    stored: oneshot::Sender<()>,
}

#[derive(Debug)]
struct Shared {
    token: String,
    writers: Vec<mpsc::Sender<Submission>>,
    pages: Pages,
    /// Of every stored push.
    told: broadcast::Sender<u64>,
    stored: AtomicU64,
}

async fn ready() -> &'static str {
    "ready"
}

async fn receive(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> (StatusCode, &'static str) {
    if !push::is_signed(&shared.token, query.as_deref().unwrap_or_default()) {
        return (StatusCode::FORBIDDEN, "signature");
    }
    let Some(push) = Push::read(&body) else {
        return (StatusCode::BAD_REQUEST, "unreadable");
    };
    match shared.store(push).await {
        Some(()) => {
            shared.tell();
            (StatusCode::OK, "success")
        }
        None => (StatusCode::SERVICE_UNAVAILABLE, "not stored"),
    }
}

impl Shared {
    /// Tells whoever follows that one more is stored.
    fn tell(&self) {
        if self.told.receiver_count() > 0 {
            let number = self.stored.fetch_add(1, Ordering::Relaxed);
            self.told.send(number).unwrap_or_default();
        }
    }

    /// One contact always goes to one writer: that keeps their order.
    async fn store(&self, push: Push) -> Option<()> {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(&push.openid);
        let writer = &self.writers[usize::try_from(hash % self.writers.len() as u64).unwrap_or_default()];
        let (stored, answer) = oneshot::channel();
        writer.send(Submission { push, stored }).await.ok()?;
        answer.await.ok()
    }
}
