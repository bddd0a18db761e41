//! Writes the clear XML of messages and events from the fields that the control API was given.
//! Field names are WeChat's in snake_case (`event_key` becomes `EventKey`); what the table does not know is written all the same.
use serde_json::{Map, Value, json};

use super::xml::{bare, cdata, document};

/// Who sends to whom, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head<'a> {
    pub(crate) original_id: &'a str,
    pub(crate) openid: &'a str,
    pub(crate) create_time: i64,
}

/// What a phone sends as text when it used a sticker or another kind that cannot be passed on.
pub(crate) const UNSUPPORTED_TEXT: &str = "【收到不支持的消息类型，暂无法显示】";

/// Fields of the control API that are not elements of their own.
const CONTROL_FIELDS: [&str; 8] = [
    "type",
    "event",
    "msg_id",
    "create_time",
    "msg_data_id",
    "idx",
    "wait",
    "phone_media_id",
];

/// How the content of one element is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Text,
    Number,
}

struct Field {
    key: &'static str,
    element: &'static str,
    shape: Shape,
    /// Written when the field is missing; `None`: left out.
    default: Option<&'static str>,
}

const fn text(key: &'static str, element: &'static str) -> Field {
    Field {
        key,
        element,
        shape: Shape::Text,
        default: Some(""),
    }
}

const fn optional(key: &'static str, element: &'static str) -> Field {
    Field {
        key,
        element,
        shape: Shape::Text,
        default: None,
    }
}

const fn number(key: &'static str, element: &'static str, default: &'static str) -> Field {
    Field {
        key,
        element,
        shape: Shape::Number,
        default: Some(default),
    }
}

const TEXT: &[Field] = &[
    text("content", "Content"),
    optional("bizmsgmenuid", "bizmsgmenuid"),
];
const IMAGE: &[Field] = &[text("pic_url", "PicUrl"), text("media_id", "MediaId")];
const VOICE: &[Field] = &[
    text("media_id", "MediaId"),
    text("format", "Format"),
    optional("recognition", "Recognition"),
    optional("media_id_16k", "MediaId16K"),
];
const VIDEO: &[Field] = &[
    text("media_id", "MediaId"),
    text("thumb_media_id", "ThumbMediaId"),
];
const LOCATION: &[Field] = &[
    number("location_x", "Location_X", "23.134521"),
    number("location_y", "Location_Y", "113.358803"),
    number("scale", "Scale", "20"),
    text("label", "Label"),
];
const LINK: &[Field] = &[
    text("title", "Title"),
    text("description", "Description"),
    text("url", "Url"),
];
const FILE: &[Field] = &[
    text("title", "Title"),
    text("description", "Description"),
    text("file_key", "FileKey"),
    text("file_md5", "FileMd5"),
    number("file_total_len", "FileTotalLen", "0"),
];
const MINIPROGRAM: &[Field] = &[
    text("title", "Title"),
    text("app_id", "AppId"),
    text("page_path", "PagePath"),
    text("thumb_url", "ThumbUrl"),
    text("thumb_media_id", "ThumbMediaId"),
];
/// Numbers of events, which are bare where strings are CDATA.
const EVENT_NUMBERS: [&str; 6] = ["latitude", "longitude", "precision", "menu_id", "count", "scale"];

fn fields_of(kind: &str) -> &'static [Field] {
    match kind {
        "text" => TEXT,
        "image" => IMAGE,
        "voice" => VOICE,
        "video" | "shortvideo" => VIDEO,
        "location" => LOCATION,
        "link" => LINK,
        "file" => FILE,
        "miniprogrampage" => MINIPROGRAM,
        _ => &[],
    }
}

/// The XML of a message.
pub(crate) fn message(head: Head<'_>, kind: &str, fields: &Map<String, Value>, msg_id: &str) -> String {
    let known = fields_of(kind);
    let mut elements = head_elements(head, kind);
    elements.extend(known.iter().filter_map(|field| field.write(fields)));
    let is_extra = |key: &str| !CONTROL_FIELDS.contains(&key) && !known.iter().any(|field| field.key == key);
    elements.extend(
        fields
            .iter()
            .filter(|(key, _)| is_extra(key))
            .map(|(key, value)| any_element(key, value)),
    );
    elements.push(bare("MsgId", msg_id));
    elements.extend(fields.get("msg_data_id").map(|id| cdata("MsgDataId", &plain(id))));
    elements.extend(fields.get("idx").map(|idx| bare("Idx", &plain(idx))));
    document(&elements)
}

