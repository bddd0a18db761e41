//! Blocking, with and without the account's own blacklist at WeChat.

use crate::harness::{Api, Channel, Desk, Phone, eventually};
use serde_json::{Value, json};

struct Blocked {
    desk: Desk,
    channel: Channel,
    phone: Phone,
    agent: Api,
    path: String,
}

/// A conversation of a phone, seen by an agent.
async fn begun() -> Blocked {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let phone = desk.phone(&channel).await;
    phone.says("hello").await;
    let agent = desk.agent(&channel).await;
    let id = desk.conversation(&agent).await["id"]
        .as_str()
        .expect("id")
        .to_owned();
    Blocked {
        desk,
        channel,
        phone,
        agent,
        path: format!("/conversations/{id}"),
    }
}

impl Blocked {
    async fn post(&self, action: &str, body: Value) -> Value {
        self.agent
            .post(&format!("{}/{action}", self.path), body)
            .await
            .ok()
    }

    async fn becomes(&self, wanted: Value) -> Value {
        eventually("the blacklist", || async {
            let seen = self.agent.get(&self.path).await.ok();
            if seen["blacklist"] == wanted {
                Ok(seen)
            } else {
                Err(seen["blacklist"].to_string())
            }
        })
        .await
    }

    async fn deny(&self, apis: Value) {
        let path = format!("/accounts/{}", self.channel.app_id);
        self.desk
            .control
            .patch(&path, json!({"denied_apis": apis}))
            .await
            .ok();
    }

    async fn inbound(&self) -> usize {
        let id = self.path.rsplit('/').next().expect("an id");
        let messages = self.desk.messages(id).await;
        messages.iter().filter(|m| m["direction"] == "in").count()
    }
}

#[tokio::test]
async fn a_blocked_contacts_messages_are_stored_and_no_reply_leaves() {
    let it = begun().await;
    it.post("pick-up", json!({})).await;
    let blocked = it.post("block", json!({})).await;
    assert_eq!(
        (&blocked["blocked"], &blocked["blacklist"]),
        (&json!(true), &Value::Null)
    );
    it.phone.says("are you there?").await;
    assert_eq!(it.inbound().await, 2);
    let reply = json!({"client_id": "a", "kind": "text", "text": "no"});
    it.agent
        .post(&format!("{}/messages", it.path), reply)
        .await
        .refused(409, "contact_blocked");
    it.agent
        .post(&format!("{}/block", it.path), json!({}))
        .await
        .refused(409, "already_blocked");
    assert_eq!(it.post("unblock", json!({})).await["blocked"], false);
    it.agent
        .post(&format!("{}/unblock", it.path), json!({}))
        .await
        .refused(409, "not_blocked");
}

#[tokio::test]
async fn on_wechats_blacklist_nothing_arrives_until_the_block_is_lifted() {
    let it = begun().await;
    let asked = it.post("block", json!({"blacklist": true})).await;
    assert_eq!(asked["blacklist"]["state"], "adding");
    it.becomes(json!({"state": "listed", "reason": null})).await;
    it.phone.says("into the void").await;
    assert_eq!(it.inbound().await, 1);
    assert_eq!(
        it.post("unblock", json!({})).await["blacklist"]["state"],
        "removing"
    );
    it.becomes(Value::Null).await;
    it.phone.says("back again").await;
    assert_eq!(it.inbound().await, 2);
}

#[tokio::test]
async fn a_refusal_of_wechat_is_told_and_the_desks_block_stands() {
    let it = begun().await;
    it.deny(json!(["/cgi-bin/tags/members/batchblacklist"])).await;
    it.post("block", json!({"blacklist": true})).await;
    let seen = it
        .becomes(json!({"state": "refused", "reason": "wechat_48001"}))
        .await;
    assert_eq!(seen["blocked"], true);
    // What was never put there need not be taken away.
    assert_eq!(it.post("unblock", json!({})).await["blacklist"], Value::Null);
}

#[tokio::test]
async fn who_could_not_be_taken_off_is_said_to_be_there_still() {
    let it = begun().await;
    it.post("block", json!({"blacklist": true})).await;
    it.becomes(json!({"state": "listed", "reason": null})).await;
    it.deny(json!(["/cgi-bin/tags/members/batchunblacklist"])).await;
    it.post("unblock", json!({})).await;
    let seen = it
        .becomes(json!({"state": "still_listed", "reason": "wechat_48001"}))
        .await;
    assert_eq!(seen["blocked"], false);
}

#[tokio::test]
async fn a_busy_wechat_is_asked_again_and_the_last_wish_holds() {
    let it = begun().await;
    let fault = json!({"on": "api", "path": "/cgi-bin/tags/members/batchblacklist", "app_id": it.channel.app_id,
        "times": 1, "errcode": -1});
    it.desk.control.post("/faults", fault).await.created();
    it.post("block", json!({"blacklist": true})).await;
    it.post("unblock", json!({})).await;
    it.becomes(Value::Null).await;
    it.phone.says("never really gone").await;
    assert_eq!(it.inbound().await, 2);
}
