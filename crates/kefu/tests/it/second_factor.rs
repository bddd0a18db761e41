//! The second factor: codes of an authenticator, recovery codes, and where everybody needs one.

use crate::harness::{ADMIN, Answer, Api, Desk, PASSWORD};
use kefu::auth::second_factor::code_at;
use kefu::domain::time::Time;
use serde_json::{Value, json};

fn anonymous(desk: &Desk) -> Api {
    Api::new(&format!("{}/api/v1", desk.base))
}

/// The code some steps from now.
fn code(desk: &Desk, secret: &str, steps: i64) -> String {
    let wall = desk.inside().clock.wall();
    code_at(secret, Time(wall.0 + steps * 30_000)).expect("a code")
}

async fn sign_in(desk: &Desk, email: &str, code: Option<&str>) -> Answer {
    let body = json!({"email": email, "password": PASSWORD, "code": code});
    anonymous(desk).post("/login", body).await
}

fn with_cookie(desk: &Desk, answer: &Answer) -> Api {
    let cookie = answer.headers["set-cookie"].to_str().expect("text");
    Api {
        cookie: cookie.split(';').next().map(str::to_owned),
        ..anonymous(desk)
    }
}

/// Switches it on with the code of the step before this one; the secret and the recovery codes.
async fn switch_on(desk: &Desk, api: &Api) -> (String, Vec<String>) {
    let begun = api.post("/me/second-factor", json!({})).await.created();
    let secret = begun["secret"].as_str().expect("a secret").to_owned();
    let uri = begun["uri"].as_str().expect("an address");
    assert!(
        uri.starts_with("otpauth://totp/") && uri.contains(&secret),
        "{uri}"
    );
    let body = json!({"code": code(desk, &secret, -1)});
    let confirmed = api.post("/me/second-factor/confirm", body).await.ok();
    let codes = confirmed["recovery_codes"].as_array().expect("codes").iter();
    (
        secret,
        codes
            .map(|code| code.as_str().expect("text").to_owned())
            .collect(),
    )
}

#[tokio::test]
async fn once_it_is_on_the_password_alone_does_not_sign_in_and_each_code_does_once() {
    let desk = Desk::start().await;
    let begun = desk.admin.post("/me/second-factor", json!({})).await.created();
    sign_in(&desk, ADMIN, None).await.ok();
    let wrong = json!({"code": "000000"});
    let error = desk
        .admin
        .post("/me/second-factor/confirm", wrong)
        .await
        .refused(422, "invalid_fields");
    assert_eq!(error["fields"], json!({"code": "code_wrong"}));
    assert!(begun["qr_path"].as_str().expect("a path").starts_with('M'));

    let (secret, recovery) = switch_on(&desk, &desk.admin).await;
    assert_eq!(recovery.len(), 10);
    desk.admin
        .post("/me/second-factor", json!({}))
        .await
        .refused(409, "second_factor_on");
    sign_in(&desk, ADMIN, None).await.refused(401, "code_required");
    sign_in(&desk, ADMIN, Some(" "))
        .await
        .refused(401, "code_required");
    sign_in(&desk, ADMIN, Some("000000"))
        .await
        .refused(401, "code_wrong");
    let now = code(&desk, &secret, 0);
    // Two at once with the same code: one gets in.
    let (one, other) = tokio::join!(
        sign_in(&desk, ADMIN, Some(&now)),
        sign_in(&desk, ADMIN, Some(&now))
    );
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401], "{} {}", one.text, other.text);
    sign_in(&desk, ADMIN, Some(&now)).await.refused(401, "code_wrong");
    sign_in(&desk, ADMIN, Some(&code(&desk, &secret, -1)))
        .await
        .refused(401, "code_wrong");
}

#[tokio::test]
async fn a_recovery_code_works_once_and_new_ones_void_the_old() {
    let desk = Desk::start().await;
    let (_, codes) = switch_on(&desk, &desk.admin).await;
    sign_in(&desk, ADMIN, Some(&codes[0].to_uppercase())).await.ok();
    sign_in(&desk, ADMIN, Some(&codes[0]))
        .await
        .refused(401, "code_wrong");
    let state = desk.admin.get("/me/second-factor").await.ok();
    assert_eq!(state["recovery_codes_left"], 9);
    assert!(
        state["on_since"].is_string() && state["required"] == false,
        "{state}"
    );
    let path = "/me/second-factor/recovery-codes";
    desk.admin
        .post(path, json!({"password": "wrong"}))
        .await
        .refused(422, "invalid_fields");
    let renewed = desk.admin.post(path, json!({"password": PASSWORD})).await.ok();
    sign_in(&desk, ADMIN, Some(&codes[1]))
        .await
        .refused(401, "code_wrong");
    let fresh = renewed["recovery_codes"][0].as_str().expect("a code");
    sign_in(&desk, ADMIN, Some(fresh)).await.ok();
}

