//! The callback side: credentials of a channel, and refusals in the desk's words.

use super::translate;
use crate::channel::{CallbackRefusal, CallbackRequest, Proof, ReceivedPush};
use crate::db::channels::ChannelSettings;
use crate::domain::channel::EncryptionMode;
use crate::domain::inbound::Push;
use crate::domain::time::Time;
use bytes::Bytes;
use wechat::callback::{self, Age, CallbackError, Credentials, Mode, Opened, Query, Reply};
use wechat::{AppId, CallbackToken, EncodingAesKey};
use zeroize::Zeroizing;

pub(super) fn verify(
    channel: &ChannelSettings,
    request: &CallbackRequest,
) -> Result<String, CallbackRefusal> {
    let query = query(request);
    with_any(channel, request.received_at, false, |credentials| {
        callback::verify_url(credentials, &query)
    })?
    .map_err(|error| refusal(&error, request))
}

pub(super) fn receive(
    channel: &ChannelSettings,
    request: &CallbackRequest,
) -> Result<ReceivedPush, CallbackRefusal> {
    let query = query(request);
    let encrypted = query.encrypt_type.is_some();
    let opened = with_any(channel, request.received_at, encrypted, |credentials| {
        callback::open(credentials, &query, &request.body)
    })?
    .map_err(|error| refusal(&error, request))?;
    let mode = mode(&opened, &request.body);
    let proves = Proof {
        token: opened.used_token == Age::Current,
        key: opened.used_key == Some(Age::Current),
    };
    let raw = Bytes::from(opened.plain);
    let push = reread(channel, &raw, request.received_at)?;
    Ok(ReceivedPush {
        push,
        raw,
        mode,
        proves,
    })
}

/// In mode compatible the fields stand in clear text beside the cipher text.
fn mode(opened: &Opened, body: &[u8]) -> EncryptionMode {
    let names_sender = || std::str::from_utf8(body).is_ok_and(|text| text.contains("FromUserName"));
    match opened.encrypted {
        false => EncryptionMode::Plain,
        true if names_sender() => EncryptionMode::Compatible,
        true => EncryptionMode::Safe,
    }
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
    let opened = with_any(channel, request.received_at, encrypted, |credentials| {
        callback::open(credentials, &query, &request.body).map(|opened| (opened, credentials.clone()))
    });
    let (opened, credentials) = opened
        .map_err(|refused| refused.to_string())?
        .map_err(|error| error.to_string())?;
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
        CallbackError::NotEncrypted => CallbackRefusal::NotEncrypted,
        // The envelope is read before the signature can be: nothing behind it is authentic.
        CallbackError::Malformed(_) => CallbackRefusal::Malformed(error.to_string()),
        other => CallbackRefusal::Unreadable {
            code: other.code(),
            detail: other.to_string(),
            raw: request.body.clone(),
        },
    }
}

/// Opens with the secrets in force, then with each of those before them that is still accepted. When none opens, what
/// counts is how far the best one got: a right signature over what cannot be decrypted is no wrong signature.
fn with_any<T>(
    channel: &ChannelSettings,
    now: Time,
    encrypted: bool,
    open: impl Fn(&Credentials) -> Result<T, CallbackError>,
) -> Result<Result<T, CallbackError>, CallbackRefusal> {
    let previous = Previous::of(channel, now, encrypted);
    let mut credentials = credentials(channel, encrypted)?;
    let mut best = open(&credentials);
    if best.is_ok() || previous.is_none() {
        return Ok(best);
    }
    for (token, key) in previous.pairs() {
        credentials.previous_token = token;
        credentials.previous_key = key;
        let opened = open(&credentials);
        if opened.is_ok() {
            return Ok(opened);
        }
        if matches!(best, Err(CallbackError::BadSignature)) {
            best = opened;
        }
    }
    Ok(best)
}

/// The secrets before the ones in force, as far as they are still accepted. Several, when a change-over began before
/// the last one was over.
struct Previous {
    tokens: Vec<CallbackToken>,
    keys: Vec<EncodingAesKey>,
}

impl Previous {
    fn of(channel: &ChannelSettings, now: Time, encrypted: bool) -> Self {
        let holds = |until: Option<Time>| until.is_none_or(|until| now < until);
        let (token_holds, key_holds) = (
            holds(channel.row.previous_until),
            holds(channel.row.previous_key_until) && encrypted,
        );
        Self {
            tokens: words(&channel.previous_token)
                .filter(|_| token_holds)
                .filter_map(|text| CallbackToken::parse(text).ok())
                .collect(),
            keys: words(&channel.previous_encoding_aes_key)
                .filter(|_| key_holds)
                .filter_map(|text| EncodingAesKey::parse(text).ok())
                .collect(),
        }
    }

    fn is_none(&self) -> bool {
        self.tokens.is_empty() && self.keys.is_empty()
    }

    /// Every token with every key, and each without the other kind where there is none.
    fn pairs(&self) -> Vec<(Option<CallbackToken>, Option<EncodingAesKey>)> {
        let some = |n: usize| 0..n.max(1);
        some(self.tokens.len())
            .flat_map(|token| some(self.keys.len()).map(move |key| (token, key)))
            .map(|(token, key)| (self.tokens.get(token).cloned(), self.keys.get(key).cloned()))
            .collect()
    }
}

fn words(secret: &Option<Zeroizing<String>>) -> impl Iterator<Item = &str> {
    secret.iter().flat_map(|text| text.split(' '))
}

/// A channel without a token (deleted) accepts nobody. Keys are read only where something is encrypted.
fn credentials(channel: &ChannelSettings, encrypted: bool) -> Result<Credentials, CallbackRefusal> {
    let token = channel.token.as_deref().ok_or(CallbackRefusal::BadSignature)?;
    let key = channel.encoding_aes_key.as_deref().filter(|_| encrypted);
    Ok(Credentials {
        app_id: AppId::from(channel.row.app_id.clone()),
        mode: match channel.row.encryption_mode {
            EncryptionMode::Plain => Mode::Plain,
            EncryptionMode::Compatible => Mode::Compatible,
            EncryptionMode::Safe => Mode::Safe,
        },
        token: CallbackToken::parse(token).map_err(|_| CallbackRefusal::BadSignature)?,
        previous_token: None,
        key: key.and_then(|text| EncodingAesKey::parse(text).ok()),
        previous_key: None,
    })
}
