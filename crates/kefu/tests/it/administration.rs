//! Departments and agents, and who may administer anything at all.

use crate::harness::{Api, Desk, PASSWORD};
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
async fn only_administrators_administer_and_are_refused_before_the_body_is_read() {
    let desk = Desk::start().await;
    let channel = id(&desk.admin.post("/channels", wechat(&desk)).await.created());
    let (someone, _) = agent(&desk, "someone", "agent").await;
    let preferences = format!("/departments/{}/channels/{channel}/preferences", desk.department);
    let calls = [
        (Method::POST, "/departments".to_owned()),
        (Method::PATCH, format!("/departments/{}", desk.department)),
        (Method::DELETE, format!("/departments/{}", desk.department)),
        (Method::POST, "/agents".to_owned()),
        (Method::PATCH, format!("/agents/{someone}")),
        (Method::POST, "/channels".to_owned()),
        (Method::PATCH, format!("/channels/{channel}")),
        (Method::DELETE, format!("/channels/{channel}")),
        (Method::POST, format!("/channels/{channel}/enable")),
        (Method::POST, format!("/channels/{channel}/disable")),
        (Method::POST, format!("/channels/{channel}/check")),
        (Method::PUT, format!("/channels/{channel}/icon")),
        (Method::POST, "/channels/generate-secret".to_owned()),
        (Method::PUT, preferences),
    ];
    for role in ["supervisor", "agent", "viewer"] {
        let (_, api) = agent(&desk, &format!("one-{role}"), role).await;
        for (method, path) in &calls {
            api.send(method.clone(), path, Some("{broken".into()))
                .await
                .refused(403, "not_permitted");
        }
    }
    let nobody = Api::new(&format!("{}/api/v1", desk.base));
    for (method, path) in &calls {
        nobody
            .send(method.clone(), path, Some("{broken".into()))
            .await
            .refused(401, "not_signed_in");
    }
    desk.admin
        .send(Method::POST, "/departments", Some("{broken".into()))
        .await
        .refused(400, "malformed");
}

#[tokio::test]
async fn departments_have_unique_names_and_go_only_when_unused() {
    let desk = Desk::start().await;
    let sales = desk
        .admin
        .post("/departments", json!({"name": "  Sales "}))
        .await
        .created();
    assert_eq!(sales["name"], "Sales");
    let taken = desk
        .admin
        .post("/departments", json!({"name": "Sales"}))
        .await
        .refused(422, "invalid_fields");
    assert_eq!(taken["fields"], json!({"name": "name_taken"}));
    desk.admin
        .post("/departments", json!({}))
        .await
        .refused(422, "invalid_fields");
    let path = format!("/departments/{}", id(&sales));
    assert_eq!(
        desk.admin.patch(&path, json!({"name": "Shop"})).await.ok()["version"],
        2
    );
    desk.admin
        .patch(&path, json!({"name": "Late", "version": 1}))
        .await
        .refused(409, "changed_meanwhile");
    let mut body = wechat(&desk);
    body["department_ids"] = json!([id(&sales)]);
    let channel = id(&desk.admin.post("/channels", body).await.created());
    desk.admin.delete(&path).await.refused(409, "department_in_use");
    desk.admin.delete(&format!("/channels/{channel}")).await;
    assert_eq!(desk.admin.delete(&path).await.status, 204);
    desk.admin.get(&path).await.refused(404, "not_found");
    let list = desk.admin.get("/departments").await.ok();
    assert_eq!(list["items"].as_array().expect("items").len(), 1, "{list}");
    desk.admin
        .post("/departments", json!({"name": "Shop"}))
        .await
        .created();
}

#[tokio::test]
async fn lists_go_page_by_page_in_a_stable_order() {
    let desk = Desk::start().await;
    for number in 0..4 {
        desk.admin
            .post("/departments", json!({"name": format!("D{number}")}))
            .await
            .created();
    }
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = desk
            .admin
            .get(&format!("/departments?limit=2{cursor}"))
            .await
            .ok();
        seen.extend(page["items"].as_array().expect("items").iter().map(id));
        let Some(next) = page["next_cursor"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, ["dp_1", "dp_2", "dp_3", "dp_4", "dp_5"]);
    desk.admin
        .get("/departments?limit=0")
        .await
        .refused(400, "malformed");
    desk.admin
        .get("/departments?cursor=nonsense")
        .await
        .refused(400, "malformed");
}

#[tokio::test]
async fn agents_are_checked_field_by_field_and_show_no_password() {
    let desk = Desk::start().await;
    let wrong = json!({"email": "no", "name": "", "role": "agent", "password": "short"});
    let error = desk
        .admin
        .post("/agents", wrong)
        .await
        .refused(422, "invalid_fields");
    assert_eq!(
        error["fields"],
        json!({"email": "email_form", "name": "required", "password": "password_too_short"})
    );
    let body = json!({"email": "LI@Example.com", "name": "Li", "role": "viewer", "password": PASSWORD, "department_ids": ["dp_99"]});
    let error = desk
        .admin
        .post("/agents", body.clone())
        .await
        .refused(422, "invalid_fields");
    assert_eq!(error["fields"], json!({"department_ids": "unknown_department"}));
    let (_, li) = agent(&desk, "li", "viewer").await;
    let mut again = body;
    again["department_ids"] = json!([]);
    let error = desk
        .admin
        .post("/agents", again)
        .await
        .refused(422, "invalid_fields");
    assert_eq!(error["fields"], json!({"email": "email_taken"}));
    let list = li.get("/agents").await;
    assert!(
        !list.text.contains("argon2") && !list.text.contains("password"),
        "{}",
        list.text
    );
    assert_eq!(list.ok()["items"].as_array().expect("items").len(), 2);
    desk.admin.get("/agents/ag_99").await.refused(404, "not_found");
    desk.admin.get("/agents/dp_1").await.refused(404, "not_found");
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let desk = Desk::start().await;
    for change in [json!({"role": "agent"}), json!({"state": "disabled"})] {
        desk.admin
            .patch("/agents/ag_1", change)
            .await
            .refused(409, "last_admin");
    }
    agent(&desk, "second", "admin").await;
    desk.admin
        .patch("/agents/ag_1", json!({"role": "agent"}))
        .await
        .ok();
    desk.admin
        .patch("/agents/ag_1", json!({"role": "admin"}))
        .await
        .refused(403, "not_permitted");
}

#[tokio::test]
async fn a_password_set_by_an_administrator_ends_the_agents_logins() {
    let desk = Desk::start().await;
    let (li, api) = agent(&desk, "li", "agent").await;
    desk.admin
        .patch(
            &format!("/agents/{li}"),
            json!({"password": "a completely new one"}),
        )
        .await
        .ok();
    api.get("/me").await.refused(401, "not_signed_in");
    Api::signed_in(&desk.base, "li@example.com", "a completely new one").await;
}
