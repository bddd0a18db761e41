//! The books: what was pushed and how it went, and what was called.
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ControlError;
use crate::state::call::CallFilter;
use crate::world::World;

#[derive(Debug, Deserialize)]
pub(super) struct WhichPushes {
    msg_id: Option<String>,
    openid: Option<String>,
}

pub(super) async fn deliveries(
    State(world): State<Arc<World>>,
    Path(app_id): Path<String>,
    Query(query): Query<WhichPushes>,
) -> Result<Json<Value>, ControlError> {
    let state = world.state();
    let account = state
        .accounts
        .get(&app_id)
        .ok_or_else(|| ControlError::no_account(&app_id))?;
    let is_wanted = |wanted: &Option<String>, is: Option<&str>| wanted.is_none() || wanted.as_deref() == is;
    let items: Vec<_> = account
        .deliveries
        .iter()
        .filter(|delivery| is_wanted(&query.msg_id, delivery.msg_id.as_deref()))
        .filter(|delivery| is_wanted(&query.openid, Some(&delivery.openid)))
        .collect();
    Ok(Json(json!({ "items": items })))
}

#[derive(Debug, Deserialize)]
pub(super) struct Which {
    path: Option<String>,
    app_id: Option<String>,
    openid: Option<String>,
    /// RFC 3339, or milliseconds since 1970.
    since: Option<String>,
}

pub(super) async fn calls(
    State(world): State<Arc<World>>,
    Query(which): Query<Which>,
) -> Result<Json<Value>, ControlError> {
    let since_ms = which.since.as_deref().map(parse_time).transpose()?;
    let filter = CallFilter {
        path: which.path,
        app_id: which.app_id,
        openid: which.openid,
        since_ms,
    };
    let items = world.state().calls.list(&filter);
    Ok(Json(json!({ "items": items })))
}

fn parse_time(text: &str) -> Result<i64, ControlError> {
    let parsed = text.parse::<i64>().ok();
    let parsed = parsed.or_else(|| {
        text.parse::<jiff::Timestamp>()
            .ok()
            .map(jiff::Timestamp::as_millisecond)
    });
    parsed.ok_or_else(|| ControlError::malformed(format!("since: `{text}` is no time")))
}

pub(super) async fn clear_calls(State(world): State<Arc<World>>) -> StatusCode {
    world.state().calls.clear();
    StatusCode::NO_CONTENT
}
