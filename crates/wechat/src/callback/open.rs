//! Authenticating and decrypting a callback. Which signature counts is decided by `encrypt_type` alone:
//! with `aes` it is `msg_signature`, in every mode; without it `signature`, which mode safe refuses.

use super::cipher::decrypt;
use super::fields::{fields_of, format_of, text_of};
use super::signature::matches;
use super::{CallbackError, CipherError, Credentials, Format, Mode, ParseError, Query};
use crate::EncodingAesKey;

/// A push that is authentic, in clear text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The clear text; give it to [`parse`](super::parse).
    pub plain: Vec<u8>,
    /// How the body was written, clear or envelope.
    pub format: Format,
    /// Whether it came encrypted.
    pub encrypted: bool,
    /// Which callback token signed it.
    pub used_token: Age,
    /// Which key decrypted it; none when it came in clear text.
    pub used_key: Option<Age>,
}

/// Whether the secret in force was used, or the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Age {
    /// The one in force.
    Current,
    /// The one before the last change.
    Previous,
}

/// Answers the GET of WeChat's settings page: what is returned has to be the whole body, byte for byte.
///
/// It is in clear text in all three modes.
/// Vendor page: <https://developers.weixin.qq.com/doc/service/guide/dev/push/>
pub fn verify_url(credentials: &Credentials, query: &Query) -> Result<String, CallbackError> {
    let signature = required(&query.signature, "signature")?;
    let (timestamp, nonce) = stamp(query)?;
    let echostr = required(&query.echostr, "echostr")?;
    signer(credentials, &[timestamp, nonce], signature)?;
    Ok(echostr.to_owned())
}

/// Checks the signature of a push and decrypts it where it is encrypted.
///
/// Vendor page: <https://developers.weixin.qq.com/doc/service/guide/dev/push/encryption.html>
pub fn open(credentials: &Credentials, query: &Query, body: &[u8]) -> Result<Opened, CallbackError> {
    if query.encrypt_type.as_deref() == Some("aes") {
        return open_encrypted(credentials, query, body);
    }
    open_clear(credentials, query, body)
}

fn open_clear(credentials: &Credentials, query: &Query, body: &[u8]) -> Result<Opened, CallbackError> {
    let signature = required(&query.signature, "signature")?;
    let (timestamp, nonce) = stamp(query)?;
    let used_token = signer(credentials, &[timestamp, nonce], signature)?;
    // In mode safe `signature` authenticates nothing: it does not cover the body.
    if credentials.mode == Mode::Safe {
        return Err(CallbackError::NotEncrypted);
    }
    Ok(Opened {
        plain: body.to_vec(),
        format: format_of_bytes(body),
        encrypted: false,
        used_token,
        used_key: None,
    })
}

fn open_encrypted(credentials: &Credentials, query: &Query, body: &[u8]) -> Result<Opened, CallbackError> {
    let signature = required(&query.msg_signature, "msg_signature")?;
    let (timestamp, nonce) = stamp(query)?;
    let text = text_of(body)?;
    let fields = fields_of(&text)?;
    let encrypted = fields.get("Encrypt").ok_or(ParseError::MissingField("Encrypt"))?;
    let used_token = signer(credentials, &[timestamp, nonce, encrypted], signature)?;
    let (plain, used_key) = decrypt_with_any(credentials, encrypted)?;
    Ok(Opened {
        plain,
        format: format_of(&text).ok_or(ParseError::Format)?,
        encrypted: true,
        used_token,
        used_key: Some(used_key),
    })
}

/// What is neither is refused when it is read.
fn format_of_bytes(body: &[u8]) -> Format {
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    match body.trim_ascii_start().first() {
        Some(b'{') => Format::Json,
        _ => Format::Xml,
    }
}

fn required<'q>(value: &'q Option<String>, name: &'static str) -> Result<&'q str, CallbackError> {
    value.as_deref().ok_or(CallbackError::MissingParameter(name))
}

fn stamp(query: &Query) -> Result<(&str, &str), CallbackError> {
    Ok((
        required(&query.timestamp, "timestamp")?,
        required(&query.nonce, "nonce")?,
    ))
}

fn signer(credentials: &Credentials, parts: &[&str], signature: &str) -> Result<Age, CallbackError> {
    if matches(&credentials.token, parts, signature) {
        return Ok(Age::Current);
    }
    match &credentials.previous_token {
        Some(token) if matches(token, parts, signature) => Ok(Age::Previous),
        _ => Err(CallbackError::BadSignature),
    }
}

/// Tries the key in force, then the previous one. A wrong receiver ends the search: only the right
/// key gets as far as a receiver.
fn decrypt_with_any(credentials: &Credentials, encrypted: &str) -> Result<(Vec<u8>, Age), CallbackError> {
    let keys = [
        (&credentials.key, Age::Current),
        (&credentials.previous_key, Age::Previous),
    ];
    let mut failure: Option<CipherError> = None;
    for (key, age) in keys {
        let Some(key) = key else { continue };
        match decrypt_for(credentials, key, encrypted) {
            Ok(plain) => return Ok((plain, age)),
            Err(CallbackError::Decrypt(error)) => failure = failure.or(Some(error)),
            Err(other) => return Err(other),
        }
    }
    Err(failure.map_or(CallbackError::MissingKey, CallbackError::Decrypt))
}

fn decrypt_for(
    credentials: &Credentials,
    key: &EncodingAesKey,
    encrypted: &str,
) -> Result<Vec<u8>, CallbackError> {
    let (plain, receiver) = decrypt(key, encrypted)?;
    if receiver == credentials.app_id {
        Ok(plain)
    } else {
        Err(CallbackError::ReceiverMismatch)
    }
}
