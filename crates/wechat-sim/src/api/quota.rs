//! How often a call may be made: the limits of a day and a minute, what is left of them, and starting the count again.
use std::sync::Arc;

use axum::http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::{Answer, Call, Outcome};
use super::endpoint::{Endpoint, Needs};
use super::errcode::ApiError;
use super::token::{self, Credentials};
use crate::state::account::{Account, AccountKind};
use crate::state::usage::month_of;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/cgi-bin/openapi/quota/get", Needs::Nothing, read),
    Endpoint::post("/cgi-bin/openapi/quota/clear", Needs::Nothing, clear_one),
    Endpoint::post("/cgi-bin/openapi/rid/get", Needs::Nothing, rid),
    Endpoint::post(CLEAR, Needs::Nothing, clear),
    Endpoint::open(Method::POST, "/cgi-bin/clear_quota/v2", clear_by_secret),
];

const CLEAR: &str = "/cgi-bin/clear_quota";
const CLEARS_A_MONTH: u32 = 10;
const CLEARS_OF_ONE_A_MONTH: u32 = 50;
const RID_KEPT_MS: i64 = 7 * 86_400_000;
const MASS: &str = "/cgi-bin/message/mass/";

/// Calls a day of a new account, and of the sandbox.
const DAILY: [(&str, u64, u64); 24] = [
    ("/cgi-bin/token", 2000, 200),
    ("/cgi-bin/stable_token", 500_000, 500_000),
    ("/cgi-bin/menu/create", 1000, 100),
    ("/cgi-bin/menu/get", 10_000, 1000),
    ("/cgi-bin/menu/delete", 1000, 100),
    ("/cgi-bin/media/upload", 100_000, 500),
    ("/cgi-bin/media/get", 200_000, 1000),
    ("/cgi-bin/message/custom/send", 500_000, 50_000),
    ("/cgi-bin/message/mass/send", 100, 10),
    ("/cgi-bin/message/mass/sendall", 100, 10),
    ("/cgi-bin/message/mass/preview", 100, 10),
    ("/cgi-bin/message/template/send", 100_000, 10_000),
    ("/cgi-bin/qrcode/create", 100_000, 10_000),
    ("/cgi-bin/user/get", 500, 100),
    ("/cgi-bin/user/info", 5_000_000, 500_000),
    ("/cgi-bin/user/info/batchget", 5_000_000, 500_000),
    ("/cgi-bin/user/info/updateremark", 10_000, 1000),
    ("/cgi-bin/tags/create", 1000, 100),
    ("/cgi-bin/tags/get", 1000, 100),
    ("/cgi-bin/tags/update", 1000, 100),
    ("/cgi-bin/tags/delete", 1000, 100),
    ("/cgi-bin/tags/members/batchtagging", 100_000, 1000),
    ("/cgi-bin/tags/members/batchuntagging", 100_000, 1000),
    ("/cgi-bin/ticket/getticket", 1_000_000, 100_000),
];

/// Calls a day; `None`: no limit.
pub(super) fn daily_limit(account: &Account, path: &str) -> Option<u64> {
    let is_sandbox = account.spec.account_kind == AccountKind::Test;
    let usual = DAILY.iter().find(|(known, ..)| *known == path);
    let usual = usual.map(|(_, normal, sandbox)| if is_sandbox { *sandbox } else { *normal });
    account.spec.quotas.get(path).copied().or(usual)
}

/// Calls a minute, with the name under which they are counted: the calls for mass messages share one count.
pub(super) fn minute_limit<'a>(account: &Account, path: &'a str) -> Option<(&'a str, u64)> {
    let set = account.spec.minute_quotas.get(path).map(|limit| (path, *limit));
    let usual = match path {
        "/cgi-bin/stable_token" => Some((path, 10_000)),
        _ if path.starts_with(MASS) => Some((MASS, 60)),
        _ => None,
    };
    set.or(usual)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PathRequest {
    cgi_path: String,
}

fn path_of(call: &Call) -> Result<String, ApiError> {
    let PathRequest { cgi_path } = call.json()?;
    if cgi_path.starts_with("/sns/") {
        return Err(ApiError::new(76022));
    }
    let is_known = super::endpoint_of(&cgi_path).is_some();
    is_known.then_some(cgi_path).ok_or_else(|| ApiError::new(76021))
}

fn read(call: &Call) -> Outcome {
    let path = path_of(call)?;
    call.with_account(|account, now_ms| {
        let used = account.usage.used(&path, now_ms);
        let limit = daily_limit(account, &path);
        let mut answer = json!({
            "errcode": 0,
            "errmsg": "ok",
            "quota": {
                "daily_limit": limit.unwrap_or_default(),
                "used": used,
                "remain": limit.map_or(0, |limit| limit.saturating_sub(used)),
            },
        });
        if let Some((_, calls)) = minute_limit(account, &path) {
            answer["rate_limit"] = json!({ "call_count": calls, "refresh_second": 60 });
        }
        Ok(Answer::Json(answer))
    })
}

fn clear_one(call: &Call) -> Outcome {
    let path = path_of(call)?;
    call.with_account(|account, now_ms| {
        if !account
            .clears_of_one
            .take(month_of(now_ms), CLEARS_OF_ONE_A_MONTH)
        {
            return Err(ApiError::new(48006));
        }
        account.usage.clear_one(&path);
        Ok(Answer::ok())
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ClearRequest {
    appid: String,
    appsecret: String,
}

fn clear(call: &Call) -> Outcome {
    let request: ClearRequest = call.json()?;
    call.with_account(|account, now_ms| {
        if request.appid != account.spec.app_id {
            return Err(ApiError::new(40013));
        }
        clear_all(account, now_ms)
    })
}

/// The way out when the calls for tokens are used up.
fn clear_by_secret(call: &Call) -> Outcome {
    let request: ClearRequest = call.json()?;
    let now_ms = call.now_ms();
    let mut state = call.world.state();
    let credentials = Credentials {
        grant_type: "client_credential",
        app_id: &request.appid,
        secret: &request.appsecret,
    };
    let account = state.accounts.get_mut(&request.appid);
    clear_all(token::check(call, account, &credentials)?, now_ms)
}

fn clear_all(account: &mut Account, now_ms: i64) -> Outcome {
    if !account.clears.take(month_of(now_ms), CLEARS_A_MONTH) {
        return Err(ApiError::new(48006));
    }
    account.usage.clear();
    Ok(Answer::ok())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RidRequest {
    rid: String,
}

/// The call behind an error's request id; only the account that made it may ask.
fn rid(call: &Call) -> Outcome {
    let RidRequest { rid } = call.json()?;
    let world = Arc::clone(&call.world);
    let now_ms = call.now_ms();
    let app_id = call.account_id()?;
    let state = world.state();
    let found = state
        .calls
        .by_rid(&rid)
        .filter(|found| now_ms - found.at_ms < RID_KEPT_MS);
    let found = found.ok_or_else(|| ApiError::new(76001))?;
    if found.app_id.as_deref() != Some(app_id) {
        return Err(ApiError::with_text(76002, "rid does not belong to this appid"));
    }
    let body = match &found.body {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let query: Vec<_> = found
        .query
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    Ok(Answer::Json(json!({
        "errcode": 0,
        "errmsg": "ok",
        "request": {
            "invoke_time": found.at_ms / 1000,
            "cost_in_ms": 1,
            "request_url": query.join("&"),
            "request_body": body,
            "response_body": found.response,
            "client_ip": found.remote_addr.rsplit_once(':').map_or("", |(ip, _)| ip),
        },
    })))
}
