//! After the window: four messages a month reach one person by a tag and a mass message, and no tag is left behind.

use crate::harness::{Api, Channel, Desk, Phone, eventually};
use serde_json::{Value, json};

const SEND_ALL: &str = "/cgi-bin/message/mass/sendall";
const MASS_GET: &str = "/cgi-bin/message/mass/get";
const CREATE_TAG: &str = "/cgi-bin/tags/create";

/// A contact has written and an agent has picked up.
struct Chat {
    desk: Desk,
    channel: Channel,
    phone: Phone,
    agent: Api,
    id: String,
}

impl Chat {
    async fn open(changes: Value) -> Self {
        let desk = Desk::start().await;
        let channel = desk.channel_with(changes).await;
        let (agent, phone, id) = desk.picked_up(&channel, "你好").await;
        Self {
            desk,
            channel,
            phone,
            agent,
            id,
        }
    }

    /// The same, 49 hours later.
    async fn after_the_window(changes: Value) -> Self {
        let chat = Self::open(changes).await;
        chat.desk.advance_hours(49.0);
        chat
    }

    async fn reply(&self) -> Value {
        self.agent.get(&format!("/conversations/{}", self.id)).await.ok()["reply"].clone()
    }

    async fn send(&self, text: &str) -> Value {
        let body = json!({"client_id": text, "kind": "text", "text": text});
        self.agent
            .post(&format!("/conversations/{}/messages", self.id), body)
            .await
            .accepted()
    }

    async fn refused(&self, text: &str, code: &str) -> Value {
        let body = json!({"client_id": text, "kind": "text", "text": text});
        self.agent
            .post(&format!("/conversations/{}/messages", self.id), body)
            .await
            .refused(409, code)
    }

    async fn message(&self, message: &Value) -> Value {
        let seq = message["seq"].as_i64().expect("seq");
        let path = format!("/conversations/{}/messages?after={}&limit=1", self.id, seq - 1);
        self.agent.get(&path).await.ok()["items"][0].clone()
    }

    /// The message once it is in this state.
    async fn in_state(&self, message: &Value, state: &str) -> Value {
        eventually(&format!("the message is {state}"), || async {
            let found = self.message(message).await;
            if found["state"] == state {
                Ok(found)
            } else {
                Err(found.to_string())
            }
        })
        .await
    }

    async fn order(&self, fault: Value) {
        self.desk.control.post("/faults", fault).await.created();
    }

    async fn calls(&self, path: &str) -> Vec<Value> {
        let page = self.desk.control.get(&format!("/calls?path={path}")).await.ok();
        page["items"].as_array().expect("items").clone()
    }

    async fn ledger(&self) -> Value {
        let path = format!("{}/ledger", self.phone.path);
        self.desk.control.get(&path).await.ok()
    }

    async fn account(&self, changes: Value) {
        let path = format!("/accounts/{}", self.channel.app_id);
        self.desk.control.patch(&path, changes).await.ok();
    }

    /// The tags that were made are gone.
    async fn no_tag_is_left(&self) {
        eventually("no tag is left", || async {
            let made = took_effect(&self.calls(CREATE_TAG).await);
            let gone = took_effect(&self.calls("/cgi-bin/tags/delete").await);
            if made == gone {
                Ok(())
            } else {
                Err(format!("{made} made, {gone} removed"))
            }
        })
        .await;
    }
}

fn took_effect(calls: &[Value]) -> usize {
    calls.iter().filter(|call| call["took_effect"] == true).count()
}

#[tokio::test]
async fn at_47_59_the_window_is_open_and_at_48_00_the_monthly_route_begins() {
    let chat = Chat::open(json!({})).await;
    chat.desk.advance_hours(48.0 - 1.0 / 60.0);
    let reply = chat.reply().await;
    assert_eq!(
        (&reply["route"], &reply["remaining"]),
        (&json!("window"), &json!(null))
    );
    let sent = chat.send("in time").await;
    chat.in_state(&sent, "sent").await;
    chat.desk.advance_hours(1.0 / 60.0);
    let reply = chat.reply().await;
    assert_eq!(
        (&reply["route"], &reply["remaining"]),
        (&json!("monthly"), &json!(4))
    );
    assert!(chat.calls(SEND_ALL).await.is_empty());
}

