//! The doctor finds each fault that is planted at the simulator, and names it; a healthy channel is green.

use crate::harness::{Api, Channel, Desk, RawPush, eventually, signed_query};
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
async fn a_wrong_token_at_wechat_is_counted_shown_named_and_forgotten_after_the_next_push() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    patch(
        &desk,
        &channel,
        json!({"token": "someOtherToken", "deliveries": 1}),
    )
    .await;
    let phone = desk.phone(&channel).await;
    assert_eq!(phone.says("lost").await["acknowledged"], false);
    problem_becomes(&desk, &channel, json!("wrong_signature")).await;
    let report = examined(&desk, &channel).await;
    assert_eq!(code(&report, "refusals"), "wrong_signature");
    assert_eq!(check(&report, "refusals")["params"]["count"], 1);
    patch(&desk, &channel, json!({"token": crate::harness::TOKEN})).await;
    assert_eq!(phone.says("found").await["acknowledged"], true);
    problem_becomes(&desk, &channel, Value::Null).await;
    let report = examined(&desk, &channel).await;
    assert_eq!(code(&report, "refusals"), "refusals_past");
    assert_eq!(not_ok(&report), [""; 0], "{report}");
}

#[tokio::test]
async fn a_verification_with_another_token_is_a_problem_until_one_with_the_right_token() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let verify = async || {
        desk.control
            .post(&format!("/accounts/{}/verify-url", channel.app_id), json!({}))
            .await
            .ok()
    };
    patch(&desk, &channel, json!({"token": "someOtherToken"})).await;
    assert_eq!(verify().await["ok"], false);
    problem_becomes(&desk, &channel, json!("verification_refused")).await;
    assert_eq!(
        code(&examined(&desk, &channel).await, "refusals"),
        "verification_refused"
    );
    patch(&desk, &channel, json!({"token": crate::harness::TOKEN})).await;
    assert_eq!(verify().await["ok"], true);
    assert_eq!(problem(&desk, &channel).await, Value::Null);
}

#[tokio::test]
async fn a_wrong_key_a_wrong_mode_and_another_mode_are_named() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({"encryption_mode": "safe"})).await;
    let phone = desk.phone(&channel).await;
    let other_key = "zyxwvutsrqponmlkjihgfedcba9876543210ABCDEFA";
    patch(
        &desk,
        &channel,
        json!({"encoding_aes_key": other_key, "deliveries": 1}),
    )
    .await;
    phone.says("cannot be read").await;
    problem_becomes(&desk, &channel, json!("wrong_key")).await;
    assert_eq!(code(&examined(&desk, &channel).await, "refusals"), "wrong_key");

    let right = json!({"encoding_aes_key": crate::harness::AES_KEY, "encryption_mode": "plain"});
    patch(&desk, &channel, right).await;
    assert_eq!(phone.says("in clear text").await["acknowledged"], false);
    problem_becomes(&desk, &channel, json!("wrong_mode")).await;
    assert_eq!(code(&examined(&desk, &channel).await, "refusals"), "wrong_mode");

    // Compatible where safe is set: accepted, and worth a look.
    patch(&desk, &channel, json!({"encryption_mode": "compatible"})).await;
    assert_eq!(phone.says("both").await["acknowledged"], true);
    problem_becomes(&desk, &channel, Value::Null).await;
    let report = examined(&desk, &channel).await;
    assert_eq!(code(&report, "mode"), "mode_differs");
    assert_eq!(
        check(&report, "mode")["params"],
        json!({"configured": "safe", "seen": "compatible"})
    );
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
async fn two_administrators_at_once_share_one_examination() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    desk.control
        .post(
            "/faults",
            json!({"on": "api", "path": "/cgi-bin/stable_token", "delay_ms": 300, "times": 9}),
        )
        .await;
    let path = format!("/channels/{}/doctor", channel.id);
    let (one, other) = tokio::join!(
        desk.admin.post(&path, json!({})),
        desk.admin.post(&path, json!({}))
    );
    let (one, other) = (one.accepted(), other.accepted());
    assert_eq!(
        (&one["state"], &other["state"]),
        (&json!("running"), &json!("running"))
    );
    assert_eq!(one["started_at"], other["started_at"]);
    examined(&desk, &channel).await;
    let calls = desk.control.get("/calls?path=/cgi-bin/callback/check").await.ok();
    let networks = 3;
    assert_eq!(calls["items"].as_array().expect("items").len(), networks);
}

