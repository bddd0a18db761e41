//! Menus and QR codes with scenes, made by the account and seen by phones.
use axum::http::Method;
use serde_json::{Value, json};

use crate::platform::{APP_ID, LI, Platform};

fn click(name: &str) -> Value {
    json!({"button": [{"type": "click", "name": name, "key": "k"}]})
}

async fn names(platform: &Platform) -> Value {
    let menu = platform
        .get(&format!("/accounts/{APP_ID}/menu?openid={LI}"))
        .await;
    menu["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| item["name"].clone())
        .collect()
}

#[tokio::test]
async fn menu_is_made_read_seen_by_the_phone_and_removed() {
    let platform = Platform::start(None, json!({})).await;
    assert_eq!(platform.get_api("/cgi-bin/menu/get").await["errcode"], 46003);
    assert_eq!(names(&platform).await, json!([]));
    assert_eq!(
        platform.post_api("/cgi-bin/menu/create", click("帮助")).await["errcode"],
        0
    );
    assert_eq!(names(&platform).await, json!(["帮助"]));
    let read = platform.get_api("/cgi-bin/menu/get").await;
    assert_eq!(
        read["menu"]["button"],
        json!([{"type": "click", "name": "帮助", "key": "k", "sub_button": []}])
    );
    let own = platform.get_api("/cgi-bin/get_current_selfmenu_info").await;
    assert_eq!(
        (&own["is_menu_open"], &own["selfmenu_info"]["button"][0]["key"]),
        (&json!(1), &json!("k"))
    );
    assert_eq!(platform.get_api("/cgi-bin/menu/delete").await["errcode"], 0);
    assert_eq!(names(&platform).await, json!([]));
}

#[tokio::test]
async fn menu_for_a_tag_is_seen_by_those_who_have_it() {
    let platform = Platform::start(None, json!({})).await;
    let mut conditional = click("VIP");
    conditional["matchrule"] = json!({"tag_id": "100"});
    let early = platform
        .post_api("/cgi-bin/menu/addconditional", conditional.clone())
        .await;
    assert_eq!(early["errcode"], 65303);
    platform.post_api("/cgi-bin/menu/create", click("all")).await;
    let made = platform
        .post_api("/cgi-bin/menu/addconditional", conditional)
        .await;
    assert_eq!(names(&platform).await, json!(["all"]));
    platform
        .post_api("/cgi-bin/tags/create", json!({"tag": {"name": "VIP"}}))
        .await;
    let people = json!({"openid_list": [LI], "tagid": 100});
    platform
        .post_api("/cgi-bin/tags/members/batchtagging", people)
        .await;
    assert_eq!(names(&platform).await, json!(["VIP"]));
    let tried = platform
        .post_api("/cgi-bin/menu/trymatch", json!({"user_id": LI}))
        .await;
    assert_eq!(tried["button"][0]["name"], "VIP");
    let gone = json!({"menuid": made["menuid"]});
    assert_eq!(
        platform.post_api("/cgi-bin/menu/delconditional", gone).await["errcode"],
        0
    );
    assert_eq!(names(&platform).await, json!(["all"]));
}

#[tokio::test]
async fn unverified_service_account_has_a_menu_and_no_codes() {
    let platform = Platform::start(None, json!({"verified": false})).await;
    assert_eq!(
        platform.post_api("/cgi-bin/menu/create", click("a")).await["errcode"],
        0
    );
    let code = json!({"action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 1}}});
    assert_eq!(
        platform.post_api("/cgi-bin/qrcode/create", code).await["errcode"],
        48001
    );
}

#[tokio::test]
async fn code_is_made_listed_shown_scanned_and_expires() {
    let platform = Platform::start(None, json!({})).await;
    let code = json!({"expire_seconds": 60, "action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "desk 7"}}});
    let made = platform.post_api("/cgi-bin/qrcode/create", code).await;
    assert_eq!(made["expire_seconds"], 60);
    let listed = platform.get(&format!("/accounts/{APP_ID}/qrcodes")).await;
    assert_eq!(
        (&listed["items"][0]["scene"], &listed["items"][0]["ticket"]),
        (&json!("desk 7"), &made["ticket"])
    );
    let ticket = made["ticket"].as_str().expect("a ticket");
    let picture = async || {
        platform
            .call_response(
                Method::GET,
                "/cgi-bin/showqrcode",
                &[("ticket", ticket)],
                Value::Null,
            )
            .await
            .expect("an answer")
    };
    let shown = picture().await;
    assert_eq!(shown.headers()["content-type"], "image/png");
    let scan = format!("/accounts/{APP_ID}/followers/{LI}/scan");
    let scanned = platform
        .control(Method::POST, &scan, json!({"ticket": ticket}))
        .await;
    assert!(scanned["delivery_id"].is_string());
    platform.advance(60).await;
    assert_eq!(picture().await.status(), 404);
    let late = platform
        .control(Method::POST, &scan, json!({"ticket": ticket}))
        .await;
    assert_eq!(late["error"]["code"], "qrcode_expired");
}

#[tokio::test]
async fn permanent_code_stays_and_wrong_scenes_are_refused() {
    let platform = Platform::start(None, json!({})).await;
    let make = async |name: &str, scene: Value| {
        let code = json!({"action_name": name, "action_info": {"scene": scene}});
        platform.post_api("/cgi-bin/qrcode/create", code).await
    };
    let permanent = make("QR_LIMIT_STR_SCENE", json!({"scene_str": "door"})).await;
    assert_eq!(permanent["expire_seconds"], Value::Null);
    assert_eq!(
        make("QR_LIMIT_SCENE", json!({"scene_id": 100_001})).await["errcode"],
        40053
    );
    assert_eq!(make("QR_SCENE", json!({"scene_id": 0})).await["errcode"], 40053);
    let long = "x".repeat(65);
    assert_eq!(
        make("QR_STR_SCENE", json!({"scene_str": long})).await["errcode"],
        40053
    );
    assert_eq!(make("QR_NO", json!({})).await["errcode"], 40052);
    platform.advance(40 * 86_400).await;
    let listed = platform.get(&format!("/accounts/{APP_ID}/qrcodes")).await;
    assert_eq!(listed["items"][0]["expires_at"], Value::Null);
}

#[tokio::test]
async fn what_the_console_has_acts_until_pushes_are_switched_on() {
    let platform = Platform::start(None, json!({})).await;
    let console = json!({
        "menu": [{"name": "more", "sub_button": [{"type": "text", "name": "hours", "value": "9-17"}]}],
        "auto_replies": {"is_add_friend_reply_open": 1, "add_friend_autoreply_info": {"type": "text", "content": "hi"}},
    });
    let path = format!("/accounts/{APP_ID}/console");
    platform.control(Method::PUT, &path, console).await;
    assert_eq!(names(&platform).await, json!(["more"]));
    let own = platform.get_api("/cgi-bin/get_current_selfmenu_info").await;
    let below = &own["selfmenu_info"]["button"][0]["sub_button"]["list"][0];
    assert_eq!(
        (&own["is_menu_open"], &below["value"]),
        (&json!(1), &json!("9-17"))
    );
    let replies = platform.get_api("/cgi-bin/get_current_autoreply_info").await;
    assert_eq!(replies["add_friend_autoreply_info"]["content"], "hi");
    assert_eq!(platform.get_api("/cgi-bin/menu/get").await["errcode"], 46003);

    let on = json!({"callback_url": "http://127.0.0.1:9/callback"});
    platform
        .control(Method::PATCH, &format!("/accounts/{APP_ID}"), on)
        .await;
    assert_eq!(names(&platform).await, json!([]));
    let own = platform.get_api("/cgi-bin/get_current_selfmenu_info").await;
    assert_eq!(own["is_menu_open"], 0);
    let replies = platform.get_api("/cgi-bin/get_current_autoreply_info").await;
    assert_eq!(replies["is_add_friend_reply_open"], 0);
    assert_eq!(replies["add_friend_autoreply_info"], Value::Null);
}
