//! A video after the window: uploaded, made into one for mass messages, and sent as that.

use crate::harness::{Answer, Api, Channel, Desk, Phone, eventually};
use reqwest::Method;
use serde_json::{Value, json};

const UPLOAD: &str = "/cgi-bin/media/upload";
const MAKE: &str = "/cgi-bin/media/uploadvideo";
const SEND_ALL: &str = "/cgi-bin/message/mass/sendall";
const MP4: &[u8] = b"\0\0\0\x18ftypisom\0\0\0\0isommp42";

/// A contact wrote 49 hours ago, and an agent has picked up.
struct Chat {
    desk: Desk,
    channel: Channel,
    phone: Phone,
    agent: Api,
    id: String,
}

impl Chat {
    async fn open() -> Self {
        let desk = Desk::start().await;
        let channel = desk.channel().await;
        let (agent, phone, id) = desk.picked_up(&channel, "你好").await;
        desk.advance_hours(49.0);
        Self {
            desk,
            channel,
            phone,
            agent,
            id,
        }
    }

    async fn asks(&self, body: Value) -> Answer {
        let path = format!("/conversations/{}/messages", self.id);
        self.agent.post(&path, body).await
    }

    async fn film(&self) -> String {
        let name = "complaint of a difficult customer.mp4";
        let made = self
            .agent
            .upload(Method::POST, "/attachments", name, MP4.to_vec());
        made.await.created()["id"].as_str().expect("id").to_owned()
    }

    async fn sends_a_video(&self) -> Value {
        let film = self.film().await;
        let body = json!({"client_id": film, "kind": "video", "attachment_id": film});
        self.asks(body).await.accepted()
    }

    async fn message(&self, message: &Value) -> Value {
        let all = self.desk.messages(&self.id).await;
        let found = all.into_iter().find(|one| one["id"] == message["id"]);
        found.expect("the message")
    }

    async fn in_state(&self, message: &Value, state: &str) -> Value {
        eventually(&format!("the message is {state}"), || async {
            let found = self.message(message).await;
            if found["state"] == state {
                Ok(found)
            } else {
                Err(found.to_string())
            }
        })
        .await
    }

    async fn remaining(&self) -> Value {
        let path = format!("/conversations/{}", self.id);
        self.agent.get(&path).await.ok()["reply"]["remaining"].clone()
    }

    async fn order(&self, path: &str, what: Value) {
        let mut fault = json!({"on": "api", "path": path, "times": 1});
        crate::harness::merge(&mut fault, &what);
        self.desk.control.post("/faults", fault).await.created();
    }

    async fn calls(&self, path: &str) -> Vec<Value> {
        let page = self.desk.control.get(&format!("/calls?path={path}")).await.ok();
        page["items"].as_array().expect("items").clone()
    }

    /// What this phone shows of films.
    async fn films(&self) -> Vec<Value> {
        let shown = self.phone.timeline().await;
        shown.into_iter().filter(|line| line["type"] == "video").collect()
    }
}

#[tokio::test]
async fn a_video_arrives_after_the_window_with_a_title_that_tells_nothing_of_the_desk() {
    let chat = Chat::open().await;
    let sent = chat.sends_a_video().await;
    assert_eq!(sent["data"]["route"], "monthly");
    chat.in_state(&sent, "sent").await;
    let films = chat.films().await;
    assert_eq!(films.len(), 1);
    assert_eq!(
        (&films[0]["via"], &films[0]["text"]),
        (&json!("mass"), &json!("A video for you")),
        "neither the file's name nor the channel's"
    );
    assert_eq!(chat.remaining().await, 3);
    // The upload, and no still picture: that belongs to the other way.
    assert_eq!(chat.calls(UPLOAD).await.len(), 1);
    let made = &chat.calls(MAKE).await[0]["body"];
    assert_eq!(made["description"], "");
    assert_eq!(chat.calls(SEND_ALL).await[0]["body"]["msgtype"], "mpvideo");
}