#[tokio::test]
async fn an_address_that_was_refused_anywhere_is_listed_beside_those_an_administrator_knows() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    patch(&desk, &channel, json!({"ip_whitelist": ["203.0.113.9"]})).await;
    // By a check, not by the doctor.
    let checked = desk
        .admin
        .post(&format!("/channels/{}/check", channel.id), json!({}))
        .await
        .ok();
    assert_eq!(checked["code"], "wechat_40164");
    let known = json!({"addresses": ["198.51.100.0/24", " 2001:DB8::1 ", "198.51.100.0/24"]});
    let put = desk.admin.put("/outgoing-addresses", known).await.ok();
    let path = format!("/channels/{}/addresses", channel.id);
    let items = eventually("the refused address is listed", async || {
        let items = desk.admin.get(&path).await.ok()["items"].clone();
        if items[0]["source"] == "seen" {
            Ok(items)
        } else {
            Err(items.to_string())
        }
    })
    .await;
    assert_eq!(items[0]["address"], "127.0.0.1");
    assert!(items[0]["last_seen_at"].is_string());
    let manual: Vec<&Value> = items
        .as_array()
        .expect("items")
        .iter()
        .filter(|item| item["source"] == "manual")
        .map(|item| &item["address"])
        .collect();
    assert_eq!(manual, ["198.51.100.0/24", "2001:db8::1"]);
    assert!(put["items"].as_array().is_some_and(|items| items.len() >= 2));
    for wrong in ["localhost", "203.0.113.7:443", "*", "203.0.113.0/40"] {
        let refused = desk
            .admin
            .put("/outgoing-addresses", json!({"addresses": [wrong]}))
            .await;
        assert_eq!(
            refused.refused(422, "invalid_fields")["fields"]["addresses"],
            "address_form"
        );
    }
    let all: Vec<String> = (0..101).map(|n| format!("198.51.{n}.1")).collect();
    let refused = desk
        .admin
        .put("/outgoing-addresses", json!({"addresses": all}))
        .await;
    assert_eq!(
        refused.refused(422, "invalid_fields")["fields"]["addresses"],
        "too_long"
    );
}

#[tokio::test]
async fn the_code_of_a_service_account_is_made_once_and_scanning_it_follows() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    let path = format!("/channels/{}/qr", channel.id);
    let code = desk.admin.get(&path).await.ok();
    assert_eq!(
        (&code["permanent"], &code["source"]),
        (&json!(true), &json!("created"))
    );
    assert_eq!(desk.admin.get(&path).await.ok(), code);
    let made = desk.control.get("/calls?path=/cgi-bin/qrcode/create").await.ok();
    assert_eq!(made["items"].as_array().expect("items").len(), 1);
    let picture = desk.admin.get(&format!("{path}.svg")).await;
    assert_eq!(picture.headers["content-type"], "image/svg+xml");
    assert!(picture.text.starts_with("<svg") && picture.headers.contains_key("content-security-policy"));

    let scan = format!(
        "/accounts/{}/followers/oScannedTheCode0000000000000/scan?wait=true",
        channel.app_id
    );
    let told = desk.control.post(&scan, json!({"url": code["url"]})).await.ok();
    assert_eq!(told["acknowledged"], true);
    let followers = desk
        .control
        .get(&format!("/accounts/{}/followers", channel.app_id))
        .await
        .ok();
    assert!(followers.to_string().contains("oScannedTheCode0000000000000"));
    // Another account: the code leads elsewhere.
    desk.admin
        .patch(
            &format!("/channels/{}", channel.id),
            json!({"app_id": "wx00000000000000ff"}),
        )
        .await
        .ok();
    assert_eq!(desk.admin.get(&path).await.ok()["reason"], "wechat_40013");
}

