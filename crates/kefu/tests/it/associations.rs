//! Who answers which channel: set per agent, with what it does to their conversations, to what they see, and to whom
//! conversations are offered.

use crate::harness::{Api, Channel, Desk, PASSWORD};
use serde_json::{Value, json};

fn id(object: &Value) -> String {
    object["id"].as_str().expect("id").to_owned()
}

/// An agent of the department, with or without channels.
async fn member(desk: &Desk, name: &str, role: &str) -> (String, Api) {
    let email = format!("{name}@example.com");
    let body = json!({"email": email, "name": name, "role": role, "password": PASSWORD, "department_ids": [desk.department]});
    let agent = id(&desk.admin.post("/agents", body).await.created());
    (agent, Api::signed_in(&desk.base, &email, PASSWORD).await)
}

fn path(desk: &Desk, agent: &str) -> String {
    format!("/departments/{}/agents/{agent}/channels", desk.department)
}

async fn associate(desk: &Desk, agent: &str, channels: &[&Channel]) -> Value {
    let ids: Vec<_> = channels.iter().map(|channel| &channel.id).collect();
    desk.admin
        .put(&path(desk, agent), json!({"channel_ids": ids}))
        .await
        .ok()
}

async fn names_offered(api: &Api, conversation: &str) -> Vec<String> {
    let offered = api
        .get(&format!("/conversations/{conversation}/transfer-targets"))
        .await
        .ok();
    let agents = offered["agents"].as_array().expect("agents");
    agents
        .iter()
        .map(|agent| agent["name"].as_str().expect("name").to_owned())
        .collect()
}

#[tokio::test]
async fn several_channels_are_associated_at_once_and_shown() {
    let desk = Desk::start().await;
    let (first, second) = (desk.channel().await, desk.channel().await);
    let (anna, _) = member(&desk, "anna", "agent").await;
    let set = associate(&desk, &anna, &[&first, &second]).await;
    assert_eq!(
        set["items"],
        json!([
            {"channel_id": first.id, "associated": true, "open_conversations": 0},
            {"channel_id": second.id, "associated": true, "open_conversations": 0},
        ])
    );
    let listed = desk
        .admin
        .get(&format!("/departments/{}/preferences", desk.department))
        .await
        .ok();
    for item in listed["items"].as_array().expect("items") {
        assert_eq!(
            (&item["agent_ids"], &item["ticket_timer_minutes"]),
            (&json!([anna]), &json!(1440))
        );
    }
}

#[tokio::test]
async fn only_members_and_living_channels_of_the_department_are_taken() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let (anna, _) = member(&desk, "anna", "agent").await;
    let other = id(&desk
        .admin
        .post("/departments", json!({"name": "Other"}))
        .await
        .created());
    let elsewhere = desk.channel_with(json!({"department_ids": [other]})).await;
    for wrong in ["ch_99", &elsewhere.id] {
        let error = desk
            .admin
            .put(&path(&desk, &anna), json!({"channel_ids": [channel.id, wrong]}))
            .await
            .refused(422, "invalid_fields");
        assert_eq!(error["fields"], json!({"channel_ids": "unknown_channel"}));
    }
    desk.admin
        .get(&format!("/departments/{other}/agents/{anna}/channels"))
        .await
        .refused(404, "not_found");
    desk.admin.delete(&format!("/channels/{}", channel.id)).await;
    desk.admin
        .put(&path(&desk, &anna), json!({"channel_ids": [channel.id]}))
        .await
        .refused(422, "invalid_fields");
    assert_eq!(desk.admin.get(&path(&desk, &anna)).await.ok()["items"], json!([]));
}

#[tokio::test]
async fn of_two_administrators_the_second_is_told_and_loses_nothing() {
    let desk = Desk::start().await;
    let (first, second) = (desk.channel().await, desk.channel().await);
    let (anna, _) = member(&desk, "anna", "agent").await;
    let body = |ids: Value| json!({"channel_ids": ids, "seen_channel_ids": []});
    desk.admin
        .put(&path(&desk, &anna), body(json!([first.id])))
        .await
        .ok();
    desk.admin
        .put(&path(&desk, &anna), body(json!([second.id])))
        .await
        .refused(409, "changed_meanwhile");
    let now = desk.admin.get(&path(&desk, &anna)).await.ok();
    assert_eq!(now["items"][0]["associated"], true);
    assert_eq!(now["items"][1]["associated"], false);
}

#[tokio::test]
async fn two_at_once_end_in_the_state_that_one_of_them_asked_for() {
    let desk = Desk::start().await;
    let (first, second) = (desk.channel().await, desk.channel().await);
    let (anna, _) = member(&desk, "anna", "agent").await;
    let path = path(&desk, &anna);
    let wish = |channel: &Channel| json!({"channel_ids": [channel.id], "seen_channel_ids": []});
    let (one, two) = tokio::join!(
        desk.admin.put(&path, wish(&first)),
        desk.admin.put(&path, wish(&second))
    );
    let statuses = [one.status.as_u16(), two.status.as_u16()];
    assert!(
        statuses.contains(&200) && statuses.contains(&409),
        "{statuses:?} {} {}",
        one.text,
        two.text
    );
    let now = desk.admin.get(&path).await.ok();
    let associated = now["items"].as_array().expect("items").iter();
    assert_eq!(associated.filter(|item| item["associated"] == true).count(), 1);
}

