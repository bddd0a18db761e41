//! Calls that show a privilege name nobody and nothing; and what concerns the account as a whole is heard of in any call.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use axum::response::{IntoResponse as _, Response};
use serde_json::json;
use wechat::{ClientOptions, MemoryTokenStore, Observer, Probe};

use crate::platform::{Call, Platform, answer, client_with, options, token};

const ALL: [Probe; 13] = [
    Probe::CustomSend,
    Probe::Typing,
    Probe::MediaUpload,
    Probe::VoiceSend,
    Probe::VideoSend,
    Probe::MenuMessage,
    Probe::MassSend,
    Probe::Tags,
    Probe::Menu,
    Probe::QrCode,
    Probe::UserInfo,
    Probe::Blacklist,
    Probe::AutoReplyInfo,
];

fn refusing(call: &Call, code: i64) -> Response {
    if call.path.ends_with("/stable_token") {
        return token("TOKEN");
    }
    answer(&json!({ "errcode": code, "errmsg": "no" }))
}

#[tokio::test]
async fn a_probe_names_nobody_and_is_told_why_not() {
    let platform = Platform::start(|call| refusing(call, 48001)).await;
    let client = platform.client();
    for probe in ALL {
        let refused = client.probe(probe).await.expect_err("refused");
        assert_eq!(refused.api_code(), Some(48001), "{probe:?}");
    }
    let calls = platform.calls();
    let asked: Vec<&Call> = calls.iter().filter(|call| !call.path.contains("token")).collect();
    assert_eq!(asked.len(), ALL.len());
    for call in asked {
        let body = String::from_utf8_lossy(&call.body);
        let all = format!("{} {} {body}", call.path, call.query);
        // The ids of real followers begin with `o` and have 28 characters.
        for word in ["touser\":\"o", "openid=o", "openid\":\"o", "is_to_all", "sendall"] {
            assert!(!all.contains(word), "{all}");
        }
    }
}

#[derive(Debug, Default)]
struct Heard {
    addresses: Mutex<Vec<IpAddr>>,
    times: Mutex<Vec<i64>>,
}

impl Observer for Heard {
    fn refused_addresses(&self, addresses: &[IpAddr]) {
        self.addresses.lock().unwrap().extend(addresses);
    }

    fn server_time(&self, unix_seconds: i64) {
        self.times.lock().unwrap().push(unix_seconds);
    }
}

#[tokio::test]
async fn refused_addresses_and_the_time_are_heard_of_in_any_call() {
    let platform = Platform::start(|call| {
        let refused = json!({ "errcode": 40164, "errmsg": "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist" });
        let body = if call.path.ends_with("/stable_token") { token("TOKEN") } else { answer(&refused) };
        ([("date", "Sun, 06 Nov 1994 08:49:37 GMT")], body).into_response()
    })
    .await;
    let heard = Arc::new(Heard::default());
    let options = ClientOptions {
        observer: Some(heard.clone()),
        ..options(&platform.url)
    };
    let client = client_with(options, Arc::new(MemoryTokenStore::default()));
    client.tags().await.expect_err("refused");
    let seven: IpAddr = [203, 0, 113, 7].into();
    assert_eq!(*heard.addresses.lock().unwrap(), [seven]);
    assert_eq!(*heard.times.lock().unwrap(), [784_111_777, 784_111_777]);
}
