//! What a follower does: writes, sends files, follows, leaves, scans, taps. Each changes the window and is pushed.
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, Request, State};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::error::ControlError;
use super::form::{Fields, read, required};
use super::media::{self, SentFile};
use crate::clock::wall_ms;
use crate::push::body::{self, Head, UNSUPPORTED_TEXT, plain};
use crate::push::{Push, enqueue};
use crate::state::account::Account;
use crate::state::delivery::Attempt;
use crate::state::follower::{Direction, Follower, PushState};
use crate::state::window::Action;
use crate::state::{Line, State as Platform};
use crate::world::World;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Waits {
    wait: Option<String>,
}

impl Waits {
    pub(super) fn is_wanted(&self) -> bool {
        matches!(self.wait.as_deref(), Some("true" | "1"))
    }
}

/// What the caller is told about the push.
#[derive(Debug, Serialize)]
pub(super) struct Told {
    #[serde(skip_serializing_if = "Option::is_none")]
    msg_id: Option<String>,
    delivery_id: Option<String>,
    #[serde(flatten)]
    end: Option<End>,
}

impl Told {
    /// The account is not told of it.
    pub(super) fn nothing() -> Self {
        Self {
            msg_id: None,
            delivery_id: None,
            end: None,
        }
    }
}

#[derive(Debug, Serialize)]
struct End {
    acknowledged: bool,
    attempts: Vec<Attempt>,
}

/// A push on its way.
pub(super) struct Pushed {
    pub(super) msg_id: Option<String>,
    pub(super) delivery_id: String,
    pub(super) done: oneshot::Receiver<()>,
}

pub(super) async fn message(
    State(world): State<Arc<World>>,
    Path((app_id, openid)): Path<(String, String)>,
    Query(waits): Query<Waits>,
    request: Request,
) -> Result<Json<Told>, ControlError> {
    require_following(&world, &app_id, &openid)?;
    let (mut fields, file) = read(request).await?;
    let kind = required(&fields, "type")?;
    if let Some(file) = file {
        media::take_in(
            &world,
            SentFile {
                app_id: &app_id,
                kind: &kind,
                file,
            },
            &mut fields,
        )
        .await?;
    }
    media::complete(&world, &app_id, &kind, &mut fields).await?;
    let pushed = send(&world, &app_id, &openid, &kind, fields)?;
    told(&world, &app_id, pushed, waits.is_wanted()).await
}

pub(super) async fn event(
    State(world): State<Arc<World>>,
    Path((app_id, openid)): Path<(String, String)>,
    Query(waits): Query<Waits>,
    request: Request,
) -> Result<Json<Told>, ControlError> {
    let (fields, _) = read(request).await?;
    let event = required(&fields, "event")?;
    let pushed = happen(&world, &app_id, &openid, &event, &fields)?;
    told(&world, &app_id, pushed, waits.is_wanted()).await
}

fn require_following(world: &World, app_id: &str, openid: &str) -> Result<(), ControlError> {
    let state = world.state();
    let account = state
        .accounts
        .get(app_id)
        .ok_or_else(|| ControlError::no_account(app_id))?;
    let follower = account
        .followers
        .get(openid)
        .ok_or_else(|| ControlError::no_follower(openid))?;
    if follower.subscribed {
        return Ok(());
    }
    Err(ControlError::conflict(
        "not_following",
        "this phone does not follow the account; follow it first",
    ))
}

pub(super) async fn told(
    world: &World,
    app_id: &str,
    pushed: Pushed,
    wait: bool,
) -> Result<Json<Told>, ControlError> {
    let Pushed {
        msg_id,
        delivery_id,
        done,
    } = pushed;
    let mut end = None;
    if wait {
        // The sender only goes away without a word when the simulator stops.
        let _ = done.await;
        let delivery = world.state().delivery(app_id, &delivery_id);
        end = delivery.map(|delivery| End {
            acknowledged: delivery.acknowledged,
            attempts: delivery.attempts,
        });
    }
    Ok(Json(Told {
        msg_id,
        delivery_id: Some(delivery_id),
        end,
    }))
}