#[tokio::test]
async fn an_account_that_may_not_make_codes_gets_the_one_somebody_pastes() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({"account_kind": "subscription"})).await;
    let path = format!("/channels/{}/qr", channel.id);
    assert_eq!(
        desk.admin.get(&path).await.ok()["reason"],
        "account_not_permitted"
    );
    assert_eq!(desk.admin.get(&format!("{path}.svg")).await.status, 404);
    let refused = desk.admin.put(&path, json!({"url": "javascript:alert(1)"})).await;
    assert_eq!(
        refused.refused(422, "invalid_fields")["fields"]["url"],
        "url_form"
    );
    let pasted = desk
        .admin
        .put(&path, json!({"url": "http://weixin.qq.com/r/abc"}))
        .await
        .ok();
    assert_eq!(
        (&pasted["source"], &pasted["url"]),
        (&json!("pasted"), &json!("http://weixin.qq.com/r/abc"))
    );
    assert_eq!(desk.admin.get(&format!("{path}.svg")).await.status, 200);
    desk.admin.put(&path, json!({"url": null})).await.ok();
    assert_eq!(desk.admin.get(&path).await.ok()["url"], Value::Null);
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

#[tokio::test]
async fn a_flood_of_forged_pushes_is_counted_in_few_writes() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    let push = RawPush::to(&channel);
    let query = signed_query("notTheToken", "1700000000", "nonce");
    let before = events(&desk, &channel).await;
    for _ in 0..200 {
        assert_eq!(push.post_with(&query, push.text("oX", 1, "x")).await.0, 403);
    }
    problem_becomes(&desk, &channel, json!("wrong_signature")).await;
    let report = examined(&desk, &channel).await;
    assert_eq!(check(&report, "refusals")["params"]["count"], 200);
    // One for the problem, two for the examination.
    assert_eq!(events(&desk, &channel).await - before, 3);
}

/// How often browsers were told that the channel changed.
async fn events(desk: &Desk, channel: &Channel) -> usize {
    let mut conn = desk.inside().db.read().await.expect("a connection");
    let id = channel
        .id
        .trim_start_matches("ch_")
        .parse::<i64>()
        .expect("a number");
    let rows = kefu::db::events::after(&mut conn, kefu::db::events::Position::default(), 10_000).await;
    rows.expect("rows")
        .iter()
        .filter(|row| row.kind == "channel" && row.object_id == id)
        .count()
}

/// What `kefu doctor` prints beside the running desk, and its exit code.
async fn command(desk: &Desk, args: &[&str]) -> (String, Option<i32>) {
    let mut command = desk.command(args);
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .expect("it ends")
        .expect("it starts");
    let text = String::from_utf8(output.stdout).expect("text");
    (text, output.status.code())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_examines_beside_a_running_desk_and_its_exit_code_tells() {
    let desk = Desk::start().await;
    let healthy = connected(&desk, json!({})).await;
    let (text, code) = command(&desk, &["doctor"]).await;
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.starts_with("ch_1 ") && text.contains("0 failed, 0 to look at"),
        "{text}"
    );
    assert!(text.contains("custom_send      granted"), "{text}");

    let other = connected(&desk, json!({})).await;
    patch(&desk, &other, json!({"secret": "another"})).await;
    let (text, code) = command(&desk, &["doctor", "--json"]).await;
    assert_eq!(code, Some(1));
    let reports: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(reports.len(), 2);
    assert_eq!(reports[1]["channel"]["app_id"], other.app_id);
    let token = check(&reports[1], "token");
    assert_eq!(
        (&token["state"], &token["code"]),
        (&json!("failed"), &json!("token_secret"))
    );
    assert!(!text.contains("another") && !text.contains("0123456789abcdef0123456789abcdef"));

    let (text, code) = command(&desk, &["doctor", "--channel", &healthy.id]).await;
    assert_eq!(
        (
            text.lines().next().is_some_and(|line| line.starts_with("ch_1")),
            code
        ),
        (true, Some(0))
    );
    let (text, code) = command(&desk, &["doctor", "--channel", &other.id]).await;
    assert!(
        text.contains("Reset it at WeChat and enter the new one. [token_secret]"),
        "{text}"
    );
    assert_eq!(code, Some(1));
    assert_eq!(command(&desk, &["doctor", "--channel", "ch_99"]).await.1, Some(1));
    assert_eq!(command(&desk, &["doctor", "--channel", "x"]).await.1, Some(2));
}

