//! What a tap and the texts after it mean: an answer, its comment, or a message.

use super::{Case, word};
use serde_json::{Value, json};

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
