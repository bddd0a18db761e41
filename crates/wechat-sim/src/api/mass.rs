//! Mass messages: submitted to a list, a tag or everybody, previewed, looked up and taken back.
//! "ok" means that the job was taken; `crate::mass` delivers it and sends the receipt.
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha1::{Digest, Sha1};

use super::call::{Answer, Call, Outcome};
use super::content::{Content, text};
use super::endpoint::{Endpoint, Needs};
use super::errcode::ApiError;
use super::mass_content;
use crate::clock::wall_ms;
use crate::crypto::hex;
use crate::mass;
use crate::state::account::{Account, AccountKind};
use crate::state::follower::Via;
use crate::state::mass::{Job, JobStatus};
use crate::state::{Line, State};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post(
        "/cgi-bin/message/mass/send",
        Needs::VerifiedServiceNoSandbox,
        to_list,
    ),
    Endpoint::post("/cgi-bin/message/mass/sendall", Needs::VerifiedNoSandbox, to_many),
    Endpoint::post("/cgi-bin/message/mass/preview", Needs::VerifiedNoSandbox, preview),
    Endpoint::post("/cgi-bin/message/mass/get", Needs::VerifiedNoSandbox, status),
    Endpoint::post("/cgi-bin/message/mass/delete", Needs::VerifiedNoSandbox, delete),
    Endpoint::post("/cgi-bin/message/mass/speed/get", Needs::VerifiedNoSandbox, speed),
    Endpoint::post(
        "/cgi-bin/message/mass/speed/set",
        Needs::VerifiedNoSandbox,
        set_speed,
    ),
];

const LIST_LEAST: usize = 2;
const LIST_MOST: usize = 10_000;
const CLIENT_ID_BYTES: usize = 32;
/// Thousands of messages a minute, by the steps of the speed.
const SPEEDS: [u32; 5] = [80, 60, 45, 30, 10];

type Request = Map<String, Value>;

/// To whom a job goes.
enum Scope {
    List(Vec<String>),
    Tag(i64),
    All,
}

fn to_list(call: &Call) -> Outcome {
    let request: Request = call.json()?;
    let list = request.get("touser").and_then(Value::as_array).map(Vec::as_slice);
    let openids: Vec<_> = list
        .unwrap_or_default()
        .iter()
        .filter_map(|openid| openid.as_str().map(str::to_owned))
        .collect();
    if openids.len() < LIST_LEAST {
        return Err(ApiError::new(40130));
    }
    if openids.len() > LIST_MOST {
        return Err(ApiError::new(40032));
    }
    submit(call, &request, Scope::List(openids))
}

fn to_many(call: &Call) -> Outcome {
    let request: Request = call.json()?;
    let filter = request.get("filter").and_then(Value::as_object);
    let filter = filter.ok_or_else(|| ApiError::new(47001))?;
    let is_to_all = filter.get("is_to_all").is_some_and(|value| value == &json!(true));
    // Older clients still use the name that tags had when they were groups.
    let tag = filter
        .get("tag_id")
        .or_else(|| filter.get("group_id"))
        .and_then(|id| id.as_i64().or_else(|| id.as_str()?.parse().ok()));
    let scope = match tag {
        _ if is_to_all => Scope::All,
        Some(tag) => Scope::Tag(tag),
        None => return Err(ApiError::new(40152)),
    };
    submit(call, &request, scope)
}

fn submit(call: &Call, request: &Request, scope: Scope) -> Outcome {
    let app_id = call.account_id()?;
    let now_ms = call.now_ms();
    let client_id = client_id(request)?;
    let msg_id = {
        let mut state = call.world.state();
        let line = content_line(&state, app_id, request, now_ms)?;
        let msg_id = state.next_job_id(wall_ms());
        let account = state
            .accounts
            .get_mut(app_id)
            .ok_or_else(|| ApiError::new(40001))?;
        check_repeat(account, &client_id, now_ms)?;
        let openids = recipients(account, &scope)?;
        check_limit(account, &scope, now_ms)?;
        if !matches!(scope, Scope::List(_)) {
            account.mass.note_to_many(matches!(scope, Scope::All), now_ms);
        }
        account.mass.add(Job {
            msg_id,
            status: JobStatus::Sending,
            client_id,
            created_ms: now_ms,
            openids,
            line,
        });
        msg_id
    };
    call.world.unsaved.notify_one();
    mass::deliver_soon(&call.world, app_id, msg_id);
    Ok(Answer::Json(json!({
        "errcode": 0,
        "errmsg": "send job submission success",
        "msg_id": msg_id,
    })))
}

/// The caller's id, or what the platform makes of scope and content.
fn client_id(request: &Request) -> Result<String, ApiError> {
    match text(request, "clientmsgid") {
        Some(id) if id.len() > CLIENT_ID_BYTES => Err(ApiError::new(45067)),
        Some(id) => Ok(id.to_owned()),
        None => {
            let content = Value::Object(request.clone()).to_string();
            Ok(format!("digest:{}", hex(&Sha1::digest(content))))
        }
    }
}

