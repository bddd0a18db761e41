//! Preferences: who answers a channel for a department, and what happens to open conversations when that changes.

use crate::harness::{Api, Desk, PASSWORD};
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
async fn preferences_take_members_and_fixed_timers_only() {
    let desk = Desk::start().await;
    let channel = desk.admin.post("/channels", wechat(&desk)).await.created();
    let (member, _) = agent(&desk, "member", "agent").await;
    let body = json!({"email": "out@example.com", "name": "Out", "role": "agent", "password": PASSWORD});
    let outsider = id(&desk.admin.post("/agents", body).await.created());
    let path = format!(
        "/departments/{}/channels/{}/preferences",
        desk.department,
        id(&channel)
    );
    for timer in [json!(10), json!(5760), json!("none"), json!("always")] {
        let set = desk
            .admin
            .put(
                &path,
                json!({"agent_ids": [member], "ticket_timer_minutes": timer}),
            )
            .await
            .ok();
        assert_eq!(
            (&set["ticket_timer_minutes"], &set["agent_ids"]),
            (&timer, &json!([member]))
        );
    }
    for timer in [json!(11), json!(0), json!(-1), json!("sometimes")] {
        let error = desk
            .admin
            .put(&path, json!({"ticket_timer_minutes": timer}))
            .await
            .refused(422, "invalid_fields");
        assert_eq!(error["fields"], json!({"ticket_timer_minutes": "unknown_value"}));
    }
    let error = desk
        .admin
        .put(&path, json!({"agent_ids": [outsider]}))
        .await
        .refused(422, "invalid_fields");
    assert_eq!(error["fields"], json!({"agent_ids": "unknown_agent"}));
    desk.admin
        .put(&path, json!({"agent_ids": [], "version": 1}))
        .await
        .refused(409, "changed_meanwhile");
    desk.admin
        .get(&format!(
            "/departments/dp_99/channels/{}/preferences",
            id(&channel)
        ))
        .await
        .refused(404, "not_found");
}

/// A conversation that the agent has picked up, with the agent's id.
async fn picked_up(desk: &Desk) -> (crate::harness::Channel, String, String) {
    let channel = desk.channel().await;
    let api = desk.agent(&channel).await;
    desk.phone(&channel).await.says("hello").await;
    let conversation = id(&desk.conversation(&api).await);
    api.post(&format!("/conversations/{conversation}/pick-up"), json!({}))
        .await
        .ok();
    let agent = id(&api.get("/me").await.ok());
    let seen = desk
        .admin
        .get(&format!("/conversations/{conversation}"))
        .await
        .ok();
    assert_eq!(seen["assignee_id"], agent.as_str());
    (channel, conversation, agent)
}

async fn assert_in_the_queue(desk: &Desk, conversation: &str) {
    let seen = desk
        .admin
        .get(&format!("/conversations/{conversation}"))
        .await
        .ok();
    assert_eq!(
        (&seen["assignee_id"], &seen["state"]),
        (&Value::Null, &json!("open"))
    );
    let ticket = desk
        .admin
        .get(&format!("/tickets/{}", id(&seen["ticket"])))
        .await
        .ok();
    assert_eq!(ticket["assignee_id"], Value::Null, "the ticket mirrors it");
}

#[tokio::test]
async fn who_is_no_longer_associated_gives_open_conversations_back() {
    let desk = Desk::start().await;
    let (channel, conversation, _) = picked_up(&desk).await;
    let path = format!(
        "/departments/{}/channels/{}/preferences",
        desk.department, channel.id
    );
    desk.admin.put(&path, json!({"agent_ids": []})).await.ok();
    assert_in_the_queue(&desk, &conversation).await;
}

#[tokio::test]
async fn a_disabled_agent_gives_open_conversations_back() {
    let desk = Desk::start().await;
    let (_, conversation, agent) = picked_up(&desk).await;
    desk.admin
        .patch(&format!("/agents/{agent}"), json!({"state": "disabled"}))
        .await
        .ok();
    assert_in_the_queue(&desk, &conversation).await;
}

#[tokio::test]
async fn a_department_that_no_longer_serves_a_channel_hands_its_conversations_to_the_default() {
    let desk = Desk::start().await;
    let (channel, conversation, _) = picked_up(&desk).await;
    let other = id(&desk
        .admin
        .post("/departments", json!({"name": "Other"}))
        .await
        .created());
    desk.admin
        .patch(
            &format!("/channels/{}", channel.id),
            json!({"department_ids": [other]}),
        )
        .await
        .ok();
    assert_in_the_queue(&desk, &conversation).await;
    let seen = desk
        .admin
        .get(&format!("/conversations/{conversation}"))
        .await
        .ok();
    assert_eq!(seen["department_id"], other.as_str());
}
