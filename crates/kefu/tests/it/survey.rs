//! The satisfaction survey: asked once when a ticket is closed, answered by a tap or a number, and it wakes nobody.

mod bad_days;
mod comment;
mod in_words;

use crate::harness::{Api, Channel, Desk, Phone, eventually};
use kefu::db::Error;
use kefu::db::capabilities::{self, CapabilityRow};
use kefu::domain::capability::{Capability, CapabilityState};
use kefu::domain::time::Time;
use serde_json::{Value, json};

/// A conversation with an agent, on a channel that asks.
struct Case {
    desk: Desk,
    channel: Channel,
    phone: Phone,
    agent: Api,
    conversation: String,
    ticket: String,
}

impl Case {
    async fn start() -> Self {
        Self::with(json!({})).await
    }

    /// The customer wrote, an agent has the conversation and replied.
    async fn with(changes: Value) -> Self {
        let case = Self::unanswered(changes).await;
        case.reply("Here you are.").await;
        eventually("the reply is sent", || async {
            let seen = case.seen().await;
            if seen["last_message"]["state"] == "sent" {
                Ok(())
            } else {
                Err(seen.to_string())
            }
        })
        .await;
        case
    }

    async fn unanswered(changes: Value) -> Self {
        let desk = Desk::start().await;
        let mut settings = json!({"survey_enabled": true, "reply_policy": "wechat_current"});
        crate::harness::merge(&mut settings, &changes);
        let channel = desk.channel_with(settings).await;
        let phone = desk.phone(&channel).await;
        phone.says("where is my order").await;
        let agent = desk.agent(&channel).await;
        let found = desk.conversation(&desk.admin).await;
        let (conversation, ticket) = (word(&found["id"]), word(&found["ticket"]["id"]));
        let case = Self {
            desk,
            channel,
            phone,
            agent,
            conversation,
            ticket,
        };
        case.act("pick-up", json!({})).await;
        case.act("read", json!({})).await;
        case
    }

    /// The account has shown before that it may send no menus.
    async fn has_no_menus(&self) {
        let id = self.channel.id.parse().expect("an id");
        let found = CapabilityRow {
            capability: Capability::MenuMessage,
            state: CapabilityState::Denied,
            code: Some(40200),
            checked_at: Time(0),
        };
        let db = &self.desk.inside().db;
        let put = db.write::<(), Error, _>(move |tx| Box::pin(capabilities::put(tx, id, found)));
        put.await.expect("it is written");
    }

    async fn act(&self, action: &str, body: Value) -> Value {
        self.agent
            .post(&format!("/conversations/{}/{action}", self.conversation), body)
            .await
            .ok()
    }

    async fn reply(&self, text: &str) -> Value {
        let body = json!({"client_id": format!("{:x}", rand::random::<u64>()), "kind": "text", "text": text});
        self.agent
            .post(&format!("/conversations/{}/messages", self.conversation), body)
            .await
            .accepted()
    }

    async fn end(&self) {
        self.act("end", json!({})).await;
    }

    async fn seen(&self) -> Value {
        self.agent
            .get(&format!("/conversations/{}", self.conversation))
            .await
            .ok()
    }

    async fn ticket(&self) -> Value {
        self.agent.get(&format!("/tickets/{}", self.ticket)).await.ok()
    }

    async fn survey(&self) -> Value {
        self.ticket().await["survey"].clone()
    }

    /// The items of the menu on the phone, the best first: id and text.
    async fn items(&self, count: usize) -> Vec<(String, String)> {
        let menus = eventually("the menu arrives", || async {
            let timeline = self.phone.timeline().await;
            let menus: Vec<Value> = timeline
                .into_iter()
                .filter(|item| item["type"] == "msgmenu")
                .collect();
            if menus.len() == count {
                Ok(menus)
            } else {
                Err(format!("{menus:?}"))
            }
        })
        .await;
        let items = menus.last().expect("a menu")["menu"]["items"]
            .as_array()
            .expect("items")
            .clone();
        items
            .iter()
            .map(|item| (word(&item["id"]), word(&item["content"])))
            .collect()
    }

    async fn taps(&self, item: &(String, String)) {
        let tap = json!({"type": "text", "content": item.1, "bizmsgmenuid": item.0});
        assert_eq!(self.phone.sends(tap).await["acknowledged"], true);
    }

