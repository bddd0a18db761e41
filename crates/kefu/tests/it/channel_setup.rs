//! Setting a channel up: its boundaries (`product.md` 7), what an account cannot do, the first message, the wizard.

use crate::harness::{Api, Desk, PASSWORD, eventually, merge};
use reqwest::Method;
use serde_json::{Value, json};

fn wechat(desk: &Desk, changes: Value) -> Value {
    let mut body = json!({"name": "Shop", "original_id": "gh_0123456789ab", "app_id": "wx0123456789abcdef",
        "app_secret": "the-app-secret", "department_ids": [desk.department]});
    merge(&mut body, &changes);
    body
}

async fn create(desk: &Desk, changes: Value) -> Value {
    desk.admin
        .post("/channels", wechat(desk, changes))
        .await
        .created()
}

fn path(channel: &Value) -> String {
    format!("/channels/{}", channel["id"].as_str().expect("id"))
}

async fn refused(desk: &Desk, changes: Value) -> Value {
    let answer = desk.admin.post("/channels", wechat(desk, changes)).await;
    answer.refused(422, "invalid_fields")["fields"].clone()
}

#[tokio::test]
async fn token_and_key_are_taken_at_their_limits_and_refused_beyond() {
    let desk = Desk::start().await;
    for (field, value, code) in [
        ("token", "t".repeat(33), "token_form"),
        ("token", "tt".to_owned(), "token_form"),
        ("token", "with-dash".to_owned(), "token_form"),
        ("token", "トークン".to_owned(), "token_form"),
        ("encoding_aes_key", "k".repeat(42), "key_form"),
        ("encoding_aes_key", "k".repeat(44), "key_form"),
        ("encoding_aes_key", format!("{}=", "k".repeat(42)), "key_form"),
    ] {
        assert_eq!(refused(&desk, json!({field: value})).await, json!({field: code}));
    }
    let channel = create(
        &desk,
        json!({"token": "t".repeat(32), "encoding_aes_key": "k".repeat(43)}),
    )
    .await;
    let changed = desk
        .admin
        .patch(&path(&channel), json!({"token": "abc"}))
        .await
        .ok();
    assert_eq!(changed["token"], "abc");
    let unchanged = desk
        .admin
        .patch(&path(&channel), json!({"token": "t".repeat(33)}))
        .await;
    unchanged.refused(422, "invalid_fields");
    assert_eq!(desk.admin.get(&path(&channel)).await.ok()["token"], "abc");
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    let desk = Desk::start().await;
    let wrong = json!({"name": " ", "token": "tt", "encoding_aes_key": "k", "department_ids": [],
        "unfollow_days": 3651, "time_zone": "Shanghai"});
    let expected = json!({"name": "required", "token": "token_form", "encoding_aes_key": "key_form",
        "department_ids": "required", "unfollow_days": "out_of_range", "time_zone": "unknown_time_zone"});
    assert_eq!(refused(&desk, wrong).await, expected);
}

#[tokio::test]
async fn identifiers_of_a_live_channel_are_taken_and_those_of_a_deleted_one_are_free() {
    let desk = Desk::start().await;
    let first = create(&desk, json!({})).await;
    let same_app = json!({"name": "Another", "original_id": "gh_x", "app_id": " wx0123456789abcdef "});
    assert_eq!(refused(&desk, same_app).await, json!({"app_id": "app_id_taken"}));
    let same_original = json!({"name": "Another", "app_id": "wx1"});
    assert_eq!(
        refused(&desk, same_original).await,
        json!({"original_id": "original_id_taken"})
    );
    desk.admin
        .post(&format!("{}/disable", path(&first)), json!({}))
        .await
        .ok();
    let same_app = json!({"name": "Another", "original_id": "gh_x"});
    assert_eq!(refused(&desk, same_app).await, json!({"app_id": "app_id_taken"}));
    desk.admin.delete(&path(&first)).await;
    create(&desk, json!({})).await;
}

#[tokio::test]
async fn two_channels_of_one_department_both_receive() {
    let desk = Desk::start().await;
    let (one, two) = (desk.channel().await, desk.channel().await);
    for (channel, text) in [(&one, "first shop"), (&two, "second shop")] {
        let phone = desk.phone(channel).await;
        assert_eq!(phone.says(text).await["acknowledged"], true);
    }
    let page = desk.admin.get("/conversations?view=all").await.ok();
    let items = page["items"].as_array().expect("items");
    for channel in [&one, &two] {
        let of_it: Vec<_> = items
            .iter()
            .filter(|item| item["channel_id"] == channel.id)
            .collect();
        assert_eq!(of_it.len(), 1, "{page}");
        assert_eq!(of_it[0]["department_id"], desk.department);
    }
}