#[tokio::test]
async fn four_leave_after_the_window_the_fifth_waits_for_the_next_month_and_no_tag_is_left() {
    let chat = Chat::after_the_window(json!({})).await;
    for left in (0..4).rev() {
        let sent = chat.send(&format!("{left} left")).await;
        assert_eq!(sent["data"]["route"], "monthly");
        chat.in_state(&sent, "sent").await;
        assert_eq!(chat.ledger().await["monthly"]["used"], 4 - left);
        let reply = chat.reply().await;
        let shown = if left == 0 {
            json!("quota_exhausted")
        } else {
            json!("ok")
        };
        assert_eq!((&reply["remaining"], &reply["reason"]), (&json!(left), &shown));
    }
    let refused = chat.refused("one too many", "quota_exhausted").await["reply"].clone();
    assert_eq!(refused["detail"], "month_used");
    let until = refused["until"].as_str().expect("until");
    assert!(until.ends_with("T16:00:00.000Z"), "midnight in Shanghai: {until}");
    assert_eq!(
        chat.phone.received().await,
        ["3 left", "2 left", "1 left", "0 left"]
    );
    chat.no_tag_is_left().await;
    chat.desk.advance_hours(31.0 * 24.0);
    assert_eq!(chat.reply().await["remaining"], 4);
    let next = chat.send("next month").await;
    chat.in_state(&next, "sent").await;
    assert_eq!(chat.ledger().await["monthly"]["used"], 1);
}

#[tokio::test]
async fn what_fails_gives_its_place_back_and_says_why() {
    let chat = Chat::after_the_window(json!({})).await;
    chat.order(json!({"on": "api", "path": SEND_ALL, "times": 1, "errcode": 48008}))
        .await;
    let failed = chat.in_state(&chat.send("refused").await, "failed").await;
    assert_eq!(failed["reason"], "wechat_48008");
    assert_eq!(chat.reply().await["remaining"], 4);
    chat.account(json!({"mass_status": "err(10001)"})).await;
    let failed = chat
        .in_state(&chat.send("an advertisement").await, "failed")
        .await;
    assert_eq!(failed["reason"], "mass_err_10001");
    assert_eq!(chat.reply().await["remaining"], 4);
    chat.no_tag_is_left().await;
    // A person may try again; it takes a new place.
    chat.account(json!({"mass_status": "send success"})).await;
    let path = format!("/messages/{}/retry", failed["id"].as_str().expect("id"));
    chat.agent.post(&path, json!({})).await.accepted();
    chat.in_state(&failed, "sent").await;
    assert_eq!(chat.reply().await["remaining"], 3);
    chat.no_tag_is_left().await;
}

#[tokio::test]
async fn a_lost_answer_is_unknown_keeps_its_place_and_the_same_key_finds_out_without_a_second_message() {
    for cut in ["after", "before"] {
        let chat = Chat::after_the_window(json!({})).await;
        chat.account(json!({"mass_receipts": false})).await;
        chat.order(json!({"on": "api", "path": SEND_ALL, "times": 1, "cut": cut}))
            .await;
        let sent = chat.send("once").await;
        let unknown = chat.in_state(&sent, "unknown").await;
        assert_eq!(unknown["reason"], "connection_lost");
        assert_eq!(chat.reply().await["remaining"], 3, "kept while nobody knows");
        chat.in_state(&sent, "sent").await;
        assert_eq!(chat.phone.received().await, ["once"], "cut {cut}");
        let calls = chat.calls(SEND_ALL).await;
        let key = |call: &Value| call["body"]["clientmsgid"].as_str().expect("a key").to_owned();
        assert_eq!(calls.len(), 2);
        assert_eq!(key(&calls[0]), key(&calls[1]));
        assert_eq!(chat.reply().await["remaining"], 3);
        chat.no_tag_is_left().await;
    }
}

#[tokio::test]
async fn when_no_event_comes_asking_tells_that_it_was_sent_or_failed() {
    let chat = Chat::after_the_window(json!({})).await;
    chat.account(json!({"mass_receipts": false})).await;
    let sent = chat.send("one").await;
    let submitted = chat.in_state(&sent, "sending").await;
    assert_eq!(submitted["data"]["route"], "monthly");
    chat.in_state(&sent, "sent").await;
    assert!(!chat.calls(MASS_GET).await.is_empty());
    chat.account(json!({"mass_status": "err(20013)"})).await;
    let failed = chat.in_state(&chat.send("two").await, "failed").await;
    assert_eq!(failed["reason"], "mass_failed", "why is only said by the event");
    assert_eq!(chat.reply().await["remaining"], 3);
    chat.no_tag_is_left().await;
}

