//! What pushes show about settings that do not fit.

use super::{check, code, connected, examined, not_ok, patch, problem, problem_becomes};
use crate::harness::{Channel, Desk, RawPush, signed_query};
use serde_json::{Value, json};

#[tokio::test]
async fn a_wrong_token_at_wechat_is_counted_shown_named_and_forgotten_after_the_next_push() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    patch(
        &desk,
        &channel,
        json!({"token": "someOtherToken", "deliveries": 1}),
    )
    .await;
    let phone = desk.phone(&channel).await;
    assert_eq!(phone.says("lost").await["acknowledged"], false);
    problem_becomes(&desk, &channel, json!("wrong_signature")).await;
    let report = examined(&desk, &channel).await;
    assert_eq!(code(&report, "refusals"), "wrong_signature");
    assert_eq!(check(&report, "refusals")["params"]["count"], 1);
    patch(&desk, &channel, json!({"token": crate::harness::TOKEN})).await;
    assert_eq!(phone.says("found").await["acknowledged"], true);
    problem_becomes(&desk, &channel, Value::Null).await;
    let report = examined(&desk, &channel).await;
    assert_eq!(code(&report, "refusals"), "refusals_past");
    assert_eq!(not_ok(&report), [""; 0], "{report}");
}

#[tokio::test]
async fn a_verification_with_another_token_is_a_problem_until_one_with_the_right_token() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let verify = async || {
        desk.control
            .post(&format!("/accounts/{}/verify-url", channel.app_id), json!({}))
            .await
            .ok()
    };
    patch(&desk, &channel, json!({"token": "someOtherToken"})).await;
    assert_eq!(verify().await["ok"], false);
    problem_becomes(&desk, &channel, json!("verification_refused")).await;
    assert_eq!(
        code(&examined(&desk, &channel).await, "refusals"),
        "verification_refused"
    );
    patch(&desk, &channel, json!({"token": crate::harness::TOKEN})).await;
    assert_eq!(verify().await["ok"], true);
    assert_eq!(problem(&desk, &channel).await, Value::Null);
}

#[tokio::test]
async fn a_wrong_key_a_wrong_mode_and_another_mode_are_named() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({"encryption_mode": "safe"})).await;
    let phone = desk.phone(&channel).await;
    let other_key = "zyxwvutsrqponmlkjihgfedcba9876543210ABCDEFA";
    patch(
        &desk,
        &channel,
        json!({"encoding_aes_key": other_key, "deliveries": 1}),
    )
    .await;
    phone.says("cannot be read").await;
    problem_becomes(&desk, &channel, json!("wrong_key")).await;
    assert_eq!(code(&examined(&desk, &channel).await, "refusals"), "wrong_key");

    let right = json!({"encoding_aes_key": crate::harness::AES_KEY, "encryption_mode": "plain"});
    patch(&desk, &channel, right).await;
    assert_eq!(phone.says("in clear text").await["acknowledged"], false);
    problem_becomes(&desk, &channel, json!("wrong_mode")).await;
    assert_eq!(code(&examined(&desk, &channel).await, "refusals"), "wrong_mode");

    // Compatible where safe is set: accepted, and worth a look.
    patch(&desk, &channel, json!({"encryption_mode": "compatible"})).await;
    assert_eq!(phone.says("both").await["acknowledged"], true);
    problem_becomes(&desk, &channel, Value::Null).await;
    let report = examined(&desk, &channel).await;
    assert_eq!(code(&report, "mode"), "mode_differs");
    assert_eq!(
        check(&report, "mode")["params"],
        json!({"configured": "safe", "seen": "compatible"})
    );
}

/// How often browsers were told that the channel changed.
async fn events(desk: &Desk, channel: &Channel) -> usize {
    let mut conn = desk.inside().db.read().await.expect("a connection");
    let id = channel
        .id
        .trim_start_matches("ch_")
        .parse::<i64>()
        .expect("a number");
    let rows = kefu::db::events::after(&mut conn, kefu::db::events::Position::default(), 10_000).await;
    rows.expect("rows")
        .iter()
        .filter(|row| row.kind == "channel" && row.object_id == id)
        .count()
}

#[tokio::test]
async fn a_flood_of_forged_pushes_is_counted_in_few_writes() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    let push = RawPush::to(&channel);
    let query = signed_query("notTheToken", "1700000000", "nonce");
    let before = events(&desk, &channel).await;
    for _ in 0..200 {
        assert_eq!(push.post_with(&query, push.text("oX", 1, "x")).await.0, 403);
    }
    problem_becomes(&desk, &channel, json!("wrong_signature")).await;
    let report = examined(&desk, &channel).await;
    assert_eq!(check(&report, "refusals")["params"]["count"], 200);
    // One for the problem, two for the examination.
    assert_eq!(events(&desk, &channel).await - before, 3);
}