    /// The last text on the phone, once it is this.
    async fn phone_shows(&self, text: &str) {
        eventually("the phone shows it", || async {
            let received = self.phone.received().await;
            if received.iter().any(|one| one.contains(text)) {
                Ok(())
            } else {
                Err(format!("{received:?}"))
            }
        })
        .await;
    }

    async fn survey_is(&self, state: &str) -> Value {
        eventually("the survey's state", || async {
            let survey = self.survey().await;
            if survey["state"] == state {
                Ok(survey)
            } else {
                Err(survey.to_string())
            }
        })
        .await
    }

    async fn sends(&self) -> Vec<Value> {
        let calls = self
            .desk
            .control
            .get("/calls?path=/cgi-bin/message/custom/send")
            .await
            .ok();
        calls["items"].as_array().expect("items").clone()
    }

    async fn messages(&self) -> Vec<Value> {
        self.desk.messages(&self.conversation).await
    }
}

/// Something that is a text in JSON.
fn word(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}

#[tokio::test]
async fn a_tap_answers_the_ticket_and_wakes_nobody() {
    let case = Case::start().await;
    assert_eq!(case.survey().await, Value::Null);
    case.end().await;
    assert_eq!(case.survey().await["state"], "sent");
    let items = case.items(1).await;
    assert_eq!(items.len(), 5);
    assert_eq!(items[0].1, "5 Very satisfied");
    let before = case.seen().await;
    case.taps(&items[1]).await;

    let survey = case.survey().await;
    assert_eq!(
        (&survey["state"], &survey["score"]),
        (&json!("answered"), &json!(4))
    );
    assert_eq!(
        (&survey["scale"], &survey["reason"]),
        (&json!("one_to_five"), &Value::Null)
    );
    assert!(survey["answered_at"].is_string(), "{survey}");
    let after = case.seen().await;
    for field in [
        "state",
        "assignee_id",
        "responded",
        "waiting_since",
        "unread_count",
        "reply",
        "ticket",
    ] {
        assert_eq!(after[field], before[field], "{field}");
    }
    assert_eq!(after["state"], "ended");
    assert_eq!(case.ticket().await["status"], "closed");
    assert_eq!(
        case.agent.get("/tickets").await.ok()["items"]
            .as_array()
            .expect("items")
            .len(),
        1
    );
    let messages = case.messages().await;
    let answer = messages
        .iter()
        .rfind(|m| m["direction"] == "in")
        .expect("the tap");
    assert_eq!(answer["ticket_id"], case.ticket.as_str());
    assert_eq!(
        (&answer["data"]["survey"], &answer["data"]["score"]),
        (&json!("score"), &json!(4))
    );
    case.phone_shows("Thank you.").await;
    let thanks = messages.last().expect("thanks");
    assert_eq!(
        (&thanks["data"]["survey"], &thanks["author_id"]),
        (&json!("thanks"), &Value::Null)
    );
}

#[tokio::test]
async fn a_tap_opens_no_window_of_48_hours() {
    let case = Case::start().await;
    case.end().await;
    let items = case.items(1).await;
    case.desk.advance_hours(47.0);
    case.taps(&items[0]).await;
    case.desk.advance_hours(2.0);
    case.act("reopen", json!({})).await;
    assert_ne!(case.seen().await["reply"]["route"], "window");
}

#[tokio::test]
async fn the_question_costs_one_message_and_is_no_reply() {
    let case = Case::start().await;
    let before = case.seen().await;
    assert_eq!(before["reply"]["remaining"], 4);
    let patch = case
        .agent
        .patch(&format!("/tickets/{}", case.ticket), json!({"status": "closed"}))
        .await
        .ok();
    assert_eq!(patch["survey"]["state"], "sent");
    case.items(1).await;
    let after = case.seen().await;
    assert_eq!(after["reply"]["remaining"], 3);
    assert_eq!(after["last_message"], before["last_message"]);
    assert_eq!(after["responded"], before["responded"]);
    assert_eq!(after["state"], "open");
    // WeChat's own count agrees.
    let ledger = case
        .desk
        .control
        .get(&format!("{}/ledger", case.phone.path))
        .await
        .ok();
    assert_eq!(ledger["grants"][0]["left"], 3, "{ledger}");
}

