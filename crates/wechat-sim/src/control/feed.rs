//! Tells the phone page what changed, by server-sent events; the page refetches.
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt, stream};
use tokio_stream::wrappers::BroadcastStream;

use crate::world::{Change, World};

pub(super) async fn stream(
    State(world): State<Arc<World>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = BroadcastStream::new(world.changes.subscribe()).map(|change| {
        // A page that fell behind refetches everything.
        Ok(written(&change.unwrap_or_else(|_| plain("resync"))))
    });
    let hello = stream::once(async { Ok(written(&plain("hello"))) });
    Sse::new(hello.chain(changes)).keep_alive(KeepAlive::default())
}

fn plain(kind: &'static str) -> Change {
    Change {
        kind,
        app_id: None,
        openid: None,
    }
}

fn written(change: &Change) -> Event {
    Event::default()
        .json_data(change)
        .expect("three strings are JSON")
}
