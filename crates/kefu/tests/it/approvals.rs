//! Enterprise accounts: what people write who are not approved waits out of everybody's sight.

use crate::harness::{Api, Channel, Desk, Phone};
use serde_json::{Value, json};

struct Enterprise {
    desk: Desk,
    channel: Channel,
    agent: Api,
    phone: Phone,
    contact: String,
    conversation: String,
}

impl Enterprise {
    /// Somebody who is not approved has written.
    async fn start() -> Self {
        let desk = Desk::start().await;
        let channel = desk.channel_with(json!({"account_kind": "enterprise"})).await;
        let agent = desk.agent(&channel).await;
        let phone = desk.phone(&channel).await;
        phone.says("let me in").await;
        let waiting = approvals(&desk, &channel, "pending").await;
        assert_eq!(waiting.len(), 1, "{waiting:?}");
        let text = |name: &str| waiting[0][name].as_str().expect("an id").to_owned();
        Self {
            contact: text("contact_id"),
            conversation: text("conversation_id"),
            desk,
            channel,
            agent,
            phone,
        }
    }

    async fn judge(&self, verdict: &str) -> Value {
        let path = format!("/contacts/{}/{verdict}", self.contact);
        self.desk.admin.post(&path, json!({})).await.ok()
    }

    /// What the agent finds everywhere: lists, counts, tickets, contacts, files' conversation.
    async fn is_in_sight_of(&self, api: &Api) -> bool {
        let shown = api.get("/conversations?view=all").await.ok()["items"]
            .as_array()
            .expect("items")
            .len();
        let found = api.get("/conversations?view=all&q=%25").await.ok();
        assert!(found["items"].as_array().expect("items").len() <= shown);
        let tickets = api.get("/tickets").await.ok()["items"]
            .as_array()
            .expect("items")
            .len();
        let counts = api.get("/conversations/counts").await.ok();
        assert_eq!(
            counts["unassigned"].as_i64().expect("a count"),
            i64::try_from(shown).expect("few"),
            "{counts}"
        );
        assert_eq!(shown, tickets);
        shown == 1
    }
}

async fn approvals(desk: &Desk, channel: &Channel, state: &str) -> Vec<Value> {
    let path = format!("/channels/{}/approvals?state={state}", channel.id);
    let page = desk.admin.get(&path).await.ok();
    let counts = desk
        .admin
        .get(&format!("/channels/{}/approvals/counts", channel.id))
        .await
        .ok();
    let items = page["items"].as_array().expect("items").clone();
    assert_eq!(counts[state].as_u64().expect("a count"), items.len() as u64);
    items
}

#[tokio::test]
async fn who_is_not_approved_waits_out_of_sight_and_all_appears_at_once() {
    let it = Enterprise::start().await;
    it.phone.says("please").await;
    let supervisor = it.desk.agent_with_role(&it.channel, "supervisor").await;
    for api in [&it.agent, &supervisor] {
        assert!(!it.is_in_sight_of(api).await);
        api.get(&format!("/conversations/{}", it.conversation))
            .await
            .refused(404, "not_found");
        api.get(&format!("/conversations/{}/messages", it.conversation))
            .await
            .refused(404, "not_found");
        api.get(&format!("/contacts/{}", it.contact))
            .await
            .refused(404, "not_found");
        api.get("/tickets/tk_1").await.refused(404, "not_found");
        api.post(&format!("/conversations/{}/pick-up", it.conversation), json!({}))
            .await
            .refused(404, "not_found");
    }
    assert!(
        !it.is_in_sight_of(&it.desk.admin).await,
        "it is in nobody's lists"
    );
    let waiting = approvals(&it.desk, &it.channel, "pending").await;
    assert_eq!(
        (
            &waiting[0]["last_message"]["text"],
            &waiting[0]["waiting_messages"]
        ),
        (&json!("please"), &json!(2))
    );
    assert_eq!(it.judge("approve").await["state"], "approved");
    assert!(it.is_in_sight_of(&it.agent).await);
    let texts: Vec<Value> = it
        .desk
        .messages(&it.conversation)
        .await
        .iter()
        .map(|m| m["text"].clone())
        .collect();
    assert_eq!(texts, ["let me in", "please"]);
    let row = it
        .agent
        .get(&format!("/conversations/{}", it.conversation))
        .await
        .ok();
    assert_eq!(
        (&row["unread_count"], &row["pending_approval"]),
        (&json!(2), &json!(false))
    );
    it.phone.says("thank you").await;
    let row = it
        .agent
        .get(&format!("/conversations/{}", it.conversation))
        .await
        .ok();
    assert_eq!(row["last_message"]["text"], "thank you");
}

