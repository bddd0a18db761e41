//! Cards kept ready: administrators write them, agents use them, and what was sent is nobody's to change.

use crate::harness::{Api, Channel, Desk, eventually};
use reqwest::Method;
use serde_json::{Value, json};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02\x08\x02\0\0\0";
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\0\0\0";
const MB: usize = 1_048_576;

fn order() -> Value {
    let data =
        json!({"title": "Your order", "app_id": "wx0123456789abcdef", "page_path": "pages/order?id=1"});
    json!({"kind": "miniprogram", "name": "Order page", "data": data})
}

fn path(channel: &Channel) -> String {
    format!("/channels/{}/card-presets", channel.id)
}

fn word(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}

async fn create(desk: &Desk, channel: &Channel, body: Value) -> (String, Value) {
    let made = desk.admin.post(&path(channel), body).await.created();
    (format!("{}/{}", path(channel), word(&made["id"])), made)
}

async fn names(api: &Api, channel: &Channel) -> Vec<String> {
    let page = api.get(&path(channel)).await.ok();
    let items = page["items"].as_array().expect("items");
    items.iter().map(|item| word(&item["name"])).collect()
}

#[tokio::test]
async fn an_administrator_keeps_cards_ready_and_an_agent_of_the_department_finds_them() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let (one, made) = create(&desk, &channel, order()).await;
    assert_eq!(made["data"], order()["data"]);
    assert_eq!(
        (&made["picture_url"], &made["version"]),
        (&Value::Null, &json!(1))
    );
    let link = json!({"kind": "link", "name": "Sizes", "data": {"title": " Sizes ", "url": "https://shop.example/sizes"}});
    let (_, sizes) = create(&desk, &channel, link).await;
    assert_eq!(sizes["data"]["title"], "Sizes");
    assert_eq!(
        sizes["data"]["description"], "shop.example",
        "as a card that is sent"
    );

    let changed = desk
        .admin
        .patch(&one, json!({"name": "Orders", "version": 1}))
        .await
        .ok();
    assert_eq!(
        (&changed["name"], &changed["version"]),
        (&json!("Orders"), &json!(2))
    );
    assert_eq!(changed["data"], order()["data"]);
    let agent = desk.agent(&channel).await;
    assert_eq!(names(&agent, &channel).await, ["Orders", "Sizes"]);

    assert_eq!(desk.admin.delete(&format!("{one}?version=2")).await.status, 204);
    assert_eq!(names(&agent, &channel).await, ["Sizes"]);
    desk.admin.patch(&one, json!({})).await.refused(404, "not_found");
}

#[tokio::test]
async fn agents_change_nothing_and_other_departments_see_nothing() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let (one, _) = create(&desk, &channel, order()).await;
    let agent = desk.agent(&channel).await;
    agent
        .post(&path(&channel), order())
        .await
        .refused(403, "not_permitted");
    agent.patch(&one, json!({})).await.refused(403, "not_permitted");
    agent.delete(&one).await.refused(403, "not_permitted");
    let picture = agent
        .upload(Method::PUT, &format!("{one}/picture"), "p.png", PNG.to_vec())
        .await;
    picture.refused(403, "not_permitted");

    let other = desk.admin.post("/departments", json!({"name": "Repairs"})).await;
    let other = word(&other.created()["id"]);
    let elsewhere = desk.channel_with(json!({"department_ids": [other]})).await;
    agent.get(&path(&elsewhere)).await.refused(404, "not_found");
    // The preset of one channel is none of another's.
    let id = one.rsplit('/').next().expect("an id");
    let astray = format!("{}/{id}", path(&elsewhere));
    desk.admin
        .patch(&astray, json!({}))
        .await
        .refused(404, "not_found");
    desk.admin.delete(&astray).await.refused(404, "not_found");
}

#[tokio::test]
async fn the_fields_have_the_rules_of_a_card_that_is_sent() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let with = |changes: Value| {
        let mut body = order();
        crate::harness::merge(&mut body["data"], &changes);
        body
    };
    for (body, field, code) in [
        (with(json!({"title": "好".repeat(65)})), "data.title", "too_long"),
        (with(json!({"app_id": "wx1"})), "data.app_id", "app_id_form"),
        (with(json!({"page_path": ""})), "data.page_path", "required"),
        (
            json!({"kind": "link", "name": "x", "data": {"title": "x", "url": "javascript:alert(1)"}}),
            "data.url",
            "url_form",
        ),
        (
            json!({"kind": "miniprogram", "name": " ", "data": order()["data"]}),
            "name",
            "required",
        ),
        (
            json!({"kind": "miniprogram", "name": "n".repeat(101), "data": order()["data"]}),
            "name",
            "too_long",
        ),
    ] {
        let error = desk
            .admin
            .post(&path(&channel), body)
            .await
            .refused(422, "invalid_fields");
        assert_eq!(error["fields"][field], code, "{error}");
    }
    create(&desk, &channel, order()).await;
    let error = desk
        .admin
        .post(&path(&channel), order())
        .await
        .refused(422, "invalid_fields");
    assert_eq!(error["fields"]["name"], "name_taken");
    let link =
        json!({"kind": "link", "name": "Order page", "data": {"title": "x", "url": "https://a.example"}});
    create(&desk, &channel, link).await;
}

