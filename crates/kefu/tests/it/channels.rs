//! Channels: what is told, checked, shown, changed and never shown.

use crate::harness::{AES_KEY, Api, Desk, PASSWORD, TOKEN};
use reqwest::Method;
use serde_json::{Value, json};

fn id(object: &Value) -> String {
    object["id"].as_str().expect("id").to_owned()
}

async fn agent(desk: &Desk, name: &str, role: &str) -> (String, Api) {
    let email = format!("{name}@example.com");
    let body = json!({"email": email, "name": name, "role": role, "password": PASSWORD, "department_ids": [desk.department]});
    let agent = desk.admin.post("/agents", body).await.created();
    (id(&agent), Api::signed_in(&desk.base, &email, PASSWORD).await)
}

fn wechat(desk: &Desk) -> Value {
    json!({"name": "Shop", "original_id": "gh_0123456789ab", "app_id": "wx0123456789abcdef",
        "app_secret": "the-app-secret", "department_ids": [desk.department]})
}

#[tokio::test]
async fn a_new_channel_has_the_documented_defaults_and_hides_its_secret() {
    let desk = Desk::start().await;
    let answer = desk.admin.post("/channels", wechat(&desk)).await;
    assert!(!answer.text.contains("the-app-secret"), "{}", answer.text);
    let channel = answer.created();
    for (field, value) in [
        ("kind", json!("wechat")),
        ("state", json!("active")),
        ("verified", json!(true)),
        ("region", json!("mainland_china")),
        ("encryption_mode", json!("plain")),
        ("reply_policy", json!("documented")),
        ("survey_enabled", json!(false)),
        ("unfollow_policy", json!("keep")),
        ("app_secret", json!("*******")),
        ("department_ids", json!([desk.department])),
        ("default_department_id", json!(desk.department)),
        ("url_verified_at", Value::Null),
        ("icon_url", Value::Null),
    ] {
        assert_eq!(channel[field], value, "{field}");
    }
    assert_eq!(channel["token"].as_str().expect("token").len(), 32);
    assert_eq!(channel["encoding_aes_key"].as_str().expect("key").len(), 43);
    assert!(
        channel["callback_url"]
            .as_str()
            .expect("url")
            .contains("/callback/wechat/")
    );
    let path = format!(
        "/departments/{}/channels/{}/preferences",
        desk.department,
        id(&channel)
    );
    let preferences = desk.admin.get(&path).await.ok();
    assert_eq!(
        (&preferences["agent_ids"], &preferences["ticket_timer_minutes"]),
        (&json!([]), &json!(1440))
    );
    let (_, viewer) = agent(&desk, "viewer", "viewer").await;
    let seen = viewer.get(&format!("/channels/{}", id(&channel))).await.ok();
    assert_eq!(
        (&seen["token"], &seen["encoding_aes_key"]),
        (&Value::Null, &Value::Null)
    );
}

#[tokio::test]
async fn channels_are_seen_in_their_departments_only() {
    let desk = Desk::start().await;
    let other = id(&desk
        .admin
        .post("/departments", json!({"name": "Other"}))
        .await
        .created());
    let mut body = wechat(&desk);
    body["department_ids"] = json!([other]);
    let channel = id(&desk.admin.post("/channels", body).await.created());
    let (_, supervisor) = agent(&desk, "supervisor", "supervisor").await;
    assert_eq!(supervisor.get("/channels").await.ok()["items"], json!([]));
    supervisor
        .get(&format!("/channels/{channel}"))
        .await
        .refused(404, "not_found");
}