#[tokio::test]
async fn an_administrator_may_read_what_waits_but_nobody_may_reply() {
    let it = Enterprise::start().await;
    let admin = &it.desk.admin;
    let row = admin
        .get(&format!("/conversations/{}", it.conversation))
        .await
        .ok();
    assert_eq!(row["pending_approval"], true);
    admin
        .post(&format!("/conversations/{}/pick-up", it.conversation), json!({}))
        .await
        .ok();
    let reply = json!({"client_id": "1", "kind": "text", "text": "who are you?"});
    admin
        .post(&format!("/conversations/{}/messages", it.conversation), reply)
        .await
        .refused(409, "contact_not_approved");
}

#[tokio::test]
async fn no_event_of_what_waits_reaches_an_agent() {
    let it = Enterprise::start().await;
    let db = it.desk.inside().db.clone();
    let all = async |from| {
        let rows = kefu::db::events::after(&mut db.read().await.expect("a connection"), from, 500).await;
        rows.expect("events")
    };
    // On PostgreSQL the log is read up to the oldest transaction of the server, of other tests too.
    let of_kinds = async |from, wanted: &'static [&'static str]| {
        crate::harness::eventually("the events are in the log", || async {
            let rows = all(from).await;
            if wanted.iter().all(|kind| rows.iter().any(|row| row.kind == *kind)) {
                Ok(rows)
            } else {
                Err(format!("{rows:?}"))
            }
        })
        .await
    };
    let hidden = of_kinds(kefu::db::events::Position::default(), &["message"]).await;
    for row in hidden.iter().filter(|row| row.conversation_id.is_some()) {
        assert_eq!((row.channel_id, row.department_id), (None, None), "{row:?}");
    }
    let last = hidden.last().expect("an event");
    let position = kefu::db::events::Position {
        tx: last.tx,
        seq: last.seq,
    };
    it.judge("approve").await;
    for row in of_kinds(position, &["conversation", "ticket"]).await {
        let shown = ["conversation", "ticket"].contains(&row.kind.as_str());
        assert!(!shown || row.department_id.is_some(), "{row:?}");
    }
}

#[tokio::test]
async fn a_file_of_somebody_who_waits_is_read_by_no_agent() {
    let it = Enterprise::start().await;
    let picture = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde".to_vec();
    let part = reqwest::multipart::Part::bytes(picture).file_name("a.png");
    let form = reqwest::multipart::Form::new()
        .text("type", "image")
        .part("file", part);
    let url = format!("{}{}/messages?wait=true", it.desk.control.base, it.phone.path);
    let sent = it
        .desk
        .control
        .client
        .post(url)
        .multipart(form)
        .send()
        .await
        .expect("an answer");
    assert!(sent.status().is_success());
    let media = crate::harness::eventually("the file is there", || async {
        let messages = it.desk.messages(&it.conversation).await;
        let media = messages.last().map(|m| m["media"].clone()).unwrap_or_default();
        if media["state"] == "ready" {
            Ok(media)
        } else {
            Err(media.to_string())
        }
    })
    .await;
    let path = format!("/media/{}", media["id"].as_str().expect("id"));
    it.agent.get(&path).await.refused(404, "not_found");
    it.judge("approve").await;
    assert_eq!(it.agent.get(&path).await.status, 200);
}

#[tokio::test]
async fn declining_keeps_out_and_can_be_taken_back() {
    let it = Enterprise::start().await;
    assert_eq!(it.judge("decline").await["state"], "declined");
    it.phone.says("hello?").await;
    assert!(!it.is_in_sight_of(&it.agent).await);
    assert!(approvals(&it.desk, &it.channel, "pending").await.is_empty());
    assert_eq!(approvals(&it.desk, &it.channel, "declined").await.len(), 1);
    it.judge("approve").await;
    assert!(it.is_in_sight_of(&it.agent).await);
}