#[tokio::test]
async fn it_is_switched_off_with_the_password_or_by_an_administrator() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let agent = desk.agent(&channel).await;
    let me = agent.get("/me").await.ok();
    let (id, email) = (
        me["id"].as_str().expect("id"),
        me["email"].as_str().expect("email"),
    );
    switch_on(&desk, &agent).await;
    assert_eq!(
        desk.admin.get(&format!("/agents/{id}")).await.ok()["second_factor"],
        true
    );
    let off = "/me/second-factor/disable";
    agent
        .post(off, json!({"password": "wrong"}))
        .await
        .refused(422, "invalid_fields");
    assert_eq!(agent.post(off, json!({"password": PASSWORD})).await.status, 204);
    sign_in(&desk, email, None).await.ok();
    switch_on(&desk, &agent).await;
    sign_in(&desk, email, None).await.refused(401, "code_required");
    let reset = format!("/agents/{id}/second-factor");
    agent.delete(&reset).await.refused(403, "not_permitted");
    assert_eq!(desk.admin.delete(&reset).await.status, 204);
    desk.admin.delete(&reset).await.refused(409, "second_factor_off");
    sign_in(&desk, email, None).await.ok();
}

#[tokio::test]
async fn where_everybody_needs_one_the_next_sign_in_can_do_nothing_but_set_it_up() {
    let desk = Desk::start().await;
    let token: Value = desk
        .admin
        .post("/me/tokens", json!({"label": "CI"}))
        .await
        .created();
    let patched = desk
        .admin
        .patch("/installation", json!({"second_factor_required": true}))
        .await
        .ok();
    assert_eq!(patched["second_factor_required"], true);
    desk.admin.get("/agents").await.ok();
    let answer = sign_in(&desk, ADMIN, None).await;
    let limited = with_cookie(&desk, &answer);
    assert_eq!(answer.ok()["lacks_second_factor"], true);
    assert_eq!(limited.get("/me").await.ok()["lacks_second_factor"], true);
    for path in [
        "/agents",
        "/conversations?view=all",
        "/events",
        "/installation",
        "/me/logins",
    ] {
        limited.get(path).await.refused(403, "second_factor_required");
    }
    limited
        .post("/me/tokens", json!({"label": "x"}))
        .await
        .refused(403, "second_factor_required");
    limited
        .patch("/me", json!({"name": "x"}))
        .await
        .refused(403, "second_factor_required");
    let (secret, _) = switch_on(&desk, &limited).await;
    limited.get("/agents").await.ok();
    assert_eq!(limited.get("/me").await.ok()["lacks_second_factor"], false);
    // Programs are not asked.
    let bearer = format!("Bearer {}", token["token"].as_str().expect("a token"));
    let called = desk
        .admin
        .client
        .get(format!("{}/api/v1/agents", desk.base))
        .header("authorization", bearer);
    assert_eq!(called.send().await.expect("an answer").status(), 200);
    // Who switches it off has to set up another at once.
    let off = json!({"password": PASSWORD});
    assert_eq!(limited.post("/me/second-factor/disable", off).await.status, 204);
    limited
        .get("/agents")
        .await
        .refused(403, "second_factor_required");
    assert!(!secret.is_empty());
}

#[tokio::test]
async fn guessing_codes_is_as_slow_as_guessing_passwords() {
    let desk = Desk::start().await;
    let (secret, _) = switch_on(&desk, &desk.admin).await;
    for _ in 0..5 {
        sign_in(&desk, ADMIN, Some("000000"))
            .await
            .refused(401, "code_wrong");
    }
    let right = code(&desk, &secret, 0);
    sign_in(&desk, ADMIN, Some(&right))
        .await
        .refused(429, "too_many_requests");
}

#[tokio::test]
async fn the_machine_can_take_it_off_the_last_administrator() {
    let desk = Desk::start().await;
    switch_on(&desk, &desk.admin).await;
    let output = desk
        .command(&["admin", "reset-second-factor", "--email", ADMIN])
        .output()
        .expect("it runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    sign_in(&desk, ADMIN, None).await.ok();
}
