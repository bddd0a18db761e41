//! What accounts may do, asked without anybody asking.

use super::{capability, connected, patch};
use crate::harness::{Desk, eventually};
use serde_json::json;

/// The job that asks about an account, at once.
async fn probed(desk: &Desk) {
    let (db, wall) = (&desk.inside().db, desk.inside().clock.wall());
    let added = db.write(move |tx| {
        Box::pin(async move {
            kefu::db::jobs::add_once(tx, kefu::db::jobs::JobKind::ProbeAccount, 1, 0, wall).await
        })
    });
    added.await.expect("a job");
    eventually("the job is done", async || {
        let mut conn = db.read().await.expect("a connection");
        let next = kefu::db::jobs::next_run(&mut conn).await.expect("jobs");
        if next.is_none() {
            Ok(())
        } else {
            Err(format!("{next:?}"))
        }
    })
    .await;
}

#[tokio::test]
async fn accounts_are_asked_by_themselves_and_a_busy_minute_undoes_no_finding() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    let path = format!("/channels/{}/doctor", channel.id);
    patch(&desk, &channel, json!({"denied_apis": ["/cgi-bin/tags/get"]})).await;
    probed(&desk).await;
    let known = desk.admin.get(&path).await.ok();
    assert_eq!(known["state"], "never");
    assert_eq!(
        (capability(&known, "tags"), capability(&known, "custom_send")),
        ("denied".to_owned(), "granted".to_owned())
    );

    let busy = json!({"on": "api", "path": "/cgi-bin/tags/get", "errcode": -1, "times": 1});
    desk.control.post("/faults", busy).await;
    patch(&desk, &channel, json!({"denied_apis": []})).await;
    probed(&desk).await;
    assert_eq!(capability(&desk.admin.get(&path).await.ok(), "tags"), "denied");
    probed(&desk).await;
    assert_eq!(capability(&desk.admin.get(&path).await.ok(), "tags"), "granted");

    patch(&desk, &channel, json!({"secret": "another"})).await;
    probed(&desk).await;
    assert_eq!(
        capability(&desk.admin.get(&path).await.ok(), "tags"),
        "granted",
        "no token, nothing learnt"
    );
    desk.admin
        .patch(
            &format!("/channels/{}", channel.id),
            json!({"app_id": "wx00000000000000ff"}),
        )
        .await
        .ok();
    assert_eq!(
        desk.admin.get(&path).await.ok()["capabilities"],
        json!([]),
        "another account"
    );
}

#[tokio::test]
async fn a_new_channel_and_new_credentials_are_noted_for_a_look_once() {
    let desk = Desk::start_with(|config| config.probe_accounts = true).await;
    let waiting = async || {
        let mut conn = desk.inside().db.read().await.expect("a connection");
        kefu::db::jobs::next_run(&mut conn).await.expect("jobs")
    };
    assert_eq!(waiting().await, None);
    let channel = desk.channel().await;
    let due = waiting().await.expect("a job");
    desk.admin
        .patch(
            &format!("/channels/{}", channel.id),
            json!({"app_secret": "another"}),
        )
        .await
        .ok();
    assert_eq!(waiting().await, Some(due), "one is enough");
    let calls = desk.control.get("/calls").await.ok();
    assert_eq!(calls["items"], json!([]), "not before a minute has passed");
}

#[tokio::test]
async fn a_reply_that_is_refused_for_its_privilege_is_learnt_from() {
    let desk = Desk::start().await;
    let channel = connected(&desk, json!({})).await;
    patch(
        &desk,
        &channel,
        json!({"denied_apis": ["/cgi-bin/message/custom/send"]}),
    )
    .await;
    let agent = desk.agent(&channel).await;
    let conversation = desk.conversation(&agent).await;
    let path = format!("/conversations/{}", conversation["id"].as_str().expect("id"));
    agent.post(&format!("{path}/pick-up"), json!({})).await.ok();
    agent
        .post(
            &format!("{path}/messages"),
            json!({"client_id": "1", "kind": "text", "text": "hi"}),
        )
        .await
        .accepted();
    let doctor = format!("/channels/{}/doctor", channel.id);
    eventually("the refusal is learnt", async || {
        let known = desk.admin.get(&doctor).await.ok();
        if capability(&known, "custom_send") == "denied" {
            Ok(())
        } else {
            Err(known.to_string())
        }
    })
    .await;
}