/// The job that asks about an account, at once.
async fn probed(desk: &Desk) {
    let (db, wall) = (&desk.inside().db, desk.inside().clock.wall());
    let added = db.write(move |tx| {
        Box::pin(async move {
            kefu::db::jobs::add_once(tx, kefu::db::jobs::JobKind::ProbeAccount, 1, 0, wall).await
        })
    });
    added.await.expect("a job");
    eventually("the job is done", async || {
        let mut conn = db.read().await.expect("a connection");
        let next = kefu::db::jobs::next_run(&mut conn).await.expect("jobs");
        if next.is_none() {
            Ok(())
        } else {
            Err(format!("{next:?}"))
        }
    })
    .await;
}

#[tokio::test]
async fn accounts_are_asked_by_themselves_and_a_busy_minute_undoes_no_finding() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    let path = format!("/channels/{}/doctor", channel.id);
    patch(&desk, &channel, json!({"denied_apis": ["/cgi-bin/tags/get"]})).await;
    probed(&desk).await;
    let known = desk.admin.get(&path).await.ok();
    assert_eq!(known["state"], "never");
    assert_eq!(
        (capability(&known, "tags"), capability(&known, "custom_send")),
        ("denied".to_owned(), "granted".to_owned())
    );

    let busy = json!({"on": "api", "path": "/cgi-bin/tags/get", "errcode": -1, "times": 1});
    desk.control.post("/faults", busy).await;
    patch(&desk, &channel, json!({"denied_apis": []})).await;
    probed(&desk).await;
    assert_eq!(capability(&desk.admin.get(&path).await.ok(), "tags"), "denied");
    probed(&desk).await;
    assert_eq!(capability(&desk.admin.get(&path).await.ok(), "tags"), "granted");

    patch(&desk, &channel, json!({"secret": "another"})).await;
    probed(&desk).await;
    assert_eq!(
        capability(&desk.admin.get(&path).await.ok(), "tags"),
        "granted",
        "no token, nothing learnt"
    );
    desk.admin
        .patch(
            &format!("/channels/{}", channel.id),
            json!({"app_id": "wx00000000000000ff"}),
        )
        .await
        .ok();
    assert_eq!(
        desk.admin.get(&path).await.ok()["capabilities"],
        json!([]),
        "another account"
    );
}

#[tokio::test]
async fn a_new_channel_and_new_credentials_are_noted_for_a_look_once() {
    let desk = Desk::start_with(|config| config.probe_accounts = true).await;
    let waiting = async || {
        let mut conn = desk.inside().db.read().await.expect("a connection");
        kefu::db::jobs::next_run(&mut conn).await.expect("jobs")
    };
    assert_eq!(waiting().await, None);
    let channel = desk.channel().await;
    let due = waiting().await.expect("a job");
    desk.admin
        .patch(
            &format!("/channels/{}", channel.id),
            json!({"app_secret": "another"}),
        )
        .await
        .ok();
    assert_eq!(waiting().await, Some(due), "one is enough");
    let calls = desk.control.get("/calls").await.ok();
    assert_eq!(calls["items"], json!([]), "not before a minute has passed");
}

