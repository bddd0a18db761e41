//! The doctor finds each fault that is planted at the simulator, and names it; a healthy channel is green.

mod addresses;
mod command;
mod probes;
mod pushes;
mod together;

use crate::harness::{Api, Channel, Desk, RawPush, eventually};
use reqwest::Method;
use serde_json::{Value, json};

/// Asks for an examination and waits for its end.
async fn examined(desk: &Desk, channel: &Channel) -> Value {
    let path = format!("/channels/{}/doctor", channel.id);
    desk.admin.post(&path, json!({})).await.accepted();
    eventually("the examination ends", async || {
        let report = desk.admin.get(&path).await.ok();
        if report["state"] == "finished" {
            Ok(report)
        } else {
            Err(report.to_string())
        }
    })
    .await
}

/// One check of a report.
fn check<'r>(report: &'r Value, name: &str) -> &'r Value {
    let checks = report["checks"].as_array().expect("checks");
    checks
        .iter()
        .find(|line| line["check"] == name)
        .expect("the check")
}

fn code(report: &Value, name: &str) -> String {
    check(report, name)["code"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// What is not green.
fn not_ok(report: &Value) -> Vec<String> {
    let checks = report["checks"].as_array().expect("checks");
    let bad = checks.iter().filter(|line| line["state"] != "ok");
    bad.map(|line| format!("{}={}", line["check"], line["code"]))
        .collect()
}

fn capability(report: &Value, name: &str) -> String {
    let all = report["capabilities"].as_array().expect("capabilities");
    let found = all.iter().find(|one| one["capability"] == name);
    found.map_or_else(String::new, |one| {
        one["state"].as_str().unwrap_or_default().to_owned()
    })
}

async fn patch(desk: &Desk, channel: &Channel, changes: Value) {
    let path = format!("/accounts/{}", channel.app_id);
    desk.control.patch(&path, changes).await.ok();
}

/// A channel whose address was verified and whose first message has come.
async fn connected(desk: &Desk, changes: Value) -> Channel {
    let channel = desk.channel_with(changes).await;
    let verified = desk
        .control
        .post(&format!("/accounts/{}/verify-url", channel.app_id), json!({}))
        .await
        .ok();
    assert_eq!(verified["ok"], true, "{verified}");
    let told = desk.phone(&channel).await.says("hello").await;
    assert_eq!(told["acknowledged"], true, "{told}");
    // It is noted after the answer, and browsers are told of it.
    eventually("the first message is noted", async || {
        let now = desk.admin.get(&format!("/channels/{}", channel.id)).await.ok();
        if now["first_message_at"].is_null() {
            Err(now.to_string())
        } else {
            Ok(())
        }
    })
    .await;
    channel
}

async fn problem(desk: &Desk, channel: &Channel) -> Value {
    desk.admin.get(&format!("/channels/{}", channel.id)).await.ok()["callback_problem"].clone()
}

async fn problem_becomes(desk: &Desk, channel: &Channel, code: Value) {
    eventually("the problem is shown", async || {
        let now = problem(desk, channel).await;
        if now["code"] == code {
            Ok(())
        } else {
            Err(now.to_string())
        }
    })
    .await;
}

#[tokio::test]
async fn a_healthy_channel_is_all_green_and_nothing_was_sent_to_anybody() {
    let desk = Desk::start().await;
    let channel = desk.channel_with(json!({"encryption_mode": "safe"})).await;
    let never = desk
        .admin
        .get(&format!("/channels/{}/doctor", channel.id))
        .await
        .ok();
    assert_eq!((&never["state"], &never["checks"]), (&json!("never"), &json!([])));
    desk.control
        .post(&format!("/accounts/{}/verify-url", channel.app_id), json!({}))
        .await
        .ok();
    let phone = desk.phone(&channel).await;
    phone.says("hello").await;
    let verified_at =
        desk.admin.get(&format!("/channels/{}", channel.id)).await.ok()["url_verified_at"].clone();
    let report = examined(&desk, &channel).await;
    assert_eq!(not_ok(&report), [""; 0], "{report}");
    assert_eq!(report["checks"].as_array().expect("checks").len(), 14);
    let capabilities = report["capabilities"].as_array().expect("capabilities");
    assert_eq!(capabilities.len(), 13);
    assert!(
        capabilities.iter().all(|one| one["state"] == "granted"),
        "{report}"
    );
    assert!(phone.received().await.is_empty());
    // The desk's own question is no verification by WeChat.
    let channel = desk.admin.get(&format!("/channels/{}", channel.id)).await.ok();
    assert_eq!(channel["url_verified_at"], verified_at);
    assert_eq!(channel["callback_problem"], Value::Null);
}

#[tokio::test]
async fn an_examination_changes_nothing_at_wechat_and_ends_nobodys_token() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    let token = async || {
        let body = json!({"grant_type": "client_credential", "appid": channel.app_id, "secret": "0123456789abcdef0123456789abcdef"});
        let wechat = Api::new(desk.sim.url().trim_end_matches('/'));
        wechat.post("/cgi-bin/stable_token", body).await.ok()["access_token"].clone()
    };
    let before = (
        token().await,
        desk.control
            .get(&format!("/accounts/{}", channel.app_id))
            .await
            .ok(),
    );
    examined(&desk, &channel).await;
    assert_eq!(before.0, token().await);
    let calls = desk.control.get("/calls").await.ok();
    let effects: Vec<&Value> = calls["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter(|call| call["took_effect"] == true)
        .map(|call| &call["path"])
        .filter(|path| {
            !path
                .as_str()
                .is_some_and(|path| path.contains("get") || path.contains("token") || path.contains("check"))
        })
        .collect();
    assert_eq!(effects, Vec::<&Value>::new());
}

#[tokio::test]
async fn each_wrong_credential_is_named_and_what_needs_it_is_left_out() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    let found = async |changes: Value| {
        patch(&desk, &channel, changes).await;
        examined(&desk, &channel).await
    };
    let report = found(json!({"secret": "another"})).await;
    assert_eq!(code(&report, "token"), "token_secret");
    assert_eq!(check(&report, "token")["state"], "failed");
    for skipped in ["reachability", "privileges", "quota", "native_chats"] {
        assert_eq!(code(&report, skipped), "needs_token");
    }
    let report = found(json!({"secret": "0123456789abcdef0123456789abcdef", "secret_frozen": true})).await;
    assert_eq!(code(&report, "token"), "token_frozen");
    let report = found(json!({"secret_frozen": false, "ip_whitelist": ["203.0.113.9"]})).await;
    assert_eq!(code(&report, "token"), "token_address");
    assert_eq!(
        check(&report, "token")["params"]["addresses"],
        json!(["127.0.0.1"])
    );
    assert_eq!(check(&report, "token")["params"]["app_id"], channel.app_id);
    let report = found(json!({"ip_whitelist": []})).await;
    assert_eq!(not_ok(&report), [""; 0], "{report}");
    desk.admin
        .patch(
            &format!("/channels/{}", channel.id),
            json!({"app_id": "wx00000000000000ff"}),
        )
        .await
        .ok();
    assert_eq!(code(&examined(&desk, &channel).await, "token"), "token_app_id");
}

#[tokio::test]
async fn a_wechat_that_is_busy_away_or_somebody_else_is_told_apart() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    let path = "/cgi-bin/stable_token";
    for (fault, finding) in [
        (json!({"errcode": -1}), "token_busy"),
        (json!({"errcode": 89503}), "token_waiting"),
        (json!({"errcode": 89506}), "token_refused_by_admin"),
        (json!({"errcode": 45009}), "token_quota"),
        (json!({"errcode": 50002}), "token_refused"),
        (json!({"http_status": 502}), "token_answer"),
        (json!({"cut": "before"}), "token_unreachable"),
    ] {
        let mut fault = fault;
        crate::harness::merge(&mut fault, &json!({"on": "api", "path": path, "times": 1}));
        desk.control.post("/faults", fault).await;
        assert_eq!(code(&examined(&desk, &channel).await, "token"), finding);
    }
}

