//! Several nodes on one PostgreSQL: what one changes, the others know when it matters. SQLite has exactly one.

use crate::harness::{Desk, RawPush};
use futures_util::future::join_all;
use serde_json::{Value, json};

#[tokio::test]
async fn two_nodes_that_take_turns_store_every_message_once_and_in_order() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let Some(second) = desk.second_node().await else {
        return;
    };
    let pushes = [RawPush::to(&channel), RawPush::to(&second.channel(&channel))];
    for round in 0..20_u64 {
        let text = pushes[0].text("oTurns", 100 + round, &format!("message {round}"));
        assert_eq!(pushes[(round % 2) as usize].post(text).await.0, 200);
    }
    let again = (0..20_u64).flat_map(|round| {
        let pushes = &pushes;
        (0..2).map(move |node| {
            pushes[node].post(pushes[node].text("oTurns", 100 + round, &format!("message {round}")))
        })
    });
    assert!(join_all(again).await.iter().all(|(status, _)| *status == 200));
    let id = desk.conversation(&desk.admin).await["id"].clone();
    let messages = desk.messages(id.as_str().expect("id")).await;
    let texts: Vec<&str> = messages.iter().filter_map(|m| m["text"].as_str()).collect();
    let written: Vec<String> = (0..20).map(|round| format!("message {round}")).collect();
    assert_eq!(texts, written);
    assert_eq!(messages.last().expect("one")["seq"], 20);
}

#[tokio::test]
async fn what_one_node_changes_holds_for_the_next_push_to_the_other() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let Some(second) = desk.second_node().await else {
        return;
    };
    let push = RawPush::to(&second.channel(&channel));
    let say = async |id: u64, text: &str| {
        assert_eq!(push.post(push.text("oOne", id, text)).await.0, 200);
    };
    say(1, "first").await;
    say(2, "second").await;
    let conversation = desk.conversation(&desk.admin).await;
    let path = format!("/conversations/{}", conversation["id"].as_str().expect("id"));
    desk.admin.post(&format!("{path}/pick-up"), json!({})).await.ok();
    say(3, "third").await;
    let mine = desk.admin.get(&path).await.ok();
    assert!(mine["assignee_id"].is_string(), "{mine}");

    desk.admin.post(&format!("{path}/end"), json!({})).await.ok();
    say(4, "fourth").await;
    assert_eq!(desk.admin.get(&path).await.ok()["state"], "open");

    desk.admin
        .post(&format!("/channels/{}/disable", channel.id), json!({}))
        .await
        .ok();
    say(5, "fifth").await;
    let id = conversation["id"].as_str().expect("id");
    let stored = desk.messages(id).await;
    let last: Vec<&Value> = stored.iter().filter(|m| m["direction"] == "in").collect();
    assert_eq!(last.len(), 4, "a disabled channel stores nothing on any node");
}

#[tokio::test]
async fn two_nodes_at_once_give_one_contact_one_conversation_without_gaps() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let Some(second) = desk.second_node().await else {
        return;
    };
    let pushes = [RawPush::to(&channel), RawPush::to(&second.channel(&channel))];
    let sent = (0..60_u64).map(|n| {
        let push = &pushes[(n % 2) as usize];
        push.post(push.text("oBoth", 500 + n, &n.to_string()))
    });
    assert!(join_all(sent).await.iter().all(|(status, _)| *status == 200));
    let conversation = desk.conversation(&desk.admin).await;
    let messages = desk.messages(conversation["id"].as_str().expect("id")).await;
    let seqs: Vec<i64> = messages.iter().filter_map(|m| m["seq"].as_i64()).collect();
    assert_eq!(seqs, (1..=60).collect::<Vec<_>>());
    assert_eq!(conversation["unread_count"], 60);
}

#[tokio::test]
async fn a_connection_to_the_database_that_dies_without_a_word_costs_no_push() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let Some((node, proxy)) = desk.node_behind_a_proxy().await else {
        return;
    };
    let push = RawPush::to(&node.channel(&channel));
    for id in 1..=2 {
        assert_eq!(push.post(push.text("oSilent", id, "before")).await.0, 200);
    }
    proxy.fall_silent();
    assert_eq!(push.post(push.text("oSilent", 3, "after")).await.0, 200);
    let conversation = desk.conversation(&desk.admin).await;
    let messages = desk.messages(conversation["id"].as_str().expect("id")).await;
    assert_eq!(messages.len(), 3);
}
