//! The published vectors: this crate agrees with Tencent's examples and with other libraries, not only with itself.

use serde::Deserialize;
use wechat::callback::{self, Credentials, Mode, Query};
use wechat::{AppId, CallbackToken, EncodingAesKey};

#[derive(Debug, Deserialize)]
struct Vectors {
    push_vectors: Vec<Vector>,
}

#[derive(Debug, Deserialize)]
struct Vector {
    name: String,
    kind: String,
    token: String,
    timestamp: Option<String>,
    nonce: Option<String>,
    signature: Option<String>,
    msg_signature: Option<String>,
    encoding_aes_key: Option<String>,
    expected_appid: Option<String>,
    ciphertext: Option<String>,
    plaintext: Option<String>,
    receive_id: Option<String>,
    echostr: Option<String>,
    key_has_nonzero_trailing_bits: Option<bool>,
}

impl Vector {
    fn token(&self) -> CallbackToken {
        CallbackToken::parse(&self.token).unwrap()
    }

    fn key(&self) -> Option<EncodingAesKey> {
        self.encoding_aes_key
            .as_deref()
            .map(|key| EncodingAesKey::parse(key).unwrap())
    }

    fn stamp(&self) -> Option<[&str; 2]> {
        Some([self.timestamp.as_deref()?, self.nonce.as_deref()?])
    }

    fn credentials(&self, mode: Mode) -> Credentials {
        Credentials {
            app_id: AppId::from(self.expected_appid.as_deref().unwrap_or("wx0")),
            mode,
            token: self.token(),
            previous_token: None,
            key: self.key(),
            previous_key: None,
        }
    }

    fn query(&self) -> Query {
        Query {
            signature: self.signature.clone(),
            msg_signature: self.msg_signature.clone(),
            timestamp: self.timestamp.clone(),
            nonce: self.nonce.clone(),
            encrypt_type: self.msg_signature.as_ref().map(|_| "aes".to_owned()),
            openid: None,
            echostr: self.echostr.clone(),
        }
    }
}

fn vectors() -> Vec<Vector> {
    let file: Vectors = serde_json::from_str(include_str!("../vectors/wechat_crypto.json")).unwrap();
    assert_eq!(file.push_vectors.len(), 11);
    file.push_vectors
}

#[test]
fn every_signature_of_the_vectors_is_computed() {
    let mut checked = 0;
    for vector in vectors() {
        let Some([timestamp, nonce]) = vector.stamp() else {
            continue;
        };
        if let Some(signature) = &vector.signature {
            assert_eq!(
                &callback::sign(&vector.token(), &[timestamp, nonce]),
                signature,
                "{}",
                vector.name
            );
            checked += 1;
        }
        if let (Some(signature), Some(text)) = (&vector.msg_signature, &vector.ciphertext) {
            assert_eq!(
                &callback::sign(&vector.token(), &[timestamp, nonce, text]),
                signature,
                "{}",
                vector.name
            );
            checked += 1;
        }
    }
    assert_eq!(checked, 10);
}

#[test]
fn every_cipher_text_of_the_vectors_is_decrypted() {
    let mut lenient_keys = 0;
    let mut checked = 0;
    for vector in vectors() {
        let (Some(key), Some(text)) = (vector.key(), &vector.ciphertext) else {
            continue;
        };
        let (plain, receiver) = callback::decrypt(&key, text).unwrap();
        assert_eq!(plain, vector.plaintext.unwrap().as_bytes(), "{}", vector.name);
        assert_eq!(
            Some(receiver.as_str()),
            vector.receive_id.as_deref(),
            "{}",
            vector.name
        );
        lenient_keys += usize::from(vector.key_has_nonzero_trailing_bits == Some(true));
        checked += 1;
    }
    assert_eq!((checked, lenient_keys), (8, 5));
}

#[test]
fn every_push_of_the_vectors_is_opened_in_every_mode() {
    let mut checked = 0;
    for vector in vectors().iter().filter(|vector| vector.kind == "secure_push") {
        for mode in [Mode::Plain, Mode::Compatible, Mode::Safe] {
            let text = vector.ciphertext.as_deref().unwrap();
            let xml = format!(
                "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[{text}]]></Encrypt></xml>"
            );
            let json = format!(r#"{{"ToUserName":"gh_1","Encrypt":"{text}"}}"#);
            for body in [xml, json] {
                let opened =
                    callback::open(&vector.credentials(mode), &vector.query(), body.as_bytes()).unwrap();
                assert_eq!(
                    opened.plain,
                    vector.plaintext.as_deref().unwrap().as_bytes(),
                    "{}",
                    vector.name
                );
                assert!(opened.encrypted);
                checked += 1;
            }
        }
    }
    assert_eq!(checked, 18);
}

#[test]
fn the_official_address_check_returns_its_echostr() {
    let vectors = vectors();
    let vector = vectors
        .iter()
        .find(|vector| vector.name == "official-get-verify")
        .unwrap();
    for mode in [Mode::Plain, Mode::Compatible, Mode::Safe] {
        let echostr = callback::verify_url(&vector.credentials(mode), &vector.query()).unwrap();
        assert_eq!(echostr, "4375120948345356249");
    }
}
