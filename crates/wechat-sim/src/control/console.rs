//! What an account's owner does in the web console: a menu and automatic replies, set as a test needs them.
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};

use super::error::ControlError;
use crate::state::console::Console;
use crate::world::World;

pub(super) async fn read(
    State(world): State<Arc<World>>,
    Path(app_id): Path<String>,
) -> Result<Json<Console>, ControlError> {
    let state = world.state();
    let account = state.accounts.get(&app_id);
    let account = account.ok_or_else(|| ControlError::no_account(&app_id))?;
    Ok(Json(account.console.clone()))
}

pub(super) async fn put(
    State(world): State<Arc<World>>,
    Path(app_id): Path<String>,
    body: Result<Json<Console>, JsonRejection>,
) -> Result<Json<Console>, ControlError> {
    let Json(console) = body?;
    let mut state = world.state();
    let account = state
        .accounts
        .get_mut(&app_id)
        .ok_or_else(|| ControlError::no_account(&app_id))?;
    account.console = console.clone();
    drop(state);
    world.changed("menu", Some(&app_id), None);
    Ok(Json(console))
}
