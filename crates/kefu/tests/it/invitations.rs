//! Invitations: a link is looked at, used once, and ended by the next one.

use crate::harness::{Api, Desk, PASSWORD};
use serde_json::{Value, json};

async fn invited(desk: &Desk) -> (String, String) {
    let body = json!({"email": "mei@example.com", "name": "Mei", "role": "agent", "language": "zh-CN",
        "department_ids": [desk.department]});
    let agent = desk.admin.post("/agents", body).await.created();
    (agent["id"].as_str().expect("id").to_owned(), token(&agent))
}

fn token(answer: &Value) -> String {
    let url = answer["invitation_url"].as_str().expect("a link");
    url.rsplit_once('/').expect("a path").1.to_owned()
}

fn nobody(desk: &Desk) -> Api {
    Api::new(&format!("{}/api/v1", desk.base))
}

async fn refused(api: &Api, path: &str, body: Value, code: &str) {
    let error = api.post(path, body).await.refused(422, "invalid_fields");
    assert_eq!(error["fields"], json!({"token": code}));
}

#[tokio::test]
async fn an_invitation_says_whom_it_is_for_and_in_which_language() {
    let desk = Desk::start().await;
    let (_, token) = invited(&desk).await;
    let api = nobody(&desk);
    let shown = api.post("/invitations/check", json!({"token": token})).await.ok();
    assert_eq!(
        shown,
        json!({"name": "Mei", "email": "mei@example.com", "language": "zh-CN", "organisation": ""})
    );
    let me = api
        .post(
            "/invitations/accept",
            json!({"token": token, "password": PASSWORD}),
        )
        .await
        .ok();
    assert_eq!(
        (&me["language"], &me["invited"]),
        (&json!("zh-CN"), &json!(false))
    );
    refused(
        &api,
        "/invitations/check",
        json!({"token": token}),
        "invitation_used",
    )
    .await;
    refused(
        &api,
        "/invitations/check",
        json!({"token": "no such"}),
        "unknown_invitation",
    )
    .await;
}

#[tokio::test]
async fn a_new_link_ends_the_one_before_and_leaves_the_password_until_it_is_used() {
    let desk = Desk::start().await;
    let (id, first) = invited(&desk).await;
    let path = format!("/agents/{id}/invitation");
    let second = token(&desk.admin.post(&path, json!({})).await.created());
    let api = nobody(&desk);
    let accept = |token: &str, password: &str| json!({"token": token, "password": password});
    refused(
        &api,
        "/invitations/accept",
        accept(&first, PASSWORD),
        "invitation_used",
    )
    .await;
    api.post("/invitations/accept", accept(&second, PASSWORD))
        .await
        .ok();
    let third = token(&desk.admin.post(&path, json!({})).await.created());
    let mei = Api::signed_in(&desk.base, "mei@example.com", PASSWORD).await;
    api.post("/invitations/accept", accept(&third, "another password"))
        .await
        .ok();
    mei.get("/me").await.refused(401, "not_signed_in");
    Api::signed_in(&desk.base, "mei@example.com", "another password").await;
}

#[tokio::test]
async fn a_disabled_agent_gets_no_link_and_their_open_one_is_void() {
    let desk = Desk::start().await;
    let (id, token) = invited(&desk).await;
    desk.admin
        .patch(&format!("/agents/{id}"), json!({"state": "disabled"}))
        .await
        .ok();
    desk.admin
        .post(&format!("/agents/{id}/invitation"), json!({}))
        .await
        .refused(409, "agent_disabled");
    let body = json!({"token": token, "password": PASSWORD});
    refused(&nobody(&desk), "/invitations/accept", body, "unknown_invitation").await;
}

#[tokio::test]
async fn two_browsers_with_one_link_make_one_password() {
    let desk = Desk::start().await;
    let (_, token) = invited(&desk).await;
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..6 {
        let (api, token) = (nobody(&desk), token.clone());
        tries.spawn(async move {
            let password = format!("the password of {number}");
            let answer = api
                .post(
                    "/invitations/accept",
                    json!({"token": token, "password": password}),
                )
                .await;
            (password, answer)
        });
    }
    let answers = tries.join_all().await;
    let made: Vec<_> = answers
        .iter()
        .filter(|(_, answer)| answer.status == 200)
        .collect();
    assert_eq!(made.len(), 1);
    Api::signed_in(&desk.base, "mei@example.com", &made[0].0).await;
}
