//! Automatic answers under load, beside a slow database, and when the desk is killed.

use super::{automated, every_occasion, id, said, text};
use crate::crash;
use crate::harness::{ADMIN, Api, PASSWORD, Process, RawPush, eventually, loopback, provider};
use futures_util::future::join_all;
use kefu::db::{Error, conversations};
use serde_json::json;
use std::sync::{Arc, Mutex};
use wechat_sim::{Sim, SimOptions};

#[tokio::test]
async fn many_messages_at_once_each_get_their_own_answer_in_order() {
    let (desk, channel) = automated(json!({}), every_occasion()).await;
    let push = RawPush::to(&channel);
    push.post(push.text("oMany", 1, "hello")).await;
    let words = |n: u64| if n.is_multiple_of(2) { "price" } else { "refund" };
    let answers = join_all((2..40).map(|n| {
        let push = push.clone();
        async move { (n, push.post(push.text("oMany", n, words(n))).await.1) }
    }))
    .await;
    for (n, body) in answers {
        let expected = if n.is_multiple_of(2) {
            "See our list."
        } else {
            "Refunds take a week."
        };
        assert!(body.contains(expected), "{n}: {body}");
    }
    let id = id(&desk).await;
    let messages = desk.messages(&id).await;
    let seqs: Vec<i64> = messages.iter().map(|m| m["seq"].as_i64().expect("seq")).collect();
    assert_eq!(seqs, (1..=messages.len() as i64).collect::<Vec<_>>());
    // Each answer stands right behind what it answers.
    for pair in messages.chunks(2) {
        assert_eq!(
            (&pair[0]["direction"], &pair[1]["direction"]),
            (&json!("in"), &json!("out"))
        );
        let fits = match pair[0]["text"].as_str() {
            Some("price") => "See our list.",
            Some("refund") => "Refunds take a week.",
            _ => "We received it.",
        };
        assert_eq!(pair[1]["text"], fits);
    }
}

#[tokio::test]
async fn while_the_database_is_slow_the_push_gets_503_and_its_repetition_the_answer() {
    let (desk, channel) = automated(json!({}), every_occasion()).await;
    let push = RawPush::to(&channel);
    push.post(push.text("oSlow", 1, "hello")).await;
    let number: i64 = id(&desk).await["cv_".len()..].parse().expect("a number");
    let (release, released) = tokio::sync::oneshot::channel::<()>();
    let released = Arc::new(Mutex::new(Some(released)));
    let db = desk.inside().db.clone();
    let (holding, held) = tokio::sync::oneshot::channel::<()>();
    let holding = Arc::new(Mutex::new(Some(holding)));
    let holder = tokio::spawn(async move {
        db.write::<(), Error, _>(move |tx| {
            let (released, holding) = (Arc::clone(&released), Arc::clone(&holding));
            Box::pin(async move {
                conversations::lock(tx, kefu::domain::ids::ConversationId(number)).await?;
                let told = holding.lock().expect("no panic").take();
                if let Some(told) = told {
                    told.send(()).ok();
                }
                let until = released.lock().expect("no panic").take();
                if let Some(until) = until {
                    until.await.ok();
                }
                Ok(())
            })
        })
        .await
    });
    held.await.expect("it holds the lock");
    let (status, body) = push.post(push.text("oSlow", 2, "price")).await;
    assert_eq!((status.as_u16(), body.as_str()), (503, "unavailable"));
    release.send(()).expect("it waits");
    holder.await.expect("it ends").expect("it commits");
    let answer = eventually("the repetition is answered", || async {
        let (status, body) = push.post(push.text("oSlow", 2, "price")).await;
        if status == 200 { Ok(body) } else { Err(body) }
    })
    .await;
    assert!(answer.contains("See our list."), "{answer}");
    let id = format!("cv_{number}");
    assert_eq!(said(&desk, &id).await.len(), 2);
}

#[tokio::test]
async fn killed_between_commit_and_answer_the_repetition_gets_the_answer_that_is_stored() {
    const PUSHES: u64 = 24;
    provider();
    let options = SimOptions {
        listen: loopback(),
        data_dir: None,
        not_before_ms: None,
    };
    let sim = Sim::start(options).await.expect("the simulator starts");
    let dir = tempfile::TempDir::new().expect("a folder");
    let mut process = Process::start(dir.path(), &sim.url()).await;
    let api = Api::signed_in(&process.base, ADMIN, PASSWORD).await;
    let push = RawPush::to(&crash::channel(&api, &process.base).await);
    process
        .set_automation(&json!([text(6, "default", "Somebody will be with you.")]))
        .await;
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    for round in 0..3 {
        // Nobody hears these answers: the desk dies while it gives them.
        let sent: Vec<_> = (0..PUSHES)
            .map(|n| {
                let (push, client) = (push.clone(), client.clone());
                let body = push.text(&format!("oKilled{}", n % 4), round * PUSHES + n, "hello");
                tokio::spawn(async move { push.try_post(&client, body).await })
            })
            .collect();
        tokio::time::sleep(std::time::Duration::from_millis(5 + 10 * round)).await;
        process.kill();
        for one in sent {
            one.await.expect("it ends");
        }
        process.again().await;
    }
    for n in 0..3 * PUSHES {
        let body = push.text(&format!("oKilled{}", n % PUSHES % 4), n, "hello");
        let (status, answer) = push.post(body).await;
        assert_eq!(status, 200);
        assert!(answer.contains("Somebody will be with you."), "{n}: {answer}");
    }
    let api = Api::signed_in(&process.base, ADMIN, PASSWORD).await;
    let page = api.get("/conversations?view=all").await.ok();
    let mut directions = Vec::new();
    for conversation in page["items"].as_array().expect("items") {
        let path = format!(
            "/conversations/{}/messages?after=0&limit=200",
            conversation["id"].as_str().expect("id")
        );
        let messages = api.get(&path).await.ok();
        for (place, message) in messages["items"].as_array().expect("items").iter().enumerate() {
            assert_eq!(message["seq"], place + 1);
            directions.push(message["direction"].as_str().expect("direction").to_owned());
        }
    }
    let count = |direction: &str| directions.iter().filter(|one| *one == direction).count() as u64;
    assert_eq!((count("in"), count("out")), (3 * PUSHES, 3 * PUSHES));
}

#[tokio::test]
async fn a_replayed_dead_letter_is_not_answered() {
    let (desk, channel) = automated(json!({}), every_occasion()).await;
    let push = RawPush::to(&channel);
    push.post("<xml><broken").await;
    let letters = desk.admin.get("/dead-letters").await.ok();
    let letter = letters["items"][0]["id"].as_str().expect("id").to_owned();
    let number = letter["dl_".len()..].parse().expect("a number");
    desk.put_dead_letter_body(number, push.text("oReplayed", 9, "price").as_bytes())
        .await;
    desk.admin
        .post(&format!("/dead-letters/{letter}/replay"), json!({}))
        .await
        .ok();
    let id = id(&desk).await;
    assert_eq!(said(&desk, &id).await, []);
}
