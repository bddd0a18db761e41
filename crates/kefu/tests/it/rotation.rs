//! Token and key are changed at the desk first and at WeChat later. No push is lost in between, and the old ones end.

use crate::harness::{AES_KEY, Channel, Desk, TOKEN};
use serde_json::{Value, json};

const KEY_2: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefg";
const KEY_3: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFA";

async fn at_desk(desk: &Desk, channel: &Channel, changes: Value) {
    desk.admin
        .patch(&format!("/channels/{}", channel.id), changes)
        .await
        .ok();
}

async fn at_wechat(desk: &Desk, channel: &Channel, changes: Value) {
    desk.control
        .patch(&format!("/accounts/{}", channel.app_id), changes)
        .await
        .ok();
}

/// Whether a push is taken with the secrets WeChat has now.
async fn taken(desk: &Desk, channel: &Channel) -> bool {
    let phone = desk.phone(channel).await;
    phone.says("hello").await["acknowledged"] == true && dead_letters(desk).await == 0
}

async fn dead_letters(desk: &Desk) -> usize {
    let page = desk.admin.get("/dead-letters").await.ok();
    page["items"].as_array().expect("items").len()
}

/// Until the desk has written down that the new secret is in use.
async fn ends(desk: &Desk, channel: &Channel, token: bool, key: bool) {
    let id = channel.id.trim_start_matches("ch_").parse().expect("a number");
    crate::harness::eventually("the change-over ends", async || {
        let entry = desk
            .inside()
            .channels
            .reload(kefu::domain::ids::ChannelId(id))
            .await
            .expect("read")
            .expect("there");
        let row = &entry.settings.row;
        let found = (row.previous_until.is_some(), row.previous_key_until.is_some());
        if found == (token, key) {
            Ok(())
        } else {
            Err(format!("{found:?}"))
        }
    })
    .await;
}

async fn safe(desk: &Desk) -> Channel {
    let channel = desk.channel_with(json!({"encryption_mode": "safe"})).await;
    at_wechat(desk, &channel, json!({"deliveries": 1})).await;
    channel
}

#[tokio::test]
async fn a_rotation_under_load_loses_nothing_and_the_old_secrets_end_ten_minutes_later() {
    let desk = Desk::start().await;
    let channel = safe(&desk).await;
    let phones = [
        desk.phone(&channel).await,
        desk.phone(&channel).await,
        desk.phone(&channel).await,
        desk.phone(&channel).await,
    ];
    const EACH: usize = 40;
    let writing = phones.iter().map(|phone| async {
        for n in 0..EACH {
            let told = phone.says(&format!("message {n}")).await;
            assert_eq!(told["acknowledged"], true, "{told}");
        }
    });
    let writing = futures_util::future::join_all(writing);
    let changing = async {
        let pause = async || {
            // A few pushes with each pair of secrets.
            let before = stored(&desk).await;
            crate::harness::eventually("pushes flow", async || {
                let now = stored(&desk).await;
                if now >= before + 8 {
                    Ok(())
                } else {
                    Err(now.to_string())
                }
            })
            .await;
        };
        pause().await;
        at_desk(
            &desk,
            &channel,
            json!({"token": "secondToken2", "encoding_aes_key": KEY_2}),
        )
        .await;
        pause().await;
        at_wechat(
            &desk,
            &channel,
            json!({"token": "secondToken2", "encoding_aes_key": KEY_2}),
        )
        .await;
        pause().await;
        // Again, before the first change-over is over.
        at_desk(
            &desk,
            &channel,
            json!({"token": "thirdToken3", "encoding_aes_key": KEY_3}),
        )
        .await;
        pause().await;
        at_wechat(
            &desk,
            &channel,
            json!({"token": "thirdToken3", "encoding_aes_key": KEY_3}),
        )
        .await;
    };
    tokio::join!(writing, changing);
    let conversations = desk.admin.get("/conversations?view=all").await.ok();
    let conversations = conversations["items"].as_array().expect("items").clone();
    assert_eq!(conversations.len(), phones.len());
    for conversation in conversations {
        let messages = desk.messages(conversation["id"].as_str().expect("id")).await;
        let texts: Vec<&str> = messages
            .iter()
            .filter_map(|message| message["text"].as_str())
            .collect();
        let written: Vec<String> = (0..EACH).map(|n| format!("message {n}")).collect();
        assert_eq!(texts, written);
    }
    assert_eq!(dead_letters(&desk).await, 0);

    ends(&desk, &channel, true, true).await;
    at_wechat(
        &desk,
        &channel,
        json!({"token": "secondToken2", "encoding_aes_key": KEY_2}),
    )
    .await;
    assert!(
        taken(&desk, &channel).await,
        "the old secrets hold for ten minutes"
    );
    desk.advance_hours(10.5 / 60.0);
    let phone = desk.phone(&channel).await;
    assert_eq!(phone.says("too late").await["acknowledged"], false);
}

