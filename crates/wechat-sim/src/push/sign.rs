//! The query and body of one request: signatures with a fresh time and nonce, in the account's mode.
use rand::RngCore;
use serde_json::{Value, json};

use super::json;
use super::xml::{cdata, document};
use crate::crypto::{AesKey, hex, signature};
use crate::random;
use crate::state::account::{AccountSpec, EncryptionMode, PushFormat};

/// A request to the callback, ready to go.
#[derive(Debug)]
pub(crate) struct Signed {
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

/// `timestamp`, `nonce` and `signature`, as every request carries them.
pub(crate) fn basic_query(spec: &AccountSpec, now_ms: i64) -> Vec<(&'static str, String)> {
    let timestamp = (now_ms / 1000 + spec.clock_skew_seconds).to_string();
    let nonce = random::digits();
    let signature = signature(&[&spec.token, &timestamp, &nonce]);
    vec![
        ("signature", signature),
        ("timestamp", timestamp),
        ("nonce", nonce),
    ]
}

/// Signs a push and, as the mode says, encrypts it.
pub(crate) fn sign(spec: &AccountSpec, openid: &str, xml: &str, now_ms: i64) -> Signed {
    let mut query = basic_query(spec, now_ms);
    query.push(("openid", openid.to_owned()));
    let is_json = spec.push_format == PushFormat::Json;
    let text = if is_json { json::from_xml(xml) } else { None };
    let text = text.as_deref().unwrap_or(xml);
    let body = match (spec.encryption_mode, AesKey::parse(&spec.encoding_aes_key)) {
        (EncryptionMode::Plain, _) | (_, Err(_)) => text.to_owned(),
        (mode, Ok(key)) => {
            let encrypted = key.encrypt(&random_prefix(), text, &spec.app_id);
            let msg_signature = signature(&[&spec.token, &query[1].1, &query[2].1, &encrypted]);
            query.push(("encrypt_type", "aes".to_owned()));
            query.push(("msg_signature", msg_signature));
            if is_json {
                json_envelope(spec, mode, text, &encrypted)
            } else {
                envelope(spec, mode, xml, &encrypted)
            }
        }
    };
    Signed { query, body }
}

fn envelope(spec: &AccountSpec, mode: EncryptionMode, xml: &str, encrypted: &str) -> String {
    let encrypt = cdata("Encrypt", encrypted);
    match (mode, xml.strip_suffix("\n</xml>")) {
        (EncryptionMode::Compatible, Some(clear)) => format!("{clear}\n{encrypt}\n</xml>"),
        _ => document(&[cdata("ToUserName", &spec.original_id), encrypt]),
    }
}

fn json_envelope(spec: &AccountSpec, mode: EncryptionMode, text: &str, encrypted: &str) -> String {
    let clear = serde_json::from_str::<Value>(text).ok();
    let mut body = clear
        .filter(|_| mode == EncryptionMode::Compatible)
        .unwrap_or_else(|| json!({ "ToUserName": spec.original_id }));
    body["Encrypt"] = json!(encrypted);
    body.to_string()
}

/// The 16 bytes in front of an encrypted message: printable, as the platform's are.
fn random_prefix() -> [u8; 16] {
    let mut bytes = [0; 8];
    rand::rng().fill_bytes(&mut bytes);
    hex(&bytes)
        .into_bytes()
        .try_into()
        .expect("8 bytes are 16 digits")
}
