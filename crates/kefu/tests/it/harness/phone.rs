//! The customer: a follower of the simulated account.

use super::{Api, Channel};
use serde_json::{Value, json};

/// A follower's phone.
#[derive(Debug, Clone)]
pub struct Phone {
    control: Api,
    pub path: String,
}

impl Phone {
    /// A new follower; the follow event is not pushed.
    pub async fn follow(control: &Api, channel: &Channel) -> Self {
        let followers = format!("/accounts/{}/followers", channel.app_id);
        let made = control.post(&followers, json!({"silent": true})).await.created();
        let openid = made["openid"].as_str().expect("openid").to_owned();
        Self {
            control: control.clone(),
            path: format!("{followers}/{openid}"),
        }
    }

    /// Writes, and waits until the push was accepted or given up.
    pub async fn says(&self, text: &str) -> Value {
        self.sends(json!({"type": "text", "content": text})).await
    }

    /// Sends any message, and waits until the push was accepted or given up.
    pub async fn sends(&self, message: Value) -> Value {
        let answer = self
            .control
            .post(&format!("{}/messages?wait=true", self.path), message)
            .await;
        assert!(answer.status.is_success(), "{}", answer.text);
        answer.json()
    }

    /// Something happens, and the push was accepted or given up.
    pub async fn does(&self, event: &str) -> Value {
        let answer = self
            .control
            .post(
                &format!("{}/events?wait=true", self.path),
                json!({"event": event}),
            )
            .await;
        assert!(answer.status.is_success(), "{}", answer.text);
        answer.json()
    }

    /// Taps the item of the account's menu with this key.
    pub async fn clicks(&self, key: &str) -> Value {
        let answer = self
            .control
            .post(
                &format!("{}/events?wait=true", self.path),
                json!({"event": "CLICK", "event_key": key}),
            )
            .await;
        assert!(answer.status.is_success(), "{}", answer.text);
        answer.json()
    }

    /// What this phone shows.
    pub async fn timeline(&self) -> Vec<Value> {
        let page = self.control.get(&format!("{}/timeline", self.path)).await.ok();
        page["items"].as_array().expect("items").clone()
    }

    /// The texts this phone received, oldest first.
    pub async fn received(&self) -> Vec<String> {
        let items = self.timeline().await;
        let received = items.iter().filter(|item| item["direction"] == "received");
        received
            .map(|item| item["text"].as_str().unwrap_or_default().to_owned())
            .collect()
    }
}
