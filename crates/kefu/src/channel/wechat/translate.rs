//! A WeChat push in the desk's words.

use crate::db::channels::ChannelSettings;
use crate::domain::allowance::Grant;
use crate::domain::inbound::{ContactEventKind, Content, InboundEvent, InboundMedia, InboundMessage, Push};
use crate::domain::message::{MediaKind, MessageKind};
use crate::domain::time::Time;
use serde_json::{Value, json};
use wechat::MediaId;
use wechat::callback::{self, Event, MassResult, Message};

/// Stickers and other kinds the platform does not hand over arrive as a text with this content (`wechat.md` 2.1).
const STICKER_TEXT: &str = "【收到不支持的消息类型，暂无法显示】";

pub(super) fn push(push: callback::Push, channel: &ChannelSettings, received_at: Time) -> Push {
    let mismatched = push.to_user != channel.row.original_id;
    let dedupe_key = push.dedupe_key();
    let sent_at = Time(push.create_time.saturating_mul(1000));
    let content = match push.content {
        callback::Content::Message { msg_id, message } => {
            Content::Message(self::message(message, msg_id.as_deref()))
        }
        callback::Content::Event(event) => Content::Event(self::event(event)),
    };
    // How a mass message went comes from the platform itself, not from a contact.
    let external_id = match &content {
        Content::Event(event) if event.kind == ContactEventKind::MassFinished => String::new(),
        _ => push.from_user.as_str().to_owned(),
    };
    Push {
        external_id,
        dedupe_key,
        received_at,
        sent_at,
        mismatched,
        awaited: true,
        content,
    }
}

fn plain(kind: MessageKind, text: String, data: Option<Value>) -> InboundMessage {
    InboundMessage {
        kind,
        text,
        data,
        media: None,
        grant: Grant::Message,
    }
}

fn media(kind: MessageKind, file: MediaKind, id: &MediaId, data: Option<Value>) -> InboundMessage {
    let media = Some(InboundMedia {
        kind: file,
        external_id: id.as_str().to_owned(),
    });
    InboundMessage {
        media,
        ..plain(kind, String::new(), data)
    }
}

fn message(message: Message, msg_id: Option<&str>) -> InboundMessage {
    match message {
        Message::Text { content, menu_id } => text(content, menu_id),
        Message::Image { media_id, .. } => media(MessageKind::Image, MediaKind::Image, &media_id, None),
        Message::Voice {
            media_id,
            media_id_16k,
            format,
        } => {
            let data =
                json!({"format": format, "media_id_16k": media_id_16k.map(|id| id.as_str().to_owned())});
            media(MessageKind::Voice, MediaKind::Voice, &media_id, Some(data))
        }
        Message::Video { media_id, short, .. } => media(
            MessageKind::Video,
            MediaKind::Video,
            &media_id,
            Some(json!({"short": short})),
        ),
        Message::Location {
            latitude,
            longitude,
            scale,
            label,
        } => {
            let data = json!({"latitude": latitude, "longitude": longitude, "scale": scale, "label": label});
            plain(MessageKind::Location, label, Some(data))
        }
        Message::Link {
            title,
            description,
            url,
        } => {
            let data = json!({"title": title, "description": description, "url": url});
            plain(MessageKind::Link, title, Some(data))
        }
        Message::File {
            title,
            description,
            md5,
            total_len,
            ..
        } => {
            let data = json!({"title": title, "description": description, "md5": md5, "bytes": total_len});
            plain(MessageKind::File, title, Some(data))
        }
        Message::MiniProgram {
            title,
            app_id,
            page_path,
            ..
        } => {
            let data = json!({"title": title, "app_id": app_id.as_str(), "page_path": page_path});
            plain(MessageKind::MiniProgram, title, Some(data))
        }
        Message::Unknown { msg_type } => plain(
            MessageKind::Unsupported,
            String::new(),
            Some(json!({"msg_type": msg_type, "msg_id": msg_id})),
        ),
    }
}

/// A tap on a menu message is a menu click, not a message of the contact.
fn text(content: String, menu_id: Option<String>) -> InboundMessage {
    if content == STICKER_TEXT {
        return plain(MessageKind::Sticker, String::new(), None);
    }
    match menu_id {
        Some(id) => InboundMessage {
            grant: Grant::MenuClick,
            ..plain(MessageKind::Text, content, Some(json!({"menu_id": id})))
        },
        None => plain(MessageKind::Text, content, None),
    }
}

fn event(event: Event) -> InboundEvent {
    match event {
        Event::Subscribe { event_key, .. } => happened(ContactEventKind::Followed, event_key, None),
        Event::Unsubscribe => happened(ContactEventKind::Unfollowed, None, None),
        Event::Scan { event_key, .. } => happened(ContactEventKind::Scanned, Some(event_key), None),
        Event::Click { event_key } => happened(ContactEventKind::MenuClicked, Some(event_key), None),
        Event::View { event_key, .. } => happened(ContactEventKind::MenuViewed, Some(event_key), None),
        // These two open the same short allowance as a menu click (`wechat.md` 2.2).
        Event::MassSent(result) => happened(ContactEventKind::MassFinished, None, Some(mass_result(&result))),
        Event::ScanCode { .. } => other(ContactEventKind::MenuClicked, &event),
        _ => other(ContactEventKind::Other, &event),
    }
}

fn mass_result(result: &MassResult) -> Value {
    json!({
        "event": "MASSSENDJOBFINISH",
        "msg_id": result.msg_id,
        "status": result.status,
        "total": result.total_count,
        "filtered": result.filter_count,
        "sent": result.sent_count,
        "errors": result.error_count,
    })
}

fn other(kind: ContactEventKind, event: &Event) -> InboundEvent {
    let event_key = event.event_key().filter(|key| !key.is_empty()).map(str::to_owned);
    let data = json!({"event": event.name(), "msg_id": event.msg_id()});
    happened(kind, event_key, Some(data))
}

fn happened(kind: ContactEventKind, event_key: Option<String>, data: Option<Value>) -> InboundEvent {
    InboundEvent {
        kind,
        event_key,
        data,
    }
}
