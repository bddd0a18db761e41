//! Media: uploads judged by content and size, fetched back, expiring; files that phones send.
use axum::http::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::callback::Callback;
use crate::platform::{APP_ID, HOUR, LI, Platform};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xd9";
const MP4: &[u8] = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom";

fn amr(seconds: usize) -> Vec<u8> {
    [b"#!AMR\n".to_vec(), [0x3c; 32].repeat(seconds * 50)].concat()
}

impl Platform {
    async fn upload(&self, kind: &str, bytes: Vec<u8>) -> Value {
        self.upload_to("/cgi-bin/media/upload", kind, bytes).await
    }

    async fn upload_to(&self, path: &str, kind: &str, bytes: Vec<u8>) -> Value {
        let token = self.token().await;
        let url = format!("{}{path}?access_token={token}&type={kind}", self.sim.url());
        let form = Form::new().part("media", Part::bytes(bytes).file_name("file.bin"));
        let answer = self
            .http
            .post(url)
            .multipart(form)
            .send()
            .await
            .expect("an answer");
        answer.json().await.expect("JSON")
    }

    async fn fetch(&self, media_id: &str) -> reqwest::Response {
        let token = self.token().await;
        let query = [("access_token", token.as_str()), ("media_id", media_id)];
        self.call_response(Method::GET, "/cgi-bin/media/get", &query, Value::Null)
            .await
            .expect("an answer")
    }

    async fn sends_file(&self, kind: &str, bytes: Vec<u8>, name: &str) -> reqwest::Response {
        let path = format!("/sim/v1/accounts/{APP_ID}/followers/{LI}/messages?wait=true");
        let form = Form::new()
            .text("type", kind.to_owned())
            .part("file", Part::bytes(bytes).file_name(name.to_owned()));
        self.http
            .post(format!("{}{path}", self.sim.url()))
            .multipart(form)
            .send()
            .await
            .expect("an answer")
    }
}

#[tokio::test]
async fn a_picture_for_an_article_has_an_address_and_at_most_one_megabyte() {
    let platform = Platform::start(None, json!({})).await;
    let token = platform.token().await;
    let url = format!(
        "{}/cgi-bin/media/uploadimg?access_token={token}",
        platform.sim.url()
    );
    let upload = |bytes: Vec<u8>| {
        let form = Form::new().part("media", Part::bytes(bytes).file_name("a.png"));
        platform.http.post(&url).multipart(form).send()
    };
    let padded = |bytes: usize| {
        let mut file = PNG.to_vec();
        file.resize(bytes, 0);
        file
    };
    let answer: Value = upload(padded(1 << 20))
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    let shown = platform
        .http
        .get(answer["url"].as_str().expect("url"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(shown.headers()["content-type"], "image/png");
    for (bytes, code) in [(padded((1 << 20) + 1), 40009), (b"GIF89a".to_vec(), 40005)] {
        let answer: Value = upload(bytes)
            .await
            .expect("an answer")
            .json()
            .await
            .expect("JSON");
        assert_eq!(answer["errcode"], code);
    }
}

fn header<'a>(response: &'a reqwest::Response, name: &str) -> &'a str {
    response.headers()[name].to_str().expect("text")
}

#[tokio::test]
async fn picture_goes_up_comes_back_and_expires_after_three_days() {
    let platform = Platform::start(None, json!({})).await;
    let uploaded = platform.upload("image", PNG.to_vec()).await;
    assert_eq!(uploaded["type"], "image");
    let media_id = uploaded["media_id"].as_str().expect("an id");
    platform.advance(72 * HOUR - 60).await;
    let fetched = platform.fetch(media_id).await;
    assert_eq!(header(&fetched, "content-type"), "image/png");
    assert_eq!(
        header(&fetched, "content-disposition"),
        format!("attachment; filename=\"{media_id}.png\"")
    );
    assert_eq!(fetched.bytes().await.expect("bytes"), PNG);
    platform.advance(60).await;
    let expired = platform.fetch(media_id).await;
    assert_eq!(
        (expired.status().as_u16(), header(&expired, "content-type")),
        (200, "text/plain")
    );
    assert_eq!(expired.json::<Value>().await.expect("JSON")["errcode"], 40007);
}

#[tokio::test]
async fn uploads_are_judged_by_content_size_and_playing_time() {
    let platform = Platform::start(None, json!({})).await;
    let refused = [
        ("image", b"no picture".to_vec(), 40137),
        ("image", MP4.to_vec(), 40137),
        ("voice", PNG.to_vec(), 40005),
        ("video", PNG.to_vec(), 40005),
        ("thumb", PNG.to_vec(), 40005),
        ("thumb", [JPEG, &[0; 64 << 10]].concat(), 45001),
        ("image", [PNG, &vec![0; 10 << 20]].concat(), 45001),
        ("voice", amr(61), 45007),
        ("image", Vec::new(), 44001),
        ("document", PNG.to_vec(), 40004),
    ];
    for (kind, bytes, code) in refused {
        assert_eq!(platform.upload(kind, bytes).await["errcode"], code, "{kind}");
    }
    assert!(platform.upload("voice", amr(60)).await["media_id"].is_string());
    assert!(platform.upload("thumb", JPEG.to_vec()).await["thumb_media_id"].is_string());
    let token = platform.token().await;
    let query = [("access_token", token.as_str()), ("type", "image")];
    let without_file = platform
        .call(Method::POST, "/cgi-bin/media/upload", &query, json!({}))
        .await;
    assert_eq!(without_file["errcode"], 41005);
}

