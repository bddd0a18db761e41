//! What WeChat sends to a server: checking, opening and reading of callbacks.
//!
//! All of it pure: [`verify_url`] answers the GET of the settings page, [`open()`] authenticates
//! and decrypts a POST, [`parse`] reads the clear text, [`Opened::answer`] writes a passive reply. Replay protection is not here: it is
//! the unique [`Push::dedupe_key`] in the caller's database.

mod cipher;
mod event;
mod fields;
mod json;
mod open;
mod push;
mod read;
mod read_event;
mod reply;
mod reply_xml;
mod signature;
mod tree;

use serde::Deserialize;

use crate::{AppId, CallbackToken, EncodingAesKey};

pub use cipher::{CipherError, decrypt, encrypt};
pub use event::{
    ArticleUrl, CopyrightArticle, CopyrightCheck, Event, MassResult, PictureSource, Publication, Revocation,
    SubscriptionChoice, SubscriptionReceipt, Verification, VerificationStep,
};
pub use fields::{MAX_BODY_BYTES, MAX_DEPTH, MAX_FIELDS, ParseError};
pub use open::{Age, Opened, open, verify_url};
pub use push::{Content, Format, FromArticle, Message, Push};
pub use read::parse;
pub use reply::{Article, Music, Reply};
pub(crate) use signature::sha1_hex;
pub use signature::sign;

/// How pushes of an account arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Clear text, authenticated by `signature`.
    Plain,
    /// Clear text and cipher text side by side.
    Compatible,
    /// Cipher text only. A push without it is refused.
    Safe,
}

/// What is needed to authenticate and open the pushes of one account.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The account, which an encrypted push names at its end.
    pub app_id: AppId,
    /// The encryption mode of the account.
    pub mode: Mode,
    /// The callback token in force.
    pub token: CallbackToken,
    /// The callback token before the last change, while it is still accepted.
    pub previous_token: Option<CallbackToken>,
    /// The key in force; needed as soon as a push is encrypted, whatever the mode.
    pub key: Option<EncodingAesKey>,
    /// The key before the last change, while it is still accepted.
    pub previous_key: Option<EncodingAesKey>,
}

/// The query string of a callback request.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    /// Signature over token, timestamp and nonce.
    pub signature: Option<String>,
    /// Signature over token, timestamp, nonce and cipher text.
    pub msg_signature: Option<String>,
    /// Unix seconds, as text: it is signed as written.
    pub timestamp: Option<String>,
    /// A random number, as text.
    pub nonce: Option<String>,
    /// `aes` when the body is encrypted.
    pub encrypt_type: Option<String>,
    /// Who caused the push. Not signed: never trust it.
    pub openid: Option<String>,
    /// Only in the GET of the settings page: what has to be sent back.
    pub echostr: Option<String>,
}

/// Why a callback is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// The query string lacks a parameter.
    #[error("the parameter `{0}` is missing")]
    MissingParameter(&'static str),
    /// The signature is not ours.
    #[error("the signature is wrong")]
    BadSignature,
    /// The account is in mode safe and the push is not encrypted. It carries a right `signature`, which does not cover
    /// the body: it is refused like a wrong one.
    #[error("the push is not encrypted and the account is in mode safe")]
    NotEncrypted,
    /// The cipher text cannot be opened with any key in force.
    #[error("the message cannot be decrypted: {0}")]
    Decrypt(#[from] CipherError),
    /// The message was encrypted for another account.
    #[error("the message is for another account")]
    ReceiverMismatch,
    /// The push is encrypted and no key is configured.
    #[error("the message is encrypted and no EncodingAESKey is configured")]
    MissingKey,
    /// The envelope around the cipher text cannot be read.
    #[error("the envelope cannot be read: {0}")]
    Malformed(#[from] ParseError),
}

impl CallbackError {
    /// A stable code for interfaces and logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MissingParameter(_) => "callback_parameter_missing",
            Self::BadSignature | Self::NotEncrypted => "callback_signature_wrong",
            Self::Decrypt(_) => "callback_not_decryptable",
            Self::ReceiverMismatch => "callback_receiver_mismatch",
            Self::MissingKey => "callback_key_missing",
            Self::Malformed(_) => "callback_malformed",
        }
    }
}