/// A call of WeChat's by another program of the company's.
async fn platform(chat: &Chat, path: &str, body: Value) -> Value {
    let origin = chat.desk.sim.url();
    let api = Api::new(origin.trim_end_matches('/'));
    let asked = json!({"grant_type": "client_credential", "appid": chat.channel.app_id,
        "secret": "0123456789abcdef0123456789abcdef"});
    let token = api.post("/cgi-bin/stable_token", asked).await.ok()["access_token"].clone();
    let token = token.as_str().expect("a token");
    api.post(&format!("{path}?access_token={token}"), body).await.ok()
}

/// A mass message of the company's own.
async fn campaign(chat: &Chat, text: &str) {
    let everybody = json!({"filter": {"is_to_all": true}, "msgtype": "text", "text": {"content": text}});
    let sent = platform(chat, SEND_ALL, everybody).await;
    assert_eq!(sent["errcode"], 0, "{sent}");
    eventually("the campaign arrives", || async {
        let seen = chat.phone.received().await;
        if seen.iter().any(|one| one == text) {
            Ok(())
        } else {
            Err(format!("{seen:?}"))
        }
    })
    .await;
}

#[tokio::test]
async fn whom_wechat_leaves_out_has_nothing_left_this_month_whatever_our_ledger_said() {
    let chat = Chat::after_the_window(json!({})).await;
    for n in 0..4 {
        campaign(&chat, &format!("campaign {n}")).await;
    }
    assert_eq!(chat.reply().await["remaining"], 4, "the campaigns are invisible");
    let failed = chat.in_state(&chat.send("hello").await, "failed").await;
    assert_eq!(failed["reason"], "mass_left_out");
    let reply = chat.reply().await;
    assert_eq!(
        (&reply["reason"], &reply["detail"]),
        (&json!("quota_exhausted"), &json!("month_used"))
    );
    chat.desk.advance_hours(31.0 * 24.0);
    assert_eq!(chat.reply().await["remaining"], 4);
}

#[tokio::test]
async fn a_monthly_message_and_a_reply_in_the_next_window_arrive_in_the_order_they_were_written() {
    let chat = Chat::after_the_window(json!({})).await;
    chat.account(json!({"mass_receipts": false})).await;
    let first = chat.send("first").await;
    chat.phone.says("I am back").await;
    let second = chat.send("second").await;
    assert_eq!(second["data"], json!(null), "by the window");
    chat.in_state(&second, "sent").await;
    assert_eq!(chat.message(&first).await["state"], "sent");
    assert_eq!(chat.phone.received().await, ["first", "second"]);
}

#[tokio::test]
async fn a_subscription_account_sends_one_a_day_to_one_of_its_contacts() {
    let chat = Chat::open(json!({"account_kind": "subscription"})).await;
    let other = chat.desk.phone(&chat.channel).await;
    other.says("me too").await;
    let page = chat.agent.get("/conversations?view=unassigned").await.ok();
    let second = page["items"][0]["id"].as_str().expect("id").to_owned();
    chat.agent
        .post(&format!("/conversations/{second}/pick-up"), json!({}))
        .await
        .ok();
    chat.desk.advance_hours(49.0);
    assert_eq!(chat.reply().await["remaining"], 1);
    let body = |id: &str| json!({"client_id": id, "kind": "text", "text": "hello"});
    let paths = [&chat.id, &second].map(|id| format!("/conversations/{id}/messages"));
    let (one, two) = tokio::join!(
        chat.agent.post(&paths[0], body("a")),
        chat.agent.post(&paths[1], body("b"))
    );
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [202, 409], "{} {}", one.text, two.text);
    let reply = chat.reply().await;
    assert_eq!(
        (&reply["reason"], &reply["detail"]),
        (&json!("quota_exhausted"), &json!("subscription_day_used"))
    );
    assert!(
        reply["until"]
            .as_str()
            .expect("until")
            .ends_with("T16:00:00.000Z")
    );
    eventually("one phone has it", || async {
        let got = chat.phone.received().await.len() + other.received().await.len();
        if got == 1 { Ok(()) } else { Err(got.to_string()) }
    })
    .await;
    chat.desk.advance_hours(24.0);
    assert_eq!(chat.reply().await["remaining"], 1);
}

#[tokio::test]
async fn what_wechat_says_of_the_accounts_quota_holds_for_everybody_until_then() {
    let chat = Chat::after_the_window(json!({})).await;
    chat.order(json!({"on": "api", "path": SEND_ALL, "times": 1, "errcode": 45028}))
        .await;
    let failed = chat.in_state(&chat.send("one").await, "failed").await;
    assert_eq!(failed["reason"], "wechat_45028");
    let reply = chat.reply().await;
    assert_eq!(
        (&reply["reason"], &reply["detail"]),
        (&json!("quota_exhausted"), &json!("account_full"))
    );
    let path = format!("/channels/{}/allowance", chat.channel.id);
    assert_eq!(
        chat.desk.admin.get(&path).await.ok()["full_until"],
        reply["until"]
    );
    chat.desk.advance_hours(31.0 * 24.0);
    assert_eq!(chat.reply().await["remaining"], 4);
}