#[tokio::test]
async fn a_channel_is_checked_field_by_field() {
    let desk = Desk::start().await;
    let error = desk
        .admin
        .post("/channels", json!({}))
        .await
        .refused(422, "invalid_fields");
    let required = ["name", "original_id", "app_id", "app_secret", "department_ids"];
    assert_eq!(
        error["fields"].as_object().expect("fields").len(),
        required.len(),
        "{error}"
    );
    assert!(
        required.iter().all(|field| error["fields"][field] == "required"),
        "{error}"
    );
    for (field, value, code) in [
        ("name", json!("名".repeat(101)), "too_long"),
        ("token", json!("ab"), "token_form"),
        ("token", json!("a".repeat(33)), "token_form"),
        ("encoding_aes_key", json!("k".repeat(42)), "key_form"),
        ("encoding_aes_key", json!("k".repeat(44)), "key_form"),
        ("department_ids", json!([]), "required"),
        ("department_ids", json!(["dp_99"]), "unknown_department"),
        ("default_department_id", json!("dp_99"), "unknown_department"),
        ("app_secret", json!("*******"), "required"),
        ("kind", json!("telegraph"), "unknown_value"),
        ("region", json!("moon"), "unknown_value"),
        ("app_secret", json!(7_770_111), "unknown_value"),
        ("time_zone", json!("Shanghai"), "unknown_time_zone"),
    ] {
        let mut body = wechat(&desk);
        body[field] = value;
        let error = desk
            .admin
            .post("/channels", body)
            .await
            .refused(422, "invalid_fields");
        assert_eq!(error["fields"], json!({field: code}));
        assert!(
            !error.to_string().contains("7770111"),
            "a value may be a secret: {error}"
        );
    }
    desk.admin.post("/channels", wechat(&desk)).await.created();
    for (changes, field, code) in [
        (json!({"app_id": "x", "original_id": "x"}), "name", "name_taken"),
        (json!({"name": "x", "original_id": "x"}), "app_id", "app_id_taken"),
        (
            json!({"name": "x", "app_id": "x"}),
            "original_id",
            "original_id_taken",
        ),
    ] {
        let mut body = wechat(&desk);
        crate::harness::merge(&mut body, &changes);
        let error = desk
            .admin
            .post("/channels", body)
            .await
            .refused(422, "invalid_fields");
        assert_eq!(error["fields"], json!({field: code}));
    }
}

#[tokio::test]
async fn the_masked_secret_keeps_the_stored_one_and_versions_are_compared() {
    let desk = Desk::start().await;
    let channel = desk.admin.post("/channels", wechat(&desk)).await.created();
    let path = format!("/channels/{}", id(&channel));
    let number = kefu::domain::ids::ChannelId(1);
    let secret = || async {
        let entry = desk
            .inside()
            .channels
            .reload(number)
            .await
            .expect("read")
            .expect("there");
        entry
            .settings
            .app_secret
            .as_ref()
            .expect("a secret")
            .as_str()
            .to_owned()
    };
    let changed = desk
        .admin
        .patch(
            &path,
            json!({"app_secret": "*******", "name": "Renamed", "version": 1}),
        )
        .await
        .ok();
    assert_eq!(
        (&changed["name"], &changed["version"]),
        (&json!("Renamed"), &json!(2))
    );
    assert_eq!(secret().await, "the-app-secret");
    desk.admin
        .patch(&path, json!({"app_secret": "another-one"}))
        .await
        .ok();
    assert_eq!(secret().await, "another-one");
    desk.admin
        .patch(&path, json!({"name": "Late", "version": 2}))
        .await
        .refused(409, "changed_meanwhile");
}

#[tokio::test]
async fn a_changed_token_leaves_the_one_before_it_valid() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let path = format!("/channels/{}", channel.id);
    desk.admin
        .patch(
            &path,
            json!({"token": "anotherToken", "encoding_aes_key": AES_KEY}),
        )
        .await
        .ok();
    let number = kefu::domain::ids::ChannelId(1);
    let settings = desk
        .inside()
        .channels
        .reload(number)
        .await
        .expect("read")
        .expect("there")
        .settings;
    let text = |secret: &Option<zeroize::Zeroizing<String>>| secret.as_ref().map(|s| s.as_str().to_owned());
    assert_eq!(text(&settings.token).as_deref(), Some("anotherToken"));
    assert_eq!(text(&settings.previous_token).as_deref(), Some(TOKEN));
    assert_eq!(
        text(&settings.previous_encoding_aes_key),
        None,
        "the same key again is no change"
    );
}

