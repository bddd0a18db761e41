//! What somebody no longer sees, they no longer hear of and no longer read: after an association ended, after leaving a
//! department, after another role, after being disabled.

use crate::harness::{Api, Channel, Desk, Listener, PASSWORD, Phone, eventually};
use kefu::actions::set_preferences::{PreferencesChange, set_preferences};
use kefu::db::events::{self, Change, EventKind, Scope};
use kefu::db::preferences::Pair;
use kefu::domain::agent::Actor;
use reqwest::Method;
use serde_json::{Value, json};

/// Somebody who sees a conversation with a file in it.
struct Seen {
    desk: Desk,
    channel: Channel,
    phone: Phone,
    who: String,
    api: Api,
    conversation: String,
    /// The agent's own file, sent in the conversation.
    file: String,
}

impl Seen {
    async fn by(role: &str) -> Self {
        let desk = Desk::start().await;
        let channel = desk.channel().await;
        let phone = desk.phone(&channel).await;
        let api = desk.agent_with_role(&channel, role).await;
        let who = text(&api.get("/me").await.ok()["id"]);
        phone.says("first").await;
        let conversation = text(&desk.conversation(&api).await["id"]);
        let path = format!("/conversations/{conversation}");
        api.post(&format!("{path}/pick-up"), json!({})).await.ok();
        let file = uploaded(&api, "/attachments", png()).await["id"].clone();
        let body = json!({"client_id": "f", "kind": "image", "attachment_id": file});
        api.post(&format!("{path}/messages"), body).await.accepted();
        eventually("the file was sent", || async {
            let last = desk.messages(&conversation).await.pop().expect("a message");
            if last["state"] == "sent" {
                Ok(())
            } else {
                Err(last.to_string())
            }
        })
        .await;
        Self {
            desk,
            channel,
            phone,
            who,
            api,
            conversation,
            file: text(&file),
        }
    }

    async fn ends_the_association(&self) {
        let path = format!(
            "/departments/{}/channels/{}/preferences",
            self.desk.department, self.channel.id
        );
        let nobody = json!({"agent_ids": [], "ticket_timer_minutes": 1440});
        self.desk.admin.put(&path, nobody).await.ok();
    }

    async fn is_changed(&self, change: Value) {
        let path = format!("/agents/{}", self.who);
        self.desk.admin.patch(&path, change).await.ok();
    }

    /// A change that everybody hears of: what was to be told before it has been told.
    async fn marks(&self) {
        let path = format!("/departments/{}", self.desk.department);
        let name = format!("Support {:x}", rand::random::<u32>());
        self.desk.admin.patch(&path, json!({"name": name})).await.ok();
    }

    /// The contact writes: the message's id.
    async fn writes_out_of_sight(&self) -> Value {
        self.phone.says("out of sight").await;
        let last = self.desk.messages(&self.conversation).await.pop();
        last.expect("a message")["id"].clone()
    }

    /// Until the mark, nothing is told that belongs to the conversation.
    async fn hears_nothing_of_it(&self, listener: &mut Listener) {
        loop {
            let told = listener.next().await.expect("the stream goes on");
            assert_eq!(
                told.data["conversation_id"],
                Value::Null,
                "{told:?} is out of sight"
            );
            if told.data["kind"] == "department" {
                return;
            }
        }
    }