#[tokio::test]
async fn an_account_that_may_not_use_tags_says_so_from_then_on() {
    let chat = Chat::after_the_window(json!({})).await;
    chat.account(json!({"denied_apis": [CREATE_TAG]})).await;
    let failed = chat.in_state(&chat.send("one").await, "failed").await;
    assert_eq!(failed["reason"], "wechat_48001");
    let reply = chat.reply().await;
    assert_eq!(
        (&reply["reason"], &reply["detail"]),
        (&json!("window_closed"), &json!("mass_denied"))
    );
    assert!(chat.calls(SEND_ALL).await.is_empty());
}

#[tokio::test]
async fn when_all_hundred_tags_are_in_use_the_message_waits_and_leaves_when_one_is_free() {
    let chat = Chat::after_the_window(json!({})).await;
    chat.order(json!({"on": "api", "path": CREATE_TAG, "times": 2, "errcode": 45056}))
        .await;
    let sent = chat.send("one").await;
    eventually("it says why it waits", || async {
        let found = chat.message(&sent).await;
        if found["reason"] == "wechat_45056" && found["state"] == "queued" {
            Ok(())
        } else {
            Err(found.to_string())
        }
    })
    .await;
    chat.in_state(&sent, "sent").await;
    assert_eq!(chat.phone.received().await, ["one"]);
}

/// The smallest header that is taken as a PNG of 3 by 2.
fn png() -> Vec<u8> {
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02\x08\x02\0\0\0".to_vec()
}

#[tokio::test]
async fn a_picture_arrives_after_the_window() {
    let chat = Chat::after_the_window(json!({})).await;
    let uploaded = chat
        .agent
        .upload(reqwest::Method::POST, "/attachments", "a.png", png())
        .await
        .created();
    let path = format!("/conversations/{}/messages", chat.id);
    let body = json!({"client_id": "p", "kind": "image", "attachment_id": uploaded["id"]});
    let sent = chat.agent.post(&path, body).await.accepted();
    chat.in_state(&sent, "sent").await;
    let shown = chat.phone.timeline().await;
    let last = shown.last().expect("a line");
    assert_eq!((&last["type"], &last["via"]), (&json!("image"), &json!("mass")));
    assert_eq!(chat.reply().await["remaining"], 3);
}

/// What the channel's row still holds of its secret.
async fn has_secret(chat: &Chat) -> bool {
    let id = chat.channel.id.parse().expect("an id");
    let mut conn = chat.desk.inside().db.read().await.expect("a connection");
    let row = kefu::db::channels::find(&mut conn, id)
        .await
        .expect("it can be read");
    row.expect("the channel").app_secret.is_some()
}

#[tokio::test]
async fn a_channel_that_is_deleted_with_a_message_under_way_leaves_no_tag_and_then_no_secret() {
    let chat = Chat::after_the_window(json!({})).await;
    chat.account(json!({"mass_receipts": false})).await;
    // The first removal is refused too.
    chat.order(json!({"on": "api", "path": "/cgi-bin/tags/delete", "times": 1, "errcode": -1}))
        .await;
    let sent = chat.send("on its way").await;
    chat.in_state(&sent, "sending").await;
    let path = format!("/channels/{}", chat.channel.id);
    assert_eq!(chat.desk.admin.delete(&path).await.status, 204);
    // WeChat has taken it: that the channel is gone does not call it back.
    chat.in_state(&sent, "sent").await;
    assert_eq!(chat.phone.received().await, ["on its way"]);
    chat.no_tag_is_left().await;
    eventually("the secret is wiped", || async {
        if has_secret(&chat).await {
            Err("it is still there".to_owned())
        } else {
            Ok(())
        }
    })
    .await;
}

#[tokio::test]
async fn a_channel_without_anything_under_way_is_deleted_with_its_secret() {
    let chat = Chat::after_the_window(json!({})).await;
    let sent = chat.send("long gone").await;
    chat.in_state(&sent, "sent").await;
    chat.no_tag_is_left().await;
    eventually("the desk knows that the tag is gone", || async {
        let id = chat.channel.id.parse().expect("an id");
        let mut conn = chat.desk.inside().db.read().await.expect("a connection");
        match kefu::db::monthly_sends::has_open_tags(&mut conn, id).await {
            Ok(false) => Ok(()),
            other => Err(format!("{other:?}")),
        }
    })
    .await;
    let path = format!("/channels/{}", chat.channel.id);
    assert_eq!(chat.desk.admin.delete(&path).await.status, 204);
    assert!(!has_secret(&chat).await);
}

