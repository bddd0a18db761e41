//! `GET /cgi-bin/user/info`: what the platform tells about a follower. Names and pictures are no longer part of it.
use serde_json::{Value, json};

use super::call::{Answer, Call, Outcome};
use super::errcode::ApiError;
use crate::state::follower::Follower;

pub(super) const PATH: &str = "/cgi-bin/user/info";

pub(super) fn read(call: &Call) -> Outcome {
    let openid = call.query("openid").ok_or_else(|| ApiError::new(40003))?;
    let mut state = call.world.state();
    let follower = state
        .follower_mut(call.account_id()?, openid)
        .ok_or_else(|| ApiError::new(40003))?;
    Ok(Answer::Json(described(follower)))
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
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        "subscribe_scene": follower.subscribe_scene,
        "qr_scene": number,
        "qr_scene_str": if number == 0 { scene } else { "" },
    })
}
