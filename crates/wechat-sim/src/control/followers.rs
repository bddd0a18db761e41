//! Followers: added, listed, renamed, refusing and blacklisted.
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::error::ControlError;
use super::happenings;
use super::timeline::shown_item;
use crate::clock::rfc3339;
use crate::random;
use crate::state::follower::Follower;
use crate::world::World;

type JsonBody<T> = Result<Json<T>, JsonRejection>;

/// A follower to be added.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewFollower {
    pub(crate) openid: Option<String>,
    pub(crate) name: Option<String>,
    /// Whether the account is not told.
    pub(crate) silent: bool,
    /// `false`: a person who knows the account and does not follow it (yet).
    pub(crate) subscribed: Option<bool>,
}

pub(super) async fn list(
    State(world): State<Arc<World>>,
    Path(app_id): Path<String>,
) -> Result<Json<Value>, ControlError> {
    let now_ms = world.now_ms();
    let state = world.state();
    let account = state
        .accounts
        .get(&app_id)
        .ok_or_else(|| ControlError::no_account(&app_id))?;
    let mut followers: Vec<_> = account.followers.values().collect();
    followers.sort_by_key(|follower| follower.number);
    let items: Vec<_> = followers
        .into_iter()
        .map(|follower| shown(follower, now_ms))
        .collect();
    Ok(Json(json!({ "items": items })))
}

pub(super) async fn read(
    State(world): State<Arc<World>>,
    Path((app_id, openid)): Path<(String, String)>,
) -> Result<Json<Value>, ControlError> {
    let now_ms = world.now_ms();
    with_follower(&world, &app_id, &openid, |follower| Json(shown(follower, now_ms)))
}

pub(super) async fn post(
    State(world): State<Arc<World>>,
    Path(app_id): Path<String>,
    body: Result<Option<Json<NewFollower>>, JsonRejection>,
) -> Result<(StatusCode, Json<Value>), ControlError> {
    let (openid, delivery_id) = add(&world, &app_id, body?.unwrap_or_default().0)?;
    let now_ms = world.now_ms();
    let mut shown = with_follower(&world, &app_id, &openid, |follower| shown(follower, now_ms))?;
    shown["delivery_id"] = json!(delivery_id);
    Ok((StatusCode::CREATED, Json(shown)))
}

/// Adds a person who follows the account, or has a known one follow again; answers the openid and the push it caused.
pub(crate) fn add(
    world: &Arc<World>,
    app_id: &str,
    new: NewFollower,
) -> Result<(String, Option<String>), ControlError> {
    let given = new.openid.clone().filter(|openid| !openid.is_empty());
    let openid = given.unwrap_or_else(random::openid);
    let (silent, follows) = (new.silent, new.subscribed != Some(false));
    know(world, app_id, &openid, new)?;
    if !follows {
        return Ok((openid, None));
    }
    let now_ms = world.now_ms();
    with_follower(world, app_id, &openid, |follower| follower.subscribe(now_ms, ""))?;
    if silent {
        return Ok((openid, None));
    }
    let pushed = happenings::happen(world, app_id, &openid, "subscribe", &Map::new())?;
    Ok((openid, Some(pushed.delivery_id)))
}

/// Sees that the account knows the person, who need not follow it; a given name is taken over.
pub(super) fn know(world: &World, app_id: &str, openid: &str, new: NewFollower) -> Result<(), ControlError> {
    if openid.len() > 64
        || !openid
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    {
        return Err(ControlError::invalid(
            "invalid_openid",
            "letters, digits, `-` and `_`, at most 64",
        ));
    }
    {
        let mut state = world.state();
        let number = state.next_id();
        let account = state
            .accounts
            .get_mut(app_id)
            .ok_or_else(|| ControlError::no_account(app_id))?;
        let invented = format!("微信用户{}", account.followers.len() + 1);
        let name = new.name.filter(|name| !name.trim().is_empty());
        let follower = account.followers.entry(openid.to_owned());
        let follower = follower.or_insert_with(|| Follower::new(openid.to_owned(), invented, number));
        if let Some(name) = name {
            follower.name = name;
        }
    }
    world.changed("follower", Some(app_id), Some(openid));
    Ok(())
}

/// What may be changed about a person: what they are called, and who wants to hear from whom.
#[derive(Debug, Deserialize)]
pub(super) struct FollowerPatch {
    name: Option<String>,
    refuses: Option<bool>,
    blacklisted: Option<bool>,
}

pub(super) async fn patch(
    State(world): State<Arc<World>>,
    Path((app_id, openid)): Path<(String, String)>,
    body: JsonBody<FollowerPatch>,
) -> Result<Json<Value>, ControlError> {
    let changes = body?.0;
    let now_ms = world.now_ms();
    let answer = with_follower(&world, &app_id, &openid, |follower| {
        if let Some(name) = changes.name.filter(|name| !name.trim().is_empty()) {
            follower.name = name;
        }
        follower.refuses = changes.refuses.unwrap_or(follower.refuses);
        follower.blacklisted = changes.blacklisted.unwrap_or(follower.blacklisted);
        Json(shown(follower, now_ms))
    })?;
    world.changed("follower", Some(&app_id), Some(&openid));
    Ok(answer)
}

pub(super) fn with_follower<T>(
    world: &World,
    app_id: &str,
    openid: &str,
    act: impl FnOnce(&mut Follower) -> T,
) -> Result<T, ControlError> {
    let mut state = world.state();
    let account = state
        .accounts
        .get_mut(app_id)
        .ok_or_else(|| ControlError::no_account(app_id))?;
    account
        .followers
        .get_mut(openid)
        .map(act)
        .ok_or_else(|| ControlError::no_follower(openid))
}

fn shown(follower: &Follower, now_ms: i64) -> Value {
    let window = follower.window.standing(now_ms);
    json!({
        "openid": follower.openid,
        "name": follower.name,
        "subscribed": follower.subscribed,
        "subscribed_at": (follower.subscribed_ms > 0).then(|| rfc3339(follower.subscribed_ms)),
        "refuses": follower.refuses,
        "blacklisted": follower.blacklisted,
        "remark": follower.remark,
        "tags": follower.tags,
        "window": window.map(|grant| json!({ "until": rfc3339(grant.until_ms), "left": grant.left })),
        "last_item": follower.timeline.last().map(shown_item),
    })
}