/// How many messages there are in all.
async fn stored(desk: &Desk) -> i64 {
    let page = desk.admin.get("/conversations?view=all").await.ok();
    let items = page["items"].as_array().expect("items").clone();
    items
        .iter()
        .map(|item| item["last_message"]["seq"].as_i64().unwrap_or(0))
        .sum()
}

#[tokio::test]
async fn two_rotations_in_a_row_leave_every_secret_that_wechat_may_have() {
    let desk = Desk::start().await;
    let channel = safe(&desk).await;
    at_desk(
        &desk,
        &channel,
        json!({"token": "secondToken2", "encoding_aes_key": KEY_2}),
    )
    .await;
    at_desk(
        &desk,
        &channel,
        json!({"token": "thirdToken3", "encoding_aes_key": KEY_3}),
    )
    .await;
    for (token, key) in [
        (TOKEN, AES_KEY),
        ("secondToken2", KEY_2),
        ("secondToken2", AES_KEY),
        (TOKEN, KEY_3),
        ("thirdToken3", KEY_3),
    ] {
        at_wechat(&desk, &channel, json!({"token": token, "encoding_aes_key": key})).await;
        assert!(taken(&desk, &channel).await, "{token} {key}");
    }
    ends(&desk, &channel, true, true).await;
    desk.advance_hours(0.2);
    assert!(taken(&desk, &channel).await);
    at_wechat(&desk, &channel, json!({"token": "secondToken2"})).await;
    assert!(!taken(&desk, &channel).await);
}

#[tokio::test]
async fn a_token_alone_and_a_key_alone_change_over_by_themselves() {
    let desk = Desk::start().await;
    let channel = safe(&desk).await;
    at_desk(&desk, &channel, json!({"encoding_aes_key": KEY_2})).await;
    assert!(taken(&desk, &channel).await, "the old key");
    ends(&desk, &channel, false, false).await;
    at_wechat(&desk, &channel, json!({"encoding_aes_key": KEY_2})).await;
    assert!(taken(&desk, &channel).await, "the new key");
    ends(&desk, &channel, false, true).await;

    // A change of the token does not revive the key that is ending.
    at_desk(&desk, &channel, json!({"token": "secondToken2"})).await;
    desk.advance_hours(0.2);
    at_wechat(&desk, &channel, json!({"encoding_aes_key": AES_KEY})).await;
    let phone = desk.phone(&channel).await;
    phone.says("with the first key").await;
    assert_eq!(dead_letters(&desk).await, 1, "the first key has ended");
    at_wechat(&desk, &channel, json!({"encoding_aes_key": KEY_2})).await;
    assert_eq!(phone.says("with the old token").await["acknowledged"], true);
    ends(&desk, &channel, false, true).await;
    at_wechat(&desk, &channel, json!({"token": "secondToken2"})).await;
    assert_eq!(phone.says("with the new token").await["acknowledged"], true);
    ends(&desk, &channel, true, true).await;
}

