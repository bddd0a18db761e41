//! Which callbacks are let in, and why others are not.

use wechat::callback::{self, Age, CallbackError, CipherError, Credentials, Mode, ParseError, Query};
use wechat::{AppId, CallbackToken, EncodingAesKey};

const BODY: &[u8] = b"<xml><FromUserName>o1</FromUserName></xml>";
const APP: &str = "wx0123456789abcdef";

pub(crate) fn token(text: &str) -> CallbackToken {
    CallbackToken::parse(text).unwrap()
}

pub(crate) fn key(fill: char) -> EncodingAesKey {
    EncodingAesKey::parse(&fill.to_string().repeat(43)).unwrap()
}

pub(crate) fn credentials(mode: Mode) -> Credentials {
    Credentials {
        app_id: AppId::from(APP),
        mode,
        token: token("current"),
        previous_token: Some(token("previous")),
        key: Some(key('c')),
        previous_key: Some(key('p')),
    }
}

fn signed(signer: &str) -> Query {
    Query {
        signature: Some(callback::sign(&token(signer), &["1700000000", "42"])),
        timestamp: Some("1700000000".to_owned()),
        nonce: Some("42".to_owned()),
        ..Query::default()
    }
}

/// A push as the platform would send it: the query and the body.
fn encrypted(signer: &str, key: &EncodingAesKey, receiver: &str) -> (Query, Vec<u8>) {
    let text = callback::encrypt(key, BODY, &AppId::from(receiver));
    let query = Query {
        msg_signature: Some(callback::sign(&token(signer), &["1700000000", "42", &text])),
        encrypt_type: Some("aes".to_owned()),
        ..signed(signer)
    };
    (
        query,
        format!("<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[{text}]]></Encrypt></xml>").into_bytes(),
    )
}

#[test]
fn a_clear_push_is_opened_as_it_came() {
    for mode in [Mode::Plain, Mode::Compatible] {
        let opened = callback::open(&credentials(mode), &signed("current"), BODY).unwrap();
        assert_eq!(opened.plain, BODY);
        assert_eq!(
            (opened.encrypted, opened.used_token, opened.used_key),
            (false, Age::Current, None)
        );
    }
}

#[test]
fn mode_safe_refuses_a_push_that_is_not_encrypted() {
    let outcome = callback::open(&credentials(Mode::Safe), &signed("current"), BODY);
    assert_eq!(outcome, Err(CallbackError::NotEncrypted));
}

#[test]
fn the_previous_token_and_the_previous_key_still_open_and_are_reported() {
    let cases = [
        ("current", 'c', Age::Current, Age::Current),
        ("previous", 'p', Age::Previous, Age::Previous),
    ];
    for (signer, fill, token_age, key_age) in cases {
        let (query, body) = encrypted(signer, &key(fill), APP);
        let opened = callback::open(&credentials(Mode::Safe), &query, &body).unwrap();
        assert_eq!(opened.plain, BODY);
        assert_eq!((opened.used_token, opened.used_key), (token_age, Some(key_age)));
    }
    let opened = callback::open(&credentials(Mode::Plain), &signed("previous"), BODY).unwrap();
    assert_eq!(opened.used_token, Age::Previous);
}

#[test]
fn the_message_signature_alone_counts_for_an_encrypted_push() {
    let (mut query, body) = encrypted("current", &key('c'), APP);
    query.signature = Some("wrong".to_owned());
    assert!(callback::open(&credentials(Mode::Plain), &query, &body).is_ok());

    query.signature = signed("current").signature;
    query.msg_signature.clone_from(&query.signature);
    assert_eq!(
        callback::open(&credentials(Mode::Plain), &query, &body),
        Err(CallbackError::BadSignature)
    );
}

#[test]
fn a_wrong_signature_is_refused_whatever_is_wrong_with_it() {
    let right = signed("current").signature.unwrap();
    let wrong = [
        String::new(),
        right[..39].to_owned(),
        format!("{right}0"),
        right.to_uppercase(),
        "é".repeat(20),
    ];
    for signature in wrong {
        let query = Query {
            signature: Some(signature),
            ..signed("current")
        };
        assert_eq!(
            callback::open(&credentials(Mode::Plain), &query, BODY),
            Err(CallbackError::BadSignature)
        );
    }
    assert_eq!(
        callback::open(&credentials(Mode::Plain), &signed("stranger"), BODY),
        Err(CallbackError::BadSignature)
    );
}

