//! Cards: a link with a picture, and a mini program, from the API to the phone.

use crate::harness::{Api, Desk, Phone, eventually};
use reqwest::Method;
use serde_json::{Value, json};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02\x08\x02\0\0\0";
const MB: usize = 1_048_576;

struct Chat {
    desk: Desk,
    agent: Api,
    phone: Phone,
    id: String,
    channel: String,
}

impl Chat {
    async fn open() -> Self {
        let desk = Desk::start().await;
        let channel = desk.channel_with(json!({"reply_policy": "wechat_current"})).await;
        let (agent, phone, id) = desk.picked_up(&channel, "hello").await;
        Self {
            desk,
            agent,
            phone,
            id,
            channel: channel.id,
        }
    }

    async fn asks(&self, body: Value) -> crate::harness::Answer {
        self.agent
            .post(&format!("/conversations/{}/messages", self.id), body)
            .await
    }

    async fn arrives(&self) -> Value {
        eventually("it arrived", || async {
            let items = self.phone.timeline().await;
            match items.last().filter(|item| item["direction"] == "received") {
                Some(item) => Ok(item.clone()),
                None => Err(format!("{items:?}")),
            }
        })
        .await
    }

    async fn picture(&self, bytes: usize) -> Value {
        let mut file = PNG.to_vec();
        file.resize(bytes.max(file.len()), 0);
        let made = self
            .agent
            .upload(Method::POST, "/attachments", "p.png", file)
            .await;
        made.created()["id"].clone()
    }
}

fn link(client_id: &str) -> Value {
    let data =
        json!({"title": "Sizes", "description": "How to measure", "url": "https://shop.example/sizes"});
    json!({"client_id": client_id, "kind": "link", "data": data})
}

#[tokio::test]
async fn a_link_card_arrives_with_its_picture_and_costs_one_message() {
    let chat = Chat::open().await;
    let mut body = link("1");
    body["attachment_id"] = chat.picture(0).await;
    let message = chat.asks(body).await.accepted();
    assert_eq!(
        (&message["kind"], &message["text"]),
        (&json!("link"), &json!("Sizes"))
    );
    assert_eq!(message["data"]["url"], "https://shop.example/sizes");
    let item = chat.arrives().await;
    assert_eq!((&item["type"], &item["text"]), (&json!("news"), &json!("Sizes")));
    let article = &item["data"]["articles"][0];
    assert_eq!(article["description"], "How to measure");
    let picture = article["picurl"].as_str().expect("picurl").to_owned();
    let shown = chat
        .desk
        .control
        .client
        .get(&picture)
        .send()
        .await
        .expect("an answer");
    assert_eq!(shown.bytes().await.expect("bytes").as_ref(), PNG, "{picture}");
    let conversation = chat.agent.get(&format!("/conversations/{}", chat.id)).await.ok();
    assert_eq!(conversation["reply"]["remaining"], 4, "one of five");
    assert_eq!(conversation["last_message"]["kind"], "link");
}

#[tokio::test]
async fn a_card_without_a_picture_shows_the_channels_icon_or_a_neutral_one() {
    let chat = Chat::open().await;
    chat.asks(link("1")).await.accepted();
    let neutral = chat.arrives().await["data"]["articles"][0]["picurl"].clone();
    assert!(
        neutral.as_str().is_some_and(|url| url.contains("/mmbiz/")),
        "{neutral}"
    );
    let path = format!("/channels/{}/icon", chat.channel);
    chat.desk
        .admin
        .upload(Method::PUT, &path, "i.png", PNG.to_vec())
        .await
        .ok();
    chat.asks(link("2")).await.accepted();
    eventually("the second card shows the icon", || async {
        let url = chat.arrives().await["data"]["articles"][0]["picurl"].clone();
        let url = url.as_str().expect("a URL").to_owned();
        let shown = chat
            .desk
            .control
            .client
            .get(&url)
            .send()
            .await
            .expect("an answer");
        if shown.bytes().await.expect("bytes").as_ref() == PNG {
            Ok(())
        } else {
            Err(url)
        }
    })
    .await;
}

