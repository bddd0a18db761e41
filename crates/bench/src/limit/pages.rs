//! What the limit shows: a page of the inbox and a page of a thread, straight from the tables, and what was stored as
//! server-sent events. Nobody signs in and everybody sees everything.

use super::Shared;
use anyhow::Result;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use serde_json::{Value, json};
use sqlx::{PgPool, Row, SqlitePool};
use std::convert::Infallible;
use std::sync::Arc;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::BroadcastStream;

/// The newest conversations nobody has, with their contact and ticket.
const INBOX: &str = "
SELECT cv.id, cv.channel_id, cv.department_id, cv.unread_count, cv.waiting_since, cv.last_message_kind,
    cv.last_message_text, cv.last_message_at, cv.window_until, cv.window_left, ct.id AS contact_id, ct.name, tk.id AS ticket_id,
    tk.status
FROM conversations cv JOIN contacts ct ON ct.id = cv.contact_id LEFT JOIN tickets tk ON tk.id = cv.ticket_id
WHERE cv.state = 'open' AND cv.assignee_id IS NULL AND NOT cv.pending AND NOT cv.blocked
ORDER BY cv.last_message_at DESC, cv.id DESC LIMIT 50";

/// The newest messages of a thread.
const THREAD: &str = "
SELECT id, ticket_id, seq, direction, kind, text, data, state, reason, author_id, created_at, sent_at
FROM messages WHERE conversation_id = $1 ORDER BY seq DESC LIMIT 50";

/// Where pages are read.
#[derive(Debug)]
pub(super) enum Pages {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Pages {
    pub(super) fn open(url: &str) -> Result<Self> {
        Ok(if url.starts_with("sqlite:") {
            Self::Sqlite(SqlitePool::connect_lazy(url)?)
        } else {
            Self::Postgres(PgPool::connect_lazy(url)?)
        })
    }
}

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/inbox", get(inbox))
        .route("/thread/{conversation}", get(thread))
        .route("/events", get(events))
}

/// Runs one body on the rows of whichever database is open.
macro_rules! rows {
    ($pages:expr, $sql:expr $(, $bound:expr)? => $row:ident, $body:expr) => {
        match $pages {
            Pages::Sqlite(pool) => {
                let rows = sqlx::query($sql)$(.bind($bound))?.fetch_all(pool).await.map_err(failed)?;
                rows.iter().map(|$row| Ok($body)).collect::<Result<Vec<Value>, sqlx::Error>>()
            }
            Pages::Postgres(pool) => {
                let rows = sqlx::query($sql)$(.bind($bound))?.fetch_all(pool).await.map_err(failed)?;
                rows.iter().map(|$row| Ok($body)).collect::<Result<Vec<Value>, sqlx::Error>>()
            }
        }
        .map_err(failed)
    };
}

fn failed(error: sqlx::Error) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response()
}

async fn inbox(State(shared): State<Arc<Shared>>) -> Result<Json<Value>, Response> {
    let items = rows!(&shared.pages, INBOX => row, json!({
        "id": row.try_get::<i64, _>(0)?,
        "channel_id": row.try_get::<i64, _>(1)?,
        "department_id": row.try_get::<i64, _>(2)?,
        "unread_count": row.try_get::<i64, _>(3)?,
        "waiting_since": row.try_get::<Option<i64>, _>(4)?,
        "last_message": {
            "kind": row.try_get::<String, _>(5)?,
            "text": row.try_get::<String, _>(6)?,
            "at": row.try_get::<i64, _>(7)?,
        },
        "reply": {"until": row.try_get::<Option<i64>, _>(8)?, "remaining": row.try_get::<Option<i64>, _>(9)?},
        "contact": {"id": row.try_get::<i64, _>(10)?, "name": row.try_get::<String, _>(11)?},
        "ticket": {"id": row.try_get::<Option<i64>, _>(12)?, "status": row.try_get::<Option<String>, _>(13)?},
    }))?;
    Ok(Json(json!({"items": items})))
}

async fn thread(
    State(shared): State<Arc<Shared>>,
    Path(conversation): Path<i64>,
) -> Result<Json<Value>, Response> {
    let mut items = rows!(&shared.pages, THREAD, conversation => row, json!({
        "id": row.try_get::<i64, _>(0)?,
        "ticket_id": row.try_get::<Option<i64>, _>(1)?,
        "seq": row.try_get::<i64, _>(2)?,
        "direction": row.try_get::<String, _>(3)?,
        "kind": row.try_get::<String, _>(4)?,
        "text": row.try_get::<String, _>(5)?,
        "data": row.try_get::<Option<String>, _>(6)?,
        "state": row.try_get::<String, _>(7)?,
        "reason": row.try_get::<Option<String>, _>(8)?,
        "author_id": row.try_get::<Option<i64>, _>(9)?,
        "created_at": row.try_get::<i64, _>(10)?,
        "sent_at": row.try_get::<Option<i64>, _>(11)?,
    }))?;
    items.reverse();
    Ok(Json(json!({"items": items})))
}

/// Tells of every message that is stored from now on. A browser that fell behind is not told what it missed.
async fn events(
    State(shared): State<Arc<Shared>>,
) -> Sse<impl tokio_stream::Stream<Item = Result<Event, Infallible>>> {
    let told = BroadcastStream::new(shared.told.subscribe()).filter_map(Result::ok);
    let hello = tokio_stream::once(Event::default().event("hello").data("{}"));
    let changes = told.map(|number: u64| {
        let data = json!({"kind": "message", "id": number.to_string(), "conversation_id": null});
        Event::default().event("change").data(data.to_string())
    });
    Sse::new(hello.chain(changes).map(Ok))
}
