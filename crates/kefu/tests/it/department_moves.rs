//! Deleting a department that has something: it says what, and everything goes to another one at once.

use crate::harness::{Api, Channel, Desk, PASSWORD};
use serde_json::{Value, json};

fn id(object: &Value) -> String {
    object["id"].as_str().expect("id").to_owned()
}

/// A desk whose channel is served by *Sales* alone.
struct Sales {
    desk: Desk,
    channel: Channel,
    sales: String,
}

impl Sales {
    async fn start() -> Self {
        let desk = Desk::start().await;
        let sales = id(&desk
            .admin
            .post("/departments", json!({"name": "Sales"}))
            .await
            .created());
        let channel = desk.channel_with(json!({"department_ids": [sales]})).await;
        Self { desk, channel, sales }
    }

    /// A signed-in agent of these departments, associated with the channel in *Sales*.
    async fn agent(&self, name: &str, departments: &[&str]) -> (String, Api) {
        let email = format!("{name}@example.com");
        let body = json!({"email": email, "name": name, "role": "agent", "password": PASSWORD, "department_ids": departments});
        let agent = id(&self.desk.admin.post("/agents", body).await.created());
        let path = self.preferences(&self.sales);
        let mut preferences = self.desk.admin.get(&path).await.ok();
        preferences["agent_ids"]
            .as_array_mut()
            .expect("a list")
            .push(json!(agent));
        let told = json!({"agent_ids": preferences["agent_ids"], "ticket_timer_minutes": 60});
        self.desk.admin.put(&path, told).await.ok();
        (agent, Api::signed_in(&self.desk.base, &email, PASSWORD).await)
    }

    fn preferences(&self, department: &str) -> String {
        format!(
            "/departments/{department}/channels/{}/preferences",
            self.channel.id
        )
    }

    fn path(&self) -> String {
        format!("/departments/{}", self.sales)
    }

    async fn move_to_support(&self) {
        let path = format!("{}?move_to={}", self.path(), self.desk.department);
        assert_eq!(self.desk.admin.delete(&path).await.status, 204);
    }
}

async fn pick_up(api: &Api, text: &str) -> String {
    let page = api.get("/conversations?view=unassigned").await.ok();
    let found = page["items"]
        .as_array()
        .expect("items")
        .iter()
        .find(|one| one["last_message"]["text"] == text);
    let conversation = id(found.expect("a conversation"));
    api.post(&format!("/conversations/{conversation}/pick-up"), json!({}))
        .await
        .ok();
    conversation
}

#[tokio::test]
async fn a_department_in_use_says_how_much_and_stays() {
    let it = Sales::start().await;
    it.desk.phone(&it.channel).await.says("hello").await;
    let error = it
        .desk
        .admin
        .delete(&it.path())
        .await
        .refused(409, "department_in_use");
    let told = |name: &str| error[name].as_i64().expect("a number");
    assert_eq!(
        (
            told("channels"),
            told("conversations"),
            told("open_conversations"),
            told("tickets")
        ),
        (1, 1, 1, 1)
    );
    it.desk.admin.get(&it.path()).await.ok();
    for (target, code) in [
        (it.sales.as_str(), "unknown_department"),
        ("dp_99", "unknown_department"),
    ] {
        let path = format!("{}?move_to={target}", it.path());
        let error = it.desk.admin.delete(&path).await.refused(422, "invalid_fields");
        assert_eq!(error["fields"], json!({"move_to": code}));
    }
}

#[tokio::test]
async fn an_ended_conversation_is_a_use_too() {
    let it = Sales::start().await;
    let channel = it
        .desk
        .channel_with(json!({"department_ids": [it.desk.department]}))
        .await;
    let (_, agent) = it.agent("li", &[&it.sales]).await;
    it.desk.phone(&it.channel).await.says("hello").await;
    let conversation = pick_up(&agent, "hello").await;
    agent
        .post(&format!("/conversations/{conversation}/end"), json!({}))
        .await
        .ok();
    it.desk
        .admin
        .delete(&format!("/channels/{}", it.channel.id))
        .await;
    let error = it
        .desk
        .admin
        .delete(&it.path())
        .await
        .refused(409, "department_in_use");
    assert_eq!(
        (&error["channels"], &error["open_conversations"]),
        (&json!(0), &json!(0))
    );
    it.move_to_support().await;
    let moved = it
        .desk
        .admin
        .get(&format!("/conversations/{conversation}"))
        .await
        .ok();
    assert_eq!(moved["department_id"], it.desk.department.as_str());
    it.desk
        .phone(&channel)
        .await
        .says("the other channel works")
        .await;
}

