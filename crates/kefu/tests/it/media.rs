//! Files in both directions, through the store.

use crate::harness::{Api, Desk, Phone, eventually};
use reqwest::Method;
use serde_json::{Value, json};

const GET: &str = "/cgi-bin/media/get";
const UPLOAD: &str = "/cgi-bin/media/upload";
const SEND: &str = "/cgi-bin/message/custom/send";

/// A picture of one pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDAT\x08\xd7c\xf8\xcf\xc0\0\0\x03\x01\x01\0\x18\xdd\x8d\xb0\0\0\0\0IEND\xaeB`\x82";
/// As much of a video as its kind is known by.
const MP4: &[u8] = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08mdat";

/// A voice of one silent frame.
const AMR: &[u8] = b"#!AMR\n\x7c\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

struct Chat {
    desk: Desk,
    agent: Api,
    phone: Phone,
    id: String,
}

impl Chat {
    /// A contact has written and an agent has picked up.
    async fn open() -> Self {
        let desk = Desk::start().await;
        let channel = desk.channel().await;
        let (agent, phone, id) = desk.picked_up(&channel, "hello").await;
        Self {
            desk,
            agent,
            phone,
            id,
        }
    }

    async fn order(&self, fault: Value) {
        self.desk.control.post("/faults", fault).await.created();
    }

    async fn calls(&self, path: &str) -> usize {
        let page = self.desk.control.get(&format!("/calls?path={path}")).await.ok();
        page["items"].as_array().expect("items").len()
    }

    async fn last(&self) -> Value {
        self.desk.messages(&self.id).await.pop().expect("a message")
    }

    /// The contact sends a file.
    async fn receives(&self, kind: &'static str, file_name: &'static str, bytes: Vec<u8>) {
        let part = reqwest::multipart::Part::bytes(bytes).file_name(file_name);
        let form = reqwest::multipart::Form::new()
            .text("type", kind)
            .part("file", part);
        let url = format!("{}{}/messages?wait=true", self.desk.control.base, self.phone.path);
        let answer = self
            .desk
            .control
            .client
            .post(url)
            .multipart(form)
            .send()
            .await
            .expect("an answer");
        let status = answer.status();
        assert_eq!(status, 200, "{}", answer.text().await.expect("a body"));
    }

    /// The last message once its file is no longer awaited.
    async fn fetched(&self) -> Value {
        eventually("the file is settled", || async {
            let message = self.last().await;
            if message["media"]["state"] == "pending" {
                Err(message.to_string())
            } else {
                Ok(message)
            }
        })
        .await
    }

    /// Uploads a file, sends it, and waits until it left.
    async fn sends(&self, kind: &str, file_name: &str, bytes: &[u8]) -> Value {
        let uploaded = self
            .agent
            .upload(Method::POST, "/attachments", file_name, bytes.to_vec())
            .await
            .created();
        let body = json!({"client_id": "c1", "kind": kind, "attachment_id": uploaded["id"]});
        self.agent
            .post(&format!("/conversations/{}/messages", self.id), body)
            .await
            .accepted();
        eventually("the file left", || async {
            let message = self.last().await;
            let waiting = message["state"] == "queued" || message["state"] == "sending";
            if waiting {
                Err(message.to_string())
            } else {
                Ok(message)
            }
        })
        .await
    }

    async fn received_kinds(&self) -> Vec<String> {
        let items = self.phone.timeline().await;
        let received = items.iter().filter(|item| item["direction"] == "received");
        received
            .map(|item| item["type"].as_str().unwrap_or_default().to_owned())
            .collect()
    }
}

#[tokio::test]
async fn a_picture_of_the_contact_is_fetched_and_can_be_read() {
    let chat = Chat::open().await;
    chat.receives("image", "one.png", PNG.to_vec()).await;
    let media = chat.fetched().await["media"].clone();
    assert_eq!(media["state"], "ready", "{media}");
    assert!(media["mime"].as_str().expect("mime").starts_with("image/"));
    let file = chat
        .agent
        .get(&format!("/media/{}", media["id"].as_str().expect("id")))
        .await;
    assert_eq!(file.status, 200);
    assert_eq!(
        file.headers["content-length"],
        media["bytes"].to_string().as_str()
    );
}

