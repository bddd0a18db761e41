//! Lists, counts, sight, and what agents do with conversations.

use crate::harness::Desk;
use serde_json::json;

#[tokio::test]
async fn lists_page_by_keyset_in_every_order_and_counts_agree() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    for n in 0..5 {
        desk.phone(&channel).await.says(&format!("hello {n}")).await;
    }
    let agent = desk.agent(&channel).await;
    for sort in ["recent", "oldest_waiting", "expiring"] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = agent
                .get(&format!(
                    "/conversations?view=unassigned&sort={sort}&limit=2{cursor}"
                ))
                .await
                .ok();
            let items = page["items"].as_array().expect("items").clone();
            seen.extend(
                items
                    .iter()
                    .map(|item| item["last_message"]["text"].as_str().expect("text").to_owned()),
            );
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let mut expected: Vec<String> = (0..5).map(|n| format!("hello {n}")).collect();
        if sort == "recent" {
            expected.reverse();
        }
        assert_eq!(seen, expected, "{sort}");
    }
    let counts = agent.get("/conversations/counts").await.ok();
    assert_eq!(
        (&counts["unassigned"], &counts["all"], &counts["mine"]),
        (&json!(5), &json!(5), &json!(0)),
        "{counts}"
    );
    agent
        .get("/conversations?limit=201")
        .await
        .refused(400, "malformed");
    agent
        .get("/conversations?cursor=x")
        .await
        .refused(400, "malformed");
}

#[tokio::test]
async fn of_two_who_pick_up_the_first_has_it_and_the_other_is_told_who() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    desk.phone(&channel).await.says("hi").await;
    let (first, second) = (
        desk.agent(&channel).await,
        desk.agent_with_role(&channel, "supervisor").await,
    );
    let id = desk.conversation(&first).await["id"]
        .as_str()
        .expect("id")
        .to_owned();
    let path = format!("/conversations/{id}/pick-up");
    let mine = first.post(&path, json!({})).await.ok();
    assert_eq!(mine["reply"]["reason"], "ok", "{mine}");
    first.post(&path, json!({})).await.ok();
    let error = second
        .post(&path, json!({}))
        .await
        .refused(409, "already_assigned");
    assert_eq!(error["assignee"]["id"], mine["assignee_id"], "{error}");
    let taken = second.post(&path, json!({"take_over": true})).await.ok();
    assert_ne!(taken["assignee_id"], mine["assignee_id"]);
    let ticket = desk
        .admin
        .get(&format!(
            "/tickets/{}",
            taken["ticket"]["id"].as_str().expect("id")
        ))
        .await
        .ok();
    assert_eq!(ticket["assignee_id"], taken["assignee_id"], "the ticket follows");
    let codes: Vec<_> = desk
        .messages(&id)
        .await
        .iter()
        .filter_map(|m| m["data"]["code"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(codes, ["picked_up", "picked_up"]);
}

#[tokio::test]
async fn ending_closes_the_ticket_and_reopening_opens_it_with_the_same_assignee() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    desk.phone(&channel).await.says("hi").await;
    let agent = desk.agent(&channel).await;
    let id = desk.conversation(&agent).await["id"]
        .as_str()
        .expect("id")
        .to_owned();
    let mine = agent
        .post(&format!("/conversations/{id}/pick-up"), json!({}))
        .await
        .ok();
    let ended = agent
        .post(&format!("/conversations/{id}/end"), json!({}))
        .await
        .ok();
    assert_eq!(
        (&ended["state"], &ended["ticket"]["status"]),
        (&json!("ended"), &json!("closed")),
        "{ended}"
    );
    agent
        .post(&format!("/conversations/{id}/end"), json!({}))
        .await
        .refused(409, "conversation_ended");
    let open = agent
        .post(&format!("/conversations/{id}/reopen"), json!({}))
        .await
        .ok();
    assert_eq!(
        (&open["state"], &open["ticket"]["status"]),
        (&json!("open"), &json!("open")),
        "{open}"
    );
    assert_eq!(open["assignee_id"], mine["assignee_id"]);
    agent
        .post(&format!("/conversations/{id}/reopen"), json!({}))
        .await
        .refused(409, "conversation_open");
}

#[tokio::test]
async fn a_blocked_contact_is_shown_under_blocked_only_and_cannot_be_answered() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let phone = desk.phone(&channel).await;
    phone.says("hi").await;
    let agent = desk.agent(&channel).await;
    let id = desk.conversation(&agent).await["id"]
        .as_str()
        .expect("id")
        .to_owned();
    agent
        .post(&format!("/conversations/{id}/pick-up"), json!({}))
        .await
        .ok();
    let blocked = agent
        .post(&format!("/conversations/{id}/block"), json!({}))
        .await
        .ok();
    assert_eq!(blocked["reply"]["reason"], "contact_blocked");
    phone.says("still there?").await;
    let counts = agent.get("/conversations/counts").await.ok();
    assert_eq!(
        (&counts["mine"], &counts["blocked"]),
        (&json!(0), &json!(1)),
        "{counts}"
    );
    agent
        .post(&format!("/conversations/{id}/block"), json!({}))
        .await
        .refused(409, "already_blocked");
    agent
        .post(&format!("/conversations/{id}/unblock"), json!({}))
        .await
        .ok();
    agent
        .post(&format!("/conversations/{id}/unblock"), json!({}))
        .await
        .refused(409, "not_blocked");
}

