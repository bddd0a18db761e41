//! Properties of the message encryption: whatever is encrypted is decrypted, at every length and with every key.

use proptest::prelude::*;
use wechat::callback::{decrypt, encrypt};
use wechat::{AppId, EncodingAesKey};

/// Keys ending in any letter or digit: three in four have bits that a strict decoder refuses.
fn any_key() -> impl Strategy<Value = EncodingAesKey> {
    "[A-Za-z0-9]{43}".prop_map(|text| EncodingAesKey::parse(&text).unwrap())
}

proptest! {
    #[test]
    fn every_length_modulo_32_comes_back(key in any_key(), blocks in 0usize..4, receiver in "wx[0-9a-f]{0,16}") {
        let receiver = AppId::from(receiver);
        for remainder in 0..32 {
            let message: Vec<u8> = (0..=255).cycle().take(blocks * 32 + remainder).collect();
            let text = encrypt(&key, &message, &receiver);
            prop_assert_eq!(decrypt(&key, &text), Ok((message, receiver.clone())));
        }
    }

    #[test]
    fn any_text_comes_back(key in any_key(), message in ".{0,200}") {
        let receiver = AppId::from("wx0");
        let text = encrypt(&key, message.as_bytes(), &receiver);
        prop_assert_eq!(decrypt(&key, &text), Ok((message.into_bytes(), receiver)));
    }

    #[test]
    fn another_key_opens_nothing(right in any_key(), wrong in any_key(), message in ".{0,200}") {
        prop_assume!(right.expose()[..42] != wrong.expose()[..42]);
        let text = encrypt(&right, message.as_bytes(), &AppId::from("wx0"));
        prop_assert!(decrypt(&wrong, &text).map_or(true, |(_, receiver)| receiver != AppId::from("wx0")));
    }
}

#[test]
fn empty_messages_and_emoji_come_back() {
    let key = EncodingAesKey::parse("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C").unwrap();
    for message in ["", "😀", "👩‍👩‍👧‍👦 family", "我是中文", "\u{0}"] {
        let text = encrypt(&key, message.as_bytes(), &AppId::from("wx1"));
        assert_eq!(
            decrypt(&key, &text),
            Ok((message.as_bytes().to_vec(), AppId::from("wx1")))
        );
    }
}

#[test]
fn the_same_message_is_never_encrypted_the_same_way_twice() {
    let key = EncodingAesKey::parse("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C").unwrap();
    let receiver = AppId::from("wx1");
    assert_ne!(
        encrypt(&key, b"hello", &receiver),
        encrypt(&key, b"hello", &receiver)
    );
}
