//! Signing in and out, what is one's own, and how guessing is slowed.

use crate::harness::{ADMIN, Api, Desk, PASSWORD};
use reqwest::Method;
use serde_json::{Value, json};

fn anonymous(desk: &Desk) -> Api {
    Api::new(&format!("{}/api/v1", desk.base))
}

#[tokio::test]
async fn a_login_is_a_strict_cookie_and_signing_out_ends_it() {
    let desk = Desk::start().await;
    let api = anonymous(&desk);
    let answer = api
        .post(
            "/login",
            json!({"email": " Admin@Example.com ", "password": PASSWORD}),
        )
        .await;
    let cookie = answer.headers["set-cookie"].to_str().expect("text").to_owned();
    for part in [
        "kefu_login=",
        "HttpOnly",
        "SameSite=Lax",
        "Path=/",
        "Max-Age=2592000",
    ] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "plain http cannot carry it: {cookie}");
    let me = answer.ok();
    assert_eq!(me["email"], ADMIN);
    assert!(
        me["permissions"]
            .as_array()
            .expect("permissions")
            .contains(&json!("channels.manage")),
        "{me}"
    );

    let mine = Api::signed_in(&desk.base, ADMIN, PASSWORD).await;
    assert_eq!(mine.delete("/login").await.status, 204);
    mine.get("/me").await.refused(401, "not_signed_in");
    desk.admin.get("/me").await.ok();
}

#[tokio::test]
async fn an_unknown_address_a_wrong_password_and_a_disabled_agent_get_one_answer() {
    let desk = Desk::start().await;
    let body = json!({"email": "li@example.com", "name": "Li", "role": "agent", "password": PASSWORD});
    let agent = desk.admin.post("/agents", body).await.created();
    let path = format!("/agents/{}", agent["id"].as_str().expect("id"));
    let li = Api::signed_in(&desk.base, "li@example.com", PASSWORD).await;
    desk.admin.patch(&path, json!({"state": "disabled"})).await.ok();
    li.get("/me").await.refused(401, "not_signed_in");
    let api = anonymous(&desk);
    for (email, password) in [
        ("nobody@example.com", PASSWORD),
        (ADMIN, "wrong password"),
        ("li@example.com", PASSWORD),
    ] {
        api.post("/login", json!({"email": email, "password": password}))
            .await
            .refused(401, "wrong_credentials");
    }
    let error = api
        .post("/login", json!({"email": ""}))
        .await
        .refused(422, "invalid_fields");
    assert_eq!(
        error["fields"],
        json!({"email": "required", "password": "required"})
    );
}

#[tokio::test]
async fn after_five_wrong_passwords_even_the_right_one_has_to_wait() {
    let desk = Desk::start().await;
    let api = anonymous(&desk);
    for _ in 0..5 {
        let wrong = json!({"email": ADMIN, "password": "wrong password"});
        api.post("/login", wrong).await.refused(401, "wrong_credentials");
    }
    let answer = api
        .post("/login", json!({"email": ADMIN, "password": PASSWORD}))
        .await;
    let wait: u64 = answer.headers["retry-after"]
        .to_str()
        .expect("text")
        .parse()
        .expect("seconds");
    assert!((1..=30).contains(&wait), "{wait}");
    answer.refused(429, "too_many_requests");
    api.post("/login", json!({"email": "other@example.com", "password": "x"}))
        .await
        .refused(401, "wrong_credentials");
}

#[tokio::test]
async fn a_success_forgives_earlier_failures() {
    let desk = Desk::start().await;
    let api = anonymous(&desk);
    for _ in 0..3 {
        for _ in 0..4 {
            api.post("/login", json!({"email": ADMIN, "password": "wrong password"}))
                .await
                .refused(401, "wrong_credentials");
        }
        api.post("/login", json!({"email": ADMIN, "password": PASSWORD}))
            .await
            .ok();
    }
}

#[tokio::test]
async fn another_site_cannot_sign_somebody_in() {
    let desk = Desk::start().await;
    let url = format!("{}/api/v1/login", desk.base);
    let body = json!({"email": ADMIN, "password": PASSWORD}).to_string();
    let post = |marked: bool, origin: Option<&str>| {
        let mut request = desk
            .admin
            .client
            .post(&url)
            .header("content-type", "application/json")
            .body(body.clone());
        request = if marked {
            request.header("x-kefu-request", "1")
        } else {
            request
        };
        match origin {
            Some(origin) => request.header("origin", origin).send(),
            None => request.send(),
        }
    };
    assert_eq!(post(false, None).await.expect("an answer").status(), 403);
    assert_eq!(
        post(true, Some("https://evil.example"))
            .await
            .expect("an answer")
            .status(),
        403
    );
    assert_eq!(
        post(true, Some(&desk.base)).await.expect("an answer").status(),
        200
    );
}

#[tokio::test]
async fn an_agent_changes_what_is_theirs() {
    let desk = Desk::start().await;
    let change =
        json!({"name": "Ada", "language": "ja", "time_zone": "Asia/Tokyo", "availability": "online"});
    let me = desk.admin.patch("/me", change.clone()).await.ok();
    for (field, value) in change.as_object().expect("an object") {
        assert_eq!(&me[field], value);
    }
    let error = desk
        .admin
        .patch("/me", json!({"name": " ", "time_zone": "Tokyo"}))
        .await
        .refused(422, "invalid_fields");
    assert_eq!(
        error["fields"],
        json!({"name": "required", "time_zone": "unknown_time_zone"})
    );
    assert_eq!(desk.admin.get("/me").await.ok()["name"], "Ada");
    let browsers = desk
        .admin
        .patch("/me", json!({"language": null, "time_zone": null}))
        .await
        .ok();
    assert_eq!(
        (&browsers["language"], &browsers["time_zone"]),
        (&json!(null), &json!(null))
    );
    assert_eq!(browsers["availability"], "online", "what is left out stays");
}

