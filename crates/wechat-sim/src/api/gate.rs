//! What every call passes first: whose it is, whether its token holds, whether the address, the account and the quota permit it.
use std::net::IpAddr;

use serde_json::Value;

use super::call::Call;
use super::endpoint::Endpoint;
use super::errcode::ApiError;
use super::quota;
use crate::random;
use crate::state::account::{Account, AccountSpec};
use crate::state::token::Standing;

/// The account a call belongs to, by its token or by the app id it names.
pub(super) fn caller(call: &Call) -> Option<String> {
    match call.query("access_token") {
        Some(token) => {
            let now_ms = call.now_ms();
            let state = call.world.state();
            let mut accounts = state.accounts.iter();
            accounts
                .find(|(_, account)| account.tokens.standing(token, now_ms).is_some())
                .map(|(id, _)| id.clone())
        }
        None => named_app_id(call),
    }
}

fn named_app_id(call: &Call) -> Option<String> {
    if let Some(app_id) = call.query("appid") {
        return Some(app_id.to_owned());
    }
    let body: Value = serde_json::from_slice(&call.body).ok()?;
    body.get("appid")?.as_str().map(str::to_owned)
}

/// Whether the token holds and the address may use it.
pub(super) fn check_token(call: &Call) -> Result<(), ApiError> {
    let token = call.query("access_token").ok_or_else(|| ApiError::new(41001))?;
    let now_ms = call.now_ms();
    let state = call.world.state();
    let account = call.app_id.as_ref().and_then(|app_id| state.accounts.get(app_id));
    let account = account.ok_or_else(|| ApiError::new(40001))?;
    match account.tokens.standing(token, now_ms) {
        Some(Standing::Valid) => check_address(&account.spec, call.remote.ip()),
        Some(Standing::Expired) => Err(ApiError::new(42001)),
        Some(Standing::Superseded) | None => Err(ApiError::new(40001)),
    }
}

/// Whether the caller's address is on the account's list.
pub(super) fn check_address(spec: &AccountSpec, address: IpAddr) -> Result<(), ApiError> {
    let address = address.to_canonical();
    if spec.admits(address) {
        return Ok(());
    }
    let mapped = match address {
        IpAddr::V4(v4) => format!("::ffff:{v4}"),
        IpAddr::V6(v6) => v6.to_string(),
    };
    Err(ApiError::with_text(
        40164,
        format!("invalid ip {address} ipv6 {mapped}, not in whitelist"),
    ))
}

/// Whether this kind of account may make the call, and has not made it too often.
pub(super) fn check_permission(call: &Call, endpoint: &Endpoint) -> Result<(), ApiError> {
    let now_ms = call.now_ms();
    let mut state = call.world.state();
    let account = state
        .accounts
        .get_mut(call.account_id()?)
        .ok_or_else(|| ApiError::new(40001))?;
    if !is_granted(account, endpoint) {
        return Err(ApiError::new(48001));
    }
    count(account, &call.path, now_ms)
}

/// Whether this kind of account has the call at all.
fn is_granted(account: &Account, endpoint: &Endpoint) -> bool {
    let is_denied = account
        .spec
        .denied_apis
        .iter()
        .any(|denied| denied == endpoint.path);
    !is_denied && endpoint.needs.are_met(account)
}

/// The same by path, for the books.
pub(super) fn may_call(account: &Account, path: &str) -> bool {
    super::endpoint_of(path).is_some_and(|endpoint| is_granted(account, endpoint))
}

/// Counts a call against the account's limits; at random the platform is too busy for it.
pub(super) fn count(account: &mut Account, path: &str, now_ms: i64) -> Result<(), ApiError> {
    if random::percent() < account.spec.busy_percent {
        return Err(ApiError::new(-1));
    }
    if let Some((name, limit)) = quota::minute_limit(account, path)
        && !account.minute_usage.count(name, limit, now_ms)
    {
        return Err(ApiError::new(45011));
    }
    let limit = quota::daily_limit(account, path);
    if account.usage.count(path, limit, now_ms) {
        Ok(())
    } else {
        Err(ApiError::new(45009))
    }
}
