//! What an agent does with the own account: picture, logins; and what disabling does to it.

use crate::harness::{Api, Desk, PASSWORD};
use reqwest::Method;
use serde_json::json;

/// A picture as its kind is known by, of so many bytes.
fn png(size: usize) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.resize(size, 0);
    bytes
}

#[tokio::test]
async fn a_picture_is_judged_by_content_and_seen_by_every_colleague() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let (agent, colleague) = (
        desk.agent(&channel).await,
        desk.agent_with_role(&channel, "viewer").await,
    );
    let me = agent
        .upload(Method::PUT, "/me/picture", "me.jpg", png(1_048_576))
        .await
        .ok();
    let url = me["picture_url"].as_str().expect("a picture").to_owned();
    let path = url.strip_prefix("/api/v1").expect("a path");
    assert_eq!(colleague.get(path).await.headers["content-type"], "image/png");
    let listed = colleague
        .get(&format!("/agents/{}", me["id"].as_str().expect("id")))
        .await
        .ok();
    assert_eq!(listed["picture_url"], url.as_str());
    Api::new(&desk.admin.base)
        .get(path)
        .await
        .refused(401, "not_signed_in");
    let text = agent
        .upload(Method::PUT, "/me/picture", "me.png", b"no picture".to_vec())
        .await;
    assert_eq!(
        text.refused(422, "invalid_fields")["fields"],
        json!({"file": "file_kind"})
    );
    let large = agent
        .upload(Method::PUT, "/me/picture", "me.png", png(1_048_577))
        .await;
    assert_eq!(
        large.refused(422, "invalid_fields")["fields"],
        json!({"file": "file_too_large"})
    );
    let gone = agent.delete("/me/picture").await.ok();
    assert_eq!(gone["picture_url"], json!(null));
    colleague.get(path).await.refused(404, "not_found");
}

#[tokio::test]
async fn all_other_browsers_are_signed_out_at_once_and_tokens_stay() {
    let desk = Desk::start().await;
    let other = Api::signed_in(&desk.base, crate::harness::ADMIN, PASSWORD).await;
    desk.admin
        .post("/me/tokens", json!({"label": "A program"}))
        .await
        .created();
    assert_eq!(desk.admin.delete("/me/logins").await.status, 204);
    other.get("/me").await.refused(401, "not_signed_in");
    let left = desk.admin.get("/me/logins").await.ok();
    let kinds: Vec<_> = left["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|one| one["kind"].clone())
        .collect();
    assert_eq!(kinds, ["browser", "api"]);
}

#[tokio::test]
async fn before_disabling_it_is_said_how_much_goes_back_to_the_queue() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let agent = desk.agent(&channel).await;
    let id = agent.get("/me").await.ok()["id"].as_str().expect("id").to_owned();
    for text in ["one", "two"] {
        desk.phone(&channel).await.says(text).await;
    }
    let page = agent.get("/conversations?view=unassigned").await.ok();
    for item in page["items"].as_array().expect("items") {
        let path = format!("/conversations/{}/pick-up", item["id"].as_str().expect("id"));
        agent.post(&path, json!({})).await.ok();
    }
    let workload = format!("/agents/{id}/workload");
    assert_eq!(
        desk.admin.get(&workload).await.ok(),
        json!({"open_conversations": 2})
    );
    desk.admin
        .patch(&format!("/agents/{id}"), json!({"state": "disabled"}))
        .await
        .ok();
    assert_eq!(
        desk.admin.get(&workload).await.ok(),
        json!({"open_conversations": 0})
    );
    let queue = desk.admin.get("/conversations?view=unassigned").await.ok();
    assert_eq!(queue["items"].as_array().expect("items").len(), 2);
    agent.get("/me").await.refused(401, "not_signed_in");
    desk.admin
        .patch(&format!("/agents/{id}"), json!({"state": "active"}))
        .await
        .ok();
}