#[tokio::test]
async fn a_picture_of_an_agent_arrives() {
    let chat = Chat::open().await;
    let sent = chat.sends("image", "one.png", PNG).await;
    assert_eq!(sent["state"], "sent", "{sent}");
    assert_eq!(chat.received_kinds().await, ["image"]);
}

#[tokio::test]
async fn a_video_without_a_frame_is_sent_with_a_neutral_one() {
    let chat = Chat::open().await;
    let sent = chat.sends("video", "one.mp4", MP4).await;
    assert_eq!(sent["state"], "sent", "{sent}");
    assert_eq!(chat.received_kinds().await, ["video"]);
    assert_eq!(chat.calls(UPLOAD).await, 2);
}

#[tokio::test]
async fn an_upload_that_wechat_forgot_is_made_again_once() {
    let chat = Chat::open().await;
    chat.order(json!({"on": "api", "path": SEND, "times": 1, "errcode": 40007}))
        .await;
    let sent = chat.sends("image", "one.png", PNG).await;
    assert_eq!(sent["state"], "sent", "{sent}");
    assert_eq!(chat.calls(UPLOAD).await, 2);
    assert_eq!(chat.received_kinds().await, ["image"]);
}

#[tokio::test]
async fn an_upload_that_wechat_forgets_twice_fails() {
    let chat = Chat::open().await;
    chat.order(json!({"on": "api", "path": SEND, "times": 2, "errcode": 40007}))
        .await;
    let failed = chat.sends("image", "one.png", PNG).await;
    assert_eq!(
        (&failed["state"], &failed["reason"]),
        (&json!("failed"), &json!("wechat_40007"))
    );
    assert!(chat.received_kinds().await.is_empty());
}

#[tokio::test]
async fn a_file_that_wechat_no_longer_has_is_expired() {
    let chat = Chat::open().await;
    chat.order(json!({"on": "api", "path": GET, "times": 1, "errcode": 40007}))
        .await;
    chat.receives("image", "one.png", PNG.to_vec()).await;
    let media = chat.fetched().await["media"].clone();
    assert_eq!(
        (&media["state"], &media["reason"]),
        (&json!("expired"), &json!("expired"))
    );
}

#[tokio::test]
async fn a_download_that_fails_for_a_moment_is_tried_again() {
    let chat = Chat::open().await;
    chat.order(json!({"on": "api", "path": GET, "times": 1, "errcode": -1}))
        .await;
    chat.receives("voice", "one.amr", AMR.to_vec()).await;
    assert_eq!(chat.fetched().await["media"]["state"], "ready");
    assert_eq!(chat.calls(GET).await, 2);
}

#[tokio::test]
async fn a_download_whose_worker_is_gone_is_done_by_the_next_without_another_reason() {
    let chat = Chat::open().await;
    let db = &chat.desk.inside().db;
    let wall = || chat.desk.inside().clock.wall();
    // Four downloads take their time, so that the fifth waits.
    chat.order(json!({"on": "api", "path": GET, "times": 4, "delay_ms": 2500}))
        .await;
    for _ in 0..4 {
        chat.receives("image", "a.png", PNG.to_vec()).await;
    }
    eventually("four downloads have begun", || async {
        let mut conn = db.read().await.expect("a connection");
        let next = kefu::db::jobs::next_run(&mut conn).await.expect("it reads");
        match next {
            Some(at) if at.since_ms(wall()) > 60_000 => Ok(()),
            other => Err(format!("{other:?}")),
        }
    })
    .await;
    chat.receives("image", "a.png", PNG.to_vec()).await;
    let now = wall();
    let taken = db
        .write::<_, kefu::db::Error, _>(move |tx| Box::pin(kefu::db::jobs::claim(tx, "gone", now, 0, 10)))
        .await
        .expect("claimed");
    assert_eq!(taken.len(), 1);
    eventually("all five are there", || async {
        let messages = chat.desk.messages(&chat.id).await;
        let ready = messages.iter().filter(|m| m["media"]["state"] == "ready").count();
        if ready == 5 {
            Ok(())
        } else {
            Err(ready.to_string())
        }
    })
    .await;
}
