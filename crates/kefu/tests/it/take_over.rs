//! Taking over what an account does by itself, before the server configuration at WeChat switches it off.

use crate::harness::{Api, Channel, Desk};
use serde_json::{Value, json};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde";

/// A channel whose server configuration is off, and whose console has these.
async fn with_console(desk: &Desk, console: Value) -> Channel {
    let channel = desk.channel().await;
    switch(desk, &channel, "").await;
    let path = format!("/accounts/{}/console", channel.app_id);
    desk.control.put(&path, console).await.ok();
    channel
}

/// Switches the server configuration at WeChat on or off (an empty address).
async fn switch(desk: &Desk, channel: &Channel, callback_url: &str) {
    let path = format!("/accounts/{}", channel.app_id);
    desk.control
        .patch(&path, json!({"callback_url": callback_url}))
        .await
        .ok();
}

fn text(content: &str) -> Value {
    json!({"type": "text", "content": content})
}

fn news() -> Value {
    json!({"list": [{"title": "Spring", "author": "jim", "digest": "new", "show_cover": 1,
        "cover_url": "http://mmbiz.qpic.cn/1", "content_url": "https://mp.weixin.qq.com/s?a", "source_url": ""}]})
}

fn rule(name: &str, mode: &str, word: &str, replies: Value) -> Value {
    json!({"rule_name": name, "create_time": 1_423_028_166, "reply_mode": mode, "reply_list_info": replies,
        "keyword_list_info": [{"type": "text", "match_mode": "contain", "content": word}]})
}

fn console(picture: &str) -> Value {
    json!({
        "menu": [
            {"name": "Shop", "type": "view", "url": "https://shop.example/"},
            {"name": "Help", "sub_button": [
                {"name": "Hours", "type": "text", "value": "9 to 17"},
                {"name": "Map", "type": "img", "value": picture},
                {"name": "News", "type": "news", "value": "M", "news_info": news()},
                {"name": "Film", "type": "video", "value": "http://198.51.100.7/v.mp4"},
            ]},
        ],
        "auto_replies": {
            "is_add_friend_reply_open": 1, "is_autoreply_open": 1,
            "add_friend_autoreply_info": text("welcome"),
            "message_default_autoreply_info": text("we will be back"),
            "keyword_autoreply_info": {"list": [
                rule("prices", "reply_all", "price", json!([text("one"), text("two")])),
                rule("any", "random_one", "luck", json!([text("heads"), text("tails")])),
                rule("film", "reply_all", "film", json!([{"type": "video", "content": "http://198.51.100.7/v.mp4"}])),
            ]},
        },
    })
}

/// A picture as the console tells it: an id that is good for three days.
async fn picture(desk: &Desk, channel: &Channel) -> String {
    let base = desk.sim.url();
    let platform = Api::new(base.trim_end_matches('/'));
    let secret = json!({"grant_type": "client_credential", "appid": channel.app_id,
        "secret": "0123456789abcdef0123456789abcdef"});
    let token = platform.post("/cgi-bin/stable_token", secret).await.ok();
    let token = token["access_token"].as_str().expect("a token");
    let url = format!(
        "{}/cgi-bin/media/upload?type=image&access_token={token}",
        platform.base
    );
    let part = reqwest::multipart::Part::bytes(PNG).file_name("a.png");
    let form = reqwest::multipart::Form::new().part("media", part);
    let uploaded = platform
        .client
        .post(url)
        .multipart(form)
        .send()
        .await
        .expect("an answer");
    let uploaded: Value = uploaded.json().await.expect("JSON");
    uploaded["media_id"].as_str().expect("a media id").to_owned()
}

struct Page<'a> {
    desk: &'a Desk,
    base: String,
}

impl<'a> Page<'a> {
    fn of(desk: &'a Desk, channel: &Channel) -> Self {
        let base = format!("/channels/{}", channel.id);
        Self { desk, base }
    }

    async fn read(&self) -> Value {
        self.desk
            .admin
            .get(&format!("{}/wechat-automation", self.base))
            .await
            .ok()
    }

    async fn take(&self, what: Value) -> Value {
        self.desk
            .admin
            .post(&format!("{}/take-over", self.base), what)
            .await
            .ok()
    }

    async fn answers(&self) -> Vec<Value> {
        let list = self
            .desk
            .admin
            .get(&format!("{}/automatic-answers", self.base))
            .await
            .ok();
        list["items"].as_array().expect("items").clone()
    }

    async fn draft(&self) -> Value {
        self.desk.admin.get(&format!("{}/menu", self.base)).await.ok()["draft"].clone()
    }
}

fn reasons(object: &Value) -> Vec<&str> {
    let left = object["left_out"].as_array().expect("left_out");
    left.iter()
        .map(|left| left["reason"].as_str().expect("reason"))
        .collect()
}

