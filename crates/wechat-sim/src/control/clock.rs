//! The simulator's clock: read, followed by long poll, and moved on.
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ControlError;
use crate::clock::{Reading, rfc3339};
use crate::world::World;

/// A follower is answered after this long even if nothing changed.
const PATIENCE: Duration = Duration::from_secs(10);
/// Ten years: enough for any test, and far from the end of time.
const LONGEST_JUMP_S: i64 = 10 * 366 * 86_400;

#[derive(Debug, Deserialize)]
pub(super) struct After {
    after: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Jump {
    advance_seconds: i64,
}

/// Without `after` at once; with it when the version is another one.
pub(super) async fn read(
    State(world): State<Arc<World>>,
    Query(query): Query<After>,
) -> Result<Json<Value>, ControlError> {
    let Some(after) = query.after else {
        return Ok(shown(world.clock.reading()));
    };
    let version = after
        .parse()
        .map_err(|_| ControlError::malformed("after: the version that was answered last"))?;
    Ok(shown(world.clock.follow(version, PATIENCE).await))
}

/// Moves the clock and answers when every follower has taken it.
pub(super) async fn advance(
    State(world): State<Arc<World>>,
    body: Result<Json<Jump>, JsonRejection>,
) -> Result<Json<Value>, ControlError> {
    let seconds = body?.0.advance_seconds;
    if !(0..=LONGEST_JUMP_S).contains(&seconds) {
        return Err(ControlError::invalid(
            "invalid_jump",
            "advance_seconds: between 0 and ten years",
        ));
    }
    world.clock.advance(seconds * 1000);
    world.clock.settled().await;
    Ok(shown(world.clock.reading()))
}

fn shown(reading: Reading) -> Json<Value> {
    Json(json!({
        "now": rfc3339(reading.now_ms),
        "offset_ms": reading.offset_ms,
        "version": reading.version,
    }))
}