#[tokio::test]
async fn a_channel_is_disabled_enabled_and_deleted_for_good() {
    let desk = Desk::start().await;
    let channel = desk.admin.post("/channels", wechat(&desk)).await.created();
    let path = format!("/channels/{}", id(&channel));
    let disabled = desk.admin.post(&format!("{path}/disable"), json!({})).await.ok();
    assert_eq!(
        (&disabled["state"], &disabled["changed_by"]),
        (&json!("disabled"), &json!("ag_1"))
    );
    assert!(disabled["disabled_at"].is_string());
    let enabled = desk.admin.post(&format!("{path}/enable"), json!({})).await.ok();
    assert_eq!(
        (&enabled["state"], &enabled["disabled_at"]),
        (&json!("active"), &Value::Null)
    );
    assert_eq!(desk.admin.delete(&path).await.status, 204);
    let deleted = desk.admin.get(&path).await.ok();
    for field in ["app_secret", "token", "encoding_aes_key"] {
        assert_eq!(deleted[field], Value::Null, "{field} is wiped");
    }
    let preferences = format!(
        "/departments/{}/channels/{}/preferences",
        desk.department,
        id(&channel)
    );
    desk.admin
        .patch(&path, json!({"name": "x"}))
        .await
        .refused(409, "channel_deleted");
    desk.admin.delete(&path).await.refused(409, "channel_deleted");
    for verb in ["enable", "disable", "check"] {
        desk.admin
            .post(&format!("{path}/{verb}"), json!({}))
            .await
            .refused(409, "channel_deleted");
    }
    desk.admin
        .put(&preferences, json!({"agent_ids": []}))
        .await
        .refused(409, "channel_deleted");
    desk.admin.get(&preferences).await.refused(404, "not_found");
    assert_eq!(desk.admin.get("/channels").await.ok()["items"], json!([]));
    let all = desk.admin.get("/channels?include_deleted=true").await.ok();
    assert_eq!(all["items"].as_array().expect("items").len(), 1);
    desk.admin.post("/channels", wechat(&desk)).await.created();
}

#[tokio::test]
async fn an_icon_is_judged_by_content_and_size() {
    let desk = Desk::start().await;
    let channel = desk.admin.post("/channels", wechat(&desk)).await.created();
    let path = format!("/channels/{}/icon", id(&channel));
    let picture = |bytes: usize| {
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        png.resize(bytes, 0);
        png
    };
    let taken = desk
        .admin
        .upload(Method::PUT, &path, "ICON.JPG", picture(1_048_576))
        .await
        .ok();
    assert!(
        taken["icon_url"]
            .as_str()
            .expect("icon_url")
            .starts_with("/api/v1/media/md_")
    );
    for (bytes, code) in [
        (picture(1_048_577), "file_too_large"),
        (picture(5_000_000), "file_too_large"),
        (b"GIF89a......".to_vec(), "file_kind"),
        (Vec::new(), "file_empty"),
    ] {
        let error = desk
            .admin
            .upload(Method::PUT, &path, "icon.png", bytes)
            .await
            .refused(422, "invalid_fields");
        assert_eq!(
            (&error["fields"], &error["limit_bytes"]),
            (&json!({"file": code}), &json!(1_048_576))
        );
    }
    desk.admin
        .put(&path, json!({}))
        .await
        .refused(415, "unsupported_media_type");
}

#[tokio::test]
async fn a_check_says_whether_the_credentials_work() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let path = format!("/channels/{}", channel.id);
    assert_eq!(
        desk.admin.post(&format!("{path}/check"), json!({})).await.ok()["ok"],
        true
    );
    desk.admin
        .patch(&path, json!({"app_secret": "f".repeat(32)}))
        .await
        .ok();
    let answer = desk.admin.post(&format!("{path}/check"), json!({})).await;
    assert!(!answer.text.contains("ffff"), "{}", answer.text);
    let checked = answer.ok();
    assert_eq!(checked["ok"], false);
    assert!(
        checked["code"].as_str().expect("code").starts_with("wechat_"),
        "{checked}"
    );
}

#[tokio::test]
async fn generated_secrets_are_of_the_right_form_and_never_the_same() {
    let desk = Desk::start().await;
    let first = desk.admin.post("/channels/generate-secret", json!({})).await.ok();
    let second = desk.admin.post("/channels/generate-secret", json!({})).await.ok();
    for (field, length) in [("token", 32), ("encoding_aes_key", 43)] {
        let text = first[field].as_str().expect("text");
        assert!(
            text.len() == length && text.bytes().all(|b| b.is_ascii_alphanumeric()),
            "{text}"
        );
        assert_ne!(first[field], second[field]);
    }
}
