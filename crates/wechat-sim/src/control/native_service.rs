//! The platform's own customer service of an account, set as a test or demonstration needs it.
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};

use super::error::ControlError;
use crate::state::native::NativeService;
use crate::world::World;

pub(super) async fn read(
    State(world): State<Arc<World>>,
    Path(app_id): Path<String>,
) -> Result<Json<NativeService>, ControlError> {
    let state = world.state();
    let account = state.accounts.get(&app_id);
    let account = account.ok_or_else(|| ControlError::no_account(&app_id))?;
    Ok(Json(account.native.clone()))
}

pub(super) async fn put(
    State(world): State<Arc<World>>,
    Path(app_id): Path<String>,
    body: Result<Json<NativeService>, JsonRejection>,
) -> Result<Json<NativeService>, ControlError> {
    let Json(native) = body?;
    let mut state = world.state();
    let account = state
        .accounts
        .get_mut(&app_id)
        .ok_or_else(|| ControlError::no_account(&app_id))?;
    account.native = native.clone();
    drop(state);
    world.changed("account", Some(&app_id), None);
    Ok(Json(native))
}