#[tokio::test]
async fn who_is_not_associated_sees_nothing_and_a_viewer_changes_nothing() {
    let desk = Desk::start().await;
    let (channel, other) = (desk.channel().await, desk.channel().await);
    desk.phone(&channel).await.says("hi").await;
    let (agent, stranger) = (desk.agent(&channel).await, desk.agent(&other).await);
    let viewer = desk.agent_with_role(&channel, "viewer").await;
    let conversation = desk.conversation(&agent).await;
    let (id, contact) = (
        conversation["id"].as_str().expect("id"),
        conversation["contact"]["id"].as_str().expect("id"),
    );
    let ticket = conversation["ticket"]["id"].as_str().expect("id");
    for path in [
        format!("/conversations/{id}"),
        format!("/conversations/{id}/messages"),
        format!("/contacts/{contact}"),
        format!("/tickets/{ticket}"),
    ] {
        agent.get(&path).await.ok();
        viewer.get(&path).await.ok();
        stranger.get(&path).await.refused(404, "not_found");
    }
    for action in [
        "pick-up", "end", "reopen", "block", "unblock", "read", "transfer", "messages",
    ] {
        let path = format!("/conversations/{id}/{action}");
        viewer
            .send(reqwest::Method::POST, &path, Some("{broken".into()))
            .await
            .refused(403, "not_permitted");
        if !matches!(action, "transfer" | "messages") {
            stranger.post(&path, json!({})).await.refused(404, "not_found");
        }
    }
    let to = json!({"department_id": desk.department});
    stranger
        .post(&format!("/conversations/{id}/transfer"), to)
        .await
        .refused(404, "not_found");
    let reply = json!({"client_id": "1", "kind": "text", "text": "hi"});
    stranger
        .post(&format!("/conversations/{id}/messages"), reply)
        .await
        .refused(404, "not_found");
    assert_eq!(stranger.get("/conversations").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn a_transfer_goes_only_to_who_may_have_it_and_brings_its_note() {
    let desk = Desk::start().await;
    let (channel, other) = (desk.channel().await, desk.channel().await);
    desk.phone(&channel).await.says("hi").await;
    let (from, to, stranger) = (
        desk.agent(&channel).await,
        desk.agent(&channel).await,
        desk.agent(&other).await,
    );
    let id = desk.conversation(&from).await["id"]
        .as_str()
        .expect("id")
        .to_owned();
    let path = format!("/conversations/{id}/transfer");
    let me = |api: crate::harness::Api| async move { api.get("/me").await.ok()["id"].clone() };
    from.post(&path, json!({})).await.refused(422, "invalid_fields");
    from.post(&path, json!({"agent_id": "ag_999999"}))
        .await
        .refused(422, "invalid_fields");
    from.post(&path, json!({"agent_id": me(stranger).await}))
        .await
        .refused(409, "not_associated");
    let moved = from
        .post(&path, json!({"agent_id": me(to.clone()).await, "note": "please"}))
        .await
        .ok();
    assert_eq!(moved["assignee_id"], me(to).await);
    let messages = desk.messages(&id).await;
    let kinds: Vec<_> = messages
        .iter()
        .map(|m| m["kind"].as_str().expect("kind"))
        .collect();
    assert_eq!(kinds, ["text", "system", "note"]);
    assert_eq!(messages[2]["author"]["name"], "The agent");
    let unserved = desk
        .admin
        .post("/departments", json!({"name": "Elsewhere"}))
        .await
        .created();
    from.post(&path, json!({"department_id": unserved["id"]}))
        .await
        .refused(409, "department_not_served");
    let queued = from
        .post(&path, json!({"department_id": desk.department}))
        .await
        .ok();
    assert_eq!(queued["assignee_id"], json!(null));
}

#[tokio::test]
async fn unread_is_reset_by_the_assignee_only_and_names_are_found() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let phone = desk.phone(&channel).await;
    phone.says("one").await;
    let (agent, other) = (desk.agent(&channel).await, desk.agent(&channel).await);
    let conversation = desk.conversation(&agent).await;
    let id = conversation["id"].as_str().expect("id");
    agent
        .post(&format!("/conversations/{id}/pick-up"), json!({}))
        .await
        .ok();
    let read = format!("/conversations/{id}/read");
    assert_eq!(other.post(&read, json!({})).await.ok()["unread_count"], 1);
    assert_eq!(agent.post(&read, json!({})).await.ok()["unread_count"], 0);
    let contact = format!(
        "/contacts/{}",
        conversation["contact"]["id"].as_str().expect("id")
    );
    let renamed = agent.patch(&contact, json!({"name": "王小明 100%"})).await.ok();
    agent
        .patch(&contact, json!({"name": "x", "version": 1}))
        .await
        .refused(409, "changed_meanwhile");
    for (q, found) in [
        ("%E5%B0%8F%E6%98%8E", 1),
        ("100%25", 1),
        ("1%250", 0),
        ("nobody", 0),
    ] {
        let page = agent.get(&format!("/conversations?q={q}")).await.ok();
        assert_eq!(page["items"].as_array().expect("items").len(), found, "{q}");
    }
    let back = agent.patch(&contact, json!({"name": ""})).await.ok();
    assert_eq!(back["name"], renamed["alias"]);
}
