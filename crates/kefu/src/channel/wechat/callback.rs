//! The callback side: credentials of a channel, and refusals in the desk's words.

use super::translate;
use crate::channel::{CallbackRefusal, CallbackRequest, ReceivedPush};
use crate::db::channels::ChannelSettings;
use crate::domain::channel::EncryptionMode;
use crate::domain::inbound::Push;
use crate::domain::time::Time;
use bytes::Bytes;
use wechat::callback::{self, Age, CallbackError, Credentials, Mode, Query, Reply};
use wechat::{AppId, CallbackToken, EncodingAesKey};
use zeroize::Zeroizing;

pub(super) fn verify(
    channel: &ChannelSettings,
    request: &CallbackRequest,
) -> Result<String, CallbackRefusal> {
    let credentials = credentials(channel, request.received_at, false)?;
    callback::verify_url(&credentials, &query(request)).map_err(|error| refusal(&error, request))
}

pub(super) fn receive(
    channel: &ChannelSettings,
    request: &CallbackRequest,
) -> Result<ReceivedPush, CallbackRefusal> {
    let query = query(request);
    let encrypted = query.encrypt_type.is_some();
    let credentials = credentials(channel, request.received_at, encrypted)?;
    let opened =
        callback::open(&credentials, &query, &request.body).map_err(|error| refusal(&error, request))?;
    let with_current_keys = opened.used_token == Age::Current && opened.used_key != Some(Age::Previous);
    let raw = Bytes::from(opened.plain);
    let push = reread(channel, &raw, request.received_at)?;
    Ok(ReceivedPush {
        push,
        raw,
        with_current_keys,
    })
}

pub(super) fn reread(
    channel: &ChannelSettings,
    raw: &[u8],
    received_at: Time,
) -> Result<Push, CallbackRefusal> {
    match callback::parse(raw) {
        Ok(push) if nobody_wrote(&push) => Err(CallbackRefusal::Unreadable {
            code: "callback_sender_missing",
            detail: "a message that names no sender".into(),
            raw: Bytes::copy_from_slice(raw),
        }),
        Ok(push) => Ok(translate::push(push, channel, received_at)),
        Err(error) => Err(CallbackRefusal::Unreadable {
            code: error.code(),
            detail: error.to_string(),
            raw: Bytes::copy_from_slice(raw),
        }),
    }
}

/// Writes a passive reply to a push that was accepted. It is opened once more: replies are rare, and the way of every
/// push need not carry what they want.
pub(super) fn answer(
    channel: &ChannelSettings,
    request: &CallbackRequest,
    reply: &Reply,
) -> Result<String, String> {
    let query = query(request);
    let encrypted = query.encrypt_type.is_some();
    let credentials =
        credentials(channel, request.received_at, encrypted).map_err(|refused| refused.to_string())?;
    let opened = callback::open(&credentials, &query, &request.body).map_err(|error| error.to_string())?;
    let push = callback::parse(&opened.plain).map_err(|error| error.to_string())?;
    let now_s = request.received_at.0 / 1000;
    opened
        .answer(&credentials, &query, &push, reply, now_s)
        .map_err(|error| error.to_string())
}

fn nobody_wrote(push: &callback::Push) -> bool {
    push.from_user.as_str().is_empty() && matches!(push.content, callback::Content::Message { .. })
}

/// An unknown or repeated parameter is no reason to refuse: the first counts.
fn query(request: &CallbackRequest) -> Query {
    let mut query = Query::default();
    for pair in request.query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let slot = match name {
            "signature" => &mut query.signature,
            "msg_signature" => &mut query.msg_signature,
            "timestamp" => &mut query.timestamp,
            "nonce" => &mut query.nonce,
            "encrypt_type" => &mut query.encrypt_type,
            "echostr" => &mut query.echostr,
            _ => continue,
        };
        slot.get_or_insert_with(|| decoded(value));
    }
    query
}

/// Signatures and numbers need no decoding, and they are all that comes with most pushes.
fn decoded(value: &str) -> String {
    if !value.contains(['%', '+']) {
        return value.to_owned();
    }
    let pair = format!("v={value}");
    let mut decoded = url::form_urlencoded::parse(pair.as_bytes());
    decoded
        .next()
        .map(|(_, text)| text.into_owned())
        .unwrap_or_default()
}

fn refusal(error: &CallbackError, request: &CallbackRequest) -> CallbackRefusal {
    match error {
        CallbackError::MissingParameter(name) => CallbackRefusal::MissingParameter(name),
        CallbackError::BadSignature => CallbackRefusal::BadSignature,
        // The envelope is read before the signature can be: nothing behind it is authentic.
        CallbackError::Malformed(_) => CallbackRefusal::Malformed(error.to_string()),
        other => CallbackRefusal::Unreadable {
            code: other.code(),
            detail: other.to_string(),
            raw: request.body.clone(),
        },
    }
}

/// A channel without a token (deleted) accepts nobody. Keys are read only where something is encrypted.
fn credentials(
    channel: &ChannelSettings,
    now: Time,
    encrypted: bool,
) -> Result<Credentials, CallbackRefusal> {
    let token = channel.token.as_deref().ok_or(CallbackRefusal::BadSignature)?;
    let previous_holds = channel.row.previous_until.is_none_or(|until| now < until);
    let previous = |secret: &Option<Zeroizing<String>>| secret.clone().filter(|_| previous_holds);
    let key = |secret: Option<Zeroizing<String>>| {
        let secret = secret.filter(|_| encrypted)?;
        EncodingAesKey::parse(&secret).ok()
    };
    Ok(Credentials {
        app_id: AppId::from(channel.row.app_id.clone()),
        mode: match channel.row.encryption_mode {
            EncryptionMode::Plain => Mode::Plain,
            EncryptionMode::Compatible => Mode::Compatible,
            EncryptionMode::Safe => Mode::Safe,
        },
        token: CallbackToken::parse(token).map_err(|_| CallbackRefusal::BadSignature)?,
        previous_token: previous(&channel.previous_token).and_then(|t| CallbackToken::parse(&t).ok()),
        key: key(channel.encoding_aes_key.clone()),
        previous_key: key(previous(&channel.previous_encoding_aes_key)),
    })
}