/// A message: shown on the own phone, opens the window, and is pushed.
fn send(
    world: &Arc<World>,
    app_id: &str,
    openid: &str,
    kind: &str,
    fields: Fields,
) -> Result<Pushed, ControlError> {
    let now_ms = world.now_ms();
    let pushed = {
        let mut state = world.state();
        let msg_id = match fields.get("msg_id").map(plain).filter(|id| !id.is_empty()) {
            Some(given) => given,
            None => state.next_msg_id(wall_ms()).to_string(),
        };
        let (wire_kind, fields) = on_the_wire(kind, fields);
        open_window(&mut state, app_id, openid, message_action(&fields), now_ms)?;
        note_talk(&mut state, app_id, openid, now_ms);
        let item_id = state.show(app_id, openid, sent_line(kind, &fields, &msg_id), now_ms);
        let xml = body::message(
            head(&state, app_id, openid, &fields, now_ms)?,
            wire_kind,
            &fields,
            &msg_id,
        );
        let push = new_push(&mut state, app_id, openid, xml, item_id, true);
        let delivery_id = push.delivery_id.clone();
        // Queued before the lock is released, so that pushes leave in the order the phone shows.
        let done = enqueue(world, &mut state, push, Some(msg_id.clone()), None);
        Pushed {
            msg_id: Some(msg_id),
            delivery_id,
            done,
        }
    };
    world.timeline_changed(app_id, openid);
    Ok(pushed)
}

/// Stickers reach the account as a text that says so.
fn on_the_wire(kind: &str, mut fields: Fields) -> (&str, Fields) {
    if kind == "sticker" {
        fields.insert("content".to_owned(), json!(UNSUPPORTED_TEXT));
        return ("text", fields);
    }
    (kind, fields)
}

/// A tap on an item of a menu message is a text, but counts as a touch.
fn message_action(fields: &Fields) -> Action {
    if fields.contains_key("bizmsgmenuid") {
        Action::Menu
    } else {
        Action::Message
    }
}

fn sent_line(kind: &str, fields: &Fields, msg_id: &str) -> Line {
    Line {
        direction: Direction::Sent,
        kind: kind.to_owned(),
        text: body::shown_text(kind, fields),
        media_id: fields
            .get("media_id")
            .or_else(|| fields.get("phone_media_id"))
            .map(plain),
        via: None,
        data: body::shown_data(kind, fields),
        msg_id: Some(msg_id.to_owned()),
        state: Some(PushState::Delivering),
    }
}

/// An event: changes the follower, may open a window, and is pushed.
pub(super) fn happen(
    world: &Arc<World>,
    app_id: &str,
    openid: &str,
    event: &str,
    fields: &Fields,
) -> Result<Pushed, ControlError> {
    let now_ms = world.now_ms();
    let pushed = {
        let mut state = world.state();
        apply_event(&mut state, app_id, openid, event, fields, now_ms)?;
        let xml = body::event(head(&state, app_id, openid, fields, now_ms)?, event, fields);
        // Of all events only a menu tap tells the customer that nobody answered.
        let push = new_push(
            &mut state,
            app_id,
            openid,
            xml,
            None,
            event.eq_ignore_ascii_case("CLICK"),
        );
        let delivery_id = push.delivery_id.clone();
        let done = enqueue(world, &mut state, push, None, Some(event.to_owned()));
        Pushed {
            msg_id: None,
            delivery_id,
            done,
        }
    };
    world.changed("follower", Some(app_id), Some(openid));
    Ok(pushed)
}