#[tokio::test]
async fn an_approval_that_is_revoked_hides_the_history_and_fails_what_was_queued() {
    let it = Enterprise::start().await;
    it.judge("approve").await;
    let path = format!("/conversations/{}", it.conversation);
    it.agent.post(&format!("{path}/pick-up"), json!({})).await.ok();
    it.desk
        .control
        .post(
            "/faults",
            json!({"on": "api", "path": "/cgi-bin/message/custom/send", "times": -1, "errcode": -1}),
        )
        .await
        .created();
    let reply = json!({"client_id": "1", "kind": "text", "text": "welcome"});
    it.agent.post(&format!("{path}/messages"), reply).await.accepted();
    it.judge("decline").await;
    it.agent.get(&path).await.refused(404, "not_found");
    assert!(!it.is_in_sight_of(&it.agent).await);
    crate::harness::eventually("the queued reply fails", || async {
        let messages = it.desk.messages(&it.conversation).await;
        let reply = messages
            .iter()
            .find(|m| m["direction"] == "out")
            .cloned()
            .unwrap_or_default();
        if reply["reason"] == "contact_not_approved" {
            Ok(())
        } else {
            Err(reply.to_string())
        }
    })
    .await;
    assert!(it.phone.received().await.is_empty());
    it.judge("approve").await;
    let row = it.agent.get(&path).await.ok();
    assert_eq!(row["assignee_id"], json!(null));
}

#[tokio::test]
async fn who_follows_is_listed_before_they_write_and_is_let_in_in_advance() {
    let desk = Desk::start().await;
    let channel = desk.channel_with(json!({"account_kind": "enterprise"})).await;
    let agent = desk.agent(&channel).await;
    let phone = desk.phone(&channel).await;
    phone.does("subscribe").await;
    let waiting = approvals(&desk, &channel, "pending").await;
    assert_eq!((waiting.len(), &waiting[0]["conversation_id"]), (1, &json!(null)));
    let path = format!(
        "/contacts/{}/approve",
        waiting[0]["contact_id"].as_str().expect("id")
    );
    desk.admin.post(&path, json!({})).await.ok();
    phone.says("hello").await;
    assert_eq!(desk.conversation(&agent).await["last_message"]["text"], "hello");
}

#[tokio::test]
async fn a_channel_that_becomes_enterprise_hides_nobody_who_is_known() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let agent = desk.agent(&channel).await;
    let known = desk.phone(&channel).await;
    known.says("I was here before").await;
    let path = format!("/channels/{}", channel.id);
    desk.admin
        .patch(&path, json!({"account_kind": "enterprise"}))
        .await
        .ok();
    known.says("and still am").await;
    desk.phone(&channel).await.says("I am new").await;
    assert_eq!(
        desk.conversation(&agent).await["last_message"]["text"],
        "and still am"
    );
    assert_eq!(approvals(&desk, &channel, "approved").await.len(), 1);
    assert_eq!(approvals(&desk, &channel, "pending").await.len(), 1);
}

#[tokio::test]
async fn a_channel_that_ceases_to_be_enterprise_shows_what_waited() {
    let it = Enterprise::start().await;
    it.desk.phone(&it.channel).await.says("me too").await;
    it.judge("decline").await;
    let path = format!("/channels/{}", it.channel.id);
    it.desk
        .admin
        .patch(&path, json!({"account_kind": "service"}))
        .await
        .ok();
    let shown = it.agent.get("/conversations?view=unassigned").await.ok();
    assert_eq!(shown["items"].as_array().expect("items").len(), 2);
    it.desk
        .admin
        .post(&format!("/contacts/{}/decline", it.contact), json!({}))
        .await
        .refused(409, "not_enterprise");
    it.desk
        .admin
        .patch(&path, json!({"account_kind": "enterprise"}))
        .await
        .ok();
    let shown = it.agent.get("/conversations?view=unassigned").await.ok();
    assert_eq!(
        shown["items"].as_array().expect("items").len(),
        2,
        "nobody disappears again"
    );
}

#[tokio::test]
async fn approving_while_the_person_writes_loses_nothing_and_hides_nothing() {
    for _ in 0..4 {
        let it = Enterprise::start().await;
        let writes = async {
            for number in 0..6 {
                it.phone.says(&format!("message {number}")).await;
            }
        };
        tokio::join!(writes, it.judge("approve"));
        assert!(it.is_in_sight_of(&it.agent).await);
        assert_eq!(it.desk.messages(&it.conversation).await.len(), 7);
    }
}

#[tokio::test]
async fn a_first_message_and_an_approval_at_once_never_leave_it_hidden() {
    for _ in 0..6 {
        let desk = Desk::start().await;
        let channel = desk.channel_with(json!({"account_kind": "enterprise"})).await;
        let agent = desk.agent(&channel).await;
        let phone = desk.phone(&channel).await;
        phone.does("subscribe").await;
        let waiting = approvals(&desk, &channel, "pending").await;
        let path = format!(
            "/contacts/{}/approve",
            waiting[0]["contact_id"].as_str().expect("id")
        );
        let (_, approved) = tokio::join!(phone.says("hello"), desk.admin.post(&path, json!({})));
        approved.ok();
        assert_eq!(desk.conversation(&agent).await["last_message"]["text"], "hello");
    }
}
