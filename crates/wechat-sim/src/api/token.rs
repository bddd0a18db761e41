//! `GET /cgi-bin/token` and `POST /cgi-bin/stable_token`: the two families of access tokens.
use axum::http::Method;
use serde::Deserialize;
use serde_json::json;

use super::call::{Answer, Call, Outcome};
use super::endpoint::Endpoint;
use super::errcode::ApiError;
use super::gate;
use crate::state::account::Account;
use crate::state::token::{Issued, Tokens};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::open(Method::GET, "/cgi-bin/token", plain),
    Endpoint::open(Method::POST, "/cgi-bin/stable_token", stable),
];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct StableRequest {
    grant_type: String,
    appid: String,
    secret: String,
    force_refresh: bool,
}

/// What a caller shows to be given a token.
pub(super) struct Credentials<'a> {
    pub(super) grant_type: &'a str,
    pub(super) app_id: &'a str,
    pub(super) secret: &'a str,
}

fn plain(call: &Call) -> Outcome {
    let credentials = Credentials {
        grant_type: call.query("grant_type").unwrap_or_default(),
        app_id: call.query("appid").unwrap_or_default(),
        secret: call.query("secret").unwrap_or_default(),
    };
    issue(call, &credentials, |tokens, now_ms| tokens.issue_plain(now_ms))
}

fn stable(call: &Call) -> Outcome {
    let request: StableRequest = call.json()?;
    let credentials = Credentials {
        grant_type: &request.grant_type,
        app_id: &request.appid,
        secret: &request.secret,
    };
    issue(call, &credentials, |tokens, now_ms| {
        tokens.issue_stable(now_ms, request.force_refresh)
    })
}

fn issue(
    call: &Call,
    credentials: &Credentials<'_>,
    mint: impl FnOnce(&mut Tokens, i64) -> Issued,
) -> Outcome {
    let now_ms = call.now_ms();
    let issued = {
        let mut state = call.world.state();
        let account = state.accounts.get_mut(credentials.app_id);
        let account = check(call, account, credentials)?;
        gate::count(account, &call.path, now_ms)?;
        mint(&mut account.tokens, now_ms)
    };
    call.world.unsaved.notify_one();
    Ok(Answer::Json(
        json!({ "access_token": issued.value, "expires_in": issued.expires_in }),
    ))
}

/// The app id is judged first, whatever else is wrong.
pub(super) fn check<'a>(
    call: &Call,
    account: Option<&'a mut Account>,
    credentials: &Credentials<'_>,
) -> Result<&'a mut Account, ApiError> {
    if credentials.app_id.is_empty() {
        return Err(ApiError::new(41002));
    }
    let account = account.ok_or_else(|| ApiError::new(40013))?;
    if credentials.grant_type != "client_credential" {
        return Err(ApiError::new(40002));
    }
    if credentials.secret.is_empty() {
        return Err(ApiError::new(41004));
    }
    if credentials.secret != account.spec.secret {
        return Err(ApiError::new(40125));
    }
    if account.spec.secret_frozen {
        return Err(ApiError::new(40243));
    }
    gate::check_address(&account.spec, call.remote.ip())?;
    Ok(account)
}
