//! `POST /cgi-bin/message/custom/send`: a reply to one follower, within the window and its count.
use serde_json::{Map, Value};

use super::call::{Answer, Call, Outcome};
use super::content::{Content, text};
use super::endpoint::{Endpoint, Needs};
use super::errcode::ApiError;
use super::gate;
use crate::state::State;
use crate::state::account::{Account, AccountKind};
use crate::state::follower::{Follower, Via};

const PATH: &str = "/cgi-bin/message/custom/send";

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint::post(PATH, Needs::Verified, send)];

fn send(call: &Call) -> Outcome {
    let request: Map<String, Value> = call.json()?;
    let app_id = call.account_id()?;
    let openid = text(&request, "touser").ok_or_else(|| ApiError::new(40003))?;
    let kind = text(&request, "msgtype").ok_or_else(|| ApiError::new(40008))?;
    let now_ms = call.now_ms();
    {
        let mut state = call.world.state();
        check_account(&state, app_id, kind)?;
        if state.follower_mut(app_id, openid).is_none() {
            return Err(ApiError::new(40003));
        }
        let content = Content {
            state: &state,
            app_id,
            now_ms,
            fields: request.get(kind).and_then(Value::as_object),
            via: Via::Custom,
        };
        let line = content.line(kind)?;
        take_allowance(&mut state, app_id, openid, now_ms)?;
        state.show(app_id, openid, line, now_ms);
    }
    call.world.timeline_changed(app_id, openid);
    Ok(Answer::ok())
}

/// What a message to this follower would be answered now, whatever it says; 0: it would be sent.
pub(crate) fn verdict(account: &Account, follower: &Follower, now_ms: i64) -> (i64, String) {
    if !gate::may_call(account, PATH) {
        return with_text(48001);
    }
    follower
        .refusal(now_ms)
        .map_or_else(|| (0, "ok".to_owned()), with_text)
}

fn with_text(errcode: i64) -> (i64, String) {
    (errcode, ApiError::new(errcode).errmsg)
}

/// The sandbox account may not send menus.
fn check_account(state: &State, app_id: &str, kind: &str) -> Result<(), ApiError> {
    let account = state.accounts.get(app_id).ok_or_else(|| ApiError::new(40001))?;
    if kind == "msgmenu" && account.spec.account_kind == AccountKind::Test {
        return Err(ApiError::new(40200));
    }
    Ok(())
}

/// Uses one message of the window; a closed window is reported before a used-up count.
fn take_allowance(state: &mut State, app_id: &str, openid: &str, now_ms: i64) -> Result<(), ApiError> {
    let follower = state
        .follower_mut(app_id, openid)
        .ok_or_else(|| ApiError::new(40003))?;
    if let Some(errcode) = follower.refusal(now_ms) {
        return Err(ApiError::new(errcode));
    }
    follower.window.take();
    follower.talked_ms = Some(now_ms);
    follower.typing_until_ms = None;
    Ok(())
}
