//! Simulator and SDK share no code: what one of them encrypts the other has to decrypt, both ways, over real pushes.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::Uri;
use axum::routing::post;
use reqwest::Client;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use wechat::callback::{decrypt, encrypt, sign};
use wechat::{AppId, CallbackToken, EncodingAesKey};
use wechat_sim::{AccountSpec, EncryptionMode, Sim, SimOptions};

const APP_ID: &str = "wx0123456789abcdef";
const TOKEN: &str = "callbacktoken";
const OPENID: &str = "oLi0000000000000000000000000";
/// The last character carries two bits that do not count: all four ways of setting them.
const LAST_CHARACTERS: [char; 4] = ['E', 'F', 'G', 'H'];

/// The callback: decrypts with the SDK, remembers, and echoes the text, encrypted with the SDK.
struct Desk {
    key: EncodingAesKey,
    seen: Mutex<Vec<String>>,
}

fn between<'a>(xml: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = xml.split_once(start).expect("the element's start");
    rest.split_once(end).expect("the element's end").0
}

async fn receive(State(desk): State<Arc<Desk>>, uri: Uri, body: Bytes) -> String {
    let envelope = String::from_utf8(body.to_vec()).expect("UTF-8");
    let cipher = between(&envelope, "<Encrypt><![CDATA[", "]]></Encrypt>");
    let part = |name: &str| {
        let mut pairs = uri.query().unwrap_or_default().split('&');
        let value = pairs.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        value.expect("the parameter").to_owned()
    };
    let token = CallbackToken::parse(TOKEN).expect("a token");
    let (timestamp, nonce) = (part("timestamp"), part("nonce"));
    assert_eq!(part("msg_signature"), sign(&token, &[&timestamp, &nonce, cipher]));
    let (plain, app_id) = decrypt(&desk.key, cipher).expect("the SDK decrypts");
    assert_eq!(app_id.as_str(), APP_ID);
    let plain = String::from_utf8(plain).expect("UTF-8");
    let content = between(&plain, "<Content><![CDATA[", "]]></Content>").to_owned();
    desk.seen.lock().expect("no panic").push(content.clone());
    let reply = format!(
        "<xml><ToUserName><![CDATA[{OPENID}]]></ToUserName><FromUserName><![CDATA[gh]]></FromUserName>\
         <CreateTime>1</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[={content}]]></Content></xml>"
    );
    let cipher = encrypt(&desk.key, reply.as_bytes(), &AppId::from(APP_ID));
    let signature = sign(&token, &["1", "2", &cipher]);
    format!(
        "<xml><Encrypt><![CDATA[{cipher}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>\
         <TimeStamp>1</TimeStamp><Nonce><![CDATA[2]]></Nonce></xml>"
    )
}

/// Every remainder of the padding's 32 bytes, then characters of two to four bytes, and a long text.
fn texts() -> Vec<String> {
    let mut texts: Vec<_> = (0..=32).map(|length| "x".repeat(length)).collect();
    for character in ["é", "字", "😀", "👨‍👩‍👧", "\n", "&<>\"'"] {
        texts.push(character.to_owned());
        texts.push(character.repeat(100));
    }
    texts
}

async fn serve(desk: Arc<Desk>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/callback", listener.local_addr().expect("an address"));
    let app = Router::new().route("/callback", post(receive)).with_state(desk);
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}

async fn simulator(key: &str, callback_url: String) -> Sim {
    let options = SimOptions {
        listen: "127.0.0.1:0".parse().expect("an address"),
        data_dir: None,
        not_before_ms: None,
    };
    let sim = Sim::start(options).await.expect("the simulator starts");
    let spec = AccountSpec {
        app_id: APP_ID.to_owned(),
        token: TOKEN.to_owned(),
        encoding_aes_key: key.to_owned(),
        encryption_mode: EncryptionMode::Safe,
        callback_url,
        ..AccountSpec::default()
    };
    sim.create_account(spec).expect("an account");
    sim.add_follower(APP_ID, Some(OPENID), None, true)
        .expect("a follower");
    sim
}

#[tokio::test]
async fn each_side_decrypts_what_the_other_encrypts_whatever_the_length_and_the_key() {
    for last in LAST_CHARACTERS {
        let key = format!("abcdefghijklmnopqrstuvwxyz0123456789ABCDEF{last}");
        let desk = Arc::new(Desk {
            key: EncodingAesKey::parse(&key).expect("a key"),
            seen: Mutex::default(),
        });
        let sim = simulator(&key, serve(Arc::clone(&desk)).await).await;
        // The simulator has chosen who does the TLS, which every client needs.
        let client = Client::builder().no_proxy().build().expect("a client");
        let person = format!("{}/sim/v1/accounts/{APP_ID}/followers/{OPENID}", sim.url());
        for content in texts() {
            let message = json!({"type": "text", "content": content});
            let told = client
                .post(format!("{person}/messages?wait=true"))
                .json(&message)
                .send()
                .await
                .expect("an answer");
            let told: Value = told.json().await.expect("JSON");
            assert_eq!(told["acknowledged"], true, "{content:?} {told}");
        }
        assert_eq!(*desk.seen.lock().expect("no panic"), texts());
        let timeline = client.get(format!("{person}/timeline")).send().await;
        let timeline: Value = timeline.expect("an answer").json().await.expect("JSON");
        let items = timeline["items"].as_array().expect("a list");
        let echoed: Vec<_> = items
            .iter()
            .filter(|item| item["via"] == "passive")
            .map(|item| item["text"].as_str().expect("a text").to_owned())
            .collect();
        let expected: Vec<_> = texts().iter().map(|text| format!("={text}")).collect();
        assert_eq!(echoed, expected);
        sim.shutdown().await;
    }
}