/// The XML of an event.
pub(crate) fn event(head: Head<'_>, event: &str, fields: &Map<String, Value>) -> String {
    let mut elements = head_elements(head, "event");
    elements.push(cdata("Event", event));
    let has_key = fields.contains_key("event_key");
    if !has_key && matches!(event.to_ascii_lowercase().as_str(), "subscribe" | "unsubscribe") {
        elements.push(cdata("EventKey", ""));
    }
    // Events have no id of their own; those that carry one tell of another message.
    let is_element = |key: &str| key == "msg_id" || !CONTROL_FIELDS.contains(&key);
    elements.extend(
        fields
            .iter()
            .filter(|(key, _)| is_element(key))
            .map(|(key, value)| any_element(key, value)),
    );
    document(&elements)
}

fn head_elements(head: Head<'_>, kind: &str) -> Vec<String> {
    vec![
        cdata("ToUserName", head.original_id),
        cdata("FromUserName", head.openid),
        bare("CreateTime", &head.create_time.to_string()),
        cdata("MsgType", kind),
    ]
}

impl Field {
    fn write(&self, fields: &Map<String, Value>) -> Option<String> {
        let given = fields.get(self.key).filter(|value| !value.is_null()).map(plain);
        let content = given.or_else(|| self.default.map(str::to_owned))?;
        Some(match self.shape {
            Shape::Number if content.parse::<f64>().is_ok() => bare(self.element, &content),
            _ => cdata(self.element, &content),
        })
    }
}

/// An element of any shape: objects nest, lists become `item`s, numbers are bare.
fn any_element(key: &str, value: &Value) -> String {
    let name = element_name(key);
    match value {
        Value::Object(fields) => bare(
            &name,
            &fields
                .iter()
                .map(|(key, value)| any_element(key, value))
                .collect::<String>(),
        ),
        // The one list that the platform writes by repeating it.
        Value::Array(items) if name == "List" => items.iter().map(|item| any_element(key, item)).collect(),
        Value::Array(items) => bare(
            &name,
            &items
                .iter()
                .map(|item| any_element("item", item))
                .collect::<String>(),
        ),
        Value::Number(number) => bare(&name, &number.to_string()),
        Value::String(text) if EVENT_NUMBERS.contains(&key) && text.parse::<f64>().is_ok() => {
            bare(&name, text)
        }
        other => cdata(&name, &plain(other)),
    }
}

/// Names that are not simply each word with a capital.
const ODD_NAMES: [(&str, &str); 13] = [
    ("location_x", "Location_X"),
    ("location_y", "Location_Y"),
    ("msg_id", "MsgID"),
    ("openid", "OpenID"),
    ("appid", "AppID"),
    ("publish_id", "publish_id"),
    ("publish_status", "publish_status"),
    ("article_id", "article_id"),
    ("article_detail", "article_detail"),
    ("article_url", "article_url"),
    ("fail_idx", "fail_idx"),
    ("debug_str", "debug_str"),
    ("idx", "idx"),
];

/// `event_key` → `EventKey`; names that are in WeChat's own spelling already stay.
fn element_name(key: &str) -> String {
    if let Some((_, name)) = ODD_NAMES.iter().find(|(odd, _)| *odd == key) {
        return (*name).to_owned();
    }
    if key == "item" || key.contains(|c: char| c.is_ascii_uppercase()) {
        return safe_name(key);
    }
    let capital = |part: &str| {
        let mut letters = part.chars();
        letters
            .next()
            .map(|first| format!("{}{}", first.to_ascii_uppercase(), letters.as_str()))
            .unwrap_or_default()
    };
    safe_name(&key.split('_').map(capital).collect::<String>())
}

/// Only what may stand in an element's name.
fn safe_name(name: &str) -> String {
    let kept: String = name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    if kept.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        kept
    } else {
        format!("_{kept}")
    }
}

/// The content of a JSON value as text.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The one line that a phone shows for a message.
pub(crate) fn shown_text(kind: &str, fields: &Map<String, Value>) -> String {
    let key = match kind {
        "text" => "content",
        "location" => "label",
        "link" | "file" | "miniprogrampage" => "title",
        _ => return String::new(),
    };
    fields.get(key).map(plain).unwrap_or_default()
}