#[tokio::test]
async fn a_request_that_may_have_been_lost_is_not_made_again_once_the_channel_is_off() {
    let chat = Chat::after_the_window(json!({})).await;
    chat.account(json!({"mass_receipts": false})).await;
    chat.order(json!({"on": "api", "path": SEND_ALL, "times": 1, "cut": "before"}))
        .await;
    let sent = chat.send("perhaps").await;
    chat.in_state(&sent, "unknown").await;
    let path = format!("/channels/{}/disable", chat.channel.id);
    chat.desk.admin.post(&path, json!({})).await.ok();
    eventually("it is given up as unknown", || async {
        let found = chat.message(&sent).await;
        if found["reason"] == "channel_disabled" {
            Ok(())
        } else {
            Err(found.to_string())
        }
    })
    .await;
    assert_eq!(chat.message(&sent).await["state"], "unknown");
    assert_eq!(chat.calls(SEND_ALL).await.len(), 1);
    assert!(chat.phone.received().await.is_empty());
    chat.no_tag_is_left().await;
}

#[tokio::test]
async fn a_tag_that_somebody_removed_is_made_anew() {
    let chat = Chat::after_the_window(json!({})).await;
    chat.order(json!({"on": "api", "path": SEND_ALL, "times": 1, "errcode": 40152}))
        .await;
    let sent = chat.send("one").await;
    chat.in_state(&sent, "sent").await;
    assert_eq!(chat.phone.received().await, ["one"]);
    chat.no_tag_is_left().await;
}

#[tokio::test]
async fn the_sixty_first_call_of_a_minute_waits_for_the_next() {
    let chat = Chat::open(json!({})).await;
    let channel: kefu::domain::ids::ChannelId = chat.channel.id.parse().expect("an id");
    let desk = chat.desk.inside().clone();
    let mut in_a_row = 0;
    for _ in 0..130 {
        let wall = desk.clock.wall();
        let taken = desk
            .db
            .write(move |tx| Box::pin(kefu::db::allowance_ledger::take_call(tx, channel, wall)))
            .await
            .expect("written");
        match taken {
            Ok(()) => in_a_row += 1,
            Err(wait) => {
                assert!((1..=60_000).contains(&wait), "{wait}");
                assert!(in_a_row >= 60, "{in_a_row}");
                return;
            }
        }
    }
    panic!("130 calls were let through");
}

#[tokio::test]
async fn two_nodes_send_each_monthly_message_once() {
    let chat = Chat::after_the_window(json!({})).await;
    let Some(_second) = chat.desk.second_node().await else {
        return;
    };
    let mut last = Value::Null;
    for n in 0..4 {
        last = chat.send(&format!("message {n}")).await;
    }
    chat.in_state(&last, "sent").await;
    assert_eq!(chat.phone.received().await.len(), 4);
    assert_eq!(took_effect(&chat.calls(SEND_ALL).await), 4);
    chat.no_tag_is_left().await;
}

#[tokio::test]
async fn a_tag_that_holds_somebody_else_too_is_not_sent_to() {
    let chat = Chat::after_the_window(json!({})).await;
    let other = chat.desk.phone(&chat.channel).await;
    let openid = other.path.rsplit('/').next().expect("an openid").to_owned();
    let key = chat.channel.callback_url.rsplit('/').next().expect("a key")[..8].to_owned();
    let known = chat.desk.messages(&chat.id).await;
    let number = |m: &Value| {
        m["id"]
            .as_str()
            .and_then(|id| id[3..].parse::<i64>().ok())
            .expect("an id")
    };
    let next = known.iter().map(number).max().expect("one") + 1;
    // The very tag that the next message would make.
    let name = json!({"tag": {"name": format!("kefu-{key}-{next}")}});
    let tag = platform(&chat, CREATE_TAG, name).await["tag"]["id"].clone();
    let people = json!({"openid_list": [openid], "tagid": tag});
    platform(&chat, "/cgi-bin/tags/members/batchtagging", people).await;
    let failed = chat.in_state(&chat.send("for one only").await, "failed").await;
    assert_eq!(failed["id"], format!("ms_{next}"));
    assert_eq!(failed["reason"], "mass_tag_not_alone");
    assert!(chat.calls(SEND_ALL).await.is_empty());
    assert!(other.received().await.is_empty());
    assert_eq!(chat.reply().await["remaining"], 4);
}
