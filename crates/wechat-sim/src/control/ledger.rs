//! The books of one follower: what the account may still send, as the platform itself counts it.
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::error::ControlError;
use crate::api::custom_send_verdict;
use crate::clock::rfc3339;
use crate::state::follower::{Follower, Monthly};
use crate::state::usage::month_of;
use crate::world::World;

pub(super) async fn read(
    State(world): State<Arc<World>>,
    Path((app_id, openid)): Path<(String, String)>,
) -> Result<Json<Value>, ControlError> {
    let now_ms = world.now_ms();
    let state = world.state();
    let account = state
        .accounts
        .get(&app_id)
        .ok_or_else(|| ControlError::no_account(&app_id))?;
    let follower = account
        .followers
        .get(&openid)
        .ok_or_else(|| ControlError::no_follower(&openid))?;
    let (errcode, errmsg) = custom_send_verdict(account, follower, now_ms);
    Ok(Json(json!({
        "now": rfc3339(now_ms),
        "subscribed": follower.subscribed,
        "blacklisted": follower.blacklisted,
        "refuses": follower.refuses,
        "grants": grants(follower, now_ms),
        "custom_send": { "errcode": errcode, "errmsg": errmsg },
        "monthly": monthly(follower, now_ms),
    })))
}

/// The platform keeps one window a follower: allowances do not add up.
fn grants(follower: &Follower, now_ms: i64) -> Vec<Value> {
    let grant = follower.window.standing(now_ms).map(|grant| {
        json!({
            "scene": grant.scene,
            "opened_at": rfc3339(grant.opened_ms),
            "until": rfc3339(grant.until_ms),
            "left": grant.left,
        })
    });
    grant.into_iter().collect()
}

fn monthly(follower: &Follower, now_ms: i64) -> Value {
    let month = month_of(now_ms);
    let name = format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1);
    json!({ "month": name, "used": follower.monthly.used(month), "limit": Monthly::LIMIT })
}
