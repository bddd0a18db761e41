//! The account's menus: for everybody, and for those a rule fits. Also what the console's settings look like to the API.
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::call::{Answer, Call, Outcome};
use super::endpoint::{Endpoint, Needs};
use super::errcode::ApiError;
use super::menu_check::check;
use crate::state::account::Account;
use crate::state::menu::Conditional;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/cgi-bin/menu/create", Needs::ServiceOrVerified, create),
    Endpoint::get("/cgi-bin/menu/get", Needs::ServiceOrVerified, read),
    Endpoint::get("/cgi-bin/menu/delete", Needs::ServiceOrVerified, delete),
    Endpoint::post(
        "/cgi-bin/menu/addconditional",
        Needs::ServiceOrVerified,
        add_conditional,
    ),
    Endpoint::post(
        "/cgi-bin/menu/delconditional",
        Needs::ServiceOrVerified,
        delete_conditional,
    ),
    Endpoint::post("/cgi-bin/menu/trymatch", Needs::ServiceOrVerified, try_match),
    Endpoint::get("/cgi-bin/get_current_selfmenu_info", Needs::Nothing, self_menu),
    Endpoint::get("/cgi-bin/get_current_autoreply_info", Needs::Nothing, auto_reply),
];

/// The first id of a menu; the platform's look like this.
const FIRST_ID: u64 = 208_396_900;
const CONDITIONAL_MOST: usize = 1000;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MenuRequest {
    button: Vec<Value>,
    matchrule: Map<String, Value>,
}

fn create(call: &Call) -> Outcome {
    let request: MenuRequest = call.json()?;
    check(&request.button)?;
    call.with_account(|account, _| {
        let id = next_id(account);
        account.menus.default = Some((id, request.button));
        Ok(())
    })?;
    announce(call);
    Ok(Answer::ok())
}

fn next_id(account: &Account) -> u64 {
    let default = account.menus.default.iter().map(|(id, _)| *id);
    let conditional = account.menus.conditional.iter().map(|menu| menu.menu_id);
    default.chain(conditional).max().unwrap_or(FIRST_ID) + 1
}

fn announce(call: &Call) {
    call.world.changed("menu", call.app_id.as_deref(), None);
}

fn read(call: &Call) -> Outcome {
    call.with_account(|account, _| {
        let menus = &account.menus;
        let (id, buttons) = menus.default.as_ref().ok_or_else(|| ApiError::new(46003))?;
        let mut answer = json!({ "menu": { "button": with_sub_buttons(buttons) } });
        if !menus.conditional.is_empty() {
            answer["menu"]["menuid"] = json!(id);
            let shown = |menu: &Conditional| {
                json!({
                    "button": with_sub_buttons(&menu.buttons),
                    "matchrule": menu.rule,
                    "menuid": menu.menu_id,
                })
            };
            answer["conditionalmenu"] = menus.conditional.iter().map(shown).collect();
        }
        Ok(Answer::Json(answer))
    })
}

/// The platform writes the list of sub-buttons also where there is none.
fn with_sub_buttons(buttons: &[Value]) -> Vec<Value> {
    let add = |button: &Value| {
        let mut button = button.clone();
        if let Some(fields) = button.as_object_mut() {
            let subs = fields.entry("sub_button").or_insert_with(|| json!([]));
            for sub in subs.as_array_mut().into_iter().flatten() {
                if let Some(fields) = sub.as_object_mut() {
                    fields.entry("sub_button").or_insert_with(|| json!([]));
                }
            }
        }
        button
    };
    buttons.iter().map(add).collect()
}

/// The conditional menus go too.
fn delete(call: &Call) -> Outcome {
    call.with_account(|account, _| {
        account.menus = crate::state::menu::Menus::default();
        Ok(())
    })?;
    announce(call);
    Ok(Answer::ok())
}

fn add_conditional(call: &Call) -> Outcome {
    let MenuRequest { button, matchrule } = call.json()?;
    check(&button)?;
    let is_given = |value: &Value| !value.is_null() && value.as_str() != Some("");
    let rule: Map<_, _> = matchrule
        .into_iter()
        .filter(|(_, value)| is_given(value))
        .collect();
    if rule.is_empty() {
        return Err(ApiError::new(65304));
    }
    let menu_id = call.with_account(|account, _| {
        if account.menus.default.is_none() {
            return Err(ApiError::new(65303));
        }
        if account.menus.conditional.len() >= CONDITIONAL_MOST {
            return Err(ApiError::new(65305));
        }
        let menu_id = next_id(account);
        account.menus.conditional.push(Conditional {
            menu_id,
            buttons: button,
            rule,
        });
        Ok(menu_id)
    })?;
    announce(call);
    Ok(Answer::Json(json!({ "menuid": menu_id.to_string() })))
}

fn delete_conditional(call: &Call) -> Outcome {
    let request: Map<String, Value> = call.json()?;
    let given = request.get("menuid");
    let menu_id = given.and_then(|id| id.as_u64().or_else(|| id.as_str()?.parse().ok()));
    call.with_account(|account, _| {
        let menus = &mut account.menus.conditional;
        let at = menus.iter().position(|menu| Some(menu.menu_id) == menu_id);
        menus.remove(at.ok_or_else(|| ApiError::new(65301))?);
        Ok(())
    })?;
    announce(call);
    Ok(Answer::ok())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MatchRequest {
    user_id: String,
}

fn try_match(call: &Call) -> Outcome {
    let request: MatchRequest = call.json()?;
    call.with_account(|account, _| {
        let follower = account.followers.get(&request.user_id);
        let follower = follower.ok_or_else(|| ApiError::new(65302))?;
        let buttons = account.menus.for_follower(Some(follower));
        Ok(Answer::Json(json!({ "button": with_sub_buttons(buttons) })))
    })
}

fn self_menu(call: &Call) -> Outcome {
    call.with_account(|account, _| {
        let made = account.menus.default.as_ref().map(|(_, buttons)| &**buttons);
        let Some(buttons) = made.or_else(|| account.console_menu()) else {
            return Ok(Answer::Json(json!({ "is_menu_open": 0 })));
        };
        let buttons: Vec<_> = buttons.iter().map(as_self_menu).collect();
        Ok(Answer::Json(
            json!({ "is_menu_open": 1, "selfmenu_info": { "button": buttons } }),
        ))
    })
}

/// This call alone wraps the sub-buttons in a `list`.
fn as_self_menu(button: &Value) -> Value {
    let mut button = button.clone();
    if let Some(fields) = button.as_object_mut()
        && let Some(subs) = fields.shift_remove("sub_button")
        && subs.as_array().is_some_and(|subs| !subs.is_empty())
    {
        fields.insert("sub_button".to_owned(), json!({ "list": subs }));
    }
    button
}

/// With pushes switched on the console's automatic replies are off.
fn auto_reply(call: &Call) -> Outcome {
    call.with_account(|account, _| {
        let mut answer = json!({ "is_add_friend_reply_open": 0, "is_autoreply_open": 0 });
        if let (true, Some(fields)) = (account.spec.callback_url.is_empty(), answer.as_object_mut()) {
            fields.extend(account.console.auto_replies.clone());
        }
        Ok(Answer::Json(answer))
    })
}
