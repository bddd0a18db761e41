//! Faults: ordered, listed, cancelled.
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
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
    let mut fault = body?.0;
    if let Some(problem) = fault.problem() {
        return Err(ControlError::invalid("invalid_fault", problem));
    }
    let mut state = world.state();
    fault.id = format!("ft_{}", state.next_id());
    state.faults.add(fault.clone());
    Ok((StatusCode::CREATED, Json(fault)))
}

/// A fault that was used up is no longer there to be cancelled.
pub(super) async fn cancel(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
) -> Result<StatusCode, ControlError> {
    if world.state().faults.cancel(&id) {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(ControlError::not_found(
        "fault_not_found",
        format!("no fault `{id}`"),
    ))
}

pub(super) async fn clear(State(world): State<Arc<World>>) -> StatusCode {
    world.state().faults.clear();
    StatusCode::NO_CONTENT
}
