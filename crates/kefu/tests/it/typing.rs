//! The sign of typing is told to the contact now and then, however often, by whom and on which node it is asked for.

use crate::harness::{Api, Desk, eventually};
use futures_util::future::join_all;
use kefu::db::typing_signs;
use kefu::domain::ids::ConversationId;
use kefu::domain::time::Time;
use kefu::domain::typing::Sign;
use serde_json::{Value, json};

const CALLS: &str = "/calls?path=/cgi-bin/message/custom/typing";

struct Chat {
    desk: Desk,
    agent: Api,
    id: String,
}

impl Chat {
    async fn open() -> Self {
        let desk = Desk::start().await;
        let channel = desk.channel().await;
        let (agent, _, id) = desk.picked_up(&channel, "你好").await;
        Self { desk, agent, id }
    }

    async fn types(&self, api: &Api, typing: bool) {
        let path = format!("/conversations/{}/typing", self.id);
        let answer = api.post(&path, json!({"typing": typing})).await;
        assert_eq!(answer.status, 204, "{}", answer.text);
    }

    /// What WeChat was asked, once there are so many calls; none comes later, for each answer waits for its decision.
    async fn told(&self, count: usize) -> Vec<Value> {
        eventually(&format!("WeChat was asked {count} times"), || async {
            let calls = self.desk.control.get(CALLS).await.ok();
            let calls = calls["items"].as_array().expect("items").clone();
            if calls.len() == count {
                Ok(calls.iter().map(|call| call["body"]["command"].clone()).collect())
            } else {
                Err(format!("{calls:?}"))
            }
        })
        .await
    }

    fn number(&self) -> ConversationId {
        self.id.parse().expect("an id")
    }

    /// As if what was told last had been told so long ago.
    async fn ago(&self, ms: i64) {
        let (id, db) = (self.number(), &self.desk.inside().db);
        let last = typing_signs::find(&mut db.read().await.expect("a connection"), id).await;
        let last = last.expect("it can be read").expect("something was told");
        let earlier = Sign {
            told_at: Time(last.told_at.0 - ms),
            ..last
        };
        let written = db.write(move |tx| Box::pin(typing_signs::put(tx, id, Some(last), earlier)));
        assert!(written.await.expect("written"), "nobody was in between");
    }
}

#[tokio::test]
async fn twenty_requests_at_once_and_twenty_in_a_row_are_one_call() {
    let chat = Chat::open().await;
    join_all((0..20).map(|_| chat.types(&chat.agent, true))).await;
    for _ in 0..20 {
        chat.types(&chat.agent, true).await;
    }
    assert_eq!(chat.told(1).await, ["Typing"]);
}

#[tokio::test]
async fn it_is_told_again_when_it_has_gone_and_taken_away_once() {
    let chat = Chat::open().await;
    chat.types(&chat.agent, false).await;
    chat.types(&chat.agent, true).await;
    chat.types(&chat.agent, false).await;
    assert_eq!(
        chat.told(1).await,
        ["Typing"],
        "there was nothing to take away, then it was too early"
    );
    chat.ago(3_000).await;
    chat.types(&chat.agent, false).await;
    chat.types(&chat.agent, false).await;
    assert_eq!(chat.told(2).await, ["Typing", "CancelTyping"]);
    chat.ago(60_000).await;
    chat.types(&chat.agent, false).await;
    chat.types(&chat.agent, true).await;
    assert_eq!(chat.told(3).await, ["Typing", "CancelTyping", "Typing"]);
    chat.ago(13_000).await;
    chat.types(&chat.agent, true).await;
    assert_eq!(chat.told(3).await.len(), 3, "the phone still shows it");
}

#[tokio::test]
async fn who_takes_the_conversation_over_takes_its_measure_over_too() {
    let chat = Chat::open().await;
    chat.types(&chat.agent, true).await;
    let path = format!("/conversations/{}/pick-up", chat.id);
    chat.desk.admin.post(&path, json!({"take_over": true})).await.ok();
    chat.types(&chat.desk.admin, true).await;
    assert_eq!(chat.told(1).await, ["Typing"]);
}

#[tokio::test]
async fn two_nodes_have_one_measure() {
    let chat = Chat::open().await;
    let Some(second) = chat.desk.second_node().await else {
        return;
    };
    let mut there = chat.agent.clone();
    there.base = second.api_base();
    join_all((0..20).map(|n| chat.types(if n % 2 == 0 { &chat.agent } else { &there }, true))).await;
    assert_eq!(chat.told(1).await, ["Typing"]);
}