#[tokio::test]
async fn a_ticket_is_surveyed_once_and_only_when_somebody_replied_in_it() {
    let case = Case::unanswered(json!({})).await;
    case.end().await;
    assert_eq!(case.survey().await, Value::Null);
    case.act("reopen", json!({})).await;
    case.reply("Sorry, here you are.").await;
    case.end().await;
    case.items(1).await;
    case.act("reopen", json!({})).await;
    case.reply("One thing more.").await;
    case.phone_shows("One thing more.").await;
    case.end().await;
    case.items(1).await;
    assert_eq!(case.survey().await["state"], "sent");
}

#[tokio::test]
async fn a_channel_that_does_not_ask_asks_nothing() {
    let case = Case::with(json!({"survey_enabled": false})).await;
    case.end().await;
    assert_eq!(case.survey().await, Value::Null);
}

#[tokio::test]
async fn in_another_region_nothing_is_sent_and_nothing_fails() {
    let case = Case::start().await;
    case.desk.set_region(&case.channel, "other").await;
    case.end().await;
    let survey = case.survey().await;
    assert_eq!(
        (&survey["state"], &survey["reason"]),
        (&json!("not_applicable"), &json!("region_other"))
    );
    assert_eq!(case.sends().await.len(), 1);
    assert!(
        case.messages()
            .await
            .iter()
            .all(|m| m["data"]["survey"].is_null())
    );
}

#[tokio::test]
async fn without_a_window_or_a_message_left_it_is_not_applicable_and_says_why() {
    let case = Case::start().await;
    for number in 0..4 {
        case.reply(&format!("and {number}")).await;
    }
    case.end().await;
    let survey = case.survey().await;
    assert_eq!(
        (&survey["state"], &survey["reason"]),
        (&json!("not_applicable"), &json!("quota_exhausted"))
    );

    let case = Case::start().await;
    case.phone_shows("Here you are.").await;
    case.desk.advance_hours(49.0);
    case.end().await;
    let survey = case.survey().await;
    assert_eq!(survey["state"], "not_applicable");
    assert_ne!(survey["reason"], Value::Null, "{survey}");
    assert_eq!(case.sends().await.len(), 1);
}

#[tokio::test]
async fn a_blocked_contact_is_not_asked_and_one_blocked_since_may_still_answer() {
    let case = Case::start().await;
    case.act("block", json!({})).await;
    case.end().await;
    let survey = case.survey().await;
    assert_eq!(
        (&survey["state"], &survey["reason"]),
        (&json!("not_applicable"), &json!("contact_blocked"))
    );

    let case = Case::start().await;
    case.end().await;
    let items = case.items(1).await;
    case.act("block", json!({})).await;
    let received = case.phone.received().await.len();
    case.taps(&items[0]).await;
    assert_eq!(case.survey().await["score"], 5);
    assert_eq!(
        case.phone.received().await.len(),
        received,
        "nothing is said to a blocked contact"
    );
}

#[tokio::test]
async fn a_channel_may_ask_its_own_question_with_three_answers() {
    let case =
        Case::with(json!({"survey_scale": "good_ok_bad", "survey_question": " 我们做得怎么样？ "})).await;
    let channel = case
        .desk
        .admin
        .get(&format!("/channels/{}", case.channel.id))
        .await
        .ok();
    assert_eq!(channel["survey_question"], "我们做得怎么样？");
    case.end().await;
    let items = case.items(1).await;
    let labels: Vec<&str> = items.iter().map(|(_, label)| label.as_str()).collect();
    assert_eq!(labels, ["Good", "OK", "Bad"]);
    case.phone_shows("我们做得怎么样？").await;
    case.taps(&items[0]).await;
    let survey = case.survey().await;
    assert_eq!(
        (&survey["scale"], &survey["score"]),
        (&json!("good_ok_bad"), &json!(3))
    );
    let path = format!("/channels/{}", case.channel.id);
    for (body, code) in [
        (json!({"survey_question": "字".repeat(201)}), "too_long"),
        (json!({"survey_question": "a\u{0}b"}), "unknown_value"),
    ] {
        let refused = case
            .desk
            .admin
            .patch(&path, body)
            .await
            .refused(422, "invalid_fields");
        assert_eq!(refused["fields"]["survey_question"], code);
    }
    let back = case
        .desk
        .admin
        .patch(&path, json!({"survey_question": "  "}))
        .await
        .ok();
    assert_eq!(back["survey_question"], Value::Null);
}