fn apply_event(
    state: &mut Platform,
    app_id: &str,
    openid: &str,
    event: &str,
    fields: &Fields,
    now_ms: i64,
) -> Result<(), ControlError> {
    match event.to_ascii_lowercase().as_str() {
        "subscribe" => {
            let scene = fields.get("event_key").map(plain).unwrap_or_default();
            follower(state, app_id, openid)?
                .followers
                .entry(openid.to_owned())
                .and_modify(|follower| {
                    follower.subscribe(now_ms, &scene);
                });
            open_window(state, app_id, openid, Action::Follow, now_ms)
        }
        "unsubscribe" => {
            let account = follower(state, app_id, openid)?;
            account
                .followers
                .entry(openid.to_owned())
                .and_modify(|follower| follower.unsubscribe());
            Ok(())
        }
        "scan" => open_window(state, app_id, openid, Action::Scan, now_ms),
        "click" | "scancode_push" | "scancode_waitmsg" => {
            open_window(state, app_id, openid, Action::Menu, now_ms)
        }
        "subscribe_msg_popup_event" => {
            let account = follower(state, app_id, openid)?;
            if let Some(follower) = account.followers.get_mut(openid) {
                note_consents(follower, fields);
            }
            Ok(())
        }
        _ => follower(state, app_id, openid).map(|_| ()),
    }
}

/// Each template that the person agreed to may be used once.
fn note_consents(follower: &mut Follower, fields: &Fields) {
    let list = fields
        .get("subscribe_msg_popup_event")
        .and_then(|event| event.get("list"));
    let items = match list {
        Some(Value::Array(items)) => items.as_slice(),
        Some(item) => std::slice::from_ref(item),
        None => &[],
    };
    for item in items {
        let text = |key: &str| item.get(key).map(plain).unwrap_or_default();
        if text("subscribe_status_string") == "accept" {
            *follower.consents.entry(text("template_id")).or_default() += 1;
        }
    }
}

/// The account, when the person is known on it.
fn follower<'a>(
    state: &'a mut Platform,
    app_id: &str,
    openid: &str,
) -> Result<&'a mut Account, ControlError> {
    let account = state
        .accounts
        .get_mut(app_id)
        .ok_or_else(|| ControlError::no_account(app_id))?;
    if account.followers.contains_key(openid) {
        return Ok(account);
    }
    Err(ControlError::no_follower(openid))
}

/// A message went to the account: for a while the account may show that it is typing.
fn note_talk(state: &mut Platform, app_id: &str, openid: &str, now_ms: i64) {
    if let Some(follower) = state.follower_mut(app_id, openid) {
        follower.talked_ms = Some(now_ms);
    }
}

fn open_window(
    state: &mut Platform,
    app_id: &str,
    openid: &str,
    action: Action,
    now_ms: i64,
) -> Result<(), ControlError> {
    let account = state
        .accounts
        .get_mut(app_id)
        .ok_or_else(|| ControlError::no_account(app_id))?;
    let profile = account.spec.reply_profile;
    let follower = account
        .followers
        .get_mut(openid)
        .ok_or_else(|| ControlError::no_follower(openid))?;
    // The platform ignores what people on the blacklist do.
    if !follower.blacklisted {
        follower.window.open(profile, action, now_ms);
    }
    Ok(())
}

fn head<'a>(
    state: &'a Platform,
    app_id: &str,
    openid: &'a str,
    fields: &Fields,
    now_ms: i64,
) -> Result<Head<'a>, ControlError> {
    let account = state
        .accounts
        .get(app_id)
        .ok_or_else(|| ControlError::no_account(app_id))?;
    let given = fields
        .get("create_time")
        .and_then(|time| plain(time).parse::<i64>().ok());
    let create_time = given.unwrap_or(now_ms / 1000 + account.spec.clock_skew_seconds);
    Ok(Head {
        original_id: &account.spec.original_id,
        openid,
        create_time,
    })
}

fn new_push(
    state: &mut Platform,
    app_id: &str,
    openid: &str,
    xml: String,
    item_id: Option<u64>,
    tells_failure: bool,
) -> Push {
    Push {
        delivery_id: format!("dv_{}", state.next_id()),
        app_id: app_id.to_owned(),
        openid: openid.to_owned(),
        xml,
        item_id,
        tells_failure,
    }
}
