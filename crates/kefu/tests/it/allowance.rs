//! What is shown about the allowance is never more than WeChat's own ledger, and what WeChat refuses puts it right.

use crate::harness::{Api, Channel, Desk, Phone, eventually};
use serde_json::{Value, json};

const SEND: &str = "/cgi-bin/message/custom/send";

struct Chat {
    phone: Phone,
    agent: Api,
    id: String,
}

impl Chat {
    async fn open(desk: &Desk, channel: &Channel, agent: &Api, hello: &str) -> Self {
        let phone = desk.phone(channel).await;
        phone.says(hello).await;
        let page = agent.get("/conversations?view=unassigned&limit=200").await.ok();
        let mine = |c: &&Value| c["last_message"]["text"] == hello;
        let found = page["items"].as_array().expect("items").iter().find(mine);
        let id = found.expect("the conversation")["id"]
            .as_str()
            .expect("id")
            .to_owned();
        let agent = agent.clone();
        agent
            .post(&format!("/conversations/{id}/pick-up"), json!({}))
            .await
            .ok();
        Self { phone, agent, id }
    }

    async fn reply(&self) -> Value {
        let found = self.agent.get(&format!("/conversations/{}", self.id)).await.ok();
        found["reply"].clone()
    }

    /// Sends, and waits for the end.
    async fn send(&self, text: &str) -> Value {
        let body = json!({"client_id": text, "kind": "text", "text": text});
        let path = format!("/conversations/{}/messages", self.id);
        let sent = self.agent.post(&path, body).await.accepted();
        let seq = sent["seq"].as_i64().expect("seq");
        let path = format!("{path}?after={}&limit=1", seq - 1);
        eventually("the message is settled", || async {
            let found = self.agent.get(&path).await.ok()["items"][0].clone();
            match found["state"].as_str() {
                Some("queued" | "sending") => Err(found.to_string()),
                _ => Ok(found),
            }
        })
        .await
    }

    async fn ledger(&self, control: &Api) -> Value {
        control.get(&format!("{}/ledger", self.phone.path)).await.ok()
    }
}

async fn order(desk: &Desk, fault: Value) {
    desk.control.post("/faults", fault).await.created();
}

#[tokio::test]
async fn the_first_count_refused_by_wechat_is_told_to_administrators_and_one_change_counts_as_wechat_does() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let agent = desk.agent(&channel).await;
    let chat = Chat::open(&desk, &channel, &agent, "hello").await;
    let allowance = format!("/channels/{}/allowance", channel.id);
    assert_eq!(
        desk.admin.get(&allowance).await.ok()["count_refused_at"],
        json!(null)
    );
    order(
        &desk,
        json!({"on": "api", "path": SEND, "times": 1, "errcode": 45047}),
    )
    .await;
    assert_eq!(chat.send("one").await["reason"], "wechat_45047");
    let reply = chat.reply().await;
    assert_eq!(
        (&reply["reason"], &reply["detail"]),
        (&json!("quota_exhausted"), &json!("window_count_used"))
    );
    assert_ne!(
        desk.admin.get(&allowance).await.ok()["count_refused_at"],
        json!(null)
    );
    // The contact's next message gives a new window, without a count still.
    chat.phone.says("again").await;
    assert_eq!(chat.reply().await["remaining"], json!(null));
    let change = json!({"reply_policy": "wechat_current"});
    desk.admin
        .patch(&format!("/channels/{}", channel.id), change)
        .await
        .ok();
    assert_eq!(
        desk.admin.get(&allowance).await.ok()["count_refused_at"],
        json!(null)
    );
    chat.phone.says("and again").await;
    assert_eq!(chat.reply().await["remaining"], 5);
}

#[tokio::test]
async fn who_wechat_says_does_not_follow_is_known_as_such_until_they_write_again() {
    for number in [43004, 50005] {
        let desk = Desk::start().await;
        let channel = desk.channel().await;
        let agent = desk.agent(&channel).await;
        let chat = Chat::open(&desk, &channel, &agent, "hello").await;
        order(
            &desk,
            json!({"on": "api", "path": SEND, "times": 1, "errcode": number}),
        )
        .await;
        assert_eq!(chat.send("one").await["state"], "failed");
        assert_eq!(chat.reply().await["reason"], "contact_unsubscribed");
        chat.phone.says("I am back").await;
        assert_eq!(chat.reply().await["reason"], "ok");
    }
}

#[tokio::test]
async fn who_is_on_wechats_blacklist_still_follows_and_the_reason_says_which_list() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let agent = desk.agent(&channel).await;
    let chat = Chat::open(&desk, &channel, &agent, "hello").await;
    desk.control
        .patch(&chat.phone.path, json!({"blacklisted": true}))
        .await
        .ok();
    assert_eq!(chat.send("one").await["reason"], "wechat_43019");
    assert_eq!(chat.reply().await["reason"], "ok");
}