#[tokio::test]
async fn a_reply_that_is_refused_for_its_privilege_is_learnt_from() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    patch(
        &desk,
        &channel,
        json!({"denied_apis": ["/cgi-bin/message/custom/send"]}),
    )
    .await;
    let agent = desk.agent(&channel).await;
    let conversation = desk.conversation(&agent).await;
    let path = format!("/conversations/{}", conversation["id"].as_str().expect("id"));
    agent.post(&format!("{path}/pick-up"), json!({})).await.ok();
    agent
        .post(
            &format!("{path}/messages"),
            json!({"client_id": "1", "kind": "text", "text": "hi"}),
        )
        .await
        .accepted();
    let doctor = format!("/channels/{}/doctor", channel.id);
    eventually("the refusal is learnt", async || {
        let known = desk.admin.get(&doctor).await.ok();
        if capability(&known, "custom_send") == "denied" {
            Ok(())
        } else {
            Err(known.to_string())
        }
    })
    .await;
}

#[tokio::test]
async fn an_examination_whose_process_died_is_told_so_and_can_be_made_again() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    let started_at = desk.inside().clock.wall().plus_ms(-121_000);
    let row = kefu::db::doctor_reports::ReportRow {
        run: "dead".into(),
        report: "[]".into(),
        started_at,
        finished_at: None,
    };
    let begun = desk.inside().db.write(move |tx| {
        let row = row.clone();
        Box::pin(async move {
            kefu::db::doctor_reports::begin(tx, kefu::domain::ids::ChannelId(1), &row, started_at).await
        })
    });
    assert!(begun.await.expect("written"));
    let path = format!("/channels/{}/doctor", channel.id);
    assert_eq!(desk.admin.get(&path).await.ok()["state"], "interrupted");
    assert_eq!(not_ok(&examined(&desk, &channel).await), [""; 0]);
}

#[tokio::test]
async fn an_examination_on_one_node_is_joined_and_read_on_the_other() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    let Some(second) = desk.second_node().await else {
        return;
    };
    let origin = second.channel(&channel).callback_url;
    let origin = origin.split("/callback/").next().expect("an origin").to_owned();
    let there = Api::signed_in(&origin, crate::harness::ADMIN, crate::harness::PASSWORD).await;
    desk.control
        .post(
            "/faults",
            json!({"on": "api", "path": "/cgi-bin/stable_token", "delay_ms": 300, "times": 9}),
        )
        .await;
    let path = format!("/channels/{}/doctor", channel.id);
    let (one, other) = tokio::join!(desk.admin.post(&path, json!({})), there.post(&path, json!({})));
    assert_eq!(one.accepted()["started_at"], other.accepted()["started_at"]);
    eventually("the other node shows the end", async || {
        let report = there.get(&path).await.ok();
        if report["state"] == "finished" {
            Ok(())
        } else {
            Err(report.to_string())
        }
    })
    .await;
    let calls = desk.control.get("/calls?path=/cgi-bin/callback/check").await.ok();
    assert_eq!(calls["items"].as_array().expect("items").len(), 3);
    // A refusal on one node, forgotten by a push to the other.
    patch(
        &desk,
        &channel,
        json!({"token": "someOtherToken", "deliveries": 1}),
    )
    .await;
    let phone = desk.phone(&channel).await;
    phone.says("lost").await;
    problem_becomes(&desk, &channel, json!("wrong_signature")).await;
    let on_second = second.channel(&channel).callback_url;
    patch(
        &desk,
        &channel,
        json!({"token": crate::harness::TOKEN, "callback_url": on_second}),
    )
    .await;
    eventually("a push to the other node clears it", async || {
        phone.says("found").await;
        let now = problem(&desk, &channel).await;
        if now.is_null() {
            Ok(())
        } else {
            Err(now.to_string())
        }
    })
    .await;
}