#[tokio::test]
async fn everything_moves_and_who_belongs_to_both_keeps_it() {
    let it = Sales::start().await;
    let (both, keeps) = it.agent("both", &[&it.sales, &it.desk.department]).await;
    let (_, loses) = it.agent("loses", &[&it.sales]).await;
    let phone = it.desk.phone(&it.channel).await;
    phone.says("kept").await;
    it.desk.phone(&it.channel).await.says("given back").await;
    it.desk.phone(&it.channel).await.says("nobody's").await;
    let (kept, given_back) = (pick_up(&keeps, "kept").await, pick_up(&loses, "given back").await);
    it.move_to_support().await;

    it.desk.admin.get(&it.path()).await.refused(404, "not_found");
    let channel = it
        .desk
        .admin
        .get(&format!("/channels/{}", it.channel.id))
        .await
        .ok();
    assert_eq!(channel["department_ids"], json!([it.desk.department]));
    assert_eq!(channel["default_department_id"], it.desk.department.as_str());
    let preferences = it.desk.admin.get(&it.preferences(&it.desk.department)).await.ok();
    assert_eq!(
        (&preferences["agent_ids"], &preferences["ticket_timer_minutes"]),
        (&json!([both]), &json!(60))
    );
    let all = keeps.get("/conversations?view=all").await.ok();
    assert_eq!(all["items"].as_array().expect("items").len(), 3);
    assert_eq!(
        keeps.get(&format!("/conversations/{kept}")).await.ok()["assignee_id"],
        both.as_str()
    );
    let back = keeps.get(&format!("/conversations/{given_back}")).await.ok();
    assert_eq!(back["assignee_id"], json!(null));
    let ticket = keeps
        .get(&format!(
            "/tickets/{}",
            back["ticket"]["id"].as_str().expect("id")
        ))
        .await
        .ok();
    assert_eq!(
        (&ticket["department_id"], &ticket["assignee_id"]),
        (&json!(it.desk.department), &json!(null))
    );
    loses
        .get(&format!("/conversations/{given_back}"))
        .await
        .refused(404, "not_found");
    phone.says("and still it comes in").await;
    let row = keeps.get(&format!("/conversations/{kept}")).await.ok();
    assert_eq!(row["last_message"]["text"], "and still it comes in");
    it.desk.phone(&it.channel).await.says("as do new people").await;
    assert_eq!(
        keeps.get("/conversations?view=all").await.ok()["items"]
            .as_array()
            .expect("items")
            .len(),
        4
    );
}

#[tokio::test]
async fn preferences_of_a_department_that_serves_the_channel_already_stay_as_they_are() {
    let it = Sales::start().await;
    let (_, _) = it.agent("both", &[&it.sales, &it.desk.department]).await;
    let both = json!({"department_ids": [it.sales, it.desk.department]});
    it.desk
        .admin
        .patch(&format!("/channels/{}", it.channel.id), both)
        .await
        .ok();
    it.move_to_support().await;
    let preferences = it.desk.admin.get(&it.preferences(&it.desk.department)).await.ok();
    assert_eq!(
        (&preferences["agent_ids"], &preferences["ticket_timer_minutes"]),
        (&json!([]), &json!(1440))
    );
}

#[tokio::test]
async fn the_last_department_stays_while_there_is_a_channel() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let path = format!("/departments/{}", desk.department);
    desk.admin.delete(&path).await.refused(409, "last_department");
    desk.admin.delete(&format!("/channels/{}", channel.id)).await;
    assert_eq!(desk.admin.delete(&path).await.status, 204);
}

#[tokio::test]
async fn two_departments_moved_into_each_other_at_once_leave_one() {
    let it = Sales::start().await;
    it.desk.phone(&it.channel).await.says("hello").await;
    let (sales, support, admin) = (
        it.sales.clone(),
        it.desk.department.clone(),
        it.desk.admin.clone(),
    );
    let (a, b) = (
        format!("/departments/{sales}?move_to={support}"),
        format!("/departments/{support}?move_to={sales}"),
    );
    let (first, second) = tokio::join!(admin.delete(&a), admin.delete(&b));
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert!(matches!(statuses, [204, 404 | 422]), "{statuses:?}");
    let left = admin.get("/departments").await.ok();
    let left = id(&left["items"][0]);
    assert_eq!(it.desk.conversation(&admin).await["department_id"], left.as_str());
}

#[tokio::test]
async fn browsers_of_both_sides_are_told() {
    let it = Sales::start().await;
    it.desk.phone(&it.channel).await.says("hello").await;
    let before = it.desk.inside().db.clone();
    let (position, _) = kefu::db::events::bounds(&mut before.read().await.expect("a connection"))
        .await
        .expect("bounds");
    it.move_to_support().await;
    let rows = kefu::db::events::after(&mut before.read().await.expect("a connection"), position, 100).await;
    let rows = rows.expect("events");
    let number = |id: &str| id.trim_start_matches("dp_").parse::<i64>().expect("a number");
    for department in [&it.sales, &it.desk.department] {
        let told = rows
            .iter()
            .any(|row| row.kind == "conversation" && row.department_id == Some(number(department)));
        assert!(told, "{department} {rows:?}");
    }
    for kind in ["channel", "preferences", "department"] {
        assert!(rows.iter().any(|row| row.kind == kind), "{kind} {rows:?}");
    }
}
