//! The modes compatible and safe, read with a decryptor of the tests' own that is first checked against published vectors.
use aes::Aes256;
use aes::cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use serde_json::json;

use crate::callback::{Callback, Reaction};
use crate::platform::{AES_KEY, APP_ID, LI, Platform, TOKEN};
use crate::pushes::sha1_of_sorted;

fn key(encoding_aes_key: &str) -> [u8; 32] {
    let config = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&ALPHABET, config);
    engine
        .decode(format!("{encoding_aes_key}="))
        .expect("base64")
        .try_into()
        .expect("32 bytes")
}

/// Message and receiver of a cipher text, block by block.
fn decrypt(encoding_aes_key: &str, encrypted: &str) -> (String, String) {
    let key = key(encoding_aes_key);
    let cipher = Aes256::new(&key.into());
    let data = STANDARD.decode(encrypted).expect("base64");
    let mut previous: [u8; 16] = key[..16].try_into().expect("16 bytes");
    let mut plain = Vec::new();
    for block in data.chunks(16) {
        let mut current: Array<u8, _> = Array::try_from(block).expect("a block");
        cipher.decrypt_block(&mut current);
        plain.extend(current.iter().zip(previous).map(|(a, b)| a ^ b));
        previous.copy_from_slice(block);
    }
    let pad = usize::from(*plain.last().expect("not empty"));
    assert!((1..=32).contains(&pad));
    plain.truncate(plain.len() - pad);
    let length = u32::from_be_bytes(plain[16..20].try_into().expect("4 bytes")) as usize;
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    (text(&plain[20..20 + length]), text(&plain[20 + length..]))
}

fn encrypt(encoding_aes_key: &str, message: &str, receiver: &str) -> String {
    let key = key(encoding_aes_key);
    let cipher = Aes256::new(&key.into());
    let length = u32::try_from(message.len()).expect("short").to_be_bytes();
    let mut plain = [
        b"0123456789abcdef".as_slice(),
        &length,
        message.as_bytes(),
        receiver.as_bytes(),
    ]
    .concat();
    let pad = 32 - plain.len() % 32;
    plain.extend(std::iter::repeat_n(u8::try_from(pad).expect("small"), pad));
    let mut previous: [u8; 16] = key[..16].try_into().expect("16 bytes");
    let mut data = Vec::new();
    for block in plain.chunks(16) {
        let mixed: Vec<u8> = block.iter().zip(previous).map(|(a, b)| a ^ b).collect();
        let mut current: Array<u8, _> = Array::try_from(mixed.as_slice()).expect("a block");
        cipher.encrypt_block(&mut current);
        previous.copy_from_slice(&current);
        data.extend_from_slice(&current);
    }
    STANDARD.encode(data)
}

#[test]
fn decryptor_of_the_tests_reads_published_vectors() {
    let reply = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==";
    let read = decrypt(&"A".repeat(43), reply);
    assert_eq!(
        read,
        (
            "{\"demo_resp\":\"good luck\"}".to_owned(),
            "wxba5fad812f8e6fb9".to_owned()
        )
    );
    let chinese = "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==";
    assert_eq!(
        decrypt(AES_KEY, chinese),
        ("我是中文abcd123".to_owned(), "wxb11529c136998cb6".to_owned())
    );
}

#[tokio::test]
async fn safe_push_holds_only_cipher_text_signed_over_it() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({"encryption_mode": "safe"})).await;
    platform.says("秘密").await;
    let push = &callback.received()[0];
    let query = |name: &str| push.query[name].as_str();
    let encrypted = push.element("Encrypt").expect("cipher text");
    assert_eq!(query("encrypt_type"), "aes");
    let signed = sha1_of_sorted(&[TOKEN, query("timestamp"), query("nonce"), encrypted]);
    assert_eq!(query("msg_signature"), signed);
    assert_eq!(push.element("ToUserName"), Some("gh_0123456789ab"));
    assert_eq!(push.element("FromUserName"), None);
    let (xml, receiver) = decrypt(AES_KEY, encrypted);
    assert_eq!(receiver, APP_ID);
    assert!(xml.contains("<Content><![CDATA[秘密]]></Content>"));
}

#[tokio::test]
async fn compatible_push_holds_both_and_they_agree() {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({"encryption_mode": "compatible"})).await;
    platform.says("both").await;
    let push = &callback.received()[0];
    let (xml, _) = decrypt(AES_KEY, push.element("Encrypt").expect("cipher text"));
    assert_eq!(push.element("Content"), Some("both"));
    let encrypt_element = format!(
        "<Encrypt><![CDATA[{}]]></Encrypt>\n",
        push.element("Encrypt").expect("cipher text")
    );
    assert_eq!(push.body.replace(&encrypt_element, ""), xml);
}

#[tokio::test]
async fn safe_mode_takes_encrypted_replies_and_refuses_clear_or_badly_signed_ones() {
    let callback = Callback::start().await;
    let platform = Platform::start(
        Some(&callback),
        json!({"encryption_mode": "safe", "deliveries": 1}),
    )
    .await;
    let clear = format!(
        "<xml><ToUserName>{LI}</ToUserName><MsgType>text</MsgType><Content><![CDATA[ok]]></Content></xml>"
    );
    let encrypted = encrypt(AES_KEY, &clear, APP_ID);
    let signature = sha1_of_sorted(&[TOKEN, "1713424427", "415670741", &encrypted]);
    let envelope = |signature: &str| {
        format!(
            "<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>\
             <TimeStamp>1713424427</TimeStamp><Nonce><![CDATA[415670741]]></Nonce></xml>"
        )
    };
    for (body, expected) in [
        (envelope(&signature), "accepted"),
        (envelope("0000"), "bad_reply"),
        (clear.clone(), "bad_reply"),
    ] {
        callback.then(Reaction::Answer(200, body));
        assert_eq!(platform.says("hi").await["attempts"][0]["outcome"], expected);
    }
    let shown = platform.timeline().await;
    assert_eq!(shown.iter().filter(|item| item["via"] == "passive").count(), 1);
}
