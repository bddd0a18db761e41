//! Surveys that WeChat refuses, that may or may not have arrived, and what comes twice or at once.

use super::{Case, word};
use crate::harness::eventually;
use serde_json::{Value, json};

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
