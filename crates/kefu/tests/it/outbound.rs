//! Replies leave: in order, once, and what is not known is said.

use crate::harness::{Api, Channel, Desk, Phone, eventually};
use serde_json::{Value, json};

const SEND: &str = "/cgi-bin/message/custom/send";

/// A contact has written and an agent has picked up.
struct Chat {
    agent: Api,
    phone: Phone,
    id: String,
}

impl Chat {
    async fn open(desk: &Desk, channel: &Channel) -> Self {
        let agent = desk.agent(channel).await;
        let phone = desk.phone(channel).await;
        phone.says("你好").await;
        let id = desk.conversation(&agent).await["id"]
            .as_str()
            .expect("id")
            .to_owned();
        agent
            .post(&format!("/conversations/{id}/pick-up"), json!({}))
            .await
            .ok();
        Self { agent, phone, id }
    }

    async fn reply(&self, text: &str) -> Value {
        let body = json!({"client_id": text, "kind": "text", "text": text});
        self.agent
            .post(&format!("/conversations/{}/messages", self.id), body)
            .await
            .accepted()
    }

    /// The message once it is neither queued nor being sent.
    async fn settled(&self, message: &Value) -> Value {
        let (id, seq) = (&message["id"], message["seq"].as_i64().expect("seq"));
        let path = format!("/conversations/{}/messages?after={}&limit=1", self.id, seq - 1);
        eventually("the message is settled", || async {
            let found = self.agent.get(&path).await.ok()["items"][0].clone();
            assert_eq!(&found["id"], id);
            let waiting = found["state"] == "queued" || found["state"] == "sending";
            if waiting {
                Err(found.to_string())
            } else {
                Ok(found)
            }
        })
        .await
    }

    async fn conversation(&self) -> Value {
        self.agent.get(&format!("/conversations/{}", self.id)).await.ok()
    }
}

async fn order(desk: &Desk, fault: Value) {
    desk.control.post("/faults", fault).await.created();
}

async fn sends(control: &Api) -> usize {
    control.get(&format!("/calls?path={SEND}")).await.ok()["items"]
        .as_array()
        .expect("items")
        .len()
}

#[tokio::test]
async fn replies_arrive_in_the_order_they_were_written() {
    let desk = Desk::start().await;
    let chat = Chat::open(&desk, &desk.channel().await).await;
    let texts: Vec<String> = (1..=30).map(|n| format!("line {n}")).collect();
    let mut last = Value::Null;
    for text in &texts {
        last = chat.reply(text).await;
    }
    assert_eq!(chat.settled(&last).await["state"], "sent");
    assert_eq!(chat.phone.received().await, texts);
    assert_eq!(sends(&desk.control).await, 30);
}

#[tokio::test]
async fn a_cut_connection_leaves_the_reply_unknown_and_it_is_not_sent_again() {
    let desk = Desk::start().await;
    let chat = Chat::open(&desk, &desk.channel().await).await;
    order(
        &desk,
        json!({"on": "api", "path": SEND, "times": 1, "cut": "after"}),
    )
    .await;
    let unknown = chat.settled(&chat.reply("one").await).await;
    assert_eq!(
        (&unknown["state"], &unknown["reason"]),
        (&json!("unknown"), &json!("connection_lost"))
    );
    assert_eq!(chat.settled(&chat.reply("two").await).await["state"], "sent");
    assert_eq!(chat.phone.received().await, ["one", "two"]);
    assert_eq!(sends(&desk.control).await, 2);
}

#[tokio::test]
async fn a_busy_answer_is_tried_again_until_it_is_sent_once() {
    let desk = Desk::start().await;
    let chat = Chat::open(&desk, &desk.channel().await).await;
    order(
        &desk,
        json!({"on": "api", "path": SEND, "times": 1, "errcode": -1}),
    )
    .await;
    let first = chat.reply("one").await;
    let second = chat.reply("two").await;
    assert_eq!(chat.settled(&second).await["state"], "sent");
    assert_eq!(chat.settled(&first).await["reason"], Value::Null);
    assert_eq!(chat.phone.received().await, ["one", "two"]);
}

