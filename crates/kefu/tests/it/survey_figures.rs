//! Figures of surveys: what is counted, for whom, and where the days begin.

use crate::harness::{ADMIN, Api, Channel, Desk, PASSWORD, Phone, eventually};
use kefu::db::Error;
use kefu::db::surveys::{self, NewSurvey};
use kefu::domain::survey::{SurveyForm, SurveyScale, SurveyState};
use kefu::domain::time::Time;
use serde_json::{Value, json};

fn word(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}

async fn asking(changes: Value) -> (Desk, Channel) {
    let desk = Desk::start().await;
    let mut settings = json!({"survey_enabled": true, "reply_policy": "wechat_current"});
    crate::harness::merge(&mut settings, &changes);
    let channel = desk.channel_with(settings).await;
    (desk, channel)
}

async fn figures(api: &Api, channel: &Channel, days: i64) -> Value {
    let path = format!("/channels/{}/survey-figures?days={days}", channel.id);
    api.get(&path).await.ok()
}

/// A customer whose conversation the administrator has.
struct Served {
    phone: Phone,
    conversation: String,
    ticket: String,
}

impl Served {
    /// Wrote, and was picked up.
    async fn new(desk: &Desk, channel: &Channel) -> Self {
        let phone = desk.phone(channel).await;
        phone.says("where is my order").await;
        let page = desk.admin.get("/conversations?view=unassigned").await.ok();
        let found = page["items"][0].clone();
        let (conversation, ticket) = (word(&found["id"]), word(&found["ticket"]["id"]));
        let served = Self {
            phone,
            conversation,
            ticket,
        };
        served.act(desk, "pick-up").await;
        served
    }

    async fn act(&self, desk: &Desk, action: &str) {
        let path = format!("/conversations/{}/{action}", self.conversation);
        desk.admin.post(&path, json!({})).await.ok();
    }

    /// Is replied to, and the ticket is closed.
    async fn is_served(&self, desk: &Desk) {
        let body = json!({"client_id": format!("{:x}", rand::random::<u64>()), "kind": "text", "text": "here it is"});
        let path = format!("/conversations/{}/messages", self.conversation);
        desk.admin.post(&path, body).await.accepted();
        self.act(desk, "end").await;
    }

    /// Taps the item with this place on the menu, the best first.
    async fn answers(&self, place: usize) {
        let menu = eventually("the menu arrives", || async {
            let timeline = self.phone.timeline().await;
            let found = timeline.iter().rfind(|item| item["type"] == "msgmenu").cloned();
            found.ok_or_else(|| format!("{timeline:?}"))
        })
        .await;
        let item = &menu["menu"]["items"][place];
        let tap = json!({"type": "text", "content": item["content"], "bizmsgmenuid": item["id"]});
        assert_eq!(self.phone.sends(tap).await["acknowledged"], true);
    }
}

#[tokio::test]
async fn tickets_questions_answers_and_comments_are_counted_each_once() {
    let (desk, channel) = asking(json!({})).await;
    let empty = figures(&desk.admin, &channel, 7).await;
    assert_eq!(
        (&empty["asked"], &empty["answer_rate"], &empty["scales"]),
        (&json!(0), &Value::Null, &json!([]))
    );
    assert_eq!(
        (&empty["enabled"], &empty["impossible"]),
        (&json!(true), &Value::Null)
    );

    let first = Served::new(&desk, &channel).await;
    first.is_served(&desk).await;
    first.answers(0).await;
    first.phone.says("thank you so much").await;
    let second = Served::new(&desk, &channel).await;
    second.is_served(&desk).await;
    // Closed again: it is the same ticket and the same survey.
    second.answers(3).await;
    second.act(&desk, "reopen").await;
    second.is_served(&desk).await;
    let third = Served::new(&desk, &channel).await;
    third.is_served(&desk).await;
    // Closed without any reply: nothing is asked.
    Served::new(&desk, &channel).await.act(&desk, "end").await;

    let seen = figures(&desk.admin, &channel, 7).await;
    assert_eq!(seen["closed_tickets"], 4, "{seen}");
    assert_eq!(
        (&seen["asked"], &seen["answered"]),
        (&json!(3), &json!(2)),
        "{seen}"
    );
    let rate = seen["answer_rate"].as_f64().expect("a rate");
    assert!((rate - 2.0 / 3.0).abs() < 1e-9);
    let scale = &seen["scales"][0];
    assert_eq!(
        (&scale["scale"], &scale["answered"]),
        (&json!("one_to_five"), &json!(2))
    );
    assert_eq!(scale["average"], 3.5);
    let counts: Vec<_> = scale["scores"]
        .as_array()
        .expect("scores")
        .iter()
        .map(|one| (one["score"].as_i64(), one["count"].as_i64()))
        .collect();
    let expected = [(5, 1), (4, 0), (3, 0), (2, 1), (1, 0)];
    assert_eq!(counts, expected.map(|(score, count)| (Some(score), Some(count))));
    let comments = seen["comments"].as_array().expect("comments");
    assert_eq!(comments.len(), 1, "{seen}");
    assert_eq!(comments[0]["comment"], "thank you so much");
    assert_eq!(
        (&comments[0]["ticket_id"], &comments[0]["score"]),
        (&json!(first.ticket), &json!(5))
    );
}

async fn insert(desk: &Desk, channel: &Channel, ticket: &str, conversation: &str, asked_at: i64) {
    let survey = NewSurvey {
        ticket_id: ticket.parse().expect("an id"),
        conversation_id: conversation.parse().expect("an id"),
        channel_id: channel.id.parse().expect("an id"),
        message_id: None,
        scale: SurveyScale::OneToFive,
        form: SurveyForm::Menu,
        key: "k".into(),
        state: SurveyState::Sent,
        reason: None,
        asked_at: Time(asked_at),
    };
    let written = desk.inside().db.write::<(), Error, _>(move |tx| {
        let survey = survey.clone();
        Box::pin(async move { surveys::insert(tx, &survey).await })
    });
    written.await.expect("it is written");
}

