//! The callback side: credentials of a channel, and refusals in the desk's words.

use super::translate;
use crate::channel::{CallbackRefusal, CallbackRequest, ReceivedPush};
use crate::db::channels::ChannelSettings;
use crate::domain::channel::EncryptionMode;
use crate::domain::inbound::Push;
use crate::domain::time::Time;
use bytes::Bytes;
use wechat::callback::{self, Age, CallbackError, Credentials, Mode, Query};
use wechat::{AppId, CallbackToken, EncodingAesKey};
use zeroize::Zeroizing;

pub(super) fn verify(
    channel: &ChannelSettings,
    request: &CallbackRequest,
) -> Result<String, CallbackRefusal> {
    let credentials = credentials(channel, request.received_at)?;
    callback::verify_url(&credentials, &query(request)).map_err(|error| refusal(&error, request))
}

pub(super) fn receive(
    channel: &ChannelSettings,
    request: &CallbackRequest,
) -> Result<ReceivedPush, CallbackRefusal> {
    let credentials = credentials(channel, request.received_at)?;
    let opened = callback::open(&credentials, &query(request), &request.body)
        .map_err(|error| refusal(&error, request))?;
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

fn nobody_wrote(push: &callback::Push) -> bool {
    push.from_user.as_str().is_empty() && matches!(push.content, callback::Content::Message { .. })
}

/// An unknown or repeated parameter is no reason to refuse: the first counts.
fn query(request: &CallbackRequest) -> Query {
    let mut query = Query::default();
    for (name, value) in url::form_urlencoded::parse(request.query.as_bytes()) {
        let slot = match name.as_ref() {
            "signature" => &mut query.signature,
            "msg_signature" => &mut query.msg_signature,
            "timestamp" => &mut query.timestamp,
            "nonce" => &mut query.nonce,
            "encrypt_type" => &mut query.encrypt_type,
            "openid" => &mut query.openid,
            "echostr" => &mut query.echostr,
            _ => continue,
        };
        slot.get_or_insert_with(|| value.into_owned());
    }
    query
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

/// A channel without a token (deleted) accepts nobody.
fn credentials(channel: &ChannelSettings, now: Time) -> Result<Credentials, CallbackRefusal> {
    let token = channel.token.as_deref().ok_or(CallbackRefusal::BadSignature)?;
    let previous_holds = channel.row.previous_until.is_none_or(|until| now < until);
    let previous = |secret: &Option<Zeroizing<String>>| secret.clone().filter(|_| previous_holds);
    Ok(Credentials {
        app_id: AppId::from(channel.row.app_id.clone()),
        mode: match channel.row.encryption_mode {
            EncryptionMode::Plain => Mode::Plain,
            EncryptionMode::Compatible => Mode::Compatible,
            EncryptionMode::Safe => Mode::Safe,
        },
        token: CallbackToken::parse(token).map_err(|_| CallbackRefusal::BadSignature)?,
        previous_token: previous(&channel.previous_token).and_then(|t| CallbackToken::parse(&t).ok()),
        key: channel
            .encoding_aes_key
            .as_deref()
            .and_then(|k| EncodingAesKey::parse(k).ok()),
        previous_key: previous(&channel.previous_encoding_aes_key)
            .and_then(|k| EncodingAesKey::parse(&k).ok()),
    })
}
