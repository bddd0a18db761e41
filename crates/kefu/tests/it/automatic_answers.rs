//! Automatic answers and the menu: who may edit them, what is refused, and what the rest of the desk reads of them.

use crate::harness::{Channel, Desk};
use serde_json::{Value, json};

struct Answers<'a> {
    desk: &'a Desk,
    path: String,
}

impl<'a> Answers<'a> {
    fn of(desk: &'a Desk, channel: &Channel) -> Self {
        let path = format!("/channels/{}/automatic-answers", channel.id);
        Self { desk, path }
    }

    async fn add(&self, body: Value) -> Value {
        self.desk.admin.post(&self.path, body).await.created()
    }

    async fn refuse(&self, body: Value) -> Value {
        let refused = self.desk.admin.post(&self.path, body).await;
        refused.refused(422, "invalid_fields")["fields"].clone()
    }

    async fn keyword(&self, word: &str, text: &str) -> Value {
        self.add(json!({"occasion": "keyword", "keyword": word, "kind": "text", "text": text}))
            .await
    }

    async fn given(&self, text: &str) -> Value {
        let path = format!("{}/try", self.path);
        let tried = self.desk.admin.post(&path, json!({"text": text})).await.ok();
        tried["answer"]["text"].clone()
    }

    async fn texts(&self) -> Vec<Value> {
        let list = self.desk.admin.get(&self.path).await.ok();
        let items = list["items"].as_array().expect("items");
        items.iter().map(|item| item["text"].clone()).collect()
    }
}

fn path_of(answers: &Answers<'_>, answer: &Value) -> String {
    format!("{}/{}", answers.path, answer["id"].as_str().expect("id"))
}

#[tokio::test]
async fn an_answer_is_made_changed_switched_off_and_removed_and_each_time_the_rule_knows() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let answers = Answers::of(&desk, &channel);
    let made = answers.keyword(" Hours ", "9 to 17").await;
    assert_eq!(
        (
            &made["keyword"],
            &made["match_rule"],
            &made["enabled"],
            &made["version"]
        ),
        (&json!("Hours"), &json!("contains"), &json!(true), &json!(1))
    );
    assert_eq!(answers.given("opening ＨＯＵＲＳ please").await, "9 to 17");
    let path = path_of(&answers, &made);
    let changed = desk
        .admin
        .patch(&path, json!({"text": "8 to 20", "version": 1}))
        .await
        .ok();
    assert_eq!(
        (&changed["text"], &changed["version"]),
        (&json!("8 to 20"), &json!(2))
    );
    assert_eq!(answers.given("hours").await, "8 to 20");
    let stale = desk
        .admin
        .patch(&path, json!({"text": "never", "version": 1}))
        .await;
    stale.refused(409, "changed_meanwhile");
    desk.admin.patch(&path, json!({"enabled": false})).await.ok();
    assert_eq!(answers.given("hours").await, Value::Null);
    assert_eq!(desk.admin.get(&path).await.ok()["enabled"], false);
    desk.admin.patch(&path, json!({"enabled": true})).await.ok();
    assert_eq!(desk.admin.delete(&path).await.status, 204);
    assert_eq!(answers.given("hours").await, Value::Null);
    desk.admin.get(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn each_mistake_names_its_field() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let answers = Answers::of(&desk, &channel);
    let text = |occasion: &str, keyword: &str, text: &str| json!({"occasion": occasion, "keyword": keyword, "kind": "text", "text": text});
    for (body, fields) in [
        (text("follow", "", &"您".repeat(683)), json!({"text": "too_long"})),
        (text("follow", "", " "), json!({"text": "required"})),
        (text("keyword", "", "t"), json!({"keyword": "required"})),
        (
            text("keyword", &"k".repeat(31), "t"),
            json!({"keyword": "too_long"}),
        ),
        (
            text("menu_click", &"k".repeat(129), "t"),
            json!({"keyword": "too_long"}),
        ),
        (text("sometimes", "k", "t"), json!({"occasion": "unknown_value"})),
        (
            json!({"kind": "text", "text": "t"}),
            json!({"occasion": "required"}),
        ),
        (
            json!({"occasion": "follow", "text": "t"}),
            json!({"kind": "required"}),
        ),
        (
            json!({"occasion": "follow", "kind": "image"}),
            json!({"media_id": "required"}),
        ),
        (
            json!({"occasion": "follow", "kind": "news", "data": {"title": "t", "url": "javascript:alert(1)"}}),
            json!({"url": "url_form"}),
        ),
    ] {
        assert_eq!(answers.refuse(body.clone()).await, fields, "{body}");
    }
    answers.add(text("follow", "", "hi")).await;
    assert_eq!(
        answers.refuse(text("follow", "", "again")).await,
        json!({"occasion": "occasion_taken"})
    );
    answers.add(text("keyword", "Hi", "one")).await;
    assert_eq!(
        answers.refuse(text("keyword", "ｈｉ ", "two")).await,
        json!({"keyword": "keyword_taken"})
    );
    let equals =
        json!({"occasion": "keyword", "keyword": "hi", "match_rule": "equals", "kind": "text", "text": "e"});
    answers.add(equals).await;
}

