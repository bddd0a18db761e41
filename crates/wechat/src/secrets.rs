//! Values that must not be shown: `Debug` prints `***`, there is no `Display`, memory is wiped on drop.
//! Whoever needs the text says so with `expose()`.

use std::fmt;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(Zeroizing<String>);

        impl $name {
            /// The secret itself. Never log what this returns.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(***)"))
            }
        }
    };
}

macro_rules! secret_from_text {
    ($name:ident) => {
        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self(Zeroizing::new(value))
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                Self(Zeroizing::new(value.to_owned()))
            }
        }
    };
}

secret! {
    /// The account's AppSecret, with which access tokens are obtained.
    AppSecret
}
secret_from_text!(AppSecret);

secret! {
    /// A short-lived token that authorises API calls. Opaque, up to 512 characters and more.
    AccessToken
}
secret_from_text!(AccessToken);

secret! {
    /// Signs pages that use the JS-SDK, for two hours.
    JsTicket
}
secret_from_text!(JsTicket);

secret! {
    /// The Token of the callback settings: signs every push.
    CallbackToken
}

impl CallbackToken {
    /// Takes 3 to 32 letters and digits, the rule of WeChat's own settings page.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        if !(3..=32).contains(&text.len()) {
            return Err(KeyError::TokenLength {
                found: text.chars().count(),
            });
        }
        only_alphanumeric(text)?;
        Ok(Self(Zeroizing::new(text.to_owned())))
    }
}

/// The EncodingAESKey of the callback settings, and the 32-byte key in it.
#[derive(Clone, PartialEq, Eq)]
pub struct EncodingAesKey {
    text: Zeroizing<String>,
    bytes: Zeroizing<[u8; 32]>,
}

/// 43 characters carry 258 bits, and WeChat accepts keys whose last two bits are not zero.
/// The default engine refuses them.
const KEY_ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

impl EncodingAesKey {
    /// Takes exactly 43 letters and digits; the two surplus bits may have any value.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        if text.len() != 43 {
            return Err(KeyError::KeyLength {
                found: text.chars().count(),
            });
        }
        only_alphanumeric(text)?;
        let mut bytes = Zeroizing::new([0; 32]);
        KEY_ENGINE
            .decode_slice(text, bytes.as_mut_slice())
            .expect("43 characters of the alphabet hold exactly 32 bytes");
        Ok(Self {
            text: Zeroizing::new(text.to_owned()),
            bytes,
        })
    }

    /// The 43 characters. Never log what this returns.
    pub fn expose(&self) -> &str {
        &self.text
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }
}

impl fmt::Debug for EncodingAesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncodingAesKey(***)")
    }
}

/// Why a callback token or an EncodingAESKey is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The callback token is too short or too long.
    #[error("a callback token has 3 to 32 characters, this one has {found}")]
    TokenLength {
        /// How many characters it has.
        found: usize,
    },
    /// The EncodingAESKey has not 43 characters.
    #[error("an EncodingAESKey has exactly 43 characters, this one has {found}")]
    KeyLength {
        /// How many characters it has.
        found: usize,
    },
    /// Something other than `A-Z a-z 0-9`.
    #[error("only the letters A-Z, a-z and the digits 0-9 may be used")]
    Character,
}

impl KeyError {
    /// A stable code for interfaces.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TokenLength { .. } => "token_length",
            Self::KeyLength { .. } => "key_length",
            Self::Character => "key_character",
        }
    }
}

fn only_alphanumeric(text: &str) -> Result<(), KeyError> {
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        Ok(())
    } else {
        Err(KeyError::Character)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_of_a_secret_shows_stars_only() {
        let key = EncodingAesKey::parse(&"a".repeat(43)).unwrap();
        let token = CallbackToken::parse("AAAAA").unwrap();
        let secret = AppSecret::from("hunter2");
        assert_eq!(
            format!("{key:?} {token:?} {secret:?}"),
            "EncodingAesKey(***) CallbackToken(***) AppSecret(***)"
        );
    }

    #[test]
    fn keys_that_differ_in_the_two_surplus_bits_only_are_the_same_cipher_key() {
        let strict = EncodingAesKey::parse(&format!("{}A", "x".repeat(42))).unwrap();
        let lenient = EncodingAesKey::parse(&format!("{}D", "x".repeat(42))).unwrap();
        assert_eq!(strict.bytes(), lenient.bytes());
        assert_eq!(lenient.expose().len(), 43);
    }

    #[test]
    fn wrong_keys_and_tokens_are_refused_with_their_reason() {
        assert_eq!(
            EncodingAesKey::parse("short"),
            Err(KeyError::KeyLength { found: 5 })
        );
        assert_eq!(EncodingAesKey::parse(&"=".repeat(43)), Err(KeyError::Character));
        assert_eq!(
            EncodingAesKey::parse(&format!("{}é", "a".repeat(41))),
            Err(KeyError::Character)
        );
        assert_eq!(
            CallbackToken::parse("ab"),
            Err(KeyError::TokenLength { found: 2 })
        );
        assert_eq!(CallbackToken::parse("with space"), Err(KeyError::Character));
        assert_eq!(
            CallbackToken::parse(&"a".repeat(33)),
            Err(KeyError::TokenLength { found: 33 })
        );
    }
}
