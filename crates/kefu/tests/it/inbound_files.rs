//! Files of contacts when the platform answers badly: each is fetched in the end, or says why not; nothing is lost.

use crate::harness::{Api, Crooked, Desk, Phone, Trick, eventually};
use serde_json::{Value, json};
use std::time::Duration;

const MB: usize = 1_048_576;
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02\x08\x02\0\0\0";

struct Chat {
    desk: Desk,
    crooked: Crooked,
    phone: Phone,
    id: String,
}

impl Chat {
    async fn open() -> Self {
        let (desk, crooked) = Desk::start_behind_a_liar().await;
        let channel = desk.channel().await;
        let phone = desk.phone(&channel).await;
        phone.says("hello").await;
        let conversation = desk.conversation(&desk.admin).await;
        let id = conversation["id"].as_str().expect("id").to_owned();
        Self {
            desk,
            crooked,
            phone,
            id,
        }
    }

    /// The contact sends a picture whose download meets the trick so many times.
    async fn receives_with(&self, trick: Trick, times: usize) {
        self.crooked.plays(trick, times);
        send(&self.desk.control, &self.phone, "image", PNG).await;
    }

    async fn settled(&self) -> Value {
        eventually("the file is settled", || async {
            let message = self.desk.messages(&self.id).await.pop().expect("a message");
            match message["media"]["state"].as_str() {
                Some("pending") | None => Err(message.to_string()),
                Some(_) => Ok(message["media"].clone()),
            }
        })
        .await
    }
}

async fn send(control: &Api, phone: &Phone, kind: &'static str, bytes: &'static [u8]) {
    let part = reqwest::multipart::Part::bytes(bytes).file_name("a.png");
    let form = reqwest::multipart::Form::new()
        .text("type", kind)
        .part("file", part);
    let url = format!("{}{}/messages?wait=true", control.base, phone.path);
    let answer = control.client.post(url).multipart(form).send().await;
    assert_eq!(answer.expect("an answer").status(), 200);
}

#[tokio::test]
async fn a_page_or_nothing_in_place_of_a_file_is_not_taken_for_one() {
    for (mime, body) in [
        ("text/html", b"<!doctype html><p>Bad gateway".to_vec()),
        ("image/jpeg", b"  <html>lying about its type".to_vec()),
        ("image/png", Vec::new()),
        ("application/json", b"{\"unexpected\":true}".to_vec()),
    ] {
        let chat = Chat::open().await;
        chat.receives_with(Trick::Says(mime, body), 1).await;
        let media = chat.settled().await;
        assert_eq!(
            (&media["state"], &media["mime"]),
            (&json!("ready"), &json!("image/png")),
            "{mime}"
        );
        assert_eq!(chat.crooked.downloads(), 2, "{mime}");
    }
}

#[tokio::test]
async fn an_error_of_the_platform_as_text_of_any_type_is_an_error() {
    let chat = Chat::open().await;
    let body = b"{\"errcode\":-1,\"errmsg\":\"system error\"}".to_vec();
    chat.receives_with(Trick::Says("image/jpeg", body), 1).await;
    assert_eq!(chat.settled().await["state"], "ready");
    let body = b"{\"errcode\":40007,\"errmsg\":\"invalid media_id\"}".to_vec();
    chat.receives_with(Trick::Says("text/plain", body), 1).await;
    let media = chat.settled().await;
    assert_eq!(
        (&media["state"], &media["reason"]),
        (&json!("expired"), &json!("expired"))
    );
}

#[tokio::test]
async fn a_wrong_content_type_does_not_change_what_a_file_is() {
    let chat = Chat::open().await;
    chat.receives_with(Trick::Says("text/html", PNG.to_vec()), 1)
        .await;
    let media = chat.settled().await;
    assert_eq!(
        (&media["mime"], &media["reason"]),
        (&json!("image/png"), &Value::Null)
    );
    assert_eq!((&media["width"], &media["height"]), (&json!(3), &json!(2)));
}

