//! The menu as one follower sees it.
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ControlError;
use crate::world::World;

#[derive(Debug, Deserialize)]
pub(super) struct Viewer {
    openid: Option<String>,
}

pub(super) async fn read(
    State(world): State<Arc<World>>,
    Path(app_id): Path<String>,
    Query(viewer): Query<Viewer>,
) -> Result<Json<Value>, ControlError> {
    let state = world.state();
    let account = state
        .accounts
        .get(&app_id)
        .ok_or_else(|| ControlError::no_account(&app_id))?;
    let follower = viewer.openid.and_then(|openid| account.followers.get(&openid));
    let own = account.console_menu();
    let items = own.unwrap_or_else(|| account.menus.for_follower(follower));
    Ok(Json(json!({ "items": items })))
}
