//! Followers: added, listed, renamed; what each one's phone shows.
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::error::ControlError;
use super::happenings;
use crate::clock::rfc3339;
use crate::random;
use crate::state::follower::{Follower, TimelineItem};
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
    let openid = new
        .openid
        .filter(|openid| !openid.is_empty())
        .unwrap_or_else(random::openid);
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
    let now_ms = world.now_ms();
    {
        let mut state = world.state();
        let number = state.next_id();
        let account = state
            .accounts
            .get_mut(app_id)
            .ok_or_else(|| ControlError::no_account(app_id))?;
        let invented = format!("微信用户{}", account.followers.len() + 1);
        let name = new.name.filter(|name| !name.trim().is_empty());
        let follower = account.followers.entry(openid.clone());
        let follower = follower.or_insert_with(|| Follower::new(openid.clone(), invented, number));
        if let Some(name) = name {
            follower.name = name;
        }
        follower.subscribe(now_ms, "");
    }
    world.changed("follower", Some(app_id), Some(&openid));
    if new.silent {
        return Ok((openid, None));
    }
    let pushed = happenings::happen(world, app_id, &openid, "subscribe", &Map::new())?;
    Ok((openid, Some(pushed.delivery_id)))
}

#[derive(Debug, Deserialize)]
pub(super) struct Renamed {
    name: Option<String>,
}

pub(super) async fn patch(
    State(world): State<Arc<World>>,
    Path((app_id, openid)): Path<(String, String)>,
    body: JsonBody<Renamed>,
) -> Result<Json<Value>, ControlError> {
    let name = body?.0.name;
    let now_ms = world.now_ms();
    let answer = with_follower(&world, &app_id, &openid, |follower| {
        if let Some(name) = name.filter(|name| !name.trim().is_empty()) {
            follower.name = name;
        }
        Json(shown(follower, now_ms))
    })?;
    world.changed("follower", Some(&app_id), Some(&openid));
    Ok(answer)
}

pub(super) async fn timeline(
    State(world): State<Arc<World>>,
    Path((app_id, openid)): Path<(String, String)>,
) -> Result<Json<Value>, ControlError> {
    let now_ms = world.now_ms();
    with_follower(&world, &app_id, &openid, |follower| {
        let items: Vec<_> = follower.timeline.iter().map(shown_item).collect();
        let is_typing = follower.typing_until_ms.is_some_and(|until| now_ms < until);
        Json(json!({ "items": items, "is_typing": is_typing }))
    })
}

fn with_follower<T>(
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
        "window": window.map(|(until_ms, left)| json!({ "until": rfc3339(until_ms), "left": left })),
        "last_item": follower.timeline.last().map(shown_item),
    })
}

fn shown_item(item: &TimelineItem) -> Value {
    json!({
        "id": item.id,
        "direction": item.direction,
        "type": item.kind,
        "text": item.text,
        "media_id": item.media_id,
        "via": item.via,
        "at": rfc3339(item.at_ms),
        "data": item.data,
        "msg_id": item.msg_id,
        "state": item.state,
    })
}