#[tokio::test]
async fn a_kind_outside_the_list_is_kept_and_marked() {
    let chat = Chat::open().await;
    chat.receives_with(Trick::Says("image/gif", b"GIF89a....".to_vec()), 1)
        .await;
    let media = chat.settled().await;
    assert_eq!(
        (&media["state"], &media["reason"]),
        (&json!("ready"), &json!("not_in_list"))
    );
    let id = media["id"].as_str().expect("id");
    let file = chat.desk.admin.get(&format!("/media/{id}")).await;
    assert_eq!(
        file.headers["content-disposition"]
            .to_str()
            .expect("text")
            .split(';')
            .next(),
        Some("attachment")
    );
}

#[tokio::test]
async fn fifty_megabytes_are_stored_and_one_byte_more_is_a_placeholder() {
    let chat = Chat::open().await;
    let whole = |bytes: usize| {
        let mut file = PNG.to_vec();
        file.resize(bytes, 0);
        Trick::Says("image/png", file)
    };
    chat.receives_with(whole(50 * MB), 1).await;
    let media = chat.settled().await;
    assert_eq!(
        (&media["state"], &media["bytes"]),
        (&json!("ready"), &json!(50 * MB))
    );
    chat.receives_with(whole(50 * MB + 1), 1).await;
    let media = chat.settled().await;
    assert_eq!(
        (&media["state"], &media["reason"]),
        (&json!("failed"), &json!("too_large"))
    );
    assert_eq!(
        chat.crooked.downloads(),
        2,
        "what is too large is not asked for again"
    );
}

#[tokio::test]
async fn a_file_that_does_not_say_how_large_it_is_is_cut_off_at_the_limit() {
    let chat = Chat::open().await;
    chat.receives_with(Trick::Endless(PNG.to_vec(), 400 * MB), 1)
        .await;
    let media = chat.settled().await;
    assert_eq!(
        (&media["state"], &media["reason"]),
        (&json!("failed"), &json!("too_large"))
    );
}

#[tokio::test]
async fn a_download_that_breaks_off_or_is_slow_is_whole_in_the_end() {
    let chat = Chat::open().await;
    chat.receives_with(Trick::Cut(PNG.to_vec(), 5_000), 1).await;
    let media = chat.settled().await;
    assert_eq!(
        (&media["state"], &media["bytes"]),
        (&json!("ready"), &json!(PNG.len()))
    );
    chat.receives_with(Trick::Slow(Duration::from_millis(1500)), 1)
        .await;
    assert_eq!(chat.settled().await["state"], "ready");
}

#[tokio::test]
async fn a_full_disk_delays_a_file_and_loses_nothing() {
    let chat = Chat::open().await;
    let folder = chat.desk.media_dir();
    std::fs::remove_dir_all(folder).expect("removed");
    std::fs::write(folder, b"a file where the folder was").expect("written");
    chat.receives_with(Trick::None, 0).await;
    eventually("it was tried", || async {
        match chat.crooked.downloads() {
            0 => Err("not yet".to_owned()),
            _ => Ok(()),
        }
    })
    .await;
    std::fs::remove_file(folder).expect("removed");
    std::fs::create_dir(folder).expect("made");
    assert_eq!(chat.settled().await["state"], "ready");
}

#[tokio::test]
async fn a_file_that_cannot_be_had_for_three_days_is_expired() {
    let chat = Chat::open().await;
    chat.receives_with(Trick::Says("text/html", b"<html>".to_vec()), usize::MAX)
        .await;
    eventually("it was tried", || async {
        if chat.crooked.downloads() > 0 {
            Ok(())
        } else {
            Err("not yet".to_owned())
        }
    })
    .await;
    chat.desk.advance_hours(72.0);
    let media = chat.settled().await;
    assert_eq!(
        (&media["state"], &media["reason"]),
        (&json!("expired"), &json!("expired"))
    );
}
