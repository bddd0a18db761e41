//! Tags of followers: made, renamed, removed, put on people and taken off.
use serde::Deserialize;
use serde_json::json;

use super::call::{Answer, Call, Outcome};
use super::endpoint::{Endpoint, Needs};
use super::errcode::ApiError;
use super::user::{known, page};
use crate::state::account::Account;
use crate::state::tag::Tags;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/cgi-bin/tags/create", Needs::Verified, create),
    Endpoint::get("/cgi-bin/tags/get", Needs::Verified, list),
    Endpoint::post("/cgi-bin/tags/update", Needs::Verified, update),
    Endpoint::post("/cgi-bin/tags/delete", Needs::Verified, delete),
    Endpoint::post("/cgi-bin/user/tag/get", Needs::Verified, members),
    Endpoint::post("/cgi-bin/tags/members/batchtagging", Needs::Verified, tag),
    Endpoint::post("/cgi-bin/tags/members/batchuntagging", Needs::Verified, untag),
    Endpoint::post("/cgi-bin/tags/getidlist", Needs::Verified, of_person),
];

const NAME_CHARS: usize = 30;
const PEOPLE_MOST: usize = 50;
const TAGS_EACH: usize = 20;
const PAGE: usize = 10_000;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TagRequest {
    tag: TagFields,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TagFields {
    id: i64,
    name: String,
}

fn create(call: &Call) -> Outcome {
    let TagRequest { tag } = call.json()?;
    call.with_account(|account, _| {
        check_name(&account.tags, &tag.name)?;
        if account.tags.is_full() {
            return Err(ApiError::new(45056));
        }
        let id = account.tags.add(tag.name.clone());
        Ok(Answer::Json(json!({ "tag": { "id": id, "name": tag.name } })))
    })
}

fn check_name(tags: &Tags, name: &str) -> Result<(), ApiError> {
    if name.trim().is_empty() || tags.has_name(name) {
        return Err(ApiError::new(45157));
    }
    if name.chars().count() > NAME_CHARS {
        return Err(ApiError::new(45158));
    }
    Ok(())
}

fn list(call: &Call) -> Outcome {
    call.with_account(|account, _| {
        let count = |id| {
            account
                .followers
                .values()
                .filter(|follower| follower.tags.contains(&id))
                .count()
        };
        let tags: Vec<_> = account
            .tags
            .all()
            .map(|tag| json!({ "id": tag.id, "name": tag.name, "count": count(tag.id) }))
            .collect();
        Ok(Answer::Json(json!({ "tags": tags })))
    })
}

fn update(call: &Call) -> Outcome {
    let TagRequest { tag } = call.json()?;
    call.with_account(|account, _| {
        check_own(&account.tags, tag.id)?;
        check_name(&account.tags, &tag.name)?;
        account.tags.rename(tag.id, tag.name);
        Ok(Answer::ok())
    })
}

fn delete(call: &Call) -> Outcome {
    let TagRequest { tag } = call.json()?;
    call.with_account(|account, _| {
        check_own(&account.tags, tag.id)?;
        account.tags.remove(tag.id);
        for follower in account.followers.values_mut() {
            follower.tags.remove(&tag.id);
        }
        Ok(Answer::ok())
    })
}

/// The platform's own tags cannot be changed.
fn check_own(tags: &Tags, id: i64) -> Result<(), ApiError> {
    if Tags::is_system(id) {
        return Err(ApiError::new(45058));
    }
    check_known(tags, id)
}

fn check_known(tags: &Tags, id: i64) -> Result<(), ApiError> {
    tags.has(id).then_some(()).ok_or_else(|| ApiError::new(45159))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MembersRequest {
    tagid: i64,
    next_openid: String,
}

fn members(call: &Call) -> Outcome {
    let request: MembersRequest = call.json()?;
    call.with_account(|account, _| {
        check_known(&account.tags, request.tagid)?;
        let openids: Vec<_> = account
            .followers
            .values()
            .filter(|follower| follower.tags.contains(&request.tagid))
            .map(|follower| follower.openid.as_str())
            .collect();
        let mut answer = page(&openids, &request.next_openid, PAGE)?;
        if let Some(fields) = answer.as_object_mut() {
            fields.shift_remove("total");
        }
        Ok(Answer::Json(answer))
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PeopleRequest {
    openid_list: Vec<String>,
    tagid: i64,
}

fn tag(call: &Call) -> Outcome {
    let request: PeopleRequest = call.json()?;
    call.with_account(|account, _| {
        check_people(account, &request)?;
        let has_room = |openid: &String| {
            let tags = &account.followers[openid].tags;
            tags.len() < TAGS_EACH || tags.contains(&request.tagid)
        };
        if !request.openid_list.iter().all(has_room) {
            return Err(ApiError::new(45059));
        }
        for openid in &request.openid_list {
            known(account, openid)?.tags.insert(request.tagid);
        }
        Ok(Answer::ok())
    })
}

fn untag(call: &Call) -> Outcome {
    let request: PeopleRequest = call.json()?;
    call.with_account(|account, _| {
        check_people(account, &request)?;
        for openid in &request.openid_list {
            known(account, openid)?.tags.remove(&request.tagid);
        }
        Ok(Answer::ok())
    })
}

/// All of them are followers of this account; nothing is done for some only.
fn check_people(account: &Account, request: &PeopleRequest) -> Result<(), ApiError> {
    check_known(&account.tags, request.tagid)?;
    if request.openid_list.is_empty() || request.openid_list.len() > PEOPLE_MOST {
        return Err(ApiError::new(40032));
    }
    let is_follower = |openid: &String| {
        let follower = account.followers.get(openid);
        follower.is_some_and(|follower| follower.subscribed)
    };
    if request.openid_list.iter().all(is_follower) {
        Ok(())
    } else {
        Err(ApiError::new(40003))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PersonRequest {
    openid: String,
}

fn of_person(call: &Call) -> Outcome {
    let request: PersonRequest = call.json()?;
    call.with_account(|account, _| {
        let tags = &known(account, &request.openid)?.tags;
        Ok(Answer::Json(json!({ "tagid_list": tags })))
    })
}
