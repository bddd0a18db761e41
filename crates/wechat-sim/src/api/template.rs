//! Template messages: the account's templates, and messages made of them, with a receipt for each.
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::call::{Answer, Call, Outcome};
use super::content::text;
use super::endpoint::{Endpoint, Needs};
use super::errcode::ApiError;
use super::user::known;
use crate::clock::wall_ms;
use crate::push::{Receipt, send_receipt};
use crate::random;
use crate::state::Line;
use crate::state::account::{Account, Region};
use crate::state::template::{Sent, Template};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post(
        "/cgi-bin/template/api_set_industry",
        Needs::VerifiedService,
        set_industry,
    ),
    Endpoint::get("/cgi-bin/template/get_industry", Needs::VerifiedService, industry),
    Endpoint::post("/cgi-bin/template/api_add_template", Needs::VerifiedService, add),
    Endpoint::get(
        "/cgi-bin/template/get_all_private_template",
        Needs::VerifiedService,
        list,
    ),
    Endpoint::post(
        "/cgi-bin/template/del_private_template",
        Needs::VerifiedService,
        delete,
    ),
    Endpoint::post("/cgi-bin/message/template/send", Needs::VerifiedService, send),
    Endpoint::post(
        "/cgi-bin/message/template/subscribe",
        Needs::VerifiedService,
        send_once,
    ),
];

const TEMPLATES_MOST: usize = 25;
const REPEAT_MS: i64 = 60_000;
const ONCE_TITLE_CHARS: usize = 15;
const ONCE_CHARS: usize = 200;

fn set_industry(_: &Call) -> Outcome {
    Ok(Answer::ok())
}

fn industry(_: &Call) -> Outcome {
    let it = json!({ "first_class": "IT科技", "second_class": "互联网|电子商务" });
    Ok(Answer::Json(
        json!({ "primary_industry": it, "secondary_industry": it }),
    ))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AddRequest {
    template_id_short: String,
    keyword_name_list: Vec<String>,
}

fn add(call: &Call) -> Outcome {
    let request: AddRequest = call.json()?;
    call.with_account(|account, _| {
        if request.template_id_short.is_empty() {
            return Err(ApiError::new(40037));
        }
        if account.templates.len() >= TEMPLATES_MOST {
            return Err(ApiError::with_text(45026, "template num exceeds limit"));
        }
        let template = Template {
            template_id: random::url_safe(43),
            title: request.template_id_short,
            keywords: request.keyword_name_list,
        };
        let id = template.template_id.clone();
        account.templates.push(template);
        Ok(Answer::Json(
            json!({ "errcode": 0, "errmsg": "ok", "template_id": id }),
        ))
    })
}

fn list(call: &Call) -> Outcome {
    call.with_account(|account, _| {
        let shown = |template: &Template| {
            let lines = template.keywords.iter().enumerate();
            let content: Vec<_> = lines
                .map(|(at, keyword)| format!("{keyword}：{{{{keyword{}.DATA}}}}", at + 1))
                .collect();
            json!({
                "template_id": template.template_id,
                "title": template.title,
                "primary_industry": "IT科技",
                "deputy_industry": "互联网|电子商务",
                "content": content.join("\n"),
                "example": "",
            })
        };
        let templates: Vec<_> = account.templates.iter().map(shown).collect();
        Ok(Answer::Json(json!({ "template_list": templates })))
    })
}

fn delete(call: &Call) -> Outcome {
    let request: Map<String, Value> = call.json()?;
    let id = text(&request, "template_id").unwrap_or_default();
    call.with_account(|account, _| {
        find(account, id)?;
        account.templates.retain(|template| template.template_id != id);
        Ok(Answer::ok())
    })
}

fn find<'a>(account: &'a Account, id: &str) -> Result<&'a Template, ApiError> {
    let mut templates = account.templates.iter();
    templates
        .find(|template| template.template_id == id)
        .ok_or_else(|| ApiError::new(40037))
}

