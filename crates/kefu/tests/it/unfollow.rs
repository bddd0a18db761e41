//! The privacy policy on unfollow: kept, anonymised, or erased after so many days.

use crate::harness::{Api, Channel, Desk, Phone, RawPush, eventually};
use serde_json::{Value, json};

const SECRET: &str = "my number is 13800138000";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde";

struct Left {
    desk: Desk,
    channel: Channel,
    agent: Api,
    phone: Phone,
    conversation: String,
    contact: String,
}

impl Left {
    /// Somebody wrote, was answered, sent a picture, and unfollowed.
    async fn under(policy: &str, days: i64) -> Self {
        let it = Self::before(policy, days).await;
        it.phone.does("unsubscribe").await;
        it
    }

    async fn before(policy: &str, days: i64) -> Self {
        let desk = Desk::start().await;
        let told = json!({"unfollow_policy": policy, "unfollow_days": days});
        let channel = desk.channel_with(told).await;
        let agent = desk.agent(&channel).await;
        let phone = desk.phone(&channel).await;
        phone.says(SECRET).await;
        let row = desk.conversation(&agent).await;
        let text = |value: &Value| value.as_str().expect("an id").to_owned();
        let it = Self {
            conversation: text(&row["id"]),
            contact: text(&row["contact"]["id"]),
            desk,
            channel,
            agent,
            phone,
        };
        it.talk().await;
        it
    }

    async fn talk(&self) {
        let path = format!("/conversations/{}", self.conversation);
        self.agent.post(&format!("{path}/pick-up"), json!({})).await.ok();
        let reply = json!({"client_id": "1", "kind": "text", "text": "we call 13800138000"});
        self.agent
            .post(&format!("{path}/messages"), reply)
            .await
            .accepted();
        let note = json!({"client_id": "2", "kind": "note", "text": "a note on 13800138000"});
        self.agent.post(&format!("{path}/messages"), note).await.created();
        let part = reqwest::multipart::Part::bytes(PNG).file_name("a.png");
        let form = reqwest::multipart::Form::new()
            .text("type", "image")
            .part("file", part);
        let url = format!("{}{}/messages?wait=true", self.desk.control.base, self.phone.path);
        self.desk
            .control
            .client
            .post(url)
            .multipart(form)
            .send()
            .await
            .expect("an answer");
        // One that cannot be read, and names the person.
        let broken = format!(
            "<xml><FromUserName><![CDATA[{}]]></FromUserName><Content>13800138000",
            self.openid()
        );
        RawPush::to(&self.channel).post(broken).await;
        eventually("the picture is there and the reply has left", || async {
            let messages = self.desk.messages(&self.conversation).await;
            let ready = messages.iter().any(|m| m["media"]["state"] == "ready");
            let sent = messages
                .iter()
                .any(|m| m["direction"] == "out" && m["state"] == "sent");
            if ready && sent {
                Ok(())
            } else {
                Err(format!("{messages:?}"))
            }
        })
        .await;
    }

    fn openid(&self) -> &str {
        self.phone.path.rsplit_once('/').expect("a path").1
    }

    async fn contact(&self) -> Value {
        self.desk
            .admin
            .get(&format!("/contacts/{}", self.contact))
            .await
            .ok()
    }

    /// Until the contact says that this was done.
    async fn until(&self, mark: &str) -> Value {
        eventually(mark, || async {
            let contact = self.contact().await;
            if contact[mark].is_null() {
                Err(contact.to_string())
            } else {
                Ok(contact)
            }
        })
        .await
    }

    /// Until nothing is half erased.
    async fn until_erased(&self) -> Vec<Value> {
        eventually("everything is erased", || async {
            let messages = self.desk.messages(&self.conversation).await;
            let done = messages.len() == 1 && messages[0]["data"]["code"] == "contact_erased";
            if done {
                Ok(messages)
            } else {
                Err(format!("{messages:?}"))
            }
        })
        .await
    }

    async fn assert_erased(&self) {
        self.until_erased().await;
        let stored = self.desk.stored().await;
        assert!(!stored.contains("13800138000"), "{stored}");
        assert!(!stored.contains(self.openid()), "{stored}");
        assert_eq!(self.desk.files(), 0);
        let tickets = self.agent.get("/tickets").await.ok();
        assert_eq!(tickets["items"][0]["subject"], "");
        assert_eq!(
            tickets["items"].as_array().expect("items").len(),
            1,
            "the ticket stays"
        );
        let row = self
            .agent
            .get(&format!("/conversations/{}", self.conversation))
            .await
            .ok();
        assert_eq!(row["last_message"], json!(null));
    }
}

#[tokio::test]
async fn days_outside_their_range_are_refused() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let path = format!("/channels/{}", channel.id);
    for days in [-1, 3651] {
        let error = desk
            .admin
            .patch(&path, json!({"unfollow_days": days}))
            .await
            .refused(422, "invalid_fields");
        assert_eq!(error["fields"], json!({"unfollow_days": "out_of_range"}));
    }
    let after = desk
        .admin
        .patch(&path, json!({"unfollow_policy": "erase", "unfollow_days": 3650}))
        .await
        .ok();
    assert_eq!(
        (&after["unfollow_policy"], &after["unfollow_days"]),
        (&json!("erase"), &json!(3650))
    );
}

