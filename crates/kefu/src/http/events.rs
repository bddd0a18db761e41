//! Changes as server-sent events: `hello` first, then `change`; `resync` says that everything must be fetched again.

use super::{Allowed, ApiResult, Query, may};
use crate::desk::Desk;
use crate::domain::time::Time;
use crate::events::stream::{self, Told};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::json;
use std::convert::Infallible;
use std::time::Duration;
use tokio_stream::wrappers::ReceiverStream;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A connection that is quiet this long gets a `ping`.
const PING: Duration = Duration::from_secs(15);
/// When the desk stops, browsers come back after up to this many milliseconds more than half a second.
const RETRY_JITTER_MS: u64 = 3000;

/// The route of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(follow_events))
}

/// Where to begin.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventsQuery {
    /// The `id` of the last event seen, for clients that cannot set the header `Last-Event-ID`.
    last_event_id: Option<String>,
}

/// Follows changes in sight. `event: hello` data `{position, now}`; `event: change` data `{kind, id, conversation_id}`;
/// `event: resync` data `{now}`: fetch everything again; `event: ping` each 15 s. `now` is the desk's time.
#[utoipa::path(get, path = "/events", tag = "events", operation_id = "follow_events", params(EventsQuery),
    responses((status = 200, description = "a stream that does not end", content_type = "text/event-stream", body = String)))]
async fn follow_events(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReadConversations>,
    Query(query): Query<EventsQuery>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let header = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let last = header.or(query.last_event_id).filter(|id| !id.is_empty());
    let told = stream::follow(&desk, allowed.login.id, last);
    let clock = desk.clock.clone();
    let events = ReceiverStream::new(told).map(move |told| Ok::<_, Infallible>(event(told, clock.now())));
    let ping = KeepAlive::new()
        .interval(PING)
        .event(Event::default().event("ping").data("{}"));
    let mut response = Sse::new(events).keep_alive(ping).into_response();
    // Proxies must not collect events before they pass them on.
    response.headers_mut().insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn event(told: Told, now: Time) -> Event {
    match told {
        Told::Hello(place) => {
            let position = place.to_string();
            Event::default()
                .event("hello")
                .data(json!({"position": position, "now": now}).to_string())
                .id(position)
        }
        Told::Change {
            place,
            kind,
            id,
            conversation_id,
        } => {
            let data = json!({"kind": kind, "id": id, "conversation_id": conversation_id});
            Event::default()
                .event("change")
                .data(data.to_string())
                .id(place.to_string())
        }
        Told::Resync(place) => Event::default()
            .event("resync")
            .data(json!({"now": now}).to_string())
            .id(place.to_string()),
        Told::Stopping => {
            let jitter = Duration::from_millis(500 + rand::random::<u64>() % RETRY_JITTER_MS);
            Event::default().event("resync").data("{}").retry(jitter)
        }
    }
}
