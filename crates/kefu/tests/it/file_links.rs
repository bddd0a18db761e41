//! Files handed over by a link: opened by anyone who was given it, until it expires or is withdrawn.

use crate::harness::{Answer, Api, Desk, Phone, eventually};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

const PDF: &[u8] = b"%PDF-1.7 price list";

struct Chat {
    desk: Desk,
    agent: Api,
    phone: Phone,
    id: String,
    channel: String,
}

impl Chat {
    async fn open() -> Self {
        let desk = Desk::start().await;
        let channel = desk.channel().await;
        let (agent, phone, id) = desk.picked_up(&channel, "hello").await;
        Self {
            desk,
            agent,
            phone,
            id,
            channel: channel.id,
        }
    }

    async fn uploads(&self, name: &str, bytes: &[u8]) -> Value {
        let path = "/attachments?purpose=link";
        self.agent
            .upload(Method::POST, path, name, bytes.to_vec())
            .await
            .created()
    }

    async fn asks(&self, body: Value) -> Answer {
        self.agent
            .post(&format!("/conversations/{}/messages", self.id), body)
            .await
    }

    /// Uploads a file and sends its link.
    async fn hands_over(&self, name: &str, bytes: &[u8]) -> String {
        let file = self.uploads(name, bytes).await;
        let url = file["link"]["url"].as_str().expect("url").to_owned();
        let text = format!("Our prices: {url}");
        let body = json!({"client_id": "1", "kind": "text", "text": text, "attachment_id": file["id"]});
        self.asks(body).await.accepted();
        self.local(&url)
    }

    /// The address on the port this desk has in the test.
    fn local(&self, url: &str) -> String {
        let at = url.find("/files/").expect("a path of files");
        format!("{}{}", self.desk.base, &url[at..])
    }

    fn asked(&self, url: &str) -> RequestBuilder {
        self.desk.control.client.get(url)
    }

    async fn link_state(&self) -> Value {
        let message = self.desk.messages(&self.id).await.pop().expect("a message");
        message["media"]["link"].clone()
    }
}

#[tokio::test]
async fn a_link_sent_as_text_opens_without_a_login_as_a_download() {
    let chat = Chat::open().await;
    let url = chat.hands_over("价格 2026.pdf", PDF).await;
    let received = eventually("it arrived", || async {
        chat.phone
            .received()
            .await
            .pop()
            .ok_or_else(|| "nothing".to_owned())
    })
    .await;
    assert!(
        received.contains("/files/md_") && received.contains("signature="),
        "{received}"
    );
    let file = chat.asked(&url).send().await.expect("an answer");
    let header = |name: &str| file.headers()[name].to_str().expect("text").to_owned();
    assert_eq!(file.status(), 200);
    assert_eq!(header("content-type"), "application/octet-stream");
    assert_eq!(
        header("content-disposition"),
        "attachment; filename*=UTF-8''%E4%BB%B7%E6%A0%BC%202026.pdf"
    );
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").contains("sandbox"));
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert_eq!(file.bytes().await.expect("bytes").as_ref(), PDF);
    let part = chat
        .asked(&url)
        .header("range", "bytes=0-3")
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        (
            part.status().as_u16(),
            part.bytes().await.expect("bytes").as_ref()
        ),
        (206, b"%PDF".as_slice())
    );
}

#[tokio::test]
async fn what_a_linked_file_claims_to_be_is_not_believed() {
    let chat = Chat::open().await;
    let url = chat.hands_over("page.html", b"<script>alert(1)</script>").await;
    let file = chat.asked(&url).send().await.expect("an answer");
    assert_eq!(file.headers()["content-type"], "application/octet-stream");
    assert!(
        file.headers()["content-disposition"]
            .to_str()
            .expect("text")
            .starts_with("attachment")
    );
}