#[tokio::test]
async fn a_mini_program_card_arrives() {
    let chat = Chat::open().await;
    let data = json!({"title": "Order 12", "app_id": "wx0123456789abcdef", "page_path": "pages/order?id=12"});
    let body = json!({"client_id": "1", "kind": "miniprogram", "data": data});
    let message = chat.asks(body).await.accepted();
    assert_eq!(message["data"], data);
    let item = chat.arrives().await;
    assert_eq!(
        (&item["type"], &item["text"]),
        (&json!("miniprogrampage"), &json!("Order 12"))
    );
    assert_eq!(
        (&item["data"]["appid"], &item["data"]["pagepath"]),
        (&data["app_id"], &data["page_path"])
    );
}

#[tokio::test]
async fn the_form_of_a_card_is_checked_before_anything_is_stored() {
    let chat = Chat::open().await;
    let with = |name: &str, value: Value| {
        let mut body = link("1");
        body["data"][name] = value;
        body
    };
    for (body, field, code) in [
        (with("title", json!("")), "data.title", "required"),
        (with("title", json!("好".repeat(65))), "data.title", "too_long"),
        (
            with("description", json!("好".repeat(121))),
            "data.description",
            "too_long",
        ),
        (with("url", json!("javascript:alert(1)")), "data.url", "url_form"),
        (json!({"client_id": "1", "kind": "link"}), "data", "required"),
        (
            json!({"client_id": "1", "kind": "link", "data": "x"}),
            "data",
            "required",
        ),
        (
            json!({"client_id": "1", "kind": "text", "text": "a", "data": {}}),
            "data",
            "not_with_this_kind",
        ),
        (
            json!({"client_id": "1", "kind": "miniprogram", "data": {"title": "a", "app_id": "x", "page_path": "p"}}),
            "data.app_id",
            "app_id_form",
        ),
    ] {
        let error = chat.asks(body).await.refused(422, "invalid_fields");
        assert_eq!(error["fields"][field], code, "{error}");
    }
    let mut large = link("1");
    large["attachment_id"] = chat.picture(MB + 1).await;
    let error = chat.asks(large).await.refused(422, "invalid_fields");
    assert_eq!(error["fields"]["attachment_id"], "file_too_large");
    let mut fits = link("1");
    fits["attachment_id"] = chat.picture(MB).await;
    chat.asks(fits).await.accepted();
}

#[tokio::test]
async fn the_same_card_twice_is_one_and_another_under_its_id_is_refused() {
    let chat = Chat::open().await;
    let first = chat.asks(link("1")).await.accepted();
    assert_eq!(chat.asks(link("1")).await.ok()["id"], first["id"]);
    let mut other = link("1");
    other["data"]["title"] = json!("Other");
    chat.asks(other).await.refused(409, "client_id_reused");
}

#[tokio::test]
async fn what_wechat_says_to_a_card_is_shown_and_its_fields_stay() {
    let chat = Chat::open().await;
    let send = "/cgi-bin/message/custom/send";
    let fault = json!({"on": "api", "path": send, "times": 1, "errcode": 45005});
    chat.desk.control.post("/faults", fault).await.created();
    chat.asks(link("1")).await.accepted();
    let failed = eventually("it failed", || async {
        let message = chat.desk.messages(&chat.id).await.pop().expect("a message");
        if message["state"] == "failed" {
            Ok(message)
        } else {
            Err(message.to_string())
        }
    })
    .await;
    assert_eq!(failed["reason"], "wechat_45005");
    assert_eq!(failed["data"]["url"], "https://shop.example/sizes");
    let again = format!("/messages/{}/retry", failed["id"].as_str().expect("id"));
    chat.agent.post(&again, json!({})).await.accepted();
    assert_eq!(chat.arrives().await["text"], "Sizes");
}
