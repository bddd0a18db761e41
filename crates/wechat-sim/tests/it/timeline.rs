//! The parts of messages that the phone draws, and the books filtered by person.
use serde_json::json;

use crate::callback::Callback;
use crate::platform::{APP_ID, LI, Platform};

#[tokio::test]
async fn menu_and_article_come_in_parts() {
    let platform = Platform::start(None, json!({})).await;
    platform.says("hi").await;
    let menu = json!({"head_content": "Happy?", "list": [{"id": "101", "content": "yes"}], "tail_content": "thanks"});
    let sent = json!({"touser": LI, "msgtype": "msgmenu", "msgmenu": menu});
    assert_eq!(platform.send(sent).await, 0);
    let article = json!({"title": "T", "description": "D", "url": "http://a/", "picurl": "http://a/p.png"});
    let sent = json!({"touser": LI, "msgtype": "news", "news": {"articles": [article]}});
    assert_eq!(platform.send(sent).await, 0);
    let shown = platform.timeline().await;
    assert_eq!(
        shown[1]["menu"],
        json!({"head": "Happy?", "items": [{"id": "101", "content": "yes"}], "tail": "thanks"})
    );
    assert_eq!(shown[2]["articles"], json!([article]));
}

#[tokio::test]
async fn what_a_phone_sends_comes_in_parts_too() {
    let platform = Platform::start(None, json!({})).await;
    platform
        .message(
            json!({"type": "location", "location_x": 31.2, "location_y": 121.5, "label": "Bund"}),
            true,
        )
        .await;
    platform
        .message(
            json!({"type": "link", "title": "T", "description": "D", "url": "http://a/"}),
            true,
        )
        .await;
    platform
        .message(
            json!({"type": "file", "title": "a.pdf", "file_total_len": 12}),
            true,
        )
        .await;
    platform
        .message(
            json!({"type": "miniprogrampage", "title": "M", "app_id": "wx1", "page_path": "p"}),
            true,
        )
        .await;
    let shown = platform.timeline().await;
    assert_eq!(
        (&shown[0]["location"]["latitude"], &shown[0]["location"]["label"]),
        (&json!(31.2), &json!("Bund"))
    );
    assert_eq!(
        shown[1]["link"],
        json!({"title": "T", "description": "D", "url": "http://a/"})
    );
    assert_eq!(shown[2]["file"], json!({"name": "a.pdf", "bytes": 12}));
    assert_eq!(
        shown[3]["miniprogram"],
        json!({"title": "M", "appid": "wx1", "pagepath": "p", "thumb_media_id": ""})
    );
}

#[tokio::test]
async fn calls_and_deliveries_are_found_by_person() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    platform.says("hi").await;
    platform.reply("hello").await;
    let count = async |path: String| platform.get(&path).await["items"].as_array().map(Vec::len);
    assert_eq!(
        count(format!("/calls?app_id={APP_ID}&openid={LI}")).await,
        Some(1)
    );
    assert_eq!(count("/calls?openid=oNobody".to_owned()).await, Some(0));
    let pushes = |openid: &str| format!("/accounts/{APP_ID}/deliveries?openid={openid}");
    assert_eq!(count(pushes(LI)).await, Some(1));
    assert_eq!(count(pushes("oNobody")).await, Some(0));
}
