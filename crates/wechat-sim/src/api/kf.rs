//! The platform's own customer service, as far as a desk reads it: its agents and the chats they have open.
//! Agents and chats are set through the control API (`PUT /accounts/{app_id}/native-service`).
use serde_json::json;

use super::call::{Answer, Call, Outcome};
use super::endpoint::{Endpoint, Needs};
use super::errcode::ApiError;
use crate::state::native::{Agent, Chat};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/cgi-bin/customservice/getkflist", Needs::Verified, agents),
    Endpoint::get("/cgi-bin/customservice/getonlinekflist", Needs::Verified, online),
    Endpoint::get("/customservice/kfsession/getsession", Needs::Verified, chat_of),
    Endpoint::get(
        "/customservice/kfsession/getsessionlist",
        Needs::Verified,
        chats_of,
    ),
    Endpoint::get("/customservice/kfsession/getwaitcase", Needs::Verified, waiting),
];

fn agents(call: &Call) -> Outcome {
    call.with_account(|account, _| {
        let shown = |agent: &Agent| {
            json!({
                "kf_account": agent.kf_account,
                "kf_nick": agent.kf_nick,
                "kf_id": agent.kf_id.to_string(),
                "kf_headimgurl": "",
                "kf_wx": "",
            })
        };
        let list: Vec<_> = account.native.agents.iter().map(shown).collect();
        Ok(Answer::Json(json!({ "kf_list": list })))
    })
}

fn online(call: &Call) -> Outcome {
    call.with_account(|account, _| {
        let native = &account.native;
        let shown = |agent: &Agent| {
            let accepted = native.chats.iter().filter(|chat| chat.is_with(&agent.kf_account));
            json!({
                "kf_account": agent.kf_account,
                "status": 1,
                "kf_id": agent.kf_id,
                "accepted_case": accepted.count(),
            })
        };
        let list: Vec<_> = native
            .agents
            .iter()
            .filter(|agent| agent.online)
            .map(shown)
            .collect();
        Ok(Answer::Json(json!({ "kf_online_list": list })))
    })
}

fn chat_of(call: &Call) -> Outcome {
    let openid = call.query("openid").ok_or_else(|| ApiError::new(40003))?;
    call.with_account(|account, _| {
        let chat = account.native.chats.iter().find(|chat| chat.openid == openid);
        let chat = chat.ok_or_else(|| ApiError::new(65413))?;
        Ok(Answer::Json(json!({
            "createtime": chat.since,
            "kf_account": chat.kf_account.clone().unwrap_or_default(),
        })))
    })
}

fn chats_of(call: &Call) -> Outcome {
    let kf_account = call.query("kf_account").ok_or_else(|| ApiError::new(65401))?;
    call.with_account(|account, _| {
        let is_known = account
            .native
            .agents
            .iter()
            .any(|agent| agent.kf_account == kf_account);
        if !is_known {
            return Err(ApiError::new(65401));
        }
        let shown = |chat: &Chat| json!({ "createtime": chat.since, "openid": chat.openid });
        let chats = account
            .native
            .chats
            .iter()
            .filter(|chat| chat.is_with(kf_account));
        let list: Vec<_> = chats.map(shown).collect();
        Ok(Answer::Json(json!({ "sessionlist": list })))
    })
}

fn waiting(call: &Call) -> Outcome {
    call.with_account(|account, _| {
        let shown = |chat: &Chat| json!({ "latest_time": chat.since, "openid": chat.openid });
        let chats = account
            .native
            .chats
            .iter()
            .filter(|chat| chat.kf_account.is_none());
        let list: Vec<_> = chats.map(shown).collect();
        Ok(Answer::Json(json!({ "count": list.len(), "waitcaselist": list })))
    })
}
