//! A request that was answered before its body was read: the rest is read and forgotten.
//!
//! Without this the connection is closed while the caller still sends: they lose the answer, or their next request.

use axum::body::{Body, BodyDataStream, Bytes, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::{Stream, StreamExt, stream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Most that is read and forgotten; what is larger loses its connection.
const MOST_BYTES: usize = 32 * 1024 * 1024;
/// Longest that is waited for the rest.
const PATIENCE: Duration = Duration::from_secs(5);

/// Middleware: whatever a handler leaves of the body is read before the answer leaves.
pub(super) async fn layer(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let shared = Shared::new(body);
    let mut response = next.run(Request::from_parts(parts, shared.body())).await;
    if !shared.forget_rest().await {
        response
            .headers_mut()
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// The body, unless it is larger than `limit`; then all of it has been forgotten.
pub(super) async fn read_up_to(limit: usize, body: Body) -> Option<Bytes> {
    let small = body
        .size_hint()
        .exact()
        .is_some_and(|bytes| bytes <= limit as u64);
    if small {
        return to_bytes(body, limit).await.ok();
    }
    let shared = Shared::new(body);
    let read = to_bytes(shared.body(), limit).await.ok();
    if read.is_none() {
        shared.forget_rest().await;
    }
    read
}

/// Reads all of a body that nobody wants.
pub(super) async fn forget(body: Body) {
    if !body.is_end_stream() {
        Shared::new(body).forget_rest().await;
    }
}

/// A body that can be read on after its reader is gone.
struct Shared(Arc<Mutex<BodyDataStream>>);

impl Shared {
    fn new(body: Body) -> Self {
        Self(Arc::new(Mutex::new(body.into_data_stream())))
    }

    fn body(&self) -> Body {
        Body::from_stream(self.rest())
    }

    fn rest(&self) -> impl Stream<Item = Result<Bytes, axum::Error>> + use<> {
        let body = Arc::clone(&self.0);
        stream::poll_fn(move |context| {
            body.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .poll_next_unpin(context)
        })
    }

    /// False where something is left: it was too much, or too slow.
    async fn forget_rest(&self) -> bool {
        let mut rest = self.rest();
        let read = async {
            let mut bytes = 0;
            while let Some(Ok(chunk)) = rest.next().await {
                bytes += chunk.len();
                if bytes > MOST_BYTES {
                    return false;
                }
            }
            true
        };
        tokio::time::timeout(PATIENCE, read).await.unwrap_or(false)
    }
}
