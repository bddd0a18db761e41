//! Followers: what the platform tells about them (names and pictures are no longer part of it), the list, and remarks.
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::{Answer, Call, Outcome};
use super::endpoint::{Endpoint, Needs};
use super::errcode::ApiError;
use crate::state::account::Account;
use crate::state::follower::Follower;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/cgi-bin/user/info", Needs::Verified, info),
    Endpoint::post("/cgi-bin/user/info/batchget", Needs::Verified, batch),
    Endpoint::get("/cgi-bin/user/get", Needs::Verified, list),
    Endpoint::post("/cgi-bin/user/info/updateremark", Needs::Verified, remark),
];

const BATCH_MOST: usize = 100;
const PAGE: usize = 10_000;
const REMARK_BYTES: usize = 30;

fn info(call: &Call) -> Outcome {
    let openid = call.query("openid").ok_or_else(|| ApiError::new(40003))?;
    call.with_account(|account, _| known(account, openid).map(|follower| Answer::Json(described(follower))))
}

/// The person, when the account has ever met them.
pub(super) fn known<'a>(account: &'a mut Account, openid: &str) -> Result<&'a mut Follower, ApiError> {
    account
        .followers
        .get_mut(openid)
        .ok_or_else(|| ApiError::new(40003))
}

fn described(follower: &Follower) -> Value {
    if !follower.subscribed {
        return json!({ "subscribe": 0, "openid": follower.openid });
    }
    let scene = follower
        .qr_scene
        .strip_prefix("qrscene_")
        .unwrap_or(&follower.qr_scene);
    let number = scene.parse::<u32>().unwrap_or_default();
    json!({
        "subscribe": 1,
        "openid": follower.openid,
        "nickname": "",
        "sex": 0,
        "language": "zh_CN",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": "",
        "subscribe_time": follower.subscribed_ms / 1000,
        "remark": follower.remark,
        "groupid": follower.tags.first().unwrap_or(&0),
        "tagid_list": follower.tags,
        "subscribe_scene": follower.subscribe_scene,
        "qr_scene": number,
        "qr_scene_str": if number == 0 { scene } else { "" },
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BatchRequest {
    user_list: Vec<Person>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Person {
    openid: String,
}

fn batch(call: &Call) -> Outcome {
    let request: BatchRequest = call.json()?;
    if request.user_list.is_empty() || request.user_list.len() > BATCH_MOST {
        return Err(ApiError::new(40032));
    }
    call.with_account(|account, _| {
        let of = |person: &Person| known(account, &person.openid).map(|follower| described(follower));
        let people: Result<Vec<_>, _> = request.user_list.iter().map(of).collect();
        Ok(Answer::Json(json!({ "user_info_list": people? })))
    })
}

fn list(call: &Call) -> Outcome {
    let after = call.query("next_openid").unwrap_or_default();
    call.with_account(|account, _| {
        let mut followers: Vec<_> = account
            .followers
            .values()
            .filter(|follower| follower.subscribed)
            .collect();
        followers.sort_by_key(|follower| follower.number);
        let openids: Vec<_> = followers
            .iter()
            .map(|follower| follower.openid.as_str())
            .collect();
        page(&openids, after, PAGE).map(Answer::Json)
    })
}

/// What follows after an openid. An empty page has no `data`, and an empty `next_openid`.
pub(super) fn page(openids: &[&str], after: &str, most: usize) -> Result<Value, ApiError> {
    let start = match openids.iter().position(|openid| *openid == after) {
        Some(at) => at + 1,
        None if after.is_empty() => 0,
        None => return Err(ApiError::new(40003)),
    };
    let rest = &openids[start..];
    let items = &rest[..rest.len().min(most)];
    let mut answer = json!({
        "total": openids.len(),
        "count": items.len(),
        "next_openid": items.last().unwrap_or(&""),
    });
    if !items.is_empty() {
        answer["data"] = json!({ "openid": items });
    }
    Ok(answer)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RemarkRequest {
    openid: String,
    remark: String,
}

fn remark(call: &Call) -> Outcome {
    let request: RemarkRequest = call.json()?;
    if request.remark.len() >= REMARK_BYTES {
        return Err(ApiError::new(40092));
    }
    call.with_account(|account, _| {
        let follower = known(account, &request.openid)?;
        if !follower.subscribed {
            return Err(ApiError::new(43004));
        }
        follower.remark = request.remark;
        Ok(Answer::ok())
    })
}
