//! Surveys in words, where WeChat takes no menu.

use super::Case;
use crate::harness::eventually;
use serde_json::json;

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