#[tokio::test]
async fn the_first_in_order_is_given_and_an_order_that_misses_one_is_refused() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let answers = Answers::of(&desk, &channel);
    let wide = answers.keyword("a", "wide").await;
    let narrow = answers.keyword("ab", "narrow").await;
    assert_eq!(answers.given("abc").await, "wide");
    let path = format!("{}/order", answers.path);
    desk.admin
        .put(&path, json!({"ids": [narrow["id"], wide["id"]]}))
        .await
        .ok();
    assert_eq!(
        (answers.given("abc").await, answers.texts().await),
        (json!("narrow"), vec![json!("narrow"), json!("wide")])
    );
    for ids in [
        json!([narrow["id"]]),
        json!([narrow["id"], narrow["id"]]),
        json!(["aa_999", wide["id"]]),
    ] {
        desk.admin
            .put(&path, json!({"ids": ids}))
            .await
            .refused(409, "changed_meanwhile");
    }
}

#[tokio::test]
async fn only_administrators_may_and_only_on_a_channel_that_lives() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let answers = Answers::of(&desk, &channel);
    let made = answers.keyword("a", "t").await;
    let one = path_of(&answers, &made);
    let base = format!("/channels/{}", channel.id);
    for role in ["supervisor", "agent", "viewer"] {
        let api = desk.agent_with_role(&channel, role).await;
        for path in [
            &answers.path,
            &one,
            &format!("{base}/menu"),
            &format!("{base}/wechat-automation"),
        ] {
            api.get(path).await.refused(403, "not_permitted");
        }
        for path in [
            answers.path.clone(),
            format!("{}/try", answers.path),
            format!("{base}/take-over"),
        ] {
            api.post(&path, json!({"bad": 1}))
                .await
                .refused(403, "not_permitted");
        }
        for path in [
            format!("{}/order", answers.path),
            format!("{base}/menu"),
            format!("{base}/menu/draft"),
        ] {
            api.put(&path, json!({"bad": 1}))
                .await
                .refused(403, "not_permitted");
        }
        api.patch(&one, json!({})).await.refused(403, "not_permitted");
        assert_eq!(api.delete(&one).await.status, 403);
        assert_eq!(api.delete(&format!("{base}/menu")).await.status, 403);
    }
    desk.admin
        .get("/channels/ch_999/automatic-answers")
        .await
        .refused(404, "not_found");
    let other = desk.channel().await;
    let elsewhere = format!(
        "/channels/{}/automatic-answers/{}",
        other.id,
        made["id"].as_str().expect("id")
    );
    desk.admin.get(&elsewhere).await.refused(404, "not_found");
    desk.admin
        .patch(&elsewhere, json!({"text": "x"}))
        .await
        .refused(404, "not_found");

    assert_eq!(desk.admin.delete(&base).await.status, 204);
    let body = json!({"occasion": "follow", "kind": "text", "text": "t"});
    desk.admin
        .post(&answers.path, body)
        .await
        .refused(409, "channel_deleted");
    desk.admin
        .patch(&one, json!({"text": "x"}))
        .await
        .refused(409, "channel_deleted");
    desk.admin
        .get(&format!("{base}/menu"))
        .await
        .refused(409, "channel_deleted");
    desk.admin
        .post(&format!("{base}/take-over"), json!({}))
        .await
        .refused(409, "channel_deleted");
    let menu = json!({"items": [{"name": "a", "kind": "view", "url": "https://a.example/"}]});
    desk.admin
        .put(&format!("{base}/menu"), menu.clone())
        .await
        .refused(409, "channel_deleted");
    desk.admin
        .put(&format!("{base}/menu/draft"), menu)
        .await
        .refused(409, "channel_deleted");
}

#[tokio::test]
async fn two_who_add_the_same_keyword_at_once_make_one_answer() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let answers = Answers::of(&desk, &channel);
    let body = json!({"occasion": "follow", "kind": "text", "text": "hi"});
    let add = || desk.admin.post(&answers.path, body.clone());
    let (a, b, c) = tokio::join!(add(), add(), add());
    let mut statuses = [a.status, b.status, c.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 422, 422]);
    assert_eq!(answers.texts().await.len(), 1);
}

fn menu() -> Value {
    json!([
        {"name": "帮助", "kind": "submenu", "items": [
            {"name": "Opening hours", "kind": "answer", "text": "9 to 17"},
            {"name": "Shop", "kind": "view", "url": "https://shop.example/"},
        ]},
        {"name": "Scan", "kind": "scan", "key": "scan"},
    ])
}

