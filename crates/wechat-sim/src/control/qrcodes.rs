//! QR codes of the account: listed, and scanned by a phone.
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::error::ControlError;
use super::followers::{self, NewFollower};
use super::happenings::{Told, Waits, happen, told};
use crate::clock::rfc3339;
use crate::random;
use crate::state::account::Account;
use crate::state::qrcode::QrCode;
use crate::world::World;

pub(super) async fn list(
    State(world): State<Arc<World>>,
    Path(app_id): Path<String>,
) -> Result<Json<Value>, ControlError> {
    let state = world.state();
    let account = state
        .accounts
        .get(&app_id)
        .ok_or_else(|| ControlError::no_account(&app_id))?;
    let items: Vec<_> = account.qrcodes.iter().map(shown).collect();
    Ok(Json(json!({ "items": items })))
}

fn shown(code: &QrCode) -> Value {
    json!({
        "ticket": code.ticket,
        "url": code.url,
        "action_name": code.action_name,
        "scene": code.scene,
        "expires_at": code.expires_ms.map(rfc3339),
        "created_at": rfc3339(code.created_ms),
    })
}

/// Which code is scanned; none of the three: the account's own, which has no scene.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Scanned {
    ticket: Option<String>,
    scene: Option<Value>,
    /// What the picture says.
    url: Option<String>,
}

/// A scan follows the account when the person does not yet, and is a `SCAN` when they do.
pub(super) async fn scan(
    State(world): State<Arc<World>>,
    Path((app_id, openid)): Path<(String, String)>,
    Query(waits): Query<Waits>,
    body: Result<Option<Json<Scanned>>, JsonRejection>,
) -> Result<Json<Told>, ControlError> {
    let scanned = body?.unwrap_or_default().0;
    let code = find(&world, &app_id, &scanned)?;
    followers::know(&world, &app_id, &openid, NewFollower::default())?;
    let is_following = followers::with_follower(&world, &app_id, &openid, |follower| follower.subscribed)?;
    let (event, prefix) = if is_following {
        ("SCAN", "")
    } else {
        ("subscribe", "qrscene_")
    };
    let mut fields = Map::new();
    match code {
        Some((scene, ticket)) => {
            fields.insert("event_key".to_owned(), json!(format!("{prefix}{scene}")));
            fields.insert("ticket".to_owned(), json!(ticket));
        }
        // The plain code of an account one follows opens its page; nobody is told.
        None if is_following => return Ok(Json(Told::nothing())),
        None => {}
    }
    let pushed = happen(&world, &app_id, &openid, event, &fields)?;
    if fields.is_empty() {
        followers::with_follower(&world, &app_id, &openid, |follower| {
            "ADD_SCENE_QR_CODE".clone_into(&mut follower.subscribe_scene);
        })?;
    }
    told(&world, &app_id, pushed, waits.is_wanted()).await
}

/// Scene and ticket of the code that is meant.
fn find(world: &World, app_id: &str, scanned: &Scanned) -> Result<Option<(String, String)>, ControlError> {
    let now_ms = world.now_ms();
    let state = world.state();
    let account = state
        .accounts
        .get(app_id)
        .ok_or_else(|| ControlError::no_account(app_id))?;
    let scene = scanned.scene.as_ref().map(crate::push::body::plain);
    if let Some(url) = scanned
        .url
        .as_deref()
        .map(str::trim)
        .filter(|url| !url.is_empty())
    {
        let code = account.qrcodes.iter().find(|code| code.url == url);
        return usable(code, "no QR code of this account says this", now_ms).map(Some);
    }
    match (&scanned.ticket, scene.filter(|scene| !scene.is_empty())) {
        (Some(ticket), _) if !ticket.is_empty() => by_ticket(account, ticket, now_ms).map(Some),
        (_, Some(scene)) => Ok(Some(by_scene(account, scene, now_ms))),
        _ => Ok(None),
    }
}

fn by_ticket(account: &Account, ticket: &str, now_ms: i64) -> Result<(String, String), ControlError> {
    let code = account.qrcodes.iter().find(|code| code.ticket == ticket);
    usable(code, "no QR code with this ticket", now_ms)
}

fn usable(code: Option<&QrCode>, unknown: &str, now_ms: i64) -> Result<(String, String), ControlError> {
    let code = code.ok_or_else(|| ControlError::not_found("qrcode_not_found", unknown))?;
    if code.is_expired(now_ms) {
        return Err(ControlError::conflict(
            "qrcode_expired",
            "this QR code has expired",
        ));
    }
    Ok((code.scene.clone(), code.ticket.clone()))
}

/// The newest code with the scene; one that somebody printed before this simulator existed has a ticket too.
fn by_scene(account: &Account, scene: String, now_ms: i64) -> (String, String) {
    let mut newest_first = account.qrcodes.iter().rev();
    let code = newest_first.find(|code| code.scene == scene && !code.is_expired(now_ms));
    let ticket = code.map_or_else(|| random::url_safe(96), |code| code.ticket.clone());
    (scene, ticket)
}