/// What a phone knows about a message beside its line of text.
pub(crate) fn shown_data(kind: &str, fields: &Map<String, Value>) -> Map<String, Value> {
    let mut data = fields.clone();
    CONTROL_FIELDS
        .iter()
        .chain(&["content", "media_id"])
        .for_each(|key| {
            data.shift_remove(*key);
        });
    if kind == "location" {
        for field in LOCATION.iter().filter(|field| field.shape == Shape::Number) {
            let number = data
                .get(field.key)
                .map(plain)
                .unwrap_or_else(|| field.default.unwrap_or_default().to_owned());
            data.insert(
                field.key.to_owned(),
                number.parse::<f64>().map_or(Value::Null, |number| json!(number)),
            );
        }
    }
    data
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: Head<'_> = Head {
        original_id: "gh_1",
        openid: "oA",
        create_time: 1_348_831_860,
    };

    fn fields(value: Value) -> Map<String, Value> {
        value.as_object().expect("an object").clone()
    }

    #[test]
    fn text_is_written_as_the_platform_writes_it() {
        let xml = message(
            HEAD,
            "text",
            &fields(json!({"type": "text", "content": "hi"})),
            "22876340532172986",
        );
        assert_eq!(
            xml,
            "<xml><ToUserName><![CDATA[gh_1]]></ToUserName>\n<FromUserName><![CDATA[oA]]></FromUserName>\n\
             <CreateTime>1348831860</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n\
             <Content><![CDATA[hi]]></Content>\n<MsgId>22876340532172986</MsgId>\n</xml>"
        );
    }

    #[test]
    fn nested_event_fields_become_nested_elements() {
        let given = json!({"event_key": "6", "scan_code_info": {"scan_type": "qrcode", "scan_result": "1"}});
        let xml = event(HEAD, "scancode_push", &fields(given));
        assert!(xml.contains("<EventKey><![CDATA[6]]></EventKey>"));
        assert!(xml.contains("<ScanCodeInfo><ScanType><![CDATA[qrcode]]></ScanType><ScanResult><![CDATA[1]]></ScanResult></ScanCodeInfo>"));
    }

    #[test]
    fn names_that_break_the_rule_are_written_as_the_platform_does() {
        let place = json!({"send_location_info": {"location_x": "23", "location_y": "113", "poiname": ""}});
        let xml = event(HEAD, "location_select", &fields(place));
        assert!(xml.contains("<Location_X><![CDATA[23]]></Location_X><Location_Y>"));
        let sent = json!({"msg_id": 200_163_836, "status": "success"});
        let xml = event(HEAD, "TEMPLATESENDJOBFINISH", &fields(sent));
        assert!(xml.contains("<MsgID>200163836</MsgID>\n<Status><![CDATA[success]]></Status>"));
        let published = json!({"publish_event_info": {"publish_id": "1", "publish_status": 0}});
        let xml = event(HEAD, "FREEPUBLISHJOBFINISH", &fields(published));
        assert!(xml.contains("<PublishEventInfo><publish_id>"));
    }

    #[test]
    fn unknown_type_passes_its_fields_on() {
        let xml = message(
            HEAD,
            "hologram",
            &fields(json!({"type": "hologram", "depth_map": "x", "idx": 1})),
            "1",
        );
        assert!(xml.contains("<MsgType><![CDATA[hologram]]></MsgType>\n<DepthMap><![CDATA[x]]></DepthMap>"));
        assert!(xml.ends_with("<MsgId>1</MsgId>\n<Idx>1</Idx>\n</xml>"));
    }

    #[test]
    fn location_without_numbers_has_a_place_all_the_same() {
        let xml = message(
            HEAD,
            "location",
            &fields(json!({"type": "location", "location_x": 31.2})),
            "1",
        );
        assert!(xml.contains(
            "<Location_X>31.2</Location_X>\n<Location_Y>113.358803</Location_Y>\n<Scale>20</Scale>"
        ));
    }

    #[test]
    fn field_name_cannot_break_out_of_its_element() {
        let xml = message(HEAD, "x", &fields(json!({"a><b": "c"})), "1");
        assert!(xml.contains("<Ab><![CDATA[c]]></Ab>"));
    }
}
