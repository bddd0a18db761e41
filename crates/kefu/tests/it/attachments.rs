//! Files: judged by content, bound to who uploaded them, then seen by whoever sees the conversation.

use crate::harness::Desk;
use reqwest::Method;
use serde_json::json;

const MB: usize = 1_048_576;

/// The smallest header that is taken as a PNG of 3 by 2.
fn png(bytes: usize) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02\x08\x02\0\0\0".to_vec();
    file.resize(bytes.max(file.len()), 0);
    file
}

#[tokio::test]
async fn files_are_judged_by_content_and_size() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let agent = desk.agent(&channel).await;
    let made = agent
        .upload(Method::POST, "/attachments", "猫.gif", png(10 * MB))
        .await
        .created();
    assert_eq!(
        (&made["kind"], &made["mime"], &made["width"], &made["height"]),
        (&json!("image"), &json!("image/png"), &json!(3), &json!(2))
    );
    let error = agent
        .upload(Method::POST, "/attachments", "a.png", png(10 * MB + 1))
        .await
        .refused(422, "invalid_fields");
    assert_eq!(
        (&error["fields"]["file"], &error["limit_bytes"]),
        (&json!("file_too_large"), &json!(10 * MB))
    );
    agent
        .upload(Method::POST, "/attachments", "a.png", png(12 * MB))
        .await
        .refused(413, "too_large");
    for (bytes, code) in [(Vec::new(), "file_empty"), (b"GIF89a".to_vec(), "file_kind")] {
        let error = agent
            .upload(Method::POST, "/attachments", "a.png", bytes)
            .await
            .refused(422, "invalid_fields");
        assert_eq!(error["fields"]["file"], code);
    }
    agent
        .post("/attachments", json!({}))
        .await
        .refused(415, "unsupported_media_type");
    let viewer = desk.agent_with_role(&channel, "viewer").await;
    viewer
        .upload(Method::POST, "/attachments", "a.png", png(0))
        .await
        .refused(403, "not_permitted");
}

#[tokio::test]
async fn a_file_is_the_uploaders_until_it_is_sent_and_its_parts_can_be_asked_for() {
    let desk = Desk::start().await;
    let (channel, elsewhere) = (desk.channel().await, desk.channel().await);
    desk.phone(&channel).await.says("hi").await;
    let (agent, other, stranger) = (
        desk.agent(&channel).await,
        desk.agent(&channel).await,
        desk.agent(&elsewhere).await,
    );
    let id = desk.conversation(&agent).await["id"]
        .as_str()
        .expect("id")
        .to_owned();
    agent
        .post(&format!("/conversations/{id}/pick-up"), json!({}))
        .await
        .ok();
    let file = agent
        .upload(Method::POST, "/attachments", "猫.png", png(100))
        .await
        .created();
    let path = format!("/media/{}", file["id"].as_str().expect("id"));
    other.get(&path).await.refused(404, "not_found");
    let body = json!({"client_id": "1", "kind": "voice", "attachment_id": file["id"]});
    let error = agent
        .post(&format!("/conversations/{id}/messages"), body)
        .await
        .refused(422, "invalid_fields");
    assert_eq!(
        error["fields"]["attachment_id"], "unknown_attachment",
        "an image is no voice"
    );
    let body = json!({"client_id": "1", "kind": "image", "attachment_id": file["id"]});
    let message = agent
        .post(&format!("/conversations/{id}/messages"), body)
        .await
        .accepted();
    assert_eq!(
        (&message["media"]["id"], &message["media"]["state"]),
        (&file["id"], &json!("ready")),
        "{message}"
    );
    stranger.get(&path).await.refused(404, "not_found");
    let whole = other.get(&path).await;
    let header = |name: &str| {
        whole
            .headers
            .get(name)
            .map(|v| v.to_str().expect("text").to_owned())
            .unwrap_or_default()
    };
    assert_eq!(whole.status, 200);
    assert_eq!(
        (header("x-content-type-options"), header("accept-ranges")),
        ("nosniff".into(), "bytes".into())
    );
    assert_eq!(
        header("content-disposition"),
        "inline; filename*=UTF-8''%E7%8C%AB.png"
    );
    assert!(
        header("cache-control").contains("immutable")
            && header("content-security-policy").contains("sandbox")
    );
    for (range, status, part) in [
        ("bytes=10-19", 206, "bytes 10-19/100"),
        ("bytes=-5", 206, "bytes 95-99/100"),
        ("bytes=100-", 416, ""),
    ] {
        let request = agent
            .client
            .get(format!("{}{path}", agent.base))
            .header("range", range);
        let answer = request
            .header("cookie", agent.cookie.clone().expect("cookie"))
            .send()
            .await
            .expect("an answer");
        let place = answer
            .headers()
            .get("content-range")
            .map(|v| v.to_str().expect("text").to_owned())
            .unwrap_or_default();
        assert_eq!(
            (answer.status().as_u16(), place.as_str()),
            (status, part),
            "{range}"
        );
    }
    let request = agent
        .client
        .get(format!("{}{path}", agent.base))
        .header("if-none-match", header("etag"));
    let answer = request
        .header("cookie", agent.cookie.clone().expect("cookie"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 304);
}
