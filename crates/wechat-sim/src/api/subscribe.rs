//! Subscription notices: one message for each consent that the person gave.
//! A consent comes as the event `subscribe_msg_popup_event` with `accept`, ordered through the control API.
use serde_json::{Map, Value, json};

use super::call::{Answer, Call, Outcome};
use super::content::text;
use super::endpoint::{Endpoint, Needs};
use super::errcode::ApiError;
use super::template::{check_values, deliver, line};
use super::user::known;
use crate::push::{Receipt, send_receipt};
use crate::random;
use crate::state::template::Template;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/cgi-bin/message/subscribe/bizsend", Needs::VerifiedService, send),
    Endpoint::get("/wxaapi/newtmpl/gettemplate", Needs::VerifiedService, list),
    Endpoint::post("/wxaapi/newtmpl/addtemplate", Needs::VerifiedService, add),
    Endpoint::post("/wxaapi/newtmpl/deltemplate", Needs::VerifiedService, delete),
    Endpoint::get("/wxaapi/newtmpl/getcategory", Needs::VerifiedService, categories),
];

fn send(call: &Call) -> Outcome {
    let request: Map<String, Value> = call.json()?;
    let openid = text(&request, "touser").ok_or_else(|| ApiError::new(40003))?;
    let template_id = text(&request, "template_id").ok_or_else(|| ApiError::new(40037))?;
    let data = request.get("data").and_then(Value::as_object);
    let data = data.ok_or_else(|| ApiError::new(47003))?;
    check_values(data)?;
    call.with_account(|account, _| {
        let follower = known(account, openid)?;
        let consents = follower.consents.get_mut(template_id).filter(|count| **count > 0);
        *consents.ok_or_else(|| ApiError::new(43101))? -= 1;
        Ok(())
    })?;
    let card = Map::from_iter([("data".to_owned(), Value::Object(data.clone()))]);
    let msg_id = deliver(call, openid, Some(line("subscription", template_id, card)))?;
    let list = json!({
        "List": [{
            "TemplateId": template_id,
            "MsgID": msg_id.to_string(),
            "ErrorCode": 0,
            "ErrorStatus": "success",
        }],
    });
    let fields = Map::from_iter([("SubscribeMsgSentEvent".to_owned(), list)]);
    let receipt = Receipt {
        app_id: call.account_id()?,
        openid,
        event: "subscribe_msg_sent_event",
        fields: &fields,
    };
    send_receipt(&call.world, receipt);
    Ok(Answer::ok())
}

fn list(call: &Call) -> Outcome {
    call.with_account(|account, _| {
        let shown = |template: &Template| {
            json!({
                "priTmplId": template.template_id,
                "title": template.title,
                "content": template.keywords.join("\n"),
                "example": "",
                "type": 2,
            })
        };
        let data: Vec<_> = account.notices.iter().map(shown).collect();
        Ok(Answer::Json(
            json!({ "errcode": 0, "errmsg": "ok", "data": data }),
        ))
    })
}

fn add(call: &Call) -> Outcome {
    let request: Map<String, Value> = call.json()?;
    let title = request.get("tid").map(crate::push::body::plain);
    let title = title.filter(|title| !title.is_empty());
    let title = title.ok_or_else(|| ApiError::with_text(200_014, "invalid tid"))?;
    let keywords = request.get("kidList").and_then(Value::as_array);
    let keywords = keywords.into_iter().flatten().map(ToString::to_string).collect();
    call.with_account(|account, _| {
        let template = Template {
            template_id: random::url_safe(43),
            title,
            keywords,
        };
        let id = template.template_id.clone();
        account.notices.push(template);
        Ok(Answer::Json(
            json!({ "errcode": 0, "errmsg": "ok", "priTmplId": id }),
        ))
    })
}

fn delete(call: &Call) -> Outcome {
    let request: Map<String, Value> = call.json()?;
    let id = text(&request, "priTmplId").unwrap_or_default();
    call.with_account(|account, _| {
        account.notices.retain(|template| template.template_id != id);
        Ok(Answer::ok())
    })
}

fn categories(_: &Call) -> Outcome {
    Ok(Answer::Json(
        json!({ "errcode": 0, "errmsg": "ok", "data": [{ "id": 612, "name": "客服" }] }),
    ))
}