#[tokio::test]
async fn an_unverified_account_and_a_missing_privilege_are_told_apart() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    patch(&desk, &channel, json!({"verified": false})).await;
    let report = examined(&desk, &channel).await;
    assert_eq!(code(&report, "privileges"), "account_unverified");
    assert_eq!(capability(&report, "custom_send"), "denied");
    assert_eq!(
        capability(&report, "menu"),
        "granted",
        "service accounts have a menu before they are verified"
    );

    patch(
        &desk,
        &channel,
        json!({"verified": true, "denied_apis": ["/cgi-bin/message/custom/send"]}),
    )
    .await;
    let report = examined(&desk, &channel).await;
    assert_eq!(code(&report, "privileges"), "reply_missing");
    patch(&desk, &channel, json!({"denied_apis": ["/cgi-bin/tags/get"]})).await;
    let report = examined(&desk, &channel).await;
    assert_eq!(code(&report, "privileges"), "privileges_missing");
    assert_eq!(
        check(&report, "privileges")["params"]["capabilities"],
        json!(["tags"])
    );
    let tags = report["capabilities"]
        .as_array()
        .expect("all")
        .iter()
        .find(|one| one["capability"] == "tags");
    assert_eq!(tags.expect("tags")["code"], 48001);
}

#[tokio::test]
async fn an_address_wechat_cannot_reach_and_a_clock_that_is_off_are_named() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    patch(
        &desk,
        &channel,
        json!({"callback_url": "http://127.0.0.1:9/callback/wechat/x"}),
    )
    .await;
    let report = examined(&desk, &channel).await;
    assert_eq!(code(&report, "reachability"), "reach_lost", "{report}");
    assert_eq!(code(&report, "verification"), "verification_missing");
    patch(
        &desk,
        &channel,
        json!({"callback_url": "http://name.invalid/callback/wechat/x"}),
    )
    .await;
    assert_eq!(
        code(&examined(&desk, &channel).await, "reachability"),
        "reach_dns"
    );
    patch(&desk, &channel, json!({"callback_url": ""})).await;
    assert_eq!(
        code(&examined(&desk, &channel).await, "reachability"),
        "reach_no_url"
    );
    patch(
        &desk,
        &channel,
        json!({"callback_url": channel.callback_url, "clock_skew_seconds": 600}),
    )
    .await;
    let report = examined(&desk, &channel).await;
    assert_eq!(code(&report, "clock"), "clock_wrong");
    assert_eq!(check(&report, "clock")["params"]["ahead"], false);
    patch(&desk, &channel, json!({"clock_skew_seconds": -60})).await;
    assert_eq!(code(&examined(&desk, &channel).await, "clock"), "clock_off");
}

