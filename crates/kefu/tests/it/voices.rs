//! Voice of contacts: how long it is, and the 16 kHz variant beside it.

use crate::harness::{Desk, Phone, eventually};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

fn amr(seconds: usize) -> Vec<u8> {
    [b"#!AMR\n".to_vec(), [0x3c; 32].repeat(seconds * 50)].concat()
}

struct Chat {
    desk: Desk,
    phone: Phone,
    id: String,
}

impl Chat {
    async fn open() -> Self {
        let desk = Desk::start().await;
        let channel = desk.channel().await;
        let phone = desk.phone(&channel).await;
        phone.says("hello").await;
        let conversation = desk.conversation(&desk.admin).await;
        let id = conversation["id"].as_str().expect("id").to_owned();
        Self { desk, phone, id }
    }

    async fn says(&self, bytes: Vec<u8>) {
        let form = Form::new()
            .text("type", "voice")
            .part("file", Part::bytes(bytes).file_name("a.amr"));
        let url = format!("{}{}/messages?wait=true", self.desk.control.base, self.phone.path);
        let answer = self.desk.control.client.post(url).multipart(form).send().await;
        assert_eq!(answer.expect("an answer").status(), 200);
    }

    async fn last(&self) -> Value {
        self.desk.messages(&self.id).await.pop().expect("a message")["media"].clone()
    }

    async fn when(&self, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
        eventually(what, || async {
            let media = self.last().await;
            if holds(&media) {
                Ok(media)
            } else {
                Err(media.to_string())
            }
        })
        .await
    }

    /// The media id of the last voice at the platform.
    async fn external_id(&self) -> String {
        let items = self.phone.timeline().await;
        let last = items.last().expect("a line");
        last["media_id"].as_str().expect("media_id").to_owned()
    }
}

#[tokio::test]
async fn how_long_a_voice_lasts_is_known_before_it_is_played() {
    let chat = Chat::open().await;
    chat.says(amr(12)).await;
    let media = chat.when("it is there", |media| media["state"] == "ready").await;
    assert_eq!(
        (&media["duration_ms"], &media["hd"]),
        (&json!(12_000), &Value::Null)
    );
}

#[tokio::test]
async fn the_sixteen_kilohertz_variant_is_fetched_too_and_both_are_kept() {
    let chat = Chat::open().await;
    chat.says(amr(3)).await;
    let first = chat.when("it is there", |media| media["state"] == "ready").await;
    // The same recording again, as WeChat pushes it: a media id for each rate.
    let id = chat.external_id().await;
    let both = json!({"type": "voice", "media_id": id, "format": "amr", "media_id_16k": id});
    chat.phone.sends(both).await;
    let media = chat.when("both are there", |media| !media["hd"].is_null()).await;
    assert_ne!(media["id"], first["id"]);
    assert_ne!(media["hd"]["id"], media["id"]);
    assert_eq!(media["hd"]["mime"], "audio/amr");
    for id in [&media["id"], &media["hd"]["id"]] {
        let path = format!("/media/{}", id.as_str().expect("id"));
        assert_eq!(chat.desk.admin.get(&path).await.status, 200);
    }
    let channel = chat.desk.channel().await;
    let stranger = chat.desk.agent(&channel).await;
    let path = format!("/media/{}", media["hd"]["id"].as_str().expect("id"));
    stranger.get(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_variant_that_cannot_be_had_leaves_the_voice_as_it_is() {
    let chat = Chat::open().await;
    chat.says(amr(3)).await;
    chat.when("it is there", |media| media["state"] == "ready").await;
    let id = chat.external_id().await;
    let gone = json!({"type": "voice", "media_id": id, "format": "amr", "media_id_16k": "gone"});
    chat.phone.sends(gone).await;
    let media = chat.when("it is there", |media| media["state"] == "ready").await;
    assert_eq!(media["hd"], Value::Null);
}