#[tokio::test]
async fn a_refused_token_is_renewed_and_the_reply_is_sent_once() {
    let desk = Desk::start().await;
    let chat = Chat::open(&desk, &desk.channel().await).await;
    order(
        &desk,
        json!({"on": "api", "path": SEND, "times": 1, "errcode": 40001}),
    )
    .await;
    assert_eq!(chat.settled(&chat.reply("one").await).await["state"], "sent");
    assert_eq!(chat.phone.received().await, ["one"]);
}

#[tokio::test]
async fn what_wechat_refuses_fails_with_its_number_and_corrects_the_books() {
    for (number, reason, then) in [
        (45047, "wechat_45047", "quota_exhausted"),
        // The window is closed; the monthly route is open.
        (45015, "wechat_45015", "ok"),
    ] {
        let desk = Desk::start().await;
        let chat = Chat::open(&desk, &desk.channel().await).await;
        order(
            &desk,
            json!({"on": "api", "path": SEND, "times": 1, "errcode": number}),
        )
        .await;
        let failed = chat.settled(&chat.reply("one").await).await;
        assert_eq!(
            (&failed["state"], &failed["reason"]),
            (&json!("failed"), &json!(reason))
        );
        assert_eq!(failed["data"]["failure"]["code"], number);
        let conversation = chat.conversation().await;
        assert_eq!(conversation["responded"], false);
        assert_eq!(conversation["last_message"]["state"], "failed");
        assert_ne!(conversation["waiting_since"], Value::Null);
        assert_eq!(conversation["reply"]["reason"], then);
        assert_ne!(conversation["reply"]["route"], "window");
    }
}

#[tokio::test]
async fn a_reply_that_waits_past_its_window_fails_and_gives_its_place_back() {
    let desk = Desk::start().await;
    let channel = desk.channel_with(json!({"reply_policy": "wechat_current"})).await;
    let chat = Chat::open(&desk, &channel).await;
    order(
        &desk,
        json!({"on": "api", "path": SEND, "times": 1, "errcode": -1}),
    )
    .await;
    let waiting = chat.reply("one").await;
    eventually("the first try failed", || async {
        let calls = sends(&desk.control).await;
        if calls == 1 {
            Ok(())
        } else {
            Err(format!("{calls} calls"))
        }
    })
    .await;
    desk.advance_hours(49.0);
    let failed = chat.settled(&waiting).await;
    assert_eq!(
        (&failed["state"], &failed["reason"]),
        (&json!("failed"), &json!("window_closed"))
    );
    assert_eq!(sends(&desk.control).await, 1);
    chat.phone.says("still there?").await;
    assert_eq!(chat.conversation().await["reply"]["remaining"], 5);
}

#[tokio::test]
async fn a_stop_while_a_reply_is_on_its_way_waits_for_its_answer() {
    let mut desk = Desk::start().await;
    let chat = Chat::open(&desk, &desk.channel().await).await;
    order(
        &desk,
        json!({"on": "api", "path": SEND, "times": 1, "delay_ms": 1500}),
    )
    .await;
    let message = chat.reply("one").await;
    eventually("the request is on its way", || async {
        let kept = kept(&desk, &chat, &message).await;
        if kept["state"] == "sending" {
            Ok(())
        } else {
            Err(kept.to_string())
        }
    })
    .await;
    desk.restart().await;
    assert_eq!(kept(&desk, &chat, &message).await["state"], "sent");
    assert_eq!(chat.phone.received().await, ["one"]);
}

async fn kept(desk: &Desk, chat: &Chat, message: &Value) -> Value {
    let all = desk.messages(&chat.id).await;
    all.into_iter()
        .find(|kept| kept["id"] == message["id"])
        .expect("the reply")
}