#[tokio::test]
async fn quota_native_chats_the_wrong_account_and_an_old_push_are_told() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    let native = json!({"agents": [{"kf_account": "a@b", "kf_nick": "A", "kf_id": 1, "online": true}],
        "chats": [{"openid": "oX", "kf_account": "a@b", "since": 1}, {"openid": "oY", "since": 1}]});
    desk.control
        .put(&format!("/accounts/{}/native-service", channel.app_id), native)
        .await
        .ok();
    patch(
        &desk,
        &channel,
        json!({"quotas": {"/cgi-bin/media/get": 0, "/cgi-bin/message/custom/send": 50}}),
    )
    .await;
    let push = RawPush::to(&Channel {
        original_id: "gh_ffffffffffff".into(),
        ..channel.clone()
    });
    push.post(push.text("oElse", 1, "for another account")).await;
    let report = examined(&desk, &channel).await;
    assert_eq!(
        check(&report, "native_chats")["params"],
        json!({"open": 1, "waiting": 1})
    );
    assert_eq!(code(&report, "native_chats"), "native_open");
    assert_eq!(code(&report, "original_id"), "original_id_differs");
    assert_eq!(
        code(&report, "quota"),
        "quota_ok",
        "a limit of nothing is no limit"
    );
    patch(
        &desk,
        &channel,
        json!({"quotas": {"/cgi-bin/message/custom/send": 4}}),
    )
    .await;
    assert_eq!(code(&examined(&desk, &channel).await, "quota"), "quota_used_up");
    desk.advance_hours(8.0 * 24.0);
    assert_eq!(code(&examined(&desk, &channel).await, "last_push"), "push_old");
}

#[tokio::test]
async fn only_administrators_see_and_use_any_of_it() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let id = &channel.id;
    for role in ["agent", "viewer", "supervisor"] {
        let api = desk.agent_with_role(&channel, role).await;
        for (method, path) in [
            (Method::GET, format!("/channels/{id}/doctor")),
            (Method::POST, format!("/channels/{id}/doctor")),
            (Method::GET, format!("/channels/{id}/addresses")),
            (Method::GET, "/outgoing-addresses".to_owned()),
            (Method::PUT, "/outgoing-addresses".to_owned()),
            (Method::GET, format!("/channels/{id}/qr")),
            (Method::PUT, format!("/channels/{id}/qr")),
            (Method::GET, format!("/channels/{id}/qr.svg")),
        ] {
            let answer = api.send(method.clone(), &path, Some("not json".to_owned())).await;
            assert_eq!(answer.status, 403, "{role} {method} {path}: {}", answer.text);
        }
    }
    desk.admin.delete(&format!("/channels/{id}")).await;
    desk.admin
        .post(&format!("/channels/{id}/doctor"), json!({}))
        .await
        .refused(409, "channel_deleted");
    desk.admin
        .get(&format!("/channels/{id}/qr"))
        .await
        .refused(409, "channel_deleted");
    desk.admin
        .get("/channels/ch_999/doctor")
        .await
        .refused(404, "not_found");
}