#[tokio::test]
async fn ending_an_association_says_how_many_go_back_and_then_they_do() {
    let desk = Desk::start().await;
    let (channel, other) = (desk.channel().await, desk.channel().await);
    let (anna, api) = member(&desk, "anna", "agent").await;
    associate(&desk, &anna, &[&channel, &other]).await;
    for channel in [&channel, &channel, &other] {
        desk.phone(channel).await.says("hello").await;
    }
    let listed = api.get("/conversations").await.ok();
    for conversation in listed["items"].as_array().expect("items") {
        let path = format!("/conversations/{}/pick-up", id(conversation));
        api.post(&path, json!({})).await.ok();
    }
    let before = desk.admin.get(&path(&desk, &anna)).await.ok();
    assert_eq!(
        [
            &before["items"][0]["open_conversations"],
            &before["items"][1]["open_conversations"]
        ],
        [&json!(2), &json!(1)]
    );
    associate(&desk, &anna, &[&other]).await;
    let queued = desk.admin.get("/conversations?view=unassigned").await.ok();
    let queued = queued["items"].as_array().expect("items");
    assert_eq!(queued.len(), 2);
    assert!(queued.iter().all(|one| one["channel_id"] == channel.id.as_str()));
    let mine = api.get("/conversations?view=mine").await.ok();
    assert_eq!(mine["items"].as_array().expect("items").len(), 1);
}

#[tokio::test]
async fn who_is_not_associated_sees_nothing_gets_nothing_and_is_not_offered() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let (anna, with) = member(&desk, "anna", "agent").await;
    let (bert, without) = member(&desk, "bert", "agent").await;
    let (_, viewer) = member(&desk, "vera", "viewer").await;
    associate(&desk, &anna, &[&channel]).await;
    let picture = json!({"type": "text", "content": "secret order"});
    desk.phone(&channel).await.sends(picture).await;
    let conversation = id(&desk.conversation(&with).await);
    let ticket = id(&with.get(&format!("/conversations/{conversation}")).await.ok()["ticket"]);
    let message = id(&desk.messages(&conversation).await[0]);

    for api in [&without, &viewer] {
        for list in [
            "/conversations",
            "/conversations?q=a",
            "/tickets",
            "/tickets?q=secret",
        ] {
            assert_eq!(api.get(list).await.ok()["items"], json!([]), "{list}");
        }
        for one in [
            format!("/conversations/{conversation}"),
            format!("/conversations/{conversation}/messages"),
            format!("/tickets/{ticket}"),
            format!("/tickets/{ticket}/messages"),
            format!("/messages/{message}"),
        ] {
            api.get(&one).await.refused(404, "not_found");
        }
    }
    for action in ["pick-up", "block", "end", "transfer", "read", "typing"] {
        without
            .post(&format!("/conversations/{conversation}/{action}"), json!({}))
            .await
            .refused(404, "not_found");
    }
    without
        .post(&format!("/messages/{message}/ticket"), json!({}))
        .await
        .refused(404, "not_found");
    without
        .get(&format!("/conversations/{conversation}/transfer-targets"))
        .await
        .refused(404, "not_found");

    assert_eq!(names_offered(&with, &conversation).await, ["Admin", "anna"]);
    with.post(
        &format!("/conversations/{conversation}/transfer"),
        json!({"agent_id": bert}),
    )
    .await
    .refused(409, "not_associated");
    associate(&desk, &bert, &[&channel]).await;
    assert_eq!(
        names_offered(&with, &conversation).await,
        ["Admin", "anna", "bert"]
    );
    without.get(&format!("/conversations/{conversation}")).await.ok();
}

#[tokio::test]
async fn the_offer_shows_availability_and_load_and_leaves_out_who_has_it() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let (anna, api) = member(&desk, "anna", "agent").await;
    let (bert, other) = member(&desk, "bert", "agent").await;
    for agent in [&anna, &bert] {
        associate(&desk, agent, &[&channel]).await;
    }
    other.patch("/me", json!({"availability": "online"})).await.ok();
    api.patch("/me", json!({"availability": "away"})).await.ok();
    desk.phone(&channel).await.says("one").await;
    let conversation = id(&desk.conversation(&api).await);
    api.post(&format!("/conversations/{conversation}/pick-up"), json!({}))
        .await
        .ok();
    let offered = other
        .get(&format!("/conversations/{conversation}/transfer-targets"))
        .await
        .ok();
    let first = &offered["agents"][0];
    assert_eq!(
        (
            &first["name"],
            &first["availability"],
            &first["open_conversations"]
        ),
        (&json!("bert"), &json!("online"), &json!(0))
    );
    assert!(
        offered["agents"]
            .as_array()
            .expect("agents")
            .iter()
            .all(|agent| agent["id"] != anna.as_str())
    );
    let departments = &offered["departments"];
    assert_eq!(
        departments,
        &json!([{"id": desk.department, "name": "Support", "queued": 0, "online": 1}])
    );
}
