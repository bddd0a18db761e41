//! Videos of mass messages: an uploaded one gets a title and an id of its own, which is good for nothing else.
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::platform::{LI, Platform, eventually};

const MP4: &[u8] = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde";

async fn upload(platform: &Platform, kind: &str, bytes: &'static [u8]) -> Value {
    let token = platform.token().await;
    let url = format!(
        "{}/cgi-bin/media/upload?access_token={token}&type={kind}",
        platform.sim.url()
    );
    let form = Form::new().part("media", Part::bytes(bytes).file_name("file.bin"));
    let answer = platform.http.post(url).multipart(form).send().await;
    let answer: Value = answer.expect("an answer").json().await.expect("JSON");
    answer["media_id"].clone()
}

async fn make(platform: &Platform, media_id: &Value, title: &str) -> Value {
    let body = json!({"media_id": media_id, "title": title, "description": "how to open it"});
    platform.post_api("/cgi-bin/media/uploadvideo", body).await
}

async fn send(platform: &Platform, media_id: &Value) -> Value {
    let body =
        json!({"filter": {"is_to_all": true}, "msgtype": "mpvideo", "mpvideo": {"media_id": media_id}});
    platform.post_api("/cgi-bin/message/mass/sendall", body).await
}

#[tokio::test]
async fn a_video_with_a_title_appears_on_the_phone_and_plays_the_uploaded_bytes() {
    let platform = Platform::start(None, json!({})).await;
    let uploaded = upload(&platform, "video", MP4).await;
    let made = make(&platform, &uploaded, "开箱").await;
    assert_eq!(made["type"], "video");
    assert!(
        made["created_at"].is_number() && made["media_id"] != uploaded,
        "{made}"
    );
    assert_eq!(send(&platform, &made["media_id"]).await["errcode"], 0);
    eventually("the video", async || !platform.timeline().await.is_empty()).await;
    let shown = platform.timeline().await[0].clone();
    assert_eq!(
        (&shown["type"], &shown["text"], &shown["via"]),
        (&json!("video"), &json!("开箱"), &json!("mass"))
    );
    assert_eq!(shown["data"]["description"], "how to open it");
    let id = shown["media_id"].as_str().expect("a media id");
    let file = platform
        .http
        .get(format!("{}/sim/v1/media/{id}", platform.sim.url()));
    let bytes = file
        .send()
        .await
        .expect("an answer")
        .bytes()
        .await
        .expect("bytes");
    assert_eq!(&*bytes, MP4);
}

#[tokio::test]
async fn each_id_is_good_for_its_own_purpose_only() {
    let platform = Platform::start(None, json!({})).await;
    let uploaded = upload(&platform, "video", MP4).await;
    let made = make(&platform, &uploaded, "T").await["media_id"].clone();
    assert_eq!(
        send(&platform, &uploaded).await["errcode"],
        40007,
        "the upload itself"
    );
    assert_eq!(
        make(&platform, &made, "T").await["errcode"],
        40007,
        "made already"
    );
    let picture = upload(&platform, "image", PNG).await;
    assert_eq!(
        make(&platform, &picture, "T").await["errcode"],
        40007,
        "a picture"
    );
    assert_eq!(make(&platform, &json!("nobody's"), "T").await["errcode"], 40007);
    platform.says("hi").await;
    let reply =
        json!({"touser": LI, "msgtype": "video", "video": {"media_id": made, "thumb_media_id": made}});
    let refused = platform.post_api("/cgi-bin/message/custom/send", reply).await;
    assert_eq!(refused["errcode"], 40007, "not in a conversation");
}

#[tokio::test]
async fn it_needs_a_video_and_a_title_and_lives_three_days() {
    let platform = Platform::start(None, json!({})).await;
    let nothing = platform
        .post_api("/cgi-bin/media/uploadvideo", json!({"title": "T"}))
        .await;
    assert_eq!(nothing["errcode"], 41006);
    let uploaded = upload(&platform, "video", MP4).await;
    for title in [String::new(), "长".repeat(65)] {
        assert_eq!(make(&platform, &uploaded, &title).await["errcode"], 40062);
    }
    let made = make(&platform, &uploaded, &"长".repeat(64)).await;
    platform.advance(3 * 86_400).await;
    assert_eq!(
        make(&platform, &uploaded, "T").await["errcode"],
        40007,
        "the upload has expired"
    );
    assert_eq!(
        send(&platform, &made["media_id"]).await["errcode"],
        40007,
        "and what was made of it"
    );
}

#[tokio::test]
async fn it_can_be_denied_and_kept_from_accounts_without_mass_messages() {
    let platform = Platform::start(None, json!({"denied_apis": ["/cgi-bin/media/uploadvideo"]})).await;
    let uploaded = upload(&platform, "video", MP4).await;
    assert_eq!(make(&platform, &uploaded, "T").await["errcode"], 48001);
    let sandbox = Platform::start(None, json!({"account_kind": "test"})).await;
    let uploaded = upload(&sandbox, "video", MP4).await;
    assert_eq!(make(&sandbox, &uploaded, "T").await["errcode"], 48001);
}