#[tokio::test]
async fn nothing_but_a_message_of_the_contact_begins_a_conversation() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let agent = desk.agent(&channel).await;
    let phone = desk.phone(&channel).await;
    phone.does("subscribe").await;
    let document = desk.admin.get("/openapi.json").await;
    let document: Value = if document.status == 200 {
        document.json()
    } else {
        let origin = Api::new(desk.base.trim_end_matches('/'));
        origin.get("/api/openapi.json").await.ok()
    };
    let paths = document["paths"].as_object().expect("paths");
    let makes = |path: &str| {
        paths
            .get(path)
            .is_some_and(|methods| methods.get("post").is_some())
    };
    assert!(!makes("/api/v1/contacts/{id}/messages"));
    let made = agent
        .post("/conversations", json!({"contact_id": "ct_1", "text": "hello"}))
        .await;
    made.refused(409, "started_by_customers_only");
    let made = agent.post("/tickets", json!({"contact_id": "ct_1"})).await;
    assert!(made.status.is_client_error(), "{}", made.text);
    assert_eq!(
        agent.get("/conversations?view=all").await.ok()["items"],
        json!([])
    );
}

#[tokio::test]
async fn expiring_first_means_open_windows_by_their_end_then_the_closed_ones_page_by_page() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    for (text, hours) in [
        ("closed 1", 1.0),
        ("closed 2", 46.0),
        ("first", 1.0),
        ("second", 1.0),
        ("third", 0.0),
    ] {
        desk.phone(&channel).await.says(text).await;
        desk.advance_hours(hours);
    }
    // Written to lately, and closed all the same: the order is the window's.
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/conversations?view=all&sort=expiring&limit=2{cursor}");
        let page = desk.admin.get(&path).await.ok();
        let texts = page["items"].as_array().expect("items").iter();
        seen.extend(texts.map(|c| c["last_message"]["text"].as_str().expect("text").to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ["first", "second", "third", "closed 1", "closed 2"]);
}

/// Small numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn up_to(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % (most + 1)
    }
}

/// What is shown, against WeChat's ledger: never more, and the same where no burst was granted.
async fn compare(desk: &Desk, chat: &Chat, burst: bool, turn: &str) -> Value {
    let (reply, ledger) = (chat.reply().await, chat.ledger(&desk.control).await);
    let grant = &ledger["grants"][0];
    let what = format!("{turn}: {reply} against {ledger}");
    match reply["route"].as_str() {
        Some("window") => {
            let (shown, is) = (reply["remaining"].as_i64(), grant["left"].as_i64());
            assert!(shown <= is, "more messages than WeChat has: {what}");
            let time = |value: &Value| value.as_str().expect("a time").to_owned();
            let (until, closes) = (time(&reply["until"]), time(&grant["until"]));
            assert!(until[..19] <= closes[..19], "longer than WeChat: {what}");
            if !burst {
                assert_eq!(shown, is, "{what}");
                assert_eq!(until[..19], closes[..19], "{what}");
            }
        }
        Some("monthly") => {
            let left = 4 - ledger["monthly"]["used"].as_i64().expect("used");
            assert_eq!(reply["remaining"].as_i64(), Some(left), "{what}");
            assert!(burst || ledger["grants"] == json!([]), "{what}");
        }
        _ if reply["detail"] == "window_count_used" => {
            assert!(burst || grant["left"] == 0, "{what}");
        }
        _ => assert_eq!(ledger["monthly"]["used"], 4, "{what}"),
    }
    reply
}

/// One turn of a conversation; true when a burst was granted.
async fn turn(desk: &Desk, chat: &Chat, dice: &mut Dice, name: &str) -> bool {
    match dice.up_to(9) {
        0..=2 => drop(chat.phone.says(name).await),
        3 => {
            chat.phone.does("CLICK").await;
            return true;
        }
        4 => desk.advance_hours(47.0 + dice.up_to(3) as f64),
        5 => desk.advance_hours(dice.up_to(20) as f64),
        _ => {}
    }
    false
}

#[tokio::test]
async fn thirty_conversations_of_twelve_turns_never_show_more_than_wechats_ledger_and_meet_no_refusal() {
    let desk = Desk::start().await;
    let channel = desk.channel_with(json!({"reply_policy": "wechat_current"})).await;
    let quotas = json!({"quotas": {"/cgi-bin/message/mass/sendall": 100_000},
        "minute_quotas": {"/cgi-bin/message/mass/sendall": 100_000, "/cgi-bin/message/mass/get": 100_000}});
    desk.control
        .patch(&format!("/accounts/{}", channel.app_id), quotas)
        .await
        .ok();
    let agent = desk.agent(&channel).await;
    let (mut sent, mut monthly) = (0, 0);
    for number in 0..30 {
        let mut dice = Dice(number);
        let chat = Chat::open(&desk, &channel, &agent, &format!("conversation {number}")).await;
        let mut burst = false;
        for step in 0..12 {
            let name = format!("{number}.{step}");
            // A grant of the platform's lives on while the window it widened does.
            burst |= turn(&desk, &chat, &mut dice, &name).await;
            let reply = compare(&desk, &chat, burst, &name).await;
            if reply["allowed"] == true && dice.up_to(3) > 0 {
                let message = chat.send(&name).await;
                assert_eq!(message["state"], "sent", "{name}: {message}");
                sent += 1;
                monthly += i64::from(reply["route"] == "monthly");
            }
        }
    }
    assert!(
        sent > 100 && monthly > 20,
        "{sent} sent, {monthly} of them after the window"
    );
}