#[tokio::test]
async fn keep_keeps_everything() {
    let it = Left::under("keep", 0).await;
    it.desk.advance_hours(24.0 * 400.0);
    // Another channel's contact is the sign that a round has passed.
    it.desk
        .admin
        .patch(&format!("/channels/{}", it.channel.id), json!({"name": "Kept"}))
        .await
        .ok();
    let contact = it.contact().await;
    assert_eq!(
        (&contact["anonymised_at"], &contact["erased_at"]),
        (&json!(null), &json!(null))
    );
    assert!(it.desk.stored().await.contains(it.openid()));
}

#[tokio::test]
async fn anonymise_takes_the_person_off_and_keeps_the_messages() {
    let it = Left::under("anonymise", 0).await;
    let before = it.contact().await;
    it.desk.advance_hours(0.1);
    let after = it.until("anonymised_at").await;
    assert_ne!(before["external_id"], after["external_id"]);
    assert_eq!(
        (&after["name"], &after["erased_at"]),
        (&after["alias"], &json!(null))
    );
    let stored = it.desk.stored().await;
    assert!(!stored.contains(it.openid()), "{stored}");
    assert!(stored.contains(SECRET) && it.desk.files() == 1);
    let letters = it.desk.admin.get("/dead-letters").await.ok();
    assert_eq!(
        letters["items"],
        json!([]),
        "an unreadable push that names the person goes"
    );
    it.phone.does("subscribe").await;
    it.phone.says("me again").await;
    let all = it.agent.get("/conversations?view=all").await.ok();
    let all = all["items"].as_array().expect("items");
    assert_eq!(all.len(), 2, "who comes back is somebody new");
    assert!(
        all.iter()
            .any(|row| row["id"] == it.conversation.as_str()
                && row["reply"]["reason"] == "contact_unsubscribed")
    );
}

#[tokio::test]
async fn erase_leaves_the_ticket_and_a_line_that_says_so() {
    let it = Left::under("erase", 0).await;
    it.desk.advance_hours(0.1);
    it.until("erased_at").await;
    it.assert_erased().await;
}

#[tokio::test]
async fn erase_waits_for_its_day_and_following_again_cancels_it() {
    let it = Left::under("erase", 7).await;
    it.desk.advance_hours(7.0 * 24.0 - 0.2);
    it.phone.does("subscribe").await;
    it.desk.advance_hours(24.0);
    it.phone.says("here I am").await;
    assert_eq!(it.contact().await["erased_at"], json!(null));
    it.phone.does("unsubscribe").await;
    it.desk.advance_hours(7.0 * 24.0 - 0.2);
    assert_eq!(
        it.contact().await["erased_at"],
        json!(null),
        "the day is counted from the last unfollow"
    );
    it.desk.advance_hours(0.3);
    it.until("erased_at").await;
    it.assert_erased().await;
}

#[tokio::test]
async fn the_policy_in_force_on_the_day_counts() {
    let it = Left::under("erase", 3).await;
    let path = format!("/channels/{}", it.channel.id);
    it.desk
        .admin
        .patch(&path, json!({"unfollow_policy": "keep"}))
        .await
        .ok();
    it.desk.advance_hours(24.0 * 10.0);
    it.desk.phone(&it.channel).await.says("somebody else").await;
    assert!(it.desk.stored().await.contains(SECRET));
    it.desk
        .admin
        .patch(&path, json!({"unfollow_policy": "anonymise"}))
        .await
        .ok();
    it.desk.advance_hours(0.1);
    it.until("anonymised_at").await;
    assert!(it.desk.stored().await.contains(SECRET));
    it.desk
        .admin
        .patch(&path, json!({"unfollow_policy": "erase", "unfollow_days": 20}))
        .await
        .ok();
    it.desk.advance_hours(24.0 * 10.0);
    it.until("erased_at").await;
    it.until_erased().await;
    assert!(!it.desk.stored().await.contains("13800138000"));
}

#[tokio::test]
async fn what_was_cut_short_is_done_to_the_end_by_the_next_start() {
    let mut it = Left::before("erase", 0).await;
    for number in 0..60 {
        it.phone.says(&format!("13800138000 {number}")).await;
    }
    it.phone.does("unsubscribe").await;
    it.desk.advance_hours(0.1);
    it.until("erased_at").await;
    // Somewhere between taking the person off and the last message.
    it.desk.restart().await;
    it.agent.base = format!("{}/api/v1", it.desk.base);
    it.assert_erased().await;
    it.desk.restart().await;
    it.agent.base = format!("{}/api/v1", it.desk.base);
    it.desk.advance_hours(1.0);
    it.assert_erased().await;
}

#[tokio::test]
async fn an_erased_persons_audit_names_ids_only_and_messages_are_counted() {
    let it = Left::under("erase", 0).await;
    it.desk.advance_hours(0.1);
    it.assert_erased().await;
    let number: i64 = it.contact.trim_start_matches("ct_").parse().expect("a number");
    assert_eq!(
        it.desk.audited("contact", number).await,
        ["contact.erase", "contact.erased"]
    );
    // A text, a reply and a picture; the note is internal.
    assert_eq!(it.desk.erased_messages().await, 3);
}
