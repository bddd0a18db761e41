//! What a restart with a data directory keeps.
use axum::http::Method;
use serde_json::{Value, json};

use crate::platform::{APP_ID, HOUR, LI, Platform};

#[tokio::test]
async fn state_survives_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = Platform::open(Some(folder.path())).await;
    first
        .create_account(None, json!({"reply_profile": "wechat_current"}))
        .await;
    first
        .control(
            Method::POST,
            &format!("/accounts/{APP_ID}/followers"),
            json!({"openid": LI, "silent": true}),
        )
        .await;
    let told = first.says("before").await;
    first.reply("one").await;
    let token = first.token().await;
    first.advance(HOUR).await;
    let now_ms = first.sim.clock().now_ms();
    first.sim.shutdown().await;

    let second = Platform::open(Some(folder.path())).await;
    assert!(second.sim.clock().now_ms() >= now_ms);
    assert_eq!(second.token().await, token);
    let shown: Vec<_> = second
        .timeline()
        .await
        .iter()
        .map(|item| item["text"].clone())
        .collect();
    assert_eq!(shown, ["before", "one"]);
    for _ in 0..4 {
        assert_eq!(second.reply("more").await, 0);
    }
    assert_eq!(second.reply("sixth").await, 45047);
    let id = |told: &Value| {
        told["msg_id"]
            .as_str()
            .and_then(|id| id.parse::<u64>().ok())
            .expect("a number")
    };
    assert!(id(&second.says("after").await) > id(&told));
}

#[tokio::test]
async fn media_survive_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = Platform::open(Some(folder.path())).await;
    first.create_account(None, json!({})).await;
    first
        .control(
            Method::POST,
            &format!("/accounts/{APP_ID}/followers"),
            json!({"openid": LI, "silent": true}),
        )
        .await;
    let path = format!("/sim/v1/accounts/{APP_ID}/followers/{LI}/messages");
    let part = reqwest::multipart::Part::bytes(b"text".to_vec()).file_name("a.txt");
    let form = reqwest::multipart::Form::new()
        .text("type", "file")
        .part("file", part);
    first
        .http
        .post(format!("{}{path}", first.sim.url()))
        .multipart(form)
        .send()
        .await
        .expect("an answer");
    first.sim.shutdown().await;

    let second = Platform::open(Some(folder.path())).await;
    let media_id = second.timeline().await[0]["media_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let kept = second
        .http
        .get(format!("{}/sim/v1/media/{media_id}", second.sim.url()))
        .send()
        .await;
    assert_eq!(kept.expect("an answer").bytes().await.expect("bytes"), "text");
}

#[tokio::test]
async fn changes_are_written_without_a_shutdown() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = Platform::open(Some(folder.path())).await;
    platform.create_account(None, json!({})).await;
    let file = folder.path().join("simulator.json");
    let is_written = || async { std::fs::read_to_string(&file).is_ok_and(|text| text.contains(APP_ID)) };
    crate::platform::eventually("the write", is_written).await;
}

#[tokio::test]
async fn damaged_state_is_refused_and_named() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("simulator.json"), "{").expect("written");
    let options = wechat_sim::SimOptions {
        listen: "127.0.0.1:0".parse().expect("an address"),
        data_dir: Some(folder.path().to_owned()),
        not_before_ms: None,
    };
    let error = wechat_sim::Sim::start(options)
        .await
        .expect_err("it must not start");
    assert!(error.to_string().contains("simulator.json"));
}

#[tokio::test]
async fn menu_tags_codes_and_a_mass_message_under_way_survive_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = Platform::open(Some(folder.path())).await;
    first.create_account(None, json!({})).await;
    first.follower(LI).await;
    let menu = json!({"button": [{"type": "click", "name": "帮助", "key": "k"}]});
    first.post_api("/cgi-bin/menu/create", menu).await;
    first
        .post_api("/cgi-bin/tags/create", json!({"tag": {"name": "VIP"}}))
        .await;
    let code = json!({"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "door"}}});
    first.post_api("/cgi-bin/qrcode/create", code).await;
    let all = json!({"filter": {"is_to_all": true}, "msgtype": "text", "text": {"content": "x"}});
    let sent = first.post_api("/cgi-bin/message/mass/sendall", all).await;
    assert_eq!(sent["errcode"], 0);
    first.sim.shutdown().await;

    let second = Platform::open(Some(folder.path())).await;
    let got = async || second.timeline().await.len() == 1;
    crate::platform::eventually("the mass message", got).await;
    let menu = second.get(&format!("/accounts/{APP_ID}/menu")).await;
    assert_eq!(menu["items"][0]["name"], "帮助");
    let codes = second.get(&format!("/accounts/{APP_ID}/qrcodes")).await;
    assert_eq!(codes["items"][0]["scene"], "door");
    let tags = second.get_api("/cgi-bin/tags/get").await;
    assert_eq!(tags["tags"][1]["name"], "VIP");
}

#[tokio::test]
async fn state_of_an_earlier_version_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let window = json!({"until_ms": 0, "left": null});
    let li = json!({
        "openid": LI, "name": "Li", "number": 1, "subscribed": true, "subscribed_ms": 1, "subscribe_scene": "",
        "qr_scene": "", "window": window, "talked_ms": null, "typing_until_ms": null, "timeline": [],
    });
    let account = json!({
        "spec": {"app_id": APP_ID, "secret": crate::platform::SECRET}, "followers": {LI: li},
        "tokens": {"plain": [], "stable": [], "forced_ms": []}, "usage": {"day": 0, "counts": {}},
    });
    let state = json!({
        "accounts": {APP_ID: account}, "media": {}, "clock_offset_ms": 0, "last_id": 1, "last_msg_id": 1,
    });
    std::fs::write(folder.path().join("simulator.json"), state.to_string()).expect("written");
    let platform = Platform::open(Some(folder.path())).await;
    platform.says("hi").await;
    assert_eq!(platform.reply("hello").await, 0);
}
