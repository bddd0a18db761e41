//! Reads what the callback answers with status 200: acknowledgement, passive reply, or nonsense.
use serde_json::{Map, Value};

use super::json;
use super::xml::{self, Element};
use crate::crypto::{AesKey, signature};
use crate::state::account::{AccountSpec, EncryptionMode, PushFormat};
use crate::state::follower::{Direction, Via};
use crate::state::media::MediaType;
use crate::state::{Line, State};

/// A valid answer.
#[derive(Debug)]
pub(crate) enum Answer {
    /// Taken, nothing to show.
    Taken,
    /// A reply for the phone.
    Reply(Line),
}

/// The answer's meaning, or `None` when the platform would call it abnormal.
pub(crate) fn read(
    state: &State,
    spec: &AccountSpec,
    openid: &str,
    body: &str,
    now_ms: i64,
) -> Option<Answer> {
    if body.is_empty() || body == "success" {
        return Some(Answer::Taken);
    }
    // In the format of the push.
    let parse = match spec.push_format {
        PushFormat::Xml => xml::parse,
        PushFormat::Json => json::read,
    };
    let outer = parse(body)?;
    let reply = match (outer.child("Encrypt"), spec.encryption_mode) {
        (Some(_), EncryptionMode::Plain) | (None, EncryptionMode::Safe) => return None,
        (Some(encrypted), _) => parse(&opened(spec, &outer, &encrypted.text)?)?,
        (None, _) => outer,
    };
    if reply.text_of("ToUserName") != openid {
        return None;
    }
    let usable = |media_type, media_id: &str| {
        let media = state.media.get(media_id);
        media.is_some_and(|media| {
            media.app_id == spec.app_id && media.media_type == media_type && !media.is_expired(now_ms)
        })
    };
    answer(&reply, usable)
}

fn opened(spec: &AccountSpec, outer: &Element, encrypted: &str) -> Option<String> {
    let parts = [
        &spec.token,
        outer.text_of("TimeStamp"),
        outer.text_of("Nonce"),
        encrypted,
    ];
    if outer.text_of("MsgSignature") != signature(&parts) {
        return None;
    }
    AesKey::parse(&spec.encoding_aes_key)
        .ok()?
        .decrypt(encrypted, &spec.app_id)
        .ok()
}

fn answer(reply: &Element, usable: impl Fn(MediaType, &str) -> bool) -> Option<Answer> {
    let kind = reply.text_of("MsgType");
    match kind {
        "text" => Some(reply.text_of("Content"))
            .filter(|content| !content.is_empty())
            .map(|content| Answer::Reply(line(kind, content, None, Map::new()))),
        "image" => media(reply, kind, "Image", MediaType::Image, usable),
        "voice" => media(reply, kind, "Voice", MediaType::Voice, usable),
        "video" => media(reply, kind, "Video", MediaType::Video, usable),
        "music" => reply.child("Music").map(|music| card(kind, music, &MUSIC)),
        "news" => news(reply),
        // The message goes to the account's native service; the phone shows nothing.
        "transfer_customer_service" => Some(Answer::Taken),
        _ => None,
    }
}

const MUSIC: [(&str, &str); 5] = [
    ("Title", "title"),
    ("Description", "description"),
    ("MusicUrl", "musicurl"),
    ("HQMusicUrl", "hqmusicurl"),
    ("ThumbMediaId", "thumb_media_id"),
];
const ARTICLE: [(&str, &str); 4] = [
    ("Title", "title"),
    ("Description", "description"),
    ("PicUrl", "picurl"),
    ("Url", "url"),
];
const VIDEO: [(&str, &str); 2] = [("Title", "title"), ("Description", "description")];

fn media(
    reply: &Element,
    kind: &str,
    element: &str,
    media_type: MediaType,
    usable: impl Fn(MediaType, &str) -> bool,
) -> Option<Answer> {
    let inner = reply.child(element)?;
    let media_id = inner.text_of("MediaId");
    let data = fields(inner, &VIDEO);
    let text = inner.text_of("Title");
    usable(media_type, media_id).then(|| Answer::Reply(line(kind, text, Some(media_id), data)))
}

fn news(reply: &Element) -> Option<Answer> {
    let articles = &reply.child("Articles")?.children;
    let title = articles.first()?.text_of("Title");
    let items: Vec<_> = articles
        .iter()
        .map(|article| Value::Object(fields(article, &ARTICLE)))
        .collect();
    let data = Map::from_iter([("articles".to_owned(), Value::from(items))]);
    Some(Answer::Reply(line("news", title, None, data)))
}

fn card(kind: &str, inner: &Element, names: &[(&str, &str)]) -> Answer {
    Answer::Reply(line(kind, inner.text_of("Title"), None, fields(inner, names)))
}

fn fields(inner: &Element, names: &[(&str, &str)]) -> Map<String, Value> {
    let present = names.iter().filter(|(element, _)| inner.child(element).is_some());
    present
        .map(|(element, key)| ((*key).to_owned(), Value::from(inner.text_of(element))))
        .collect()
}

fn line(kind: &str, text: &str, media_id: Option<&str>, data: Map<String, Value>) -> Line {
    Line {
        direction: Direction::Received,
        kind: kind.to_owned(),
        text: text.to_owned(),
        media_id: media_id.map(str::to_owned),
        via: Some(Via::Passive),
        data,
        msg_id: None,
        state: None,
    }
}