fn send(call: &Call) -> Outcome {
    let request: Map<String, Value> = call.json()?;
    let openid = text(&request, "touser").ok_or_else(|| ApiError::new(40003))?;
    let (line, refuses) = call.with_account(|account, now_ms| {
        let title = find(account, text(&request, "template_id").unwrap_or_default())?
            .title
            .clone();
        let data = request.get("data").and_then(Value::as_object);
        let data = data.ok_or_else(|| ApiError::new(47001))?;
        check_values(data)?;
        let region = account.spec.region;
        let follower = known(account, openid)?;
        if !follower.subscribed {
            return Err(ApiError::new(43004));
        }
        let refuses = follower.refuses;
        note_sent(account, openid, &request, now_ms)?;
        Ok((line("template", &title, card(&request, data, region)), refuses))
    })?;
    let msg_id = deliver(call, openid, (!refuses).then_some(line))?;
    let status = if refuses { "failed:user block" } else { "success" };
    let fields = Map::from_iter([
        ("MsgID".to_owned(), json!(msg_id)),
        ("Status".to_owned(), json!(status)),
    ]);
    let receipt = Receipt {
        app_id: call.account_id()?,
        openid,
        event: "TEMPLATESENDJOBFINISH",
        fields: &fields,
    };
    send_receipt(&call.world, receipt);
    Ok(Answer::Json(
        json!({ "errcode": 0, "errmsg": "ok", "msgid": msg_id }),
    ))
}

/// Each value is an object with a text; the text says which one is wrong.
pub(super) fn check_values(data: &Map<String, Value>) -> Result<(), ApiError> {
    for (key, value) in data {
        let text = value.get("value").and_then(Value::as_str).unwrap_or_default();
        let most = if key.starts_with("thing") { 20 } else { 200 };
        let count = text.chars().count();
        if count == 0 || count > most {
            let errmsg = format!("argument invalid! data.{key}.value invalid");
            return Err(ApiError::with_text(47003, errmsg));
        }
    }
    Ok(())
}

/// The same to the same person within a minute is refused; with the caller's own id, for ten.
fn note_sent(
    account: &mut Account,
    openid: &str,
    request: &Map<String, Value>,
    now_ms: i64,
) -> Result<(), ApiError> {
    let client_id = text(request, "client_msg_id");
    let (key, lasts_ms) = match client_id {
        Some(id) => (id.to_owned(), 10 * REPEAT_MS),
        None => (Value::Object(request.clone()).to_string(), REPEAT_MS),
    };
    account.templates_sent.retain(|sent| now_ms < sent.until_ms);
    let is_repeat = |sent: &Sent| sent.openid == openid && sent.key == key;
    if account.templates_sent.iter().any(is_repeat) {
        return Err(ApiError::new(40241));
    }
    account.templates_sent.push(Sent {
        openid: openid.to_owned(),
        key,
        until_ms: now_ms + lasts_ms,
    });
    Ok(())
}

/// Accounts from outside of mainland China cannot lead anywhere from a template message.
fn card(request: &Map<String, Value>, data: &Map<String, Value>, region: Region) -> Map<String, Value> {
    let mut card = Map::from_iter([("data".to_owned(), Value::Object(data.clone()))]);
    if region == Region::MainlandChina {
        let target = ["miniprogram", "url"]
            .into_iter()
            .find(|key| request.contains_key(*key));
        card.extend(target.map(|key| (key.to_owned(), request[key].clone())));
    }
    card
}

pub(super) fn line(kind: &str, text: &str, data: Map<String, Value>) -> Line {
    Line {
        direction: crate::state::follower::Direction::Received,
        kind: kind.to_owned(),
        text: text.to_owned(),
        media_id: None,
        via: None,
        data,
        msg_id: None,
        state: None,
    }
}

/// Shows the card, if there is one to show, and answers the id of the message.
pub(super) fn deliver(call: &Call, openid: &str, line: Option<Line>) -> Result<u64, ApiError> {
    let app_id = call.account_id()?;
    let msg_id = {
        let mut state = call.world.state();
        if let Some(line) = line {
            state.show(app_id, openid, line, call.now_ms());
        }
        state.next_job_id(wall_ms())
    };
    call.world.timeline_changed(app_id, openid);
    Ok(msg_id)
}

/// One message for one consent on a page of the account; the simulator takes every scene as consented to.
fn send_once(call: &Call) -> Outcome {
    let request: Map<String, Value> = call.json()?;
    let openid = text(&request, "touser").ok_or_else(|| ApiError::new(40003))?;
    let title = text(&request, "title").unwrap_or_default();
    let content = request
        .get("data")
        .and_then(|data| data.get("content")?.get("value")?.as_str())
        .unwrap_or_default();
    let fits = |text: &str, most| (1..=most).contains(&text.chars().count());
    if !fits(title, ONCE_TITLE_CHARS) || !fits(content, ONCE_CHARS) {
        return Err(ApiError::new(47003));
    }
    call.with_account(|account, _| known(account, openid).map(|_| ()))?;
    let data = Map::from_iter([("content".to_owned(), json!(content))]);
    deliver(call, openid, Some(line("subscription", title, data)))?;
    Ok(Answer::ok())
}