    async fn reads_nothing_of_it(&self) {
        let conversation = format!("/conversations/{}", self.conversation);
        for path in [
            format!("/media/{}", self.file),
            format!("{conversation}/messages"),
            conversation,
        ] {
            self.api.get(&path).await.refused(404, "not_found");
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

fn png() -> Vec<u8> {
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02\x08\x02\0\0\0".to_vec()
}

async fn uploaded(api: &Api, path: &str, bytes: Vec<u8>) -> Value {
    api.upload(Method::POST, path, "a.png", bytes).await.created()
}

#[tokio::test]
async fn after_an_ended_association_an_open_stream_tells_nothing_more_and_files_are_gone() {
    let seen = Seen::by("agent").await;
    let mut listener = Listener::connect(&seen.api, None).await;
    listener.next().await.expect("hello");
    seen.phone.says("still in sight").await;
    listener.change("message").await;
    assert_eq!(seen.api.get(&format!("/media/{}", seen.file)).await.status, 200);
    seen.ends_the_association().await;
    let written = seen.writes_out_of_sight().await;
    seen.marks().await;
    let mut resynced = false;
    loop {
        let told = listener.next().await.expect("the stream goes on");
        resynced |= told.event == "resync";
        // What the change itself did to the conversation happened while it was in sight.
        let of_it = told.data["conversation_id"] == *seen.conversation;
        assert!(!(resynced && of_it), "{told:?} is out of sight");
        assert_ne!(told.data["id"], written, "it was written out of sight");
        if told.data["kind"] == "department" {
            break;
        }
    }
    assert!(resynced, "what is shown must be fetched again");
    seen.reads_nothing_of_it().await;
}

#[tokio::test]
async fn a_browser_that_comes_back_is_not_told_what_it_missed_of_what_is_out_of_sight() {
    let seen = Seen::by("agent").await;
    let mut listener = Listener::connect(&seen.api, None).await;
    listener.next().await.expect("hello");
    seen.phone.says("in sight").await;
    let last = listener.change("message").await.id;
    drop(listener);
    seen.phone.says("in sight, but nobody listens").await;
    seen.ends_the_association().await;
    seen.phone.says("out of sight").await;
    seen.marks().await;
    let mut again = Listener::connect(&seen.api, Some(&last)).await;
    assert_eq!(again.next().await.expect("hello").event, "hello");
    seen.hears_nothing_of_it(&mut again).await;
}

/// Both changes are read from the log in one go: the first decides about the second.
#[tokio::test]
async fn what_follows_the_end_of_sight_in_the_same_batch_is_not_told() {
    let seen = Seen::by("agent").await;
    let mut listener = Listener::connect(&seen.api, None).await;
    listener.next().await.expect("hello");
    let scope = Scope {
        conversation_id: seen.conversation.parse().expect("an id"),
        channel_id: seen.channel.id.parse().expect("an id"),
        department_id: seen.desk.department.parse().expect("an id"),
    };
    let pair = Pair {
        department_id: scope.department_id,
        channel_id: scope.channel_id,
    };
    let nobody = PreferencesChange {
        agent_ids: Some(Vec::new()),
        ..PreferencesChange::default()
    };
    let (db, now) = (&seen.desk.inside().db, seen.desk.inside().clock.now());
    let written = db.write(move |tx| {
        let nobody = nobody.clone();
        Box::pin(async move {
            set_preferences(tx, Actor::System, pair, &nobody, now).await?;
            let message = Change {
                kind: EventKind::Message,
                object_id: 4_711,
                scope: Some(scope),
            };
            events::append(tx, message, now).await?;
            Ok::<_, kefu::actions::ActionError>(())
        })
    });
    written.await.expect("written");
    seen.marks().await;
    loop {
        let told = listener.next().await.expect("the stream goes on");
        assert_ne!(told.data["id"], "ms_4711", "it is out of sight by then");
        if told.data["kind"] == "department" {
            return;
        }
    }
}

#[tokio::test]
async fn who_has_left_the_department_hears_and_reads_nothing_more_of_it() {
    let seen = Seen::by("supervisor").await;
    let other = json!({"name": "Elsewhere"});
    let other = seen.desk.admin.post("/departments", other).await.created();
    seen.is_changed(json!({"department_ids": [other["id"]]})).await;
    let mut listener = Listener::connect(&seen.api, None).await;
    listener.next().await.expect("hello");
    seen.phone.says("out of sight").await;
    seen.marks().await;
    seen.hears_nothing_of_it(&mut listener).await;
    seen.reads_nothing_of_it().await;
}

#[tokio::test]
async fn a_stream_that_is_open_while_its_agent_leaves_the_department_tells_nothing_more() {
    let seen = Seen::by("supervisor").await;
    let mut listener = Listener::connect(&seen.api, None).await;
    listener.next().await.expect("hello");
    let other = json!({"name": "Elsewhere"});
    let other = seen.desk.admin.post("/departments", other).await.created();
    seen.is_changed(json!({"department_ids": [other["id"]]})).await;
    until_resync(&mut listener).await;
    seen.phone.says("out of sight").await;
    seen.marks().await;
    seen.hears_nothing_of_it(&mut listener).await;
}

#[tokio::test]
async fn a_role_that_sees_less_hears_less_on_the_open_stream() {
    let seen = Seen::by("admin").await;
    seen.ends_the_association().await;
    let mut listener = Listener::connect(&seen.api, None).await;
    listener.next().await.expect("hello");
    seen.phone.says("administrators see all").await;
    listener.change("message").await;
    seen.is_changed(json!({"role": "agent"})).await;
    until_resync(&mut listener).await;
    seen.phone.says("out of sight").await;
    seen.marks().await;
    seen.hears_nothing_of_it(&mut listener).await;
    seen.reads_nothing_of_it().await;
}

async fn until_resync(listener: &mut Listener) {
    while listener.next().await.expect("the stream goes on").event != "resync" {}
}

#[tokio::test]
async fn the_stream_of_a_disabled_agent_ends_and_nothing_is_read_any_more() {
    let seen = Seen::by("agent").await;
    let mut listener = Listener::connect(&seen.api, None).await;
    listener.next().await.expect("hello");
    seen.is_changed(json!({"state": "disabled"})).await;
    let written = seen.writes_out_of_sight().await;
    while let Some(told) = listener.next().await {
        assert_ne!(told.data["id"], written, "it is out of sight");
    }
    for path in ["/events".to_owned(), format!("/media/{}", seen.file)] {
        seen.api.get(&path).await.refused(401, "not_signed_in");
    }
}

#[tokio::test]
async fn an_icon_is_everybodys_and_the_link_of_a_file_its_customers() {
    let seen = Seen::by("agent").await;
    let path = format!("/channels/{}/icon", seen.channel.id);
    let icon = seen
        .desk
        .admin
        .upload(Method::PUT, &path, "a.png", png())
        .await
        .ok();
    let icon = text(&icon["icon_url"]);
    let icon = icon.strip_prefix("/api/v1").unwrap_or(&icon).to_owned();
    let linked = uploaded(&seen.api, "/attachments?purpose=link", vec![7; 100]).await;
    let link = text(&linked["link"]["url"]);
    let body = json!({"client_id": "l", "kind": "text", "text": link, "attachment_id": linked["id"]});
    let messages = format!("/conversations/{}/messages", seen.conversation);
    seen.api.post(&messages, body).await.accepted();
    seen.ends_the_association().await;
    assert_eq!(seen.api.get(&icon).await.status, 200);
    // Its agent uploaded it, but it belongs to the conversation since it was sent.
    let file = format!("/media/{}", text(&linked["id"]));
    seen.api.get(&file).await.refused(404, "not_found");
    let customer = reqwest::Client::builder().no_proxy().build().expect("a client");
    let at = link.find("/files/").expect("a path of files");
    let local = format!("{}{}", seen.desk.base, &link[at..]);
    let opened = customer.get(local).send().await.expect("an answer");
    assert_eq!(opened.status(), 200, "the customer was given it");
}

/// A second agent of the same department keeps what the first has lost.
#[tokio::test]
async fn one_who_stays_goes_on_hearing() {
    let seen = Seen::by("agent").await;
    let stays = seen.desk.agent(&seen.channel).await;
    let me = stays.get("/me").await.ok()["id"].clone();
    let mut listener = Listener::connect(&stays, None).await;
    listener.next().await.expect("hello");
    let path = format!(
        "/departments/{}/channels/{}/preferences",
        seen.desk.department, seen.channel.id
    );
    let only_me = json!({"agent_ids": [me], "ticket_timer_minutes": 1440});
    seen.desk.admin.put(&path, only_me).await.ok();
    seen.phone.says("for those who stay").await;
    listener.change("message").await;
    let read = Api::signed_in(
        &seen.desk.base,
        &text(&stays.get("/me").await.ok()["email"]),
        PASSWORD,
    )
    .await;
    assert_eq!(read.get(&format!("/media/{}", seen.file)).await.status, 200);
}
