//! The account's blacklist: whose messages it does not get, and to whom it cannot write.
use serde::Deserialize;

use super::call::{Answer, Call, Outcome};
use super::endpoint::{Endpoint, Needs};
use super::errcode::ApiError;
use super::user::{known, page};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/cgi-bin/tags/members/getblacklist", Needs::Verified, list),
    Endpoint::post("/cgi-bin/tags/members/batchblacklist", Needs::Verified, add),
    Endpoint::post("/cgi-bin/tags/members/batchunblacklist", Needs::Verified, remove),
];

const PEOPLE_MOST: usize = 20;
const PAGE: usize = 1000;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListRequest {
    begin_openid: String,
}

fn list(call: &Call) -> Outcome {
    let request: ListRequest = call.json()?;
    call.with_account(|account, _| {
        let openids: Vec<_> = account
            .followers
            .values()
            .filter(|follower| follower.blacklisted)
            .map(|follower| follower.openid.as_str())
            .collect();
        page(&openids, &request.begin_openid, PAGE).map(Answer::Json)
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PeopleRequest {
    openid_list: Vec<String>,
}

fn add(call: &Call) -> Outcome {
    set(call, true)
}

fn remove(call: &Call) -> Outcome {
    set(call, false)
}

fn set(call: &Call, blacklisted: bool) -> Outcome {
    let PeopleRequest { openid_list } = call.json()?;
    if openid_list.is_empty() || openid_list.len() > PEOPLE_MOST {
        return Err(ApiError::new(40032));
    }
    call.with_account(|account, _| {
        if !openid_list
            .iter()
            .all(|openid| account.followers.contains_key(openid))
        {
            return Err(ApiError::new(40003));
        }
        for openid in &openid_list {
            known(account, openid)?.blacklisted = blacklisted;
        }
        Ok(Answer::ok())
    })?;
    for openid in &openid_list {
        call.world
            .changed("follower", call.app_id.as_deref(), Some(openid));
    }
    Ok(Answer::ok())
}
