//! The bodies of the fuzz targets, as plain functions: the fuzzer and the property tests run the same code.
//! A body passes by returning; what it returns is of no interest.

use crate::callback::{
    self, CallbackError, Credentials, MAX_BODY_BYTES, Mode, ParseError, Push, Query, Reply,
};
use crate::{AppId, CallbackToken, EncodingAesKey};

/// Reads any bytes as the clear text of a push.
pub fn parse_bytes(bytes: &[u8]) {
    if let Ok(push) = callback::parse(bytes) {
        let again = callback::parse(push.raw.as_bytes()).map(|again| again.dedupe_key());
        assert_eq!(
            again,
            Ok(push.dedupe_key()),
            "what is kept of a push reads as the same push"
        );
        answer(&push);
    }
}

/// Whatever a push says, the reply to it is well-formed: its names are the only part that is not ours.
fn answer(push: &Push) {
    let reply = Reply::Text("]]>".to_owned());
    let written = reply.write(push, 1).expect("the text is short enough");
    let read = callback::parse(written.as_bytes());
    assert!(
        matches!(
            read,
            Ok(_) | Err(ParseError::MissingField(_) | ParseError::TooLarge { .. })
        ),
        "a reply is well-formed"
    );
}

/// Encrypts any bytes as the platform would, and opens them again.
pub fn sealed_bytes(bytes: &[u8]) {
    let credentials = credentials();
    let key = credentials.key.as_ref().expect("there is a key");
    let cipher_text = callback::encrypt(key, bytes, &credentials.app_id);
    let envelope = format!("<xml><Encrypt><![CDATA[{cipher_text}]]></Encrypt></xml>");
    let signature = callback::sign(&credentials.token, &["1", "2", &cipher_text]);
    if envelope.len() > MAX_BODY_BYTES {
        return;
    }
    let opened = callback::open(&credentials, &query(signature), envelope.as_bytes());
    let opened = opened.expect("what was sealed opens");
    assert!(opened.plain == bytes, "what was sealed comes back");
}

/// Opens any bytes as the cipher text of an authentic push, and as its envelope.
pub fn open_bytes(bytes: &[u8]) {
    let credentials = credentials();
    let cipher_text = String::from_utf8_lossy(bytes);
    let envelope = serde_json::json!({ "Encrypt": cipher_text }).to_string();
    let signature = callback::sign(&credentials.token, &["1", "2", &cipher_text]);
    let query = query(signature);
    if let Ok(opened) = callback::open(&credentials, &query, envelope.as_bytes()) {
        parse_bytes(&opened.plain);
    }
    let outcome = callback::open(&credentials, &query, bytes);
    assert!(
        !matches!(outcome, Err(CallbackError::MissingKey)),
        "there is a key"
    );
}

fn query(signature: String) -> Query {
    Query {
        msg_signature: Some(signature),
        timestamp: Some("1".to_owned()),
        nonce: Some("2".to_owned()),
        encrypt_type: Some("aes".to_owned()),
        ..Query::default()
    }
}

fn credentials() -> Credentials {
    Credentials {
        app_id: AppId::from("wx5823bf96d3bd56c7"),
        mode: Mode::Safe,
        token: CallbackToken::parse("QDG6eK").expect("the token is well-formed"),
        previous_token: None,
        key: Some(
            EncodingAesKey::parse("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C")
                .expect("the key is well-formed"),
        ),
        previous_key: None,
    }
}
