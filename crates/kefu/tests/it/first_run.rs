//! The first run: a one-time link makes the first administrator, once.

use crate::harness::{Api, EmptyDesk, PASSWORD, Process, provider};
use serde_json::{Value, json};
use wechat_sim::{Sim, SimOptions};

fn form(token: &str) -> Value {
    json!({"token": token, "organisation": " 青山商店 ", "language": "ja", "time_zone": "Asia/Tokyo",
        "email": "Sato@Example.com", "name": "佐藤", "password": PASSWORD})
}

#[tokio::test]
async fn the_link_makes_organisation_administrator_and_department_and_signs_in() {
    let desk = EmptyDesk::start().await;
    let before = desk.visitor.get("/setup").await.ok();
    assert_eq!(before["needed"], true);
    let token = desk.token().await.expect("a link");
    let answer = desk.visitor.post("/setup", form(&token)).await;
    let cookie = answer.headers["set-cookie"].to_str().expect("text").to_owned();
    let me = answer.created();
    assert_eq!(
        (&me["email"], &me["role"], &me["language"], &me["organisation"]),
        (
            &json!("sato@example.com"),
            &json!("admin"),
            &json!("ja"),
            &json!("青山商店")
        )
    );
    assert!(
        cookie.contains("HttpOnly") && cookie.starts_with("kefu_login="),
        "{cookie}"
    );
    let mut admin = desk.visitor.clone();
    admin.cookie = cookie.split(';').next().map(str::to_owned);
    let departments = admin.get("/departments").await.ok();
    assert_eq!(departments["items"][0]["name"], "カスタマーサポート");
    assert_eq!(me["department_ids"], json!([departments["items"][0]["id"]]));
    let installation = admin.get("/installation").await.ok();
    assert_eq!(
        installation,
        json!({"organisation": "青山商店", "language": "ja", "time_zone": "Asia/Tokyo",
            "second_factor_required": false, "quarantine": null, "version": 2})
    );
    let after = desk.visitor.get("/setup").await.ok();
    assert_eq!(
        after,
        json!({"needed": false, "organisation": "青山商店", "language": "ja"})
    );
    Api::signed_in(&desk.base, "sato@example.com", PASSWORD).await;
}

#[tokio::test]
async fn the_link_works_once_even_with_two_browsers_at_once() {
    let desk = EmptyDesk::start().await;
    let token = desk.token().await.expect("a link");
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..4 {
        let (visitor, mut form) = (desk.visitor.clone(), form(&token));
        form["email"] = json!(format!("first{number}@example.com"));
        tries.spawn(async move { visitor.post("/setup", form).await });
    }
    let answers = tries.join_all().await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1);
    for answer in answers.into_iter().filter(|answer| answer.status != 201) {
        let refused = answer.json()["error"]["code"].clone();
        assert!(
            refused == "setup_done" || refused == "wrong_setup_token",
            "{refused}"
        );
    }
    desk.visitor
        .post("/setup", form(&token))
        .await
        .refused(409, "setup_done");
    assert_eq!(desk.token().await, None);
}

#[tokio::test]
async fn another_token_is_refused_and_guesses_are_slowed() {
    let desk = EmptyDesk::start().await;
    let old = desk.token().await.expect("a link");
    let token = desk.token().await.expect("a newer link");
    desk.visitor
        .post("/setup", form(&old))
        .await
        .refused(403, "wrong_setup_token");
    for guess in ["", "x", "é", &"é".repeat(300)] {
        desk.visitor
            .post("/setup", form(guess))
            .await
            .refused(403, "wrong_setup_token");
    }
    let slowed = desk.visitor.post("/setup", form("again")).await;
    assert!(slowed.headers.contains_key("retry-after"));
    slowed.refused(429, "too_many_requests");
    desk.visitor
        .post("/setup", form(&token))
        .await
        .refused(429, "too_many_requests");
}

#[tokio::test]
async fn a_wrong_form_names_its_fields_and_leaves_the_link_usable() {
    let desk = EmptyDesk::start().await;
    let token = desk.token().await.expect("a link");
    let wrong = json!({"token": token, "organisation": " ", "time_zone": "Mars/Olympus", "email": "no", "name": "",
        "password": "short"});
    for _ in 0..7 {
        let error = desk
            .visitor
            .post("/setup", wrong.clone())
            .await
            .refused(422, "invalid_fields");
        assert_eq!(
            error["fields"],
            json!({"organisation": "required", "language": "required", "time_zone": "unknown_time_zone",
                "email": "email_form", "name": "required", "password": "password_too_short"})
        );
    }
    desk.visitor.post("/setup", form(&token)).await.created();
}

#[tokio::test]
async fn an_administrator_made_at_the_command_line_ends_the_first_run() {
    let desk = EmptyDesk::start().await;
    let token = desk.token().await.expect("a link");
    kefu::auth::operator::create_admin(&desk.running.desk.db, "op@example.com", "Op", PASSWORD.into())
        .await
        .expect("an administrator");
    desk.visitor
        .post("/setup", form(&token))
        .await
        .refused(409, "setup_done");
    assert_eq!(desk.visitor.get("/setup").await.ok()["needed"], false);
    assert_eq!(desk.token().await, None);
}

#[tokio::test]
async fn serve_prints_a_link_that_works_and_whose_token_is_not_stored() {
    provider();
    let dir = tempfile::TempDir::new().expect("a temporary folder");
    let options = SimOptions {
        listen: crate::harness::loopback(),
        data_dir: None,
        not_before_ms: None,
    };
    let sim = Sim::start(options).await.expect("the simulator starts");
    let (process, said) = Process::start_empty(dir.path(), &sim.url()).await;
    let at = said.find("/welcome?token=").expect("a link");
    let token = said[at + "/welcome?token=".len()..]
        .lines()
        .next()
        .expect("a line")
        .trim();
    for entry in std::fs::read_dir(dir.path()).expect("a folder").flatten() {
        if entry.file_name() != "stderr.txt" && entry.path().is_file() {
            let bytes = std::fs::read(entry.path()).expect("a file");
            let found = bytes.windows(token.len()).any(|part| part == token.as_bytes());
            assert!(!found, "{:?}", entry.path());
        }
    }
    let visitor = Api::new(&format!("{}/api/v1", process.base));
    visitor.post("/setup", form(token)).await.created();
    Api::signed_in(&process.base, "sato@example.com", PASSWORD).await;
}

#[tokio::test]
async fn an_administrator_changes_the_organisation_and_new_aliases_follow_its_language() {
    let desk = crate::harness::Desk::start().await;
    let channel = desk.channel().await;
    let before = desk.admin.get("/installation").await.ok();
    let change = json!({"organisation": "Blue Hill", "language": "ja", "time_zone": "Asia/Tokyo", "version": before["version"]});
    let after = desk.admin.patch("/installation", change.clone()).await.ok();
    assert_eq!(
        (&after["organisation"], &after["language"]),
        (&json!("Blue Hill"), &json!("ja"))
    );
    desk.admin
        .patch("/installation", change)
        .await
        .refused(409, "changed_meanwhile");
    let wrong = json!({"organisation": "", "time_zone": "x"});
    let error = desk
        .admin
        .patch("/installation", wrong)
        .await
        .refused(422, "invalid_fields");
    assert_eq!(
        error["fields"],
        json!({"organisation": "required", "time_zone": "unknown_time_zone"})
    );
    desk.phone(&channel).await.says("こんにちは").await;
    let name = desk.conversation(&desk.admin).await["contact"]["name"].clone();
    assert!(!name.as_str().expect("a name").is_ascii(), "{name}");
}
