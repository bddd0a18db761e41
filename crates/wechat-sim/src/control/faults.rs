//! Faults: ordered, listed, cancelled.
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::error::ControlError;
use crate::state::fault::Fault;
use crate::world::World;

pub(super) async fn list(State(world): State<Arc<World>>) -> Json<Value> {
    Json(json!({ "items": world.state().faults.list() }))
}

pub(super) async fn post(
    State(world): State<Arc<World>>,
    body: Result<Json<Fault>, JsonRejection>,
) -> Result<(StatusCode, Json<Fault>), ControlError> {
    let fault = body?.0;
    if let Some(problem) = fault.problem() {
        return Err(ControlError::invalid("invalid_fault", problem));
    }
    world.state().faults.add(fault.clone());
    Ok((StatusCode::CREATED, Json(fault)))
}

pub(super) async fn clear(State(world): State<Arc<World>>) -> StatusCode {
    world.state().faults.clear();
    StatusCode::NO_CONTENT
}
