//! One id per request: in every answer, every error body and every log line.

use super::error::{ErrorBody, PendingError};
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

/// The header that carries it.
pub const HEADER: &str = "x-request-id";

/// Middleware: makes the id, logs under it, writes error bodies.
pub async fn layer(request: Request, next: Next) -> Response {
    let id = format!("rq_{:016x}", rand::random::<u64>());
    let span =
        tracing::info_span!("request", id = %id, method = %request.method(), path = %request.uri().path());
    let mut response = next.run(request).instrument(span).await;
    if let Some(PendingError(error)) = response.extensions_mut().remove::<PendingError>() {
        let body = serde_json::to_vec(&ErrorBody {
            error: error.object(&id),
        })
        .unwrap_or_default();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response.headers_mut().remove(header::CONTENT_LENGTH);
        *response.body_mut() = body.into();
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}
