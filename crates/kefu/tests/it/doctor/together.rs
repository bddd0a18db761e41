//! Several at once: two administrators, two nodes, and a process that died.

use super::{connected, examined, not_ok, patch, problem, problem_becomes};
use crate::harness::{Api, Desk, eventually};
use serde_json::json;

#[tokio::test]
async fn two_administrators_at_once_share_one_examination() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    desk.control
        .post(
            "/faults",
            json!({"on": "api", "path": "/cgi-bin/stable_token", "delay_ms": 300, "times": 9}),
        )
        .await;
    let path = format!("/channels/{}/doctor", channel.id);
    let (one, other) = tokio::join!(
        desk.admin.post(&path, json!({})),
        desk.admin.post(&path, json!({}))
    );
    let (one, other) = (one.accepted(), other.accepted());
    assert_eq!(
        (&one["state"], &other["state"]),
        (&json!("running"), &json!("running"))
    );
    assert_eq!(one["started_at"], other["started_at"]);
    examined(&desk, &channel).await;
    let calls = desk.control.get("/calls?path=/cgi-bin/callback/check").await.ok();
    let networks = 3;
    assert_eq!(calls["items"].as_array().expect("items").len(), networks);
}

#[tokio::test]
async fn an_examination_whose_process_died_is_told_so_and_can_be_made_again() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    let started_at = desk.inside().clock.wall().plus_ms(-121_000);
    let row = kefu::db::doctor_reports::ReportRow {
        run: "dead".into(),
        report: "[]".into(),
        started_at,
        finished_at: None,
    };
    let begun = desk.inside().db.write(move |tx| {
        let row = row.clone();
        Box::pin(async move {
            kefu::db::doctor_reports::begin(tx, kefu::domain::ids::ChannelId(1), &row, started_at).await
        })
    });
    assert!(begun.await.expect("written"));
    let path = format!("/channels/{}/doctor", channel.id);
    assert_eq!(desk.admin.get(&path).await.ok()["state"], "interrupted");
    assert_eq!(not_ok(&examined(&desk, &channel).await), [""; 0]);
}

#[tokio::test]
async fn an_examination_on_one_node_is_joined_and_read_on_the_other() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    let Some(second) = desk.second_node().await else {
        return;
    };
    let origin = second.channel(&channel).callback_url;
    let origin = origin.split("/callback/").next().expect("an origin").to_owned();
    let there = Api::signed_in(&origin, crate::harness::ADMIN, crate::harness::PASSWORD).await;
    desk.control
        .post(
            "/faults",
            json!({"on": "api", "path": "/cgi-bin/stable_token", "delay_ms": 300, "times": 9}),
        )
        .await;
    let path = format!("/channels/{}/doctor", channel.id);
    let (one, other) = tokio::join!(desk.admin.post(&path, json!({})), there.post(&path, json!({})));
    assert_eq!(one.accepted()["started_at"], other.accepted()["started_at"]);
    eventually("the other node shows the end", async || {
        let report = there.get(&path).await.ok();
        if report["state"] == "finished" {
            Ok(())
        } else {
            Err(report.to_string())
        }
    })
    .await;
    let calls = desk.control.get("/calls?path=/cgi-bin/callback/check").await.ok();
    assert_eq!(calls["items"].as_array().expect("items").len(), 3);
    // A refusal on one node, forgotten by a push to the other.
    patch(
        &desk,
        &channel,
        json!({"token": "someOtherToken", "deliveries": 1}),
    )
    .await;
    let phone = desk.phone(&channel).await;
    phone.says("lost").await;
    problem_becomes(&desk, &channel, json!("wrong_signature")).await;
    let on_second = second.channel(&channel).callback_url;
    patch(
        &desk,
        &channel,
        json!({"token": crate::harness::TOKEN, "callback_url": on_second}),
    )
    .await;
    eventually("a push to the other node clears it", async || {
        phone.says("found").await;
        let now = problem(&desk, &channel).await;
        if now.is_null() {
            Ok(())
        } else {
            Err(now.to_string())
        }
    })
    .await;
}
