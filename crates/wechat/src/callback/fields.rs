//! From bytes to the named fields of a push, XML or JSON. Hostile input is bounded here: size, depth,
//! no DTD, no entities but the five of XML and character references.
//!
//! Only the leaves directly under the root are kept: every field this crate interprets is one of them,
//! and [`Push::raw`](super::Push::raw) keeps the rest.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

/// The largest body that is read, clear or encrypted. Real pushes are a few kilobytes.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;

/// How deep elements or objects may nest. Real pushes reach five.
pub const MAX_DEPTH: usize = 16;

/// Why a body cannot be read as a push.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// More than [`MAX_BODY_BYTES`].
    #[error("the body is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// Neither XML nor JSON.
    #[error("the body is neither XML nor a JSON object")]
    Format,
    /// Begins like XML or JSON and is not well-formed.
    #[error("the body is not well-formed: {detail}")]
    Structure {
        /// What the parser found.
        detail: String,
    },
    /// A document type declaration, which WeChat never sends.
    #[error("the body declares a document type")]
    Doctype,
    /// An entity other than the five of XML.
    #[error("the body uses an undefined entity")]
    Entity,
    /// More than [`MAX_DEPTH`].
    #[error("the body nests deeper than {limit}")]
    Depth {
        /// The limit.
        limit: usize,
    },
    /// A field without which a push means nothing.
    #[error("the field `{0}` is missing")]
    MissingField(&'static str),
    /// A field that should be a number and is not.
    #[error("the field `{0}` is not a number")]
    BadField(&'static str),
}

impl ParseError {
    /// A stable code for interfaces and dead letters.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "push_too_large",
            Self::Format => "push_format_unknown",
            Self::Structure { .. } => "push_not_well_formed",
            Self::Doctype => "push_doctype",
            Self::Entity => "push_entity",
            Self::Depth { .. } => "push_too_deep",
            Self::MissingField(_) => "push_field_missing",
            Self::BadField(_) => "push_field_invalid",
        }
    }
}

/// The leaves under the root, in order.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }

    pub(super) fn text(&self, name: &str) -> String {
        self.get(name).unwrap_or_default().to_owned()
    }

    /// Absent and empty are the same to WeChat.
    pub(super) fn filled(&self, name: &str) -> Option<String> {
        self.get(name)
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    }
}

/// The body as text: invalid UTF-8 replaced, NUL and byte order mark removed.
pub(super) fn text_of(body: &[u8]) -> Result<Cow<'_, str>, ParseError> {
    if body.len() > MAX_BODY_BYTES {
        return Err(ParseError::TooLarge {
            limit: MAX_BODY_BYTES,
        });
    }
    let text = String::from_utf8_lossy(body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body));
    if text.contains('\0') {
        Ok(Cow::Owned(text.replace('\0', "")))
    } else {
        Ok(text)
    }
}

/// Reads the fields of XML or JSON, whichever the text begins like.
pub(super) fn fields_of(text: &str) -> Result<Fields, ParseError> {
    match text.trim_start().bytes().next() {
        Some(b'<') => xml_fields(text),
        Some(b'{') => json_fields(text),
        _ => Err(ParseError::Format),
    }
}

/// Where the XML reader stands: the element directly under the root that is being collected.
#[derive(Default)]
struct Collector {
    depth: usize,
    roots: usize,
    name: String,
    text: String,
    has_children: bool,
    fields: Fields,
}

fn xml_fields(text: &str) -> Result<Fields, ParseError> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut collector = Collector::default();
    loop {
        match reader.read_event().map_err(not_well_formed)? {
            Event::Start(start) => collector.start(start.name().0)?,
            Event::End(_) => collector.end(),
            Event::Text(part) => collector.push(&part.xml10_content()),
            Event::CData(part) => collector.push(&part.xml10_content()),
            Event::GeneralRef(reference) => collector.push(resolve(&reference)?.encode_utf8(&mut [0; 4])),
            Event::DocType(_) => return Err(ParseError::Doctype),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Empty(_) => {}
            Event::Eof => return collector.finish(),
        }
    }
}

impl Collector {
    fn start(&mut self, name: &str) -> Result<(), ParseError> {
        self.depth += 1;
        match self.depth {
            1 => self.roots += 1,
            2 => {
                self.name.clear();
                self.name.push_str(name);
                self.text.clear();
                self.has_children = false;
            }
            _ => self.has_children = true,
        }
        if self.depth > MAX_DEPTH {
            return Err(ParseError::Depth { limit: MAX_DEPTH });
        }
        Ok(())
    }

    fn push(&mut self, part: &str) {
        if self.depth == 2 {
            self.text.push_str(part);
        }
    }

    fn end(&mut self) {
        if self.depth == 2 && !self.has_children {
            self.fields
                .0
                .push((std::mem::take(&mut self.name), std::mem::take(&mut self.text)));
        }
        self.depth -= 1;
    }

    fn finish(self) -> Result<Fields, ParseError> {
        if self.depth > 0 {
            return Err(not_well_formed("an element is not closed"));
        }
        if self.roots != 1 {
            return Err(not_well_formed("there is not exactly one root element"));
        }
        Ok(self.fields)
    }
}

fn resolve(reference: &BytesRef<'_>) -> Result<char, ParseError> {
    match &**reference {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        _ => match reference.resolve_char_ref() {
            Ok(Some(character)) => Ok(character),
            Ok(None) | Err(_) => Err(ParseError::Entity),
        },
    }
}

fn json_fields(text: &str) -> Result<Fields, ParseError> {
    let object: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(text.trim_start()).map_err(not_well_formed)?;
    let mut fields = Fields::default();
    for (name, value) in object {
        match value {
            serde_json::Value::String(text) => fields.0.push((name, without_nul(text))),
            serde_json::Value::Number(number) => fields.0.push((name, number.to_string())),
            serde_json::Value::Bool(flag) => fields.0.push((name, flag.to_string())),
            serde_json::Value::Null => {}
            nested => check_depth(&nested, 2)?,
        }
    }
    Ok(fields)
}

/// JSON can still spell NUL, as an escape.
fn without_nul(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "")
    } else {
        text
    }
}

fn check_depth(value: &serde_json::Value, depth: usize) -> Result<(), ParseError> {
    if depth > MAX_DEPTH {
        return Err(ParseError::Depth { limit: MAX_DEPTH });
    }
    match value {
        serde_json::Value::Array(items) => items.iter().try_for_each(|item| check_depth(item, depth + 1)),
        serde_json::Value::Object(map) => map.values().try_for_each(|item| check_depth(item, depth + 1)),
        _ => Ok(()),
    }
}

fn not_well_formed(detail: impl ToString) -> ParseError {
    ParseError::Structure {
        detail: detail.to_string(),
    }
}