#[tokio::test]
async fn video_needs_a_thumb_and_is_fetched_by_address() {
    let platform = Platform::start(None, json!({})).await;
    platform.says("hi").await;
    let video = platform.upload("video", MP4.to_vec()).await["media_id"].clone();
    let thumb = platform.upload("thumb", JPEG.to_vec()).await["thumb_media_id"].clone();
    let body = |inner: Value| json!({"touser": LI, "msgtype": "video", "video": inner});
    assert_eq!(platform.send(body(json!({"media_id": video}))).await, 40007);
    assert_eq!(
        platform
            .send(body(json!({"media_id": video, "thumb_media_id": thumb})))
            .await,
        0
    );
    let fetched: Value = platform
        .fetch(video.as_str().expect("an id"))
        .await
        .json()
        .await
        .expect("JSON");
    let address = fetched["video_url"].as_str().expect("an address");
    let bytes = platform
        .http
        .get(address)
        .send()
        .await
        .expect("an answer")
        .bytes()
        .await
        .expect("bytes");
    assert_eq!(bytes, MP4);
}

#[tokio::test]
async fn picture_from_a_phone_is_pushed_fetched_and_sent_back() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    let told = platform.sends_file("image", PNG.to_vec(), "photo.png").await;
    assert_eq!(told.status(), 200);
    let push = &callback.received()[0];
    assert!(!push.body.contains("photo.png") && push.element("Title").is_none());
    let media_id = push.element("MediaId").expect("an id").to_owned();
    let picture = platform
        .http
        .get(push.element("PicUrl").expect("an address"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(picture.bytes().await.expect("bytes"), PNG);
    assert_eq!(platform.fetch(&media_id).await.bytes().await.expect("bytes"), PNG);
    let body = json!({"touser": LI, "msgtype": "image", "image": {"media_id": media_id}});
    assert_eq!(platform.send(body).await, 0);
    let shown = platform.timeline().await;
    assert_eq!(
        (&shown[0]["media_id"], &shown[1]["media_id"]),
        (&json!(media_id), &json!(media_id))
    );
    platform.advance(100 * HOUR).await;
    let kept = platform
        .http
        .get(format!("{}/sim/v1/media/{media_id}", platform.sim.url()))
        .send()
        .await;
    assert_eq!(kept.expect("an answer").status(), 200);
}

#[tokio::test]
async fn voice_video_and_document_from_a_phone_carry_what_the_platform_writes() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    platform.sends_file("voice", amr(2), "v.amr").await;
    platform.sends_file("video", MP4.to_vec(), "v.mp4").await;
    platform.sends_file("file", b"hello".to_vec(), "合同.txt").await;
    let received = callback.received();
    assert_eq!(received[0].element("Format"), Some("amr"));
    assert!(
        received[1]
            .element("ThumbMediaId")
            .is_some_and(|id| !id.is_empty())
    );
    let titles: Vec<_> = received.iter().map(|push| push.element("Title")).collect();
    assert_eq!(titles, [None, None, Some("合同.txt")]);
    let document = &received[2];
    assert_eq!(
        (document.element("MsgType"), document.element("Title")),
        (Some("file"), Some("合同.txt"))
    );
    assert_eq!(
        document.element("FileMd5"),
        Some("5d41402abc4b2a76b9719d911017c592")
    );
    assert_eq!(
        (document.element("FileTotalLen"), document.element("MediaId")),
        (Some("5"), None)
    );
}

#[tokio::test]
async fn file_that_is_not_what_it_claims_is_refused_by_the_phone() {
    let platform = Platform::start(None, json!({})).await;
    let refused = platform
        .sends_file("image", b"no picture".to_vec(), "photo.png")
        .await;
    assert_eq!(refused.status(), 422);
    assert_eq!(
        refused.json::<Value>().await.expect("JSON")["error"]["code"],
        "wrong_content"
    );
    let missing = platform.message(json!({"type": "image"}), true).await;
    assert_eq!(missing["error"]["code"], "media_missing");
}

#[tokio::test]
async fn what_is_uploaded_for_good_does_not_expire() {
    let platform = Platform::start(None, json!({})).await;
    let path = "/cgi-bin/material/add_material";
    let kept = platform.upload_to(path, "image", PNG.to_vec()).await;
    let media_id = kept["media_id"].as_str().expect("an id");
    platform.advance(1000 * HOUR).await;
    assert_eq!(platform.fetch(media_id).await.bytes().await.expect("bytes"), PNG);
    let video = platform.upload_to(path, "video", MP4.to_vec()).await;
    assert_eq!(video["errcode"], 40004);
}