#[tokio::test]
async fn replies_become_answers_and_the_menu_a_draft_and_twice_makes_no_doubles() {
    let desk = Desk::start().await;
    let channel = with_console(&desk, json!({})).await;
    let media_id = picture(&desk, &channel).await;
    let path = format!("/accounts/{}/console", channel.app_id);
    desk.control.put(&path, console(&media_id)).await.ok();
    let page = Page::of(&desk, &channel);

    let seen = page.read().await;
    assert_eq!(
        (&seen["menu"]["state"], &seen["replies"]["state"]),
        (&json!("ok"), &json!("ok"))
    );
    assert_eq!(seen["replies"]["follow"]["text"], "welcome");
    assert_eq!(seen["preview"]["answers"].as_array().map(Vec::len), Some(6));
    assert_eq!(page.answers().await.len(), 0, "looking changes nothing");

    let summary = page.take(json!({"menu": true, "answers": true})).await;
    assert_eq!(
        (&summary["answers"], &summary["known"], &summary["menu_items"]),
        (&json!(6), &json!(0), &json!(6))
    );
    assert_eq!(
        reasons(&summary),
        ["only_one_answer", "video_address_only", "video_address_only"]
    );
    let answers = page.answers().await;
    let given: Vec<_> = answers
        .iter()
        .map(|a| (a["occasion"].as_str(), a["text"].as_str()))
        .collect();
    assert_eq!(
        given,
        [
            (Some("follow"), Some("welcome")),
            (Some("default"), Some("we will be back")),
            (Some("keyword"), Some("one\n\ntwo")),
            (Some("keyword"), Some("heads")),
            (Some("menu_click"), Some("")),
            (Some("menu_click"), Some("Spring")),
        ]
    );
    assert_ne!(answers[4]["data"]["media_id"], media_id, "a copy that stays");
    assert!(answers.iter().all(|answer| answer["taken_over"] == true));
    let draft = page.draft().await;
    assert_eq!(draft[1]["items"][0]["text"], "9 to 17");
    assert_eq!(draft[1]["items"][1]["key"], answers[4]["keyword"]);
    assert_eq!(draft[1]["items"][3]["text"], "", "has to be written");

    let again = page.take(json!({"menu": true, "answers": true})).await;
    assert_eq!((&again["answers"], &again["known"]), (&json!(0), &json!(6)));
    assert_eq!((page.answers().await.len(), page.draft().await), (6, draft));
    let kept = desk
        .control
        .get("/calls?path=/cgi-bin/material/add_material")
        .await
        .ok();
    assert_eq!(
        kept["items"].as_array().map(Vec::len),
        Some(1),
        "the file is copied once"
    );
}

#[tokio::test]
async fn what_was_seen_before_pushes_were_switched_on_can_be_taken_over_afterwards() {
    let desk = Desk::start().await;
    let channel = with_console(&desk, console("gone")).await;
    let page = Page::of(&desk, &channel);
    page.read().await;
    switch(&desk, &channel, &channel.callback_url).await;
    let seen = page.read().await;
    assert_eq!(
        (&seen["menu"]["state"], &seen["menu"]["kept"]),
        (&json!("none"), &json!(true))
    );
    assert_eq!(seen["replies"]["follow"]["text"], "welcome");
    let summary = page.take(json!({"menu": true, "answers": true})).await;
    assert_eq!(summary["answers"], 5);
    assert!(reasons(&summary).contains(&"file_gone"), "{summary}");
}

#[tokio::test]
async fn a_part_that_is_not_asked_for_is_left_alone() {
    let desk = Desk::start().await;
    let channel = with_console(&desk, console("gone")).await;
    let page = Page::of(&desk, &channel);
    let summary = page.take(json!({"answers": true})).await;
    assert_eq!(
        (&summary["answers"], &summary["menu_items"]),
        (&json!(4), &Value::Null)
    );
    assert_eq!(page.draft().await, Value::Null);
    let summary = page.take(json!({})).await;
    assert_eq!((&summary["answers"], &summary["known"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn what_an_administrator_wrote_stays() {
    let desk = Desk::start().await;
    let channel = with_console(&desk, console("gone")).await;
    let page = Page::of(&desk, &channel);
    let own = json!({"occasion": "follow", "kind": "text", "text": "ours"});
    desk.admin
        .post(&format!("{}/automatic-answers", page.base), own)
        .await
        .created();
    let summary = page.take(json!({"answers": true})).await;
    assert_eq!(summary["answers"], 3);
    assert!(reasons(&summary).contains(&"already_there"));
    assert_eq!(page.answers().await[0]["text"], "ours");
}

#[tokio::test]
async fn an_account_that_may_not_or_has_nothing_is_said_to_and_a_platform_that_is_away_loses_nothing() {
    let desk = Desk::start().await;
    let channel = with_console(&desk, json!({})).await;
    let page = Page::of(&desk, &channel);
    let seen = page.read().await;
    assert_eq!(
        (&seen["menu"]["state"], &seen["replies"]["state"]),
        (&json!("none"), &json!("none"))
    );
    let account = format!("/accounts/{}", channel.app_id);
    let denied =
        json!({"denied_apis": ["/cgi-bin/get_current_selfmenu_info", "/cgi-bin/get_current_autoreply_info"]});
    desk.control.patch(&account, denied).await.ok();
    let seen = page.read().await;
    assert_eq!(
        (&seen["menu"]["state"], &seen["menu"]["code"]),
        (&json!("denied"), &json!("wechat_48001"))
    );
    desk.control
        .patch(&account, json!({"denied_apis": []}))
        .await
        .ok();
    desk.control
        .put(&format!("{account}/console"), console("gone"))
        .await
        .ok();
    page.read().await;
    let fault =
        json!({"on": "api", "path": "/cgi-bin/get_current_selfmenu_info", "http_status": 502, "times": -1});
    desk.control.post("/faults", fault).await;
    let seen = page.read().await;
    assert_eq!(
        (&seen["menu"]["state"], &seen["menu"]["kept"]),
        (&json!("failed"), &json!(true))
    );
    assert_eq!(seen["menu"]["items"][0]["name"], "Shop");
}

#[tokio::test]
async fn two_take_overs_at_once_make_no_doubles() {
    let desk = Desk::start().await;
    let channel = with_console(&desk, console("gone")).await;
    let page = Page::of(&desk, &channel);
    let take = || page.take(json!({"answers": true}));
    let (a, b) = tokio::join!(take(), take());
    let count = |summary: &Value| summary["answers"].as_u64().expect("a count");
    assert_eq!(count(&a) + count(&b), 4);
    assert_eq!(page.answers().await.len(), 4);
}