#[tokio::test]
async fn an_icon_is_judged_by_its_content_and_never_by_its_name() {
    let desk = Desk::start().await;
    let channel = create(&desk, json!({})).await;
    let icon = format!("{}/icon", path(&channel));
    let png = [b"\x89PNG\r\n\x1a\n".as_slice(), &[0; 100]].concat();
    let jpeg = [b"\xff\xd8\xff\xe0".as_slice(), &[0; 100]].concat();
    for (name, bytes, mime) in [
        ("really-png.jpg", png, "image/png"),
        ("ICON.JPG", jpeg.clone(), "image/jpeg"),
        ("no-extension", jpeg, "image/jpeg"),
    ] {
        let taken = desk.admin.upload(Method::PUT, &icon, name, bytes).await.ok();
        let url = taken["icon_url"].as_str().expect("icon_url");
        let shown = desk.admin.get(url.trim_start_matches("/api/v1")).await;
        assert_eq!(shown.headers["content-type"], mime, "{name}");
    }
    for (name, bytes) in [
        ("icon.png", b"GIF89a\x01\0\x01\0".as_slice()),
        ("icon.jpg", b"RIFF\0\0\0\0WEBPVP8 "),
        ("icon.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("icon.jpeg", b"BM\x36\0\0\0"),
    ] {
        let answer = desk.admin.upload(Method::PUT, &icon, name, bytes.to_vec()).await;
        assert_eq!(
            answer.refused(422, "invalid_fields")["fields"],
            json!({"file": "file_kind"})
        );
    }
}

#[tokio::test]
async fn surveys_are_refused_where_wechat_knows_none_and_go_off_when_the_account_becomes_such() {
    let desk = Desk::start().await;
    let on = json!({"survey_enabled": true});
    for (account, code) in [
        (json!({"region": "other"}), "survey_region"),
        (json!({"account_kind": "test"}), "survey_test_account"),
    ] {
        let mut asked = account.clone();
        merge(&mut asked, &on);
        assert_eq!(refused(&desk, asked).await, json!({"survey_enabled": code}));
        let mut off = account;
        merge(&mut off, &json!({"survey_enabled": false}));
        let channel = create(&desk, off).await;
        let answer = desk.admin.patch(&path(&channel), on.clone()).await;
        assert_eq!(
            answer.refused(422, "invalid_fields")["fields"],
            json!({"survey_enabled": code})
        );
        desk.admin.delete(&path(&channel)).await;
    }
    let channel = create(&desk, on).await;
    assert_eq!(channel["survey_enabled"], true);
    let moved = desk
        .admin
        .patch(&path(&channel), json!({"region": "other"}))
        .await
        .ok();
    assert_eq!(moved["survey_enabled"], false);
}

#[tokio::test]
async fn a_test_account_has_no_encryption_to_choose() {
    let desk = Desk::start().await;
    for mode in ["compatible", "safe"] {
        let fields = refused(&desk, json!({"account_kind": "test", "encryption_mode": mode})).await;
        assert_eq!(fields, json!({"encryption_mode": "mode_test_account"}));
    }
    let safe = create(&desk, json!({"encryption_mode": "safe"})).await;
    let answer = desk
        .admin
        .patch(&path(&safe), json!({"account_kind": "test"}))
        .await;
    assert_eq!(
        answer.refused(422, "invalid_fields")["fields"],
        json!({"encryption_mode": "mode_test_account"})
    );
}

#[tokio::test]
async fn the_unfollow_policy_and_the_figures_of_a_custom_policy_come_back_as_they_were_told() {
    let desk = Desk::start().await;
    let policy =
        json!({"window_ms": 172_800_000, "window_messages": 7, "burst_ms": 60_000, "burst_messages": 2});
    let told = json!({"unfollow_policy": "erase", "unfollow_days": 3650, "reply_policy": "custom",
        "custom_policy": policy, "time_zone": "Asia/Tokyo"});
    let channel = create(&desk, told.clone()).await;
    for (field, value) in told.as_object().expect("fields") {
        if field != "custom_policy" {
            assert_eq!(&channel[field], value, "{field}");
        }
    }
    for (field, value) in policy.as_object().expect("figures") {
        assert_eq!(&channel["custom_policy"][field], value, "{field}");
    }
    let zero = desk
        .admin
        .patch(&path(&channel), json!({"unfollow_days": 0}))
        .await
        .ok();
    assert_eq!(zero["unfollow_days"], 0);
    let negative = desk
        .admin
        .patch(&path(&channel), json!({"unfollow_days": -1}))
        .await;
    negative.refused(422, "invalid_fields");
    let without = json!({"name": "x", "app_id": "x", "original_id": "x", "reply_policy": "custom"});
    assert_eq!(
        refused(&desk, without).await,
        json!({"custom_policy": "required"})
    );
}

#[tokio::test]
async fn the_first_message_of_a_channel_is_told_live_with_its_conversation() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let shown = || async { desk.admin.get(&format!("/channels/{}", channel.id)).await.ok() };
    assert_eq!(shown().await["first_message_at"], Value::Null);
    let phone = desk.phone(&channel).await;
    // Following is not writing.
    phone.does("subscribe").await;
    assert_eq!(shown().await["first_message_at"], Value::Null);
    let before = changes(&desk).await;
    phone.says("hello").await;
    let seen = eventually("the first message is on the channel", || async {
        let channel = shown().await;
        let known = channel["first_message_at"].is_string();
        known.then(|| channel.clone()).ok_or_else(|| channel.to_string())
    })
    .await;
    let conversation = desk.conversation(&desk.admin).await;
    assert_eq!(seen["first_conversation_id"], conversation["id"]);
    assert!(
        changes(&desk).await > before,
        "browsers are told that the channel changed"
    );
    // A second one changes nothing.
    desk.advance_hours(1.0);
    desk.phone(&channel).await.says("hello again").await;
    assert_eq!(shown().await["first_message_at"], seen["first_message_at"]);
}