#[tokio::test]
async fn who_changes_anything_in_the_address_learns_nothing() {
    let chat = Chat::open().await;
    let url = chat.hands_over("a.pdf", PDF).await;
    let (start, signature) = url.rsplit_once("signature=").expect("a signature");
    let mut flipped = signature.to_owned();
    flipped.replace_range(0..1, if signature.starts_with('A') { "B" } else { "A" });
    let expires = start
        .split("expires=")
        .nth(1)
        .and_then(|rest| rest.strip_suffix('&'))
        .expect("an end");
    let later = (expires.parse::<i64>().expect("a number") + 1).to_string();
    let id = url
        .split("/files/")
        .nth(1)
        .and_then(|rest| rest.split('/').next())
        .expect("an id");
    for wrong in [
        format!("{start}signature={flipped}"),
        format!("{start}signature="),
        start.to_owned(),
        url.replace(expires, &later),
        url.replace(id, "md_77"),
        url.replace(id, "md_999999"),
        url.replace(id, "nonsense"),
        url.replace(expires, "x"),
    ] {
        let answer = chat.asked(&wrong).send().await.expect("an answer");
        assert_eq!(answer.status(), 404, "{wrong}");
        assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
    }
    assert_eq!(chat.asked(&url).send().await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn a_link_ends_after_seven_days_and_says_so_in_the_customers_language() {
    let chat = Chat::open().await;
    let url = chat.hands_over("a.pdf", PDF).await;
    chat.desk.advance_hours(7.0 * 24.0 - 0.01);
    assert_eq!(chat.asked(&url).send().await.expect("an answer").status(), 200);
    chat.desk.advance_hours(0.02);
    for (accepts, lang) in [("ja-JP", "ja"), ("zh-CN,zh;q=0.9", "zh-CN"), ("en-US", "en")] {
        let gone = chat
            .asked(&url)
            .header("accept-language", accepts)
            .send()
            .await
            .expect("an answer");
        assert_eq!(gone.status(), 410);
        let page = gone.text().await.expect("a page");
        assert!(page.contains(&format!("<html lang=\"{lang}\">")), "{page}");
    }
}

#[tokio::test]
async fn a_link_ends_with_its_channel() {
    let chat = Chat::open().await;
    let url = chat.hands_over("a.pdf", PDF).await;
    chat.desk
        .admin
        .delete(&format!("/channels/{}", chat.channel))
        .await;
    assert_eq!(chat.asked(&url).send().await.expect("an answer").status(), 410);
}

#[tokio::test]
async fn a_link_ends_with_its_file() {
    let chat = Chat::open().await;
    let url = chat.hands_over("a.pdf", PDF).await;
    std::fs::remove_dir_all(chat.desk.media_dir()).expect("removed");
    assert_eq!(chat.asked(&url).send().await.expect("an answer").status(), 410);
}

#[tokio::test]
async fn the_first_opening_is_shown_to_agents_once() {
    let chat = Chat::open().await;
    let url = chat.hands_over("a.pdf", PDF).await;
    assert_eq!(chat.link_state().await["first_opened_at"], Value::Null);
    let head = chat
        .desk
        .control
        .client
        .head(&url)
        .send()
        .await
        .expect("an answer");
    assert_eq!(head.status(), 200);
    assert_eq!(
        chat.link_state().await["first_opened_at"],
        Value::Null,
        "nothing was read"
    );
    chat.asked(&url).send().await.expect("an answer");
    let first = chat.link_state().await["first_opened_at"].clone();
    assert!(first.is_string(), "{first}");
    chat.desk.advance_hours(1.0);
    chat.asked(&url).send().await.expect("an answer");
    assert_eq!(chat.link_state().await["first_opened_at"], first);
}

#[tokio::test]
async fn a_file_is_attached_only_to_a_text_that_contains_its_link() {
    let chat = Chat::open().await;
    let (file, other) = (chat.uploads("a.pdf", PDF).await, chat.uploads("b.pdf", PDF).await);
    let with =
        |text: &str| json!({"client_id": "1", "kind": "text", "text": text, "attachment_id": file["id"]});
    for text in ["no link", other["link"]["url"].as_str().expect("url")] {
        let error = chat.asks(with(text)).await.refused(422, "invalid_fields");
        assert_eq!(error["fields"]["text"], "link_missing");
    }
    let body = json!({"client_id": "1", "kind": "image", "attachment_id": file["id"]});
    let error = chat.asks(body).await.refused(422, "invalid_fields");
    assert_eq!(error["fields"]["attachment_id"], "unknown_attachment");
    let stranger = chat.desk.agent(&chat.desk.channel().await).await;
    let path = format!("/media/{}", file["id"].as_str().expect("id"));
    stranger.get(&path).await.refused(404, "not_found");
    chat.asks(with(file["link"]["url"].as_str().expect("url")))
        .await
        .accepted();
}

#[tokio::test]
async fn any_file_up_to_the_limit_of_the_desk_can_be_handed_over() {
    let desk = Desk::start_with(|config| config.link_limit = 1_048_576).await;
    let agent = desk.agent(&desk.channel().await).await;
    let upload =
        |bytes: usize| agent.upload(Method::POST, "/attachments?purpose=link", "a.zip", vec![7; bytes]);
    let file = upload(1_048_576).await.created();
    assert_eq!(
        (&file["kind"], &file["mime"]),
        (&json!("file"), &json!("application/octet-stream"))
    );
    assert_eq!(file["link"]["reachable"], false, "a loopback address");
    let error = upload(1_048_577).await.refused(422, "invalid_fields");
    assert_eq!(
        (&error["fields"]["file"], &error["limit_bytes"]),
        (&json!("file_too_large"), &json!(1_048_576))
    );
    upload(4_194_304).await.refused(413, "too_large");
    let error = upload(0).await.refused(422, "invalid_fields");
    assert_eq!(error["fields"]["file"], "file_empty");
    let viewer = desk.agent_with_role(&desk.channel().await, "viewer").await;
    let refused = viewer
        .upload(Method::POST, "/attachments?purpose=link", "a", vec![1])
        .await;
    refused.refused(403, "not_permitted");
}