#[tokio::test]
async fn a_push_in_clear_text_proves_nothing_about_the_key() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    at_desk(
        &desk,
        &channel,
        json!({"token": "secondToken2", "encoding_aes_key": KEY_2}),
    )
    .await;
    at_wechat(&desk, &channel, json!({"token": "secondToken2"})).await;
    assert!(taken(&desk, &channel).await);
    ends(&desk, &channel, true, false).await;
    desk.advance_hours(24.0);
    // Days later WeChat encrypts, still with the key it was given first.
    at_wechat(&desk, &channel, json!({"encryption_mode": "safe"})).await;
    assert!(taken(&desk, &channel).await);
}

#[tokio::test]
async fn a_push_to_another_node_does_not_end_a_change_over_it_has_not_heard_of() {
    let desk = Desk::start().await;
    let channel = safe(&desk).await;
    let Some(second) = desk.second_node().await else {
        return;
    };
    let on_second = second.channel(&channel).callback_url;
    at_wechat(&desk, &channel, json!({"callback_url": on_second})).await;
    assert!(taken(&desk, &channel).await, "the second node knows the channel");
    at_desk(
        &desk,
        &channel,
        json!({"token": "secondToken2", "encoding_aes_key": KEY_2}),
    )
    .await;
    assert!(taken(&desk, &channel).await, "the old secrets, at once");
    at_desk(
        &desk,
        &channel,
        json!({"token": "thirdToken3", "encoding_aes_key": KEY_3}),
    )
    .await;
    at_wechat(
        &desk,
        &channel,
        json!({"token": "secondToken2", "encoding_aes_key": KEY_2}),
    )
    .await;
    assert!(taken(&desk, &channel).await, "the ones in between");
    // Had that push ended anything, the first ones would be refused now.
    desk.advance_hours(0.2);
    at_wechat(
        &desk,
        &channel,
        json!({"token": TOKEN, "encoding_aes_key": AES_KEY}),
    )
    .await;
    assert!(taken(&desk, &channel).await, "the first ones");
    at_wechat(
        &desk,
        &channel,
        json!({"token": "thirdToken3", "encoding_aes_key": KEY_3}),
    )
    .await;
    assert!(taken(&desk, &channel).await, "the new ones");
    ends(&desk, &channel, true, true).await;
    // The first node takes the old ones ten minutes longer, and then no more.
    at_wechat(
        &desk,
        &channel,
        json!({"callback_url": channel.callback_url, "token": TOKEN, "encoding_aes_key": AES_KEY}),
    )
    .await;
    assert!(taken(&desk, &channel).await);
    desk.advance_hours(0.2);
    assert!(!taken(&desk, &channel).await);
}

#[tokio::test]
async fn what_a_push_proved_before_a_change_ends_nothing_after_it() {
    let desk = Desk::start().await;
    let channel = safe(&desk).await;
    at_desk(
        &desk,
        &channel,
        json!({"token": "secondToken2", "encoding_aes_key": KEY_2}),
    )
    .await;
    let version = |value: Value| value["version"].as_i64().expect("a version");
    let path = format!("/channels/{}", channel.id);
    let seen = version(desk.admin.get(&path).await.ok());
    at_desk(
        &desk,
        &channel,
        json!({"token": "thirdToken3", "encoding_aes_key": KEY_3}),
    )
    .await;
    let late = async |version: i64| {
        let until = desk.inside().clock.now().plus_ms(600_000);
        let ends = kefu::db::callback_marks::Ends {
            token: true,
            key: true,
            until,
            version,
        };
        let id = kefu::domain::ids::ChannelId(1);
        let written = desk
            .inside()
            .db
            .write(move |tx| Box::pin(kefu::db::callback_marks::end_rotation(tx, id, ends, until)));
        written.await.expect("written");
    };
    late(seen).await;
    ends(&desk, &channel, false, false).await;
    late(version(desk.admin.get(&path).await.ok())).await;
    ends(&desk, &channel, true, true).await;
}