/// How often the log says that a channel changed.
async fn changes(desk: &Desk) -> usize {
    let mut conn = desk.inside().db.read().await.expect("a connection");
    let start = kefu::db::events::Position::default();
    let rows = kefu::db::events::after(&mut conn, start, 1000)
        .await
        .expect("the log");
    rows.iter().filter(|row| row.kind == "channel").count()
}

#[tokio::test]
async fn what_is_written_to_a_disabled_channel_is_no_first_message() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let path = format!("/channels/{}", channel.id);
    let phone = desk.phone(&channel).await;
    desk.admin.post(&format!("{path}/disable"), json!({})).await.ok();
    assert_eq!(phone.says("is anybody there?").await["acknowledged"], true);
    desk.admin.post(&format!("{path}/enable"), json!({})).await.ok();
    assert_eq!(desk.admin.get(&path).await.ok()["first_message_at"], Value::Null);
    phone.says("and now?").await;
    eventually("the first message is on the channel", || async {
        let channel = desk.admin.get(&path).await.ok();
        let known = channel["first_message_at"].is_string();
        known.then_some(()).ok_or_else(|| channel.to_string())
    })
    .await;
}

async fn step(desk: &Desk, name: &str) -> Value {
    let steps = desk.admin.get("/setup-steps").await.ok();
    let items = steps["items"].as_array().expect("items");
    items
        .iter()
        .find(|one| one["step"] == name)
        .expect("the step")
        .clone()
}

#[tokio::test]
async fn ticks_of_the_wizard_are_kept_with_who_and_when_and_two_administrators_do_not_undo_each_other() {
    let desk = Desk::start().await;
    assert_eq!(step(&desk, "email").await["done"], false);
    let body = json!({"email": "second@example.com", "name": "Second", "role": "admin", "password": PASSWORD,
        "department_ids": [desk.department]});
    let second = desk.admin.post("/agents", body).await.created();
    let api = Api::signed_in(&desk.base, "second@example.com", PASSWORD).await;
    let tick = |step: &str| json!({"step": step, "done": true});
    let (a, b) = tokio::join!(
        desk.admin.put("/setup-steps", tick("email")),
        api.put("/setup-steps", tick("open_page"))
    );
    a.ok();
    b.ok();
    assert_eq!(step(&desk, "email").await["done_by"], "ag_1");
    let opened = step(&desk, "open_page").await;
    assert_eq!(
        (&opened["done"], &opened["done_by"]),
        (&json!(true), &second["id"])
    );
    assert!(opened["done_at"].is_string());

    let chosen = json!({"step": "account_kind", "done": true, "choice": "subscription"});
    desk.admin.put("/setup-steps", chosen).await.ok();
    desk.admin
        .put("/setup-steps", json!({"step": "account_kind", "done": false}))
        .await
        .ok();
    let kind = step(&desk, "account_kind").await;
    assert_eq!(
        (&kind["done"], &kind["choice"], &kind["done_by"]),
        (&json!(false), &json!("subscription"), &Value::Null)
    );
    let wrong = json!({"step": "account_kind", "done": true, "choice": "moon"});
    let answer = desk.admin.put("/setup-steps", wrong).await;
    assert_eq!(
        answer.refused(422, "invalid_fields")["fields"],
        json!({"choice": "unknown_value"})
    );

    assert_eq!(desk.admin.delete("/setup-steps").await.status, 204);
    let kind = step(&desk, "account_kind").await;
    assert_eq!((&kind["choice"], &kind["done"]), (&Value::Null, &json!(false)));
}

#[tokio::test]
async fn the_wizard_is_for_administrators() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    for role in ["supervisor", "agent", "viewer"] {
        let api = desk.agent_with_role(&channel, role).await;
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let answer = api.send(method, "/setup-steps", Some("{broken".into())).await;
            answer.refused(403, "not_permitted");
        }
    }
}