fn ms(time: &Value) -> i64 {
    let time: jiff::Timestamp = word(time).parse().expect("a time");
    time.as_millisecond()
}

#[tokio::test]
async fn days_begin_and_end_at_midnight_of_the_channels_time_zone() {
    for zone in ["Asia/Shanghai", "America/New_York"] {
        let (desk, channel) = asking(json!({"time_zone": zone})).await;
        let span = figures(&desk.admin, &channel, 7).await;
        assert_eq!(span["time_zone"], zone);
        let (from, until) = (ms(&span["from"]), ms(&span["until"]));
        for edge in [&span["from"], &span["until"]] {
            let local: jiff::Timestamp = word(edge).parse().expect("a time");
            let local = local.in_tz(zone).expect("a zone");
            assert_eq!(local.time(), jiff::civil::time(0, 0, 0, 0), "{zone} {edge}");
        }
        for asked_at in [from - 1, from, until - 1, until] {
            let served = Served::new(&desk, &channel).await;
            insert(&desk, &channel, &served.ticket, &served.conversation, asked_at).await;
        }
        let seen = figures(&desk.admin, &channel, 7).await;
        assert_eq!(seen["asked"], 2, "{zone}: {seen}");
        assert_eq!(figures(&desk.admin, &channel, 30).await["asked"], 3);
    }
}

#[tokio::test]
async fn an_answer_after_the_period_of_its_question_counts_with_the_question() {
    let (desk, channel) = asking(json!({})).await;
    let served = Served::new(&desk, &channel).await;
    served.is_served(&desk).await;
    served.answers(0).await;
    // The question goes out on the first of seven days; a later change of the answer makes it no other day's.
    desk.advance_hours(23.0);
    served.answers(1).await;
    let seen = figures(&desk.admin, &channel, 7).await;
    assert_eq!((&seen["asked"], &seen["answered"]), (&json!(1), &json!(1)));
    desk.advance_hours(6.0 * 24.0 + 1.0);
    // Signed in anew: the login's time has passed too.
    let admin = Api::signed_in(&desk.base, ADMIN, PASSWORD).await;
    let week = figures(&admin, &channel, 7).await;
    assert_eq!(
        (&week["asked"], &week["answered"], &week["closed_tickets"]),
        (&json!(0), &json!(0), &json!(0)),
        "{week}"
    );
    let month = figures(&admin, &channel, 30).await;
    assert_eq!((&month["asked"], &month["answered"]), (&json!(1), &json!(1)));
    assert_eq!(month["scales"][0]["average"], 4.0);
}

#[tokio::test]
async fn what_could_not_be_asked_is_counted_by_its_reason() {
    let (desk, channel) = asking(json!({})).await;
    let served = Served::new(&desk, &channel).await;
    desk.set_region(&channel, "other").await;
    served.is_served(&desk).await;
    let seen = figures(&desk.admin, &channel, 7).await;
    assert_eq!(
        seen["not_applicable"],
        json!([{"reason": "region_other", "count": 1}])
    );
    assert_eq!((&seen["asked"], &seen["answer_rate"]), (&json!(0), &Value::Null));
    assert_eq!(seen["impossible"], "survey_region");
}

#[tokio::test]
async fn a_supervisor_sees_the_tickets_of_the_own_departments_and_others_see_nothing() {
    let desk = Desk::start().await;
    let other = desk.admin.post("/departments", json!({"name": "Repairs"})).await;
    let other = word(&other.created()["id"]);
    let both = json!({"survey_enabled": true, "reply_policy": "wechat_current",
        "department_ids": [desk.department, other]});
    let channel = desk.channel_with(both).await;
    let elsewhere = desk
        .channel_with(json!({"department_ids": [other], "survey_enabled": true}))
        .await;
    let here = Served::new(&desk, &channel).await;
    here.is_served(&desk).await;
    let there = Served::new(&desk, &channel).await;
    let path = format!("/conversations/{}/transfer", there.conversation);
    desk.admin.post(&path, json!({"department_id": other})).await.ok();
    there.act(&desk, "pick-up").await;
    there.is_served(&desk).await;

    assert_eq!(figures(&desk.admin, &channel, 7).await["asked"], 2);
    let supervisor = desk.agent_with_role(&channel, "supervisor").await;
    let seen = figures(&supervisor, &channel, 7).await;
    assert_eq!(
        (&seen["asked"], &seen["closed_tickets"]),
        (&json!(1), &json!(1)),
        "{seen}"
    );
    let path = |channel: &Channel| format!("/channels/{}/survey-figures", channel.id);
    supervisor.get(&path(&elsewhere)).await.refused(404, "not_found");
    for role in ["agent", "viewer"] {
        let api = desk.agent_with_role(&channel, role).await;
        api.get(&path(&channel)).await.refused(403, "not_permitted");
    }
}

#[tokio::test]
async fn only_the_offered_periods_are_counted() {
    let (desk, channel) = asking(json!({})).await;
    for days in [0, 1, 8, 365, -7] {
        let path = format!("/channels/{}/survey-figures?days={days}", channel.id);
        let error = desk.admin.get(&path).await.refused(422, "invalid_fields");
        assert_eq!(error["fields"]["days"], "out_of_range");
    }
    let path = format!("/channels/{}/survey-figures", channel.id);
    assert_eq!(desk.admin.get(&path).await.ok()["days"], 30);
    desk.admin
        .get("/channels/ch_999/survey-figures")
        .await
        .refused(404, "not_found");
}
