//! Whether the desk is alive and ready, and its figures.

use crate::desk::Desk;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde_json::json;
use std::sync::OnceLock;
use std::time::Duration;

/// Slower than this, the database counts as away.
const PATIENCE: Duration = Duration::from_secs(2);

static FIGURES: OnceLock<PrometheusHandle> = OnceLock::new();

/// The routes outside `/api/v1`.
pub fn routes() -> Router<Desk> {
    Router::new()
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .route("/metrics", get(figures))
}

/// Starts collecting figures; once per process.
pub fn collect() {
    FIGURES.get_or_init(|| {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        // A second recorder in one process (tests) is refused; the first goes on.
        drop(metrics::set_global_recorder(recorder));
        handle
    });
}

async fn alive() -> &'static str {
    "alive"
}

async fn ready(State(desk): State<Desk>) -> impl IntoResponse {
    let database = tokio::time::timeout(PATIENCE, desk.db.ping())
        .await
        .is_ok_and(|result| result.is_ok());
    let stopping = desk.stopping.is_cancelled();
    let disk = desk.media.is_writable().await;
    let status = if database && disk && !stopping {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = json!({
        "ready": status == StatusCode::OK,
        "database": database,
        "disk": disk,
        "stopping": stopping,
        "waiting_pushes": desk.inbound.waiting(),
    });
    (status, Json(body))
}

async fn figures(State(desk): State<Desk>) -> impl IntoResponse {
    metrics::gauge!("kefu_waiting_pushes").set(desk.inbound.waiting() as f64);
    if let Some(bytes) = desk.db.wal_bytes() {
        metrics::gauge!("kefu_sqlite_wal_bytes").set(bytes as f64);
    }
    let text = FIGURES.get().map(PrometheusHandle::render).unwrap_or_default();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text)
}