async fn phone_names(desk: &Desk, channel: &Channel) -> Value {
    let shown = desk
        .control
        .get(&format!("/accounts/{}/menu", channel.app_id))
        .await
        .ok();
    shown["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| item["name"].clone())
        .collect()
}

#[tokio::test]
async fn a_published_menu_is_on_the_phone_and_its_texts_are_answers() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let path = format!("/channels/{}/menu", channel.id);
    let before = desk.admin.get(&path).await.ok();
    assert_eq!(
        (&before["state"], &before["draft"], &before["version"]),
        (&json!("none"), &Value::Null, &json!(0))
    );
    let shown = desk
        .admin
        .put(&path, json!({"items": menu(), "version": 0}))
        .await
        .ok();
    assert_eq!(phone_names(&desk, &channel).await, json!(["帮助", "Scan"]));
    assert_eq!((&shown["state"], &shown["version"]), (&json!("ok"), &json!(1)));
    assert_ne!(shown["published_at"], Value::Null);
    let hours = &shown["items"][0]["items"][0];
    assert_eq!(
        (&hours["kind"], &hours["text"]),
        (&json!("answer"), &json!("9 to 17"))
    );
    let key = hours["key"].as_str().expect("a key was made");
    let list = desk
        .admin
        .get(&format!("/channels/{}/automatic-answers", channel.id))
        .await
        .ok();
    let answer = &list["items"][0];
    assert_eq!(
        (&answer["occasion"], &answer["keyword"], &answer["text"]),
        (&json!("menu_click"), &json!(key), &json!("9 to 17"))
    );
    // Somebody else who still has the first version in front of them.
    desk.admin
        .put(&path, json!({"items": menu(), "version": 0}))
        .await
        .refused(409, "changed_meanwhile");
    assert_eq!(desk.admin.delete(&path).await.status, 204);
    assert_eq!(phone_names(&desk, &channel).await, json!([]));
    let after = desk.admin.get(&path).await.ok();
    assert_eq!(
        (&after["state"], &after["published_at"]),
        (&json!("none"), &Value::Null)
    );
    assert_eq!(after["draft"][1]["name"], "Scan", "the draft stays");
}

#[tokio::test]
async fn limits_are_checked_before_anything_is_sent() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let path = format!("/channels/{}/menu", channel.id);
    desk.control.delete("/calls").await;
    for (items, fields) in [
        (json!([]), json!({"items": "required"})),
        (
            json!([{"name": "seventeen bytes..", "kind": "view", "url": "https://a.example/"}]),
            json!({"items.0.name": "too_long"}),
        ),
        (
            json!([{"name": "a", "kind": "view", "url": "ftp://a/"}]),
            json!({"items.0.url": "url_form"}),
        ),
        (
            json!([{"name": "a", "kind": "answer", "text": ""}]),
            json!({"items.0.text": "required"}),
        ),
        (
            json!([{"name": "a", "kind": "answer", "key": "unknown"}]),
            json!({"items.0.text": "required"}),
        ),
    ] {
        let refused = desk.admin.put(&path, json!({"items": items})).await;
        assert_eq!(
            refused.refused(422, "invalid_fields")["fields"],
            fields,
            "{items}"
        );
    }
    let calls = desk.control.get("/calls?path=/cgi-bin/menu/create").await.ok();
    assert_eq!(calls["items"], json!([]));
}

#[tokio::test]
async fn a_draft_is_kept_unfinished_and_only_by_who_has_seen_the_last_one() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let path = format!("/channels/{}/menu/draft", channel.id);
    let items = json!([{"name": "", "kind": "view"}]);
    let kept = desk
        .admin
        .put(&path, json!({"items": items, "version": 0}))
        .await
        .ok();
    assert_eq!(kept["version"], 1);
    desk.admin
        .put(&path, json!({"items": [], "version": 0}))
        .await
        .refused(409, "changed_meanwhile");
    let read = desk
        .admin
        .get(&format!("/channels/{}/menu", channel.id))
        .await
        .ok();
    assert_eq!((&read["draft"], &read["state"]), (&items, &json!("none")));
    assert_eq!(phone_names(&desk, &channel).await, json!([]));
}

#[tokio::test]
async fn what_wechat_says_to_a_menu_is_told() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let path = format!("/channels/{}/menu", channel.id);
    let fault = |body: Value| desk.control.post("/faults", body);
    fault(json!({"on": "api", "path": "/cgi-bin/menu/create", "errcode": 40018})).await;
    let refused = desk
        .admin
        .put(&path, json!({"items": menu()}))
        .await
        .refused(409, "wechat_refused");
    assert_eq!(refused["reason"], "wechat_40018");
    fault(json!({"on": "api", "path": "/cgi-bin/menu/create", "http_status": 502, "times": -1})).await;
    desk.admin
        .put(&path, json!({"items": menu()}))
        .await
        .refused(502, "wechat_failed");
    desk.control.delete("/faults").await;
    let read = desk.admin.get(&path).await.ok();
    assert_eq!(read["published_at"], Value::Null);
    assert_eq!(read["draft"][1]["name"], "Scan", "nothing typed is lost");
    desk.admin.put(&path, json!({"items": menu()})).await.ok();
    let denied = json!({"denied_apis": ["/cgi-bin/menu/get", "/cgi-bin/menu/create"]});
    desk.control
        .patch(&format!("/accounts/{}", channel.app_id), denied)
        .await
        .ok();
    let read = desk.admin.get(&path).await.ok();
    assert_eq!(
        (&read["state"], &read["code"]),
        (&json!("denied"), &json!("wechat_48001"))
    );
}