#[tokio::test]
async fn a_new_password_needs_the_current_one_and_ends_the_other_logins() {
    let desk = Desk::start().await;
    let other = Api::signed_in(&desk.base, ADMIN, PASSWORD).await;
    let new = "a completely new one";
    let field = |error: Value| error["fields"].clone();
    let missing = desk
        .admin
        .patch("/me", json!({"password": new}))
        .await
        .refused(422, "invalid_fields");
    assert_eq!(field(missing), json!({"current_password": "required"}));
    let wrong = json!({"password": new, "current_password": "wrong password"});
    let wrong = desk
        .admin
        .patch("/me", wrong)
        .await
        .refused(422, "invalid_fields");
    assert_eq!(field(wrong), json!({"current_password": "wrong_password"}));
    desk.admin
        .patch("/me", json!({"password": new, "current_password": PASSWORD}))
        .await
        .ok();
    desk.admin.get("/me").await.ok();
    other.get("/me").await.refused(401, "not_signed_in");
    Api::signed_in(&desk.base, ADMIN, new).await;
}

#[tokio::test]
async fn logins_and_tokens_are_listed_and_revoked_one_by_one() {
    let desk = Desk::start().await;
    let token = desk
        .admin
        .post("/me/tokens", json!({"label": "reports"}))
        .await
        .created();
    let secret = token["token"].as_str().expect("token");
    let list = desk.admin.get("/me/logins").await;
    assert!(!list.text.contains(secret), "a token is shown once");
    let list = list.ok();
    let items = list["items"].as_array().expect("items");
    assert_eq!(
        items.iter().filter(|login| login["current"] == true).count(),
        1,
        "{list}"
    );
    let api_login = items
        .iter()
        .find(|login| login["kind"] == "api")
        .expect("the token");
    assert_eq!(
        (&api_login["label"], &api_login["expires_at"]),
        (&json!("reports"), &Value::Null)
    );

    let bearer = |method: Method, path: &str| {
        desk.admin
            .client
            .request(method, format!("{}/api/v1{path}", desk.base))
            .bearer_auth(secret)
    };
    assert_eq!(
        bearer(Method::GET, "/me")
            .send()
            .await
            .expect("an answer")
            .status(),
        200
    );
    let lower = desk.admin.client.get(format!("{}/api/v1/me", desk.base));
    let lower = lower
        .header("authorization", format!("bearer {secret}"))
        .send()
        .await;
    assert_eq!(
        lower.expect("an answer").status(),
        200,
        "the scheme is in any case"
    );
    let created = bearer(Method::POST, "/departments")
        .json(&json!({"name": "By token"}))
        .send()
        .await;
    assert_eq!(
        created.expect("an answer").status(),
        201,
        "a bearer needs no mark"
    );
    let path = format!("/me/logins/{}", token["id"].as_str().expect("id"));
    assert_eq!(desk.admin.delete(&path).await.status, 204);
    desk.admin.delete(&path).await.refused(404, "not_found");
    assert_eq!(
        bearer(Method::GET, "/me")
            .send()
            .await
            .expect("an answer")
            .status(),
        401
    );
}

#[tokio::test]
async fn an_invited_agent_sets_the_password_once() {
    let desk = Desk::start().await;
    let body = json!({"email": "new@example.com", "name": "New", "role": "agent"});
    let agent = desk.admin.post("/agents", body).await.created();
    assert_eq!(agent["invited"], true);
    let url = agent["invitation_url"].as_str().expect("a link");
    let token = url.rsplit('/').next().expect("a token");
    assert!(url.contains("/invitation/"), "{url}");
    let api = anonymous(&desk);
    let accept = json!({"token": token, "password": PASSWORD});
    let short = api
        .post(
            "/invitations/accept",
            json!({"token": token, "password": "short"}),
        )
        .await;
    assert_eq!(
        short.refused(422, "invalid_fields")["fields"],
        json!({"password": "password_too_short"})
    );
    let answer = api.post("/invitations/accept", accept.clone()).await;
    assert!(
        answer.headers["set-cookie"]
            .to_str()
            .expect("text")
            .starts_with("kefu_login=")
    );
    assert_eq!(answer.ok()["invited"], false);
    let again = api
        .post("/invitations/accept", accept)
        .await
        .refused(422, "invalid_fields");
    assert_eq!(again["fields"], json!({"token": "invitation_used"}));
    Api::signed_in(&desk.base, "new@example.com", PASSWORD).await;
}

#[tokio::test]
async fn the_operator_sets_a_lost_password_beside_the_running_server() {
    let desk = Desk::start().await;
    let db = &desk.inside().db;
    let unknown = kefu::auth::operator::reset_password(db, "nobody@example.com", PASSWORD.into()).await;
    assert!(
        unknown
            .expect_err("nobody")
            .to_string()
            .contains("nobody@example.com")
    );
    let taken = kefu::auth::operator::create_admin(db, ADMIN, "Again", PASSWORD.into()).await;
    assert!(taken.expect_err("taken").to_string().contains("email_taken"));
    kefu::auth::operator::reset_password(db, ADMIN, "a completely new one".into())
        .await
        .expect("reset");
    desk.admin.get("/me").await.refused(401, "not_signed_in");
    Api::signed_in(&desk.base, ADMIN, "a completely new one").await;
}