fn content_line(state: &State, app_id: &str, request: &Request, now_ms: i64) -> Result<Line, ApiError> {
    let kind = text(request, "msgtype").ok_or_else(|| ApiError::new(45162))?;
    // Pictures stand under `images`, older callers write `image`.
    let key = if kind == "image" && request.contains_key("images") {
        "images"
    } else {
        kind
    };
    let content = Content {
        state,
        app_id,
        now_ms,
        fields: request.get(key).and_then(Value::as_object),
        via: Via::Mass,
    };
    mass_content::line(content, kind)
}

/// A repeat within a day is answered with the first one's id.
fn check_repeat(account: &Account, client_id: &str, now_ms: i64) -> Result<(), ApiError> {
    match account.mass.same(client_id, now_ms) {
        Some(job) => Err(ApiError::new(45065).and("msg_id", job.msg_id)),
        None => Ok(()),
    }
}

fn recipients(account: &Account, scope: &Scope) -> Result<Vec<String>, ApiError> {
    let following = account.followers.values().filter(|follower| follower.subscribed);
    match scope {
        Scope::List(openids) => {
            let known: Vec<_> = openids
                .iter()
                .filter(|openid| account.followers.contains_key(*openid))
                .cloned()
                .collect();
            if known.is_empty() {
                Err(ApiError::new(40003))
            } else {
                Ok(known)
            }
        }
        Scope::Tag(id) if !account.tags.has(*id) => Err(ApiError::new(40152)),
        Scope::Tag(id) => Ok(following
            .filter(|follower| follower.tags.contains(id))
            .map(|follower| follower.openid.clone())
            .collect()),
        Scope::All => Ok(following.map(|follower| follower.openid.clone()).collect()),
    }
}

/// What the account as a whole may send: one a day to many, or four a month to all, by its kind.
fn check_limit(account: &Account, scope: &Scope, now_ms: i64) -> Result<(), ApiError> {
    let is_used_up = match (account.spec.account_kind, scope) {
        (_, Scope::List(_)) => false,
        (AccountKind::Subscription, _) => account.mass.is_day_used(now_ms),
        (_, Scope::All) => account.mass.is_month_used(now_ms),
        (_, Scope::Tag(_)) => false,
    };
    if is_used_up {
        Err(ApiError::new(45028))
    } else {
        Ok(())
    }
}

/// To one person at once, outside of all monthly counts.
fn preview(call: &Call) -> Outcome {
    let request: Request = call.json()?;
    let app_id = call.account_id()?;
    let now_ms = call.now_ms();
    let given = text(&request, "touser").or_else(|| text(&request, "towxname"));
    let openid = given.ok_or_else(|| ApiError::new(40003))?;
    let msg_id = {
        let mut state = call.world.state();
        let line = content_line(&state, app_id, &request, now_ms)?;
        let follower = state
            .follower_mut(app_id, openid)
            .ok_or_else(|| ApiError::new(40003))?;
        if !follower.subscribed {
            return Err(ApiError::new(43004));
        }
        state.show(app_id, openid, line, now_ms);
        state.next_job_id(wall_ms())
    };
    call.world.timeline_changed(app_id, openid);
    Ok(Answer::Json(
        json!({ "errcode": 0, "errmsg": "preview success", "msg_id": msg_id }),
    ))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct JobRequest {
    msg_id: Value,
}

impl JobRequest {
    /// Callers write it as a number or as a text.
    fn id(&self) -> u64 {
        let id = self.msg_id.as_u64();
        id.or_else(|| self.msg_id.as_str()?.parse().ok())
            .unwrap_or_default()
    }
}

fn status(call: &Call) -> Outcome {
    let request: JobRequest = call.json()?;
    call.with_account(|account, _| {
        let job = account.mass.job_mut(request.id()).ok_or_else(invalid_id)?;
        Ok(Answer::Json(
            json!({ "msg_id": job.msg_id, "msg_status": job.status }),
        ))
    })
}

fn invalid_id() -> ApiError {
    ApiError::with_text(40059, "invalid msg id")
}

/// Takes a video back; it stays on the phone as an empty page does. Other kinds cannot be taken back.
fn delete(call: &Call) -> Outcome {
    let request: JobRequest = call.json()?;
    call.with_account(|account, _| {
        let job = account.mass.job_mut(request.id()).ok_or_else(invalid_id)?;
        if job.status != JobStatus::SendSuccess || job.line.kind != "video" {
            return Err(invalid_id());
        }
        job.status = JobStatus::Delete;
        Ok(Answer::ok())
    })
}

fn speed(call: &Call) -> Outcome {
    call.with_account(|account, _| {
        let speed = account.mass.speed;
        Ok(Answer::Json(
            json!({ "speed": speed, "realspeed": SPEEDS[usize::from(speed)] }),
        ))
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SpeedRequest {
    speed: u8,
}

fn set_speed(call: &Call) -> Outcome {
    let request: SpeedRequest = call.json()?;
    if usize::from(request.speed) >= SPEEDS.len() {
        return Err(ApiError::new(45083));
    }
    call.with_account(|account, _| {
        account.mass.speed = request.speed;
        Ok(Answer::ok())
    })
}