#[tokio::test]
async fn a_stale_version_and_a_deleted_channel_are_refused() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let (one, _) = create(&desk, &channel, order()).await;
    desk.admin
        .patch(&one, json!({"name": "Mine", "version": 1}))
        .await
        .ok();
    desk.admin
        .patch(&one, json!({"name": "Theirs", "version": 1}))
        .await
        .refused(409, "changed_meanwhile");
    desk.admin
        .delete(&format!("{one}?version=1"))
        .await
        .refused(409, "changed_meanwhile");
    desk.admin.delete(&format!("/channels/{}", channel.id)).await;
    desk.admin
        .post(&path(&channel), order())
        .await
        .refused(409, "channel_deleted");
    desk.admin
        .patch(&one, json!({}))
        .await
        .refused(409, "channel_deleted");
    desk.admin.delete(&one).await.refused(409, "channel_deleted");
}

#[tokio::test]
async fn a_picture_is_judged_by_content_and_size_and_shown_to_agents() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let (one, _) = create(&desk, &channel, order()).await;
    let put = |name: &'static str, bytes: Vec<u8>| {
        let (admin, path) = (desk.admin.clone(), format!("{one}/picture"));
        async move { admin.upload(Method::PUT, &path, name, bytes).await }
    };
    let sized = |bytes: usize| {
        let mut file = PNG.to_vec();
        file.resize(bytes, 0);
        file
    };
    for (name, bytes, code) in [
        ("p.png", GIF.to_vec(), "file_kind"),
        ("p.png", Vec::new(), "file_empty"),
        ("p.png", sized(MB + 1), "file_too_large"),
    ] {
        let error = put(name, bytes).await.refused(422, "invalid_fields");
        assert_eq!(error["fields"]["file"], code);
    }
    let made = put("p.gif", sized(MB)).await.ok();
    assert_eq!(made["version"], 2);
    let url = word(&made["picture_url"]);
    let agent = desk.agent(&channel).await;
    let shown = agent.get(url.trim_start_matches("/api/v1")).await;
    assert_eq!(shown.status, 200);
    assert_eq!(shown.headers["content-type"], "image/png");

    let without = desk.admin.delete(&format!("{one}/picture")).await.ok();
    assert_eq!(without["picture_url"], Value::Null);
    let gone = agent.get(url.trim_start_matches("/api/v1")).await;
    assert_eq!(gone.status, 404);
}

#[tokio::test]
async fn a_preset_that_is_deleted_takes_nothing_back_that_was_sent() {
    let desk = Desk::start().await;
    let channel = desk.channel_with(json!({"reply_policy": "wechat_current"})).await;
    let (one, preset) = create(&desk, &channel, order()).await;
    let picture = desk
        .admin
        .upload(Method::PUT, &format!("{one}/picture"), "p.png", PNG.to_vec())
        .await
        .ok();
    let agent = desk.agent(&channel).await;
    let phone = desk.phone(&channel).await;
    phone.says("hello").await;
    let id = word(&desk.conversation(&agent).await["id"]);
    agent
        .post(&format!("/conversations/{id}/pick-up"), json!({}))
        .await
        .ok();
    // As the console does: the picture of the preset becomes an upload of the agent's.
    let url = word(&picture["picture_url"]);
    let bytes = agent
        .get(url.trim_start_matches("/api/v1"))
        .await
        .text
        .into_bytes();
    assert!(!bytes.is_empty());
    let upload = agent
        .upload(Method::POST, "/attachments", "p.png", PNG.to_vec())
        .await
        .created();
    let body = json!({"client_id": "1", "kind": "miniprogram", "data": preset["data"], "attachment_id": upload["id"]});
    let sent = agent
        .post(&format!("/conversations/{id}/messages"), body)
        .await
        .accepted();
    let shown = eventually("it arrived", || async {
        let items = phone.timeline().await;
        let last = items
            .last()
            .filter(|item| item["direction"] == "received")
            .cloned();
        last.ok_or_else(|| format!("{items:?}"))
    })
    .await;

    desk.admin.delete(&one).await;
    desk.advance_hours(60.0);
    let message = desk
        .admin
        .get(&format!("/messages/{}", word(&sent["id"])))
        .await
        .ok();
    assert_eq!(message["data"]["title"], "Your order");
    let media = word(&message["media"]["id"]);
    assert_eq!(agent.get(&format!("/media/{media}")).await.status, 200);
    assert_eq!(phone.timeline().await.last(), Some(&shown));
}
