//! From bytes to the named fields of a push, XML or JSON. Hostile input is bounded here: size, depth, number of
//! fields, no DTD, no entities but the five of XML and character references.
//!
//! What the fields mean is `read.rs`; the tree they make is `tree.rs`; JSON is `json.rs`.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

use super::Format;
use super::json::json_fields;
use super::tree::Node;

/// The largest body that is read, clear or encrypted. Real pushes are a few kilobytes.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;

/// How deep elements or objects may nest. Real pushes reach five.
pub const MAX_DEPTH: usize = 16;

/// How many elements or keys a body may have. Real pushes have a few dozen.
pub const MAX_FIELDS: usize = 20_000;

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
    /// More than [`MAX_FIELDS`].
    #[error("the body has more than {limit} fields")]
    TooManyFields {
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
            Self::TooManyFields { .. } => "push_too_many_fields",
            Self::MissingField(_) => "push_field_missing",
            Self::BadField(_) => "push_field_invalid",
        }
    }
}

/// The body as text: invalid UTF-8 replaced, NUL and byte order mark removed. Replacing makes three bytes of one, so
/// the text is measured too: what is kept of a push can be read again.
pub(super) fn text_of(body: &[u8]) -> Result<Cow<'_, str>, ParseError> {
    within_limit(body.len())?;
    let text = String::from_utf8_lossy(body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body));
    within_limit(text.len())?;
    if text.contains('\0') {
        Ok(Cow::Owned(text.replace('\0', "")))
    } else {
        Ok(text)
    }
}

fn within_limit(bytes: usize) -> Result<(), ParseError> {
    let limit = MAX_BODY_BYTES;
    if bytes > limit {
        return Err(ParseError::TooLarge { limit });
    }
    Ok(())
}

/// Reads the fields of XML or JSON, whichever the text begins like.
pub(super) fn fields_of(text: &str) -> Result<Node<'_>, ParseError> {
    match format_of(text) {
        Some(Format::Xml) => xml_fields(text),
        Some(Format::Json) => json_fields(text.trim_start()),
        None => Err(ParseError::Format),
    }
}

pub(super) fn format_of(text: &str) -> Option<Format> {
    match text.trim_start().bytes().next() {
        Some(b'<') => Some(Format::Xml),
        Some(b'{') => Some(Format::Json),
        _ => None,
    }
}

/// The elements that are open, the root first.
#[derive(Default)]
struct Collector<'t> {
    open: Vec<Node<'t>>,
    root: Option<Node<'t>>,
    roots: usize,
    budget: Budget,
}

fn xml_fields(text: &str) -> Result<Node<'_>, ParseError> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut collector = Collector::default();
    loop {
        let begins = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        match reader.read_event().map_err(not_well_formed)? {
            Event::Start(start) => collector.start(name_at(text, begins, start.name().0))?,
            Event::End(_) => collector.end(),
            Event::Text(part) => collector.push(part.xml10_content()),
            Event::CData(part) => collector.push(part.xml10_content()),
            Event::GeneralRef(reference) => collector.push(resolve(&reference)?.to_string().into()),
            Event::DocType(_) => return Err(ParseError::Doctype),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Empty(_) => {}
            Event::Eof => return collector.finish(),
        }
    }
}

/// The name of the element that begins at this place; the reader's own copy does not live as long as the text.
fn name_at<'t>(text: &'t str, begins: usize, name: &str) -> Cow<'t, str> {
    let first = begins.saturating_add(1);
    match text.get(first..first.saturating_add(name.len())) {
        Some(found) if found == name => Cow::Borrowed(found),
        _ => Cow::Owned(name.to_owned()),
    }
}

impl<'t> Collector<'t> {
    fn start(&mut self, name: Cow<'t, str>) -> Result<(), ParseError> {
        if self.open.len() == MAX_DEPTH {
            return Err(ParseError::Depth { limit: MAX_DEPTH });
        }
        self.budget.take()?;
        if self.open.is_empty() {
            self.roots += 1;
        }
        self.open.push(Node::named(name));
        Ok(())
    }

    /// White space between elements is dropped with the text of whatever turns out to have children.
    fn push(&mut self, part: Cow<'t, str>) {
        if let Some(node) = self.open.last_mut().filter(|node| node.children.is_empty()) {
            node.text += part;
        }
    }

    fn end(&mut self) {
        let Some(node) = self.open.pop() else { return };
        match self.open.last_mut() {
            Some(parent) => {
                parent.text = Cow::Borrowed("");
                parent.children.push(node);
            }
            None => self.root = Some(node),
        }
    }

    fn finish(self) -> Result<Node<'t>, ParseError> {
        if !self.open.is_empty() {
            return Err(not_well_formed("an element is not closed"));
        }
        self.root
            .filter(|_| self.roots == 1)
            .ok_or_else(|| not_well_formed("there is not exactly one root element"))
    }
}

/// How many fields may still follow.
pub(super) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(MAX_FIELDS)
    }
}

impl Budget {
    pub(super) fn take(&mut self) -> Result<(), ParseError> {
        let limit = MAX_FIELDS;
        self.0 = self.0.checked_sub(1).ok_or(ParseError::TooManyFields { limit })?;
        Ok(())
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

pub(super) fn not_well_formed(detail: impl ToString) -> ParseError {
    ParseError::Structure {
        detail: detail.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_unbroken_texts_are_borrowed_from_the_body() {
        let text = "<xml>\n<Content><![CDATA[一 & 二]]></Content>\n<CreateTime>7</CreateTime><A/><B>x&lt;y</B></xml>";
        let node = fields_of(text).expect("well-formed");
        let borrowed = |cow: &Cow<'_, str>| matches!(cow, Cow::Borrowed(_));
        let names: Vec<_> = node
            .children
            .iter()
            .map(|c| (c.name.as_ref(), borrowed(&c.name)))
            .collect();
        assert_eq!(
            names,
            [("Content", true), ("CreateTime", true), ("A", true), ("B", true)]
        );
        let texts: Vec<_> = node
            .children
            .iter()
            .map(|c| (c.name.as_ref(), borrowed(&c.text)))
            .collect();
        assert_eq!(
            texts,
            [("Content", true), ("CreateTime", true), ("A", true), ("B", false)]
        );
    }
}