#[tokio::test]
async fn an_id_that_wechat_no_longer_knows_is_made_again_once() {
    for path in [MAKE, SEND_ALL] {
        let chat = Chat::open().await;
        chat.order(path, json!({"errcode": 40007})).await;
        let sent = chat.sends_a_video().await;
        chat.in_state(&sent, "sent").await;
        assert_eq!(chat.films().await.len(), 1, "{path}");
        assert_eq!(chat.calls(UPLOAD).await.len(), 2, "{path}: with a new upload");
        assert_eq!(chat.remaining().await, 3, "{path}");
    }
    let chat = Chat::open().await;
    chat.order(MAKE, json!({"errcode": 40007, "times": 2})).await;
    let sent = chat.sends_a_video().await;
    let failed = chat.in_state(&sent, "failed").await;
    assert_eq!(failed["reason"], "wechat_40007");
    assert_eq!(chat.remaining().await, 4, "its place was given back");
    assert!(chat.calls(SEND_ALL).await.is_empty());
    // A person may try again.
    let path = format!("/messages/{}/retry", sent["id"].as_str().expect("id"));
    chat.agent.post(&path, json!({})).await.accepted();
    chat.in_state(&sent, "sent").await;
    assert_eq!(chat.remaining().await, 3);
}

#[tokio::test]
async fn a_video_that_waited_longer_than_wechat_keeps_it_is_uploaded_anew() {
    let chat = Chat::open().await;
    chat.order(SEND_ALL, json!({"errcode": 48008})).await;
    let sent = chat.sends_a_video().await;
    chat.in_state(&sent, "failed").await;
    chat.desk.advance_hours(73.0);
    let path = format!("/messages/{}/retry", sent["id"].as_str().expect("id"));
    chat.agent.post(&path, json!({})).await.accepted();
    chat.in_state(&sent, "sent").await;
    assert_eq!(chat.films().await.len(), 1);
    assert_eq!(chat.calls(UPLOAD).await.len(), 2);
}

#[tokio::test]
async fn a_lost_answer_at_any_step_delivers_the_video_once() {
    for (path, cut) in [
        (UPLOAD, "after"),
        (MAKE, "after"),
        (MAKE, "before"),
        (SEND_ALL, "after"),
    ] {
        let chat = Chat::open().await;
        chat.order(path, json!({"cut": cut})).await;
        let sent = chat.sends_a_video().await;
        chat.in_state(&sent, "sent").await;
        assert_eq!(chat.films().await.len(), 1, "{path} {cut}");
        assert_eq!(chat.remaining().await, 3, "{path} {cut}");
    }
}

/// The answer to the request is lost, and before it is made again the video's ids have expired at WeChat.
#[tokio::test]
async fn a_doubtful_request_is_repeated_with_a_new_upload_where_the_old_one_is_gone() {
    let chat = Chat::open().await;
    chat.order(SEND_ALL, json!({"cut": "before"})).await;
    let sent = chat.sends_a_video().await;
    chat.in_state(&sent, "unknown").await;
    chat.order(MAKE, json!({"errcode": 40007})).await;
    chat.in_state(&sent, "sent").await;
    assert_eq!(chat.films().await.len(), 1);
    assert_eq!(chat.calls(UPLOAD).await.len(), 2);
    assert_eq!(chat.remaining().await, 3);
}

#[tokio::test]
async fn an_account_that_may_not_make_such_videos_says_so_and_keeps_its_place() {
    let chat = Chat::open().await;
    let path = format!("/accounts/{}", chat.channel.app_id);
    let denied = json!({"denied_apis": [MAKE]});
    chat.desk.control.patch(&path, denied).await.ok();
    let failed = chat.in_state(&chat.sends_a_video().await, "failed").await;
    assert_eq!(failed["reason"], "wechat_48001");
    assert_eq!(chat.remaining().await, 4);
    // Text and pictures still go.
    let body = json!({"client_id": "t", "kind": "text", "text": "then so"});
    let sent = chat.asks(body).await.accepted();
    chat.in_state(&sent, "sent").await;
}

#[tokio::test]
async fn cards_are_refused_after_the_window_and_the_rules_say_so_before() {
    let chat = Chat::open().await;
    let link =
        json!({"client_id": "l", "kind": "link", "data": {"title": "T", "url": "https://example.com/"}});
    let program = json!({"client_id": "m", "kind": "miniprogram",
        "data": {"title": "T", "app_id": "wx0123456789abcdef", "page_path": "pages/index"}});
    for card in [link, program] {
        chat.asks(card).await.refused(409, "kind_not_on_monthly_route");
    }
    let rules = chat
        .agent
        .get(&format!("/channels/{}/can-send", chat.channel.id))
        .await
        .ok();
    let kinds = rules["kinds"].as_array().expect("kinds");
    let carried = |kind: &&Value| kind["monthly"] == true;
    let names: Vec<_> = kinds
        .iter()
        .filter(carried)
        .map(|kind| kind["kind"].clone())
        .collect();
    assert_eq!(names, ["text", "image", "voice", "video"]);
    assert_eq!(chat.remaining().await, 4);
}
