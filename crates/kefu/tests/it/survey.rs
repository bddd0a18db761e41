//! The satisfaction survey: asked once when a ticket is closed, answered by a tap or a number, and it wakes nobody.

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

/// Something that is a text in JSON.
fn word(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
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
async fn the_next_text_is_the_comment_and_later_ones_are_messages() {
    let case = Case::start().await;
    case.end().await;
    let items = case.items(1).await;
    case.taps(&items[4]).await;
    case.phone.says(" It took too long. ").await;
    let survey = case.survey().await;
    assert_eq!(
        (&survey["score"], &survey["comment"]),
        (&json!(1), &json!("It took too long."))
    );
    case.phone_shows("Thank you for your comment.").await;
    let seen = case.seen().await;
    assert_eq!(
        (&seen["state"], &seen["unread_count"]),
        (&json!("ended"), &json!(0))
    );
    case.phone.says("and where is it now?").await;
    let seen = case.seen().await;
    assert_eq!(
        (&seen["state"], &seen["unread_count"]),
        (&json!("open"), &json!(1))
    );
    assert_eq!(case.survey().await["comment"], "It took too long.");
}

#[tokio::test]
async fn after_ten_minutes_a_text_is_no_comment() {
    let case = Case::start().await;
    case.end().await;
    let items = case.items(1).await;
    case.taps(&items[0]).await;
    case.desk.advance_hours(10.0 / 60.0);
    case.phone.says("hello again").await;
    assert_eq!(case.survey().await["comment"], Value::Null);
    assert_eq!(case.seen().await["state"], "open");
}

#[tokio::test]
async fn a_second_tap_changes_the_answer_for_a_day_and_after_that_it_is_a_message() {
    let case = Case::start().await;
    case.end().await;
    let items = case.items(1).await;
    case.taps(&items[0]).await;
    let first = case.survey().await;
    case.desk.advance_hours(23.0);
    case.taps(&items[3]).await;
    let changed = case.survey().await;
    assert_eq!(
        (&changed["score"], &changed["answered_at"]),
        (&json!(2), &first["answered_at"])
    );
    assert_eq!(case.seen().await["state"], "ended");
    case.desk.advance_hours(1.0);
    case.taps(&items[0]).await;
    assert_eq!(case.survey().await["score"], 2);
    assert_eq!(case.seen().await["state"], "open");
}

#[tokio::test]
async fn a_forged_or_foreign_item_is_an_ordinary_text() {
    let case = Case::start().await;
    case.end().await;
    let items = case.items(1).await;
    let (id, text) = &items[0];
    let last = if id.ends_with('x') { 'y' } else { 'x' };
    let wrong_key = format!("{}{last}", &id[..id.len() - 1]);
    let (head, key) = id.rsplit_once('-').expect("a key");
    let (ticket, _) = head.rsplit_once('-').expect("a score");
    for forged in [
        wrong_key,
        format!("{ticket}-9-{key}"),
        format!("{ticket}-0-{key}"),
        format!("kefu-999999-5-{key}"),
        "101".to_owned(),
        "kefu-".to_owned(),
        format!("kefu-{}-5-{key}", i64::MAX),
    ] {
        case.taps(&(forged.clone(), text.clone())).await;
        assert_eq!(case.survey().await["state"], "sent", "{forged}");
    }
    assert_eq!(case.seen().await["state"], "open");
    // Another customer cannot answer it either.
    let stranger = case.desk.phone(&case.channel).await;
    stranger
        .sends(json!({"type": "text", "content": text, "bizmsgmenuid": id}))
        .await;
    assert_eq!(case.survey().await["state"], "sent");
    case.taps(&items[0]).await;
    assert_eq!(case.survey().await["score"], 5);
}

#[tokio::test]
async fn each_of_two_tickets_keeps_its_own_answer() {
    let case = Case::start().await;
    let path = format!(
        "/departments/{}/channels/{}/preferences",
        case.desk.department, case.channel.id
    );
    let mut preferences = case.desk.admin.get(&path).await.ok();
    preferences["ticket_timer_minutes"] = json!("always");
    let body = json!({"agent_ids": preferences["agent_ids"], "ticket_timer_minutes": "always"});
    case.desk.admin.put(&path, body).await.ok();
    case.end().await;
    let first = case.items(1).await;
    case.phone.says("another question").await;
    let second = word(&case.seen().await["ticket"]["id"]);
    assert_ne!(second, case.ticket);
    case.act("pick-up", json!({})).await;
    case.reply("Another answer.").await;
    case.end().await;
    let later = case.items(2).await;
    case.taps(&first[4]).await;
    case.taps(&later[0]).await;
    assert_eq!(case.survey().await["score"], 1);
    let second = case.agent.get(&format!("/tickets/{second}")).await.ok();
    assert_eq!(second["survey"]["score"], 5);
    assert_eq!(case.seen().await["state"], "ended");
}

#[tokio::test]
async fn a_test_account_is_asked_in_words_and_answers_with_a_number() {
    for (typed, score) in [("4", 4), ("５", 5), (" 三 ", 3)] {
        let case = Case::start().await;
        case.desk.set_account_kind(&case.channel, "test").await;
        case.end().await;
        case.phone_shows("Reply with a number from 1").await;
        case.phone.says(typed).await;
        let survey = case.survey().await;
        assert_eq!(
            (&survey["state"], &survey["score"]),
            (&json!("answered"), &json!(score)),
            "{typed}"
        );
        assert_eq!(case.seen().await["state"], "ended");
        case.phone.says("because it was quick").await;
        assert_eq!(case.survey().await["comment"], "because it was quick");
    }
}

#[tokio::test]
async fn any_other_text_is_a_message_and_ends_the_waiting_for_a_number() {
    let case = Case::start().await;
    case.has_no_menus().await;
    case.end().await;
    case.phone_shows("Reply with a number from 1").await;
    case.phone.says("6").await;
    assert_eq!(case.seen().await["state"], "open");
    case.phone.says("5").await;
    assert_eq!(case.survey().await["state"], "sent");
    assert_eq!(case.seen().await["unread_count"], 2);
}

#[tokio::test]
async fn a_number_that_answers_the_agent_is_no_score() {
    let case = Case::start().await;
    case.has_no_menus().await;
    case.agent
        .patch(&format!("/tickets/{}", case.ticket), json!({"status": "closed"}))
        .await
        .ok();
    case.phone_shows("Reply with a number from 1").await;
    case.reply("How many do you need?").await;
    case.phone.says("3").await;
    assert_eq!(case.survey().await["state"], "sent");
    assert_eq!(case.seen().await["unread_count"], 1);
}

#[tokio::test]
async fn where_wechat_takes_no_menu_the_question_is_asked_in_words_and_from_then_on_at_once() {
    let case = Case::start().await;
    case.phone_shows("Here you are.").await;
    let fault = json!({"on": "api", "path": "/cgi-bin/message/custom/send", "times": 1, "errcode": 40200});
    let made = case.desk.control.post("/faults", fault).await;
    assert!(made.status.is_success(), "{}", made.text);
    case.end().await;
    case.phone_shows("Reply with a number from 1").await;
    case.phone.says("2").await;
    assert_eq!(case.survey().await["score"], 2);
    let question = case
        .messages()
        .await
        .into_iter()
        .find(|m| m["data"]["survey"] == "question")
        .expect("a question");
    assert_eq!(
        (&question["state"], &question["data"]["form"]),
        (&json!("sent"), &json!("text"))
    );
    let tried = case.sends().await.len();
    // A new ticket: the account is known now.
    case.desk.advance_hours(25.0);
    case.phone.says("once more").await;
    case.act("pick-up", json!({})).await;
    case.reply("Done.").await;
    case.phone_shows("Done.").await;
    case.end().await;
    eventually("the second question arrives", || async {
        let texts = case.phone.received().await;
        let asked = texts
            .iter()
            .filter(|text| text.contains("Reply with a number"))
            .count();
        if asked == 2 {
            Ok(())
        } else {
            Err(format!("{texts:?}"))
        }
    })
    .await;
    assert_eq!(case.sends().await.len(), tried + 2, "no menu was tried again");
}

#[tokio::test]
async fn what_wechat_refuses_is_not_applicable_and_gives_its_place_back() {
    let case = Case::start().await;
    case.phone_shows("Here you are.").await;
    let fault = json!({"on": "api", "path": "/cgi-bin/message/custom/send", "times": 1, "errcode": 48001});
    case.desk.control.post("/faults", fault).await;
    case.end().await;
    let survey = case.survey_is("not_applicable").await;
    assert_eq!(survey["reason"], "wechat_48001");
    case.act("reopen", json!({})).await;
    let seen = case.seen().await;
    assert_eq!(seen["reply"]["remaining"], 4);
    assert_eq!(seen["waiting_since"], Value::Null, "nobody waits for a survey");
    let question = case
        .messages()
        .await
        .into_iter()
        .find(|m| m["data"]["survey"] == "question")
        .expect("a question");
    case.agent
        .post(&format!("/messages/{}/retry", word(&question["id"])), json!({}))
        .await
        .refused(409, "not_retryable");
}

#[tokio::test]
async fn a_question_that_may_have_arrived_can_be_answered() {
    let case = Case::start().await;
    case.phone_shows("Here you are.").await;
    let fault = json!({"on": "api", "path": "/cgi-bin/message/custom/send", "times": 1, "cut": "after"});
    let made = case.desk.control.post("/faults", fault).await;
    assert!(made.status.is_success(), "{}", made.text);
    case.end().await;
    let items = case.items(1).await;
    eventually("nobody knows whether it arrived", || async {
        let messages = case.messages().await;
        let question = messages
            .into_iter()
            .find(|m| m["data"]["survey"] == "question")
            .expect("a question");
        if question["state"] == "unknown" {
            Ok(())
        } else {
            Err(question.to_string())
        }
    })
    .await;
    assert_eq!(case.survey().await["state"], "sent");
    case.taps(&items[0]).await;
    assert_eq!(case.survey().await["score"], 5);
}

#[tokio::test]
async fn an_answer_that_comes_while_the_channel_is_off_is_dropped_and_can_be_given_again() {
    let case = Case::start().await;
    case.end().await;
    let items = case.items(1).await;
    let path = format!("/channels/{}", case.channel.id);
    case.desk
        .admin
        .post(&format!("{path}/disable"), json!({}))
        .await
        .ok();
    case.taps(&items[0]).await;
    assert_eq!(case.survey().await["state"], "sent");
    case.desk
        .admin
        .post(&format!("{path}/enable"), json!({}))
        .await
        .ok();
    case.taps(&items[0]).await;
    assert_eq!(case.survey().await["state"], "answered");
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

#[tokio::test]
async fn a_tap_that_is_pushed_three_times_is_one_answer_with_the_same_thanks() {
    let case = Case::start().await;
    case.end().await;
    let items = case.items(1).await;
    let count = case.messages().await.len();
    for _ in 0..3 {
        let tap = json!({"type": "text", "content": items[0].1, "bizmsgmenuid": items[0].0, "msg_id": "77", "create_time": "1700000000"});
        assert_eq!(case.phone.sends(tap).await["acknowledged"], true);
    }
    assert_eq!(case.messages().await.len(), count + 2);
    let thanks = case
        .phone
        .received()
        .await
        .iter()
        .filter(|text| text.starts_with("Thank you"))
        .count();
    assert_eq!(thanks, 3, "each push is answered the same");
}

#[tokio::test]
async fn two_agents_who_close_at_once_ask_once() {
    let case = Case::start().await;
    let path = format!("/tickets/{}", case.ticket);
    let close = || case.agent.patch(&path, json!({"status": "closed"}));
    let (one, two, three) = tokio::join!(close(), close(), close());
    for answer in [one, two, three] {
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    let questions = case
        .messages()
        .await
        .iter()
        .filter(|m| m["data"]["survey"] == "question")
        .count();
    assert_eq!(questions, 1);
}
