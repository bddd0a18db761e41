//! From the clear text of a push to [`Push`]. What a push must have is little (a sender for messages,
//! a time, a kind): everything else WeChat leaves out now and then.

use std::str::FromStr;

use super::fields::{fields_of, format_of, text_of};
use super::read_event::event;
use super::tree::Node;
use super::{Content, FromArticle, Message, ParseError, Push};
use crate::{AppId, MediaId, OpenId};

/// Reads the clear text of a push, XML or JSON.
///
/// Invalid UTF-8 is replaced, NUL removed. A kind of message or event that is not known is no error.
/// Vendor page: <https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages.html>
pub fn parse(plain: &[u8]) -> Result<Push, ParseError> {
    let text = text_of(plain)?;
    let fields = fields_of(&text)?;
    let content = content(&fields)?;
    let from_user = fields.text("FromUserName");
    if from_user.is_empty() && matches!(content, Content::Message { .. }) {
        return Err(ParseError::MissingField("FromUserName"));
    }
    Ok(Push {
        to_user: fields.text("ToUserName"),
        from_user: OpenId::from(from_user),
        create_time: required_number(&fields, "CreateTime")?,
        content,
        article: article(&fields),
        format: format_of(&text).ok_or(ParseError::Format)?,
        raw: text.into_owned(),
    })
}

fn content(fields: &Node) -> Result<Content, ParseError> {
    let msg_type = required(fields, "MsgType")?;
    if msg_type.eq_ignore_ascii_case("event") {
        return Ok(Content::Event(event(fields, required(fields, "Event")?)));
    }
    let msg_id = fields.filled("MsgId");
    Ok(Content::Message {
        msg_id,
        message: message(fields, msg_type)?,
    })
}

fn article(fields: &Node) -> Option<FromArticle> {
    fields.filled("MsgDataId").map(|msg_data_id| FromArticle {
        msg_data_id,
        index: fields.number("Idx"),
    })
}

fn message(fields: &Node, msg_type: &str) -> Result<Message, ParseError> {
    let message = match msg_type.to_ascii_lowercase().as_str() {
        "text" => Message::Text {
            content: fields.text("Content"),
            menu_id: fields.filled("bizmsgmenuid"),
        },
        "image" => Message::Image {
            media_id: media_id(fields)?,
            pic_url: fields.text("PicUrl"),
        },
        "voice" => Message::Voice {
            media_id: media_id(fields)?,
            media_id_16k: fields.filled("MediaId16K").map(MediaId::from),
            format: fields.text("Format"),
        },
        "video" => video(fields, false)?,
        "shortvideo" => video(fields, true)?,
        "location" => location(fields)?,
        "link" => Message::Link {
            title: fields.text("Title"),
            description: fields.text("Description"),
            url: fields.text("Url"),
        },
        "file" => file(fields)?,
        "miniprogrampage" => mini_program(fields),
        _ => Message::Unknown {
            msg_type: msg_type.to_owned(),
        },
    };
    Ok(message)
}

fn video(fields: &Node, short: bool) -> Result<Message, ParseError> {
    let thumb_media_id = fields.filled("ThumbMediaId").map(MediaId::from);
    Ok(Message::Video {
        media_id: media_id(fields)?,
        thumb_media_id,
        short,
    })
}

fn location(fields: &Node) -> Result<Message, ParseError> {
    Ok(Message::Location {
        latitude: degrees(fields, "Location_X")?,
        longitude: degrees(fields, "Location_Y")?,
        scale: number(fields, "Scale")?,
        label: fields.text("Label"),
    })
}

fn file(fields: &Node) -> Result<Message, ParseError> {
    Ok(Message::File {
        title: fields.text("Title"),
        description: fields.text("Description"),
        file_key: fields.text("FileKey"),
        md5: fields.text("FileMd5"),
        total_len: number(fields, "FileTotalLen")?,
    })
}

fn mini_program(fields: &Node) -> Message {
    Message::MiniProgram {
        title: fields.text("Title"),
        app_id: AppId::from(fields.text("AppId")),
        page_path: fields.text("PagePath"),
        thumb_url: fields.text("ThumbUrl"),
        thumb_media_id: fields.filled("ThumbMediaId").map(MediaId::from),
    }
}

/// `NaN` and `inf` are numbers to Rust and not to JSON.
fn degrees(fields: &Node, name: &'static str) -> Result<f64, ParseError> {
    let value: f64 = required_number(fields, name)?;
    if value.is_finite() {
        Ok(value)
    } else {
        Err(ParseError::BadField(name))
    }
}

fn media_id(fields: &Node) -> Result<MediaId, ParseError> {
    required(fields, "MediaId").map(MediaId::from)
}

fn required<'f>(fields: &'f Node, name: &'static str) -> Result<&'f str, ParseError> {
    fields
        .get(name)
        .filter(|value| !value.is_empty())
        .ok_or(ParseError::MissingField(name))
}

fn required_number<T: FromStr>(fields: &Node, name: &'static str) -> Result<T, ParseError> {
    number(fields, name)?.ok_or(ParseError::MissingField(name))
}

fn number<T: FromStr>(fields: &Node, name: &'static str) -> Result<Option<T>, ParseError> {
    match fields.get(name).map(str::trim).filter(|value| !value.is_empty()) {
        Some(text) => text.parse().map(Some).map_err(|_| ParseError::BadField(name)),
        None => Ok(None),
    }
}