#[test]
fn a_changed_cipher_text_is_refused_before_it_is_decrypted() {
    let (query, body) = encrypted("current", &key('c'), APP);
    let body = String::from_utf8(body).unwrap().replace("[CDATA[", "[CDATA[AAAA");
    let outcome = callback::open(&credentials(Mode::Safe), &query, body.as_bytes());
    assert_eq!(outcome, Err(CallbackError::BadSignature));
}

#[test]
fn each_missing_parameter_is_named() {
    type Clear = fn(&mut Query);
    let cases: [(&str, Clear); 3] = [
        ("signature", |query| query.signature = None),
        ("timestamp", |query| query.timestamp = None),
        ("nonce", |query| query.nonce = None),
    ];
    for (name, clear) in cases {
        let mut query = signed("current");
        clear(&mut query);
        let outcome = callback::open(&credentials(Mode::Plain), &query, BODY);
        assert_eq!(outcome, Err(CallbackError::MissingParameter(name)));
    }
    let (mut query, body) = encrypted("current", &key('c'), APP);
    query.msg_signature = None;
    let outcome = callback::open(&credentials(Mode::Safe), &query, &body);
    assert_eq!(outcome, Err(CallbackError::MissingParameter("msg_signature")));
}

#[test]
fn a_push_for_another_account_is_refused() {
    for fill in ['c', 'p'] {
        let (query, body) = encrypted("current", &key(fill), "wxffffffffffffffff");
        let outcome = callback::open(&credentials(Mode::Safe), &query, &body);
        assert_eq!(outcome, Err(CallbackError::ReceiverMismatch));
    }
}

#[test]
fn a_push_under_an_unknown_key_is_refused() {
    let (query, body) = encrypted("current", &key('z'), APP);
    let outcome = callback::open(&credentials(Mode::Safe), &query, &body);
    assert!(matches!(outcome, Err(CallbackError::Decrypt(_))), "{outcome:?}");

    let without_keys = Credentials {
        key: None,
        previous_key: None,
        ..credentials(Mode::Safe)
    };
    assert_eq!(
        callback::open(&without_keys, &query, &body),
        Err(CallbackError::MissingKey)
    );
}

#[test]
fn a_truncated_cipher_text_is_refused() {
    let text = callback::encrypt(&key('c'), BODY, &AppId::from(APP));
    for cut in [0, 4, 24, text.len() - 4] {
        let outcome = callback::decrypt(&key('c'), &text[..cut]);
        assert_eq!(outcome, Err(CipherError::Length), "{cut}");
    }
    assert_eq!(
        callback::decrypt(&key('c'), "not base64!"),
        Err(CipherError::Base64)
    );
}

#[test]
fn an_envelope_without_cipher_text_is_malformed() {
    let (query, _) = encrypted("current", &key('c'), APP);
    let cases: [(&[u8], ParseError); 3] = [
        (
            b"<xml><ToUserName>gh_1</ToUserName></xml>",
            ParseError::MissingField("Encrypt"),
        ),
        (b"hello", ParseError::Format),
        (b"", ParseError::Format),
    ];
    for (body, reason) in cases {
        let outcome = callback::open(&credentials(Mode::Safe), &query, body);
        assert_eq!(outcome, Err(CallbackError::Malformed(reason)));
    }
}

#[test]
fn the_address_check_needs_signature_and_echostr() {
    let query = Query {
        echostr: Some(" <echo>\"1\" ".to_owned()),
        ..signed("previous")
    };
    assert_eq!(
        callback::verify_url(&credentials(Mode::Safe), &query).unwrap(),
        " <echo>\"1\" "
    );

    let outcome = callback::verify_url(&credentials(Mode::Safe), &signed("current"));
    assert_eq!(outcome, Err(CallbackError::MissingParameter("echostr")));

    let query = Query {
        echostr: Some("1".to_owned()),
        ..signed("stranger")
    };
    assert_eq!(
        callback::verify_url(&credentials(Mode::Safe), &query),
        Err(CallbackError::BadSignature)
    );
}

#[test]
fn credentials_can_be_logged_without_their_secrets() {
    let shown = format!("{:?}", credentials(Mode::Safe));
    for secret in ["current", "previous\"", "ccccc", "ppppp"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
