//! Writes and reads the flat XML of the callback.
use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

/// Replies are three deep; deeper nesting is an attack.
const DEEPEST: usize = 16;

/// `<name><![CDATA[text]]></name>`.
pub(crate) fn cdata(name: &str, text: &str) -> String {
    // The end mark cannot stand inside a CDATA section: it is divided between two.
    let text = text.replace("]]>", "]]]]><![CDATA[>");
    format!("<{name}><![CDATA[{text}]]></{name}>")
}

/// `<name>content</name>`, for numbers and nested elements.
pub(crate) fn bare(name: &str, content: &str) -> String {
    format!("<{name}>{content}</{name}>")
}

/// The whole document, one element on each line, as the platform writes it.
pub(crate) fn document(elements: &[String]) -> String {
    format!("<xml>{}\n</xml>", elements.join("\n"))
}

/// One element of a reply.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

impl Element {
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of a child, empty when it is missing.
    pub(crate) fn text_of(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.as_str())
    }
}

/// Reads a document; `None` when it is not well-formed or declares anything.
pub(crate) fn parse(text: &str) -> Option<Element> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(_) if open.len() == DEEPEST => return None,
            Event::Start(start) => open.push(named(start.name().into_inner())),
            Event::Empty(start) => open.last_mut()?.children.push(named(start.name().into_inner())),
            Event::End(_) => {
                let element = open.pop()?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => return Some(element),
                }
            }
            Event::Text(content) => add(&mut open, &content.xml10_content()),
            Event::CData(content) => add(&mut open, &content.xml10_content()),
            Event::GeneralRef(reference) => add(&mut open, &resolved(&reference)?),
            Event::Eof | Event::DocType(_) => return None,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

fn named(name: &str) -> Element {
    Element {
        name: name.to_owned(),
        ..Element::default()
    }
}

fn add(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn resolved(reference: &BytesRef<'_>) -> Option<String> {
    if let Some(character) = reference.resolve_char_ref().ok()? {
        return Some(character.to_string());
    }
    quick_xml::escape::resolve_predefined_entity(reference).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_with_the_end_mark_of_cdata_comes_back_whole() {
        let written = document(&[cdata("Content", "a]]>b & <c>")]);
        let read = parse(&written).expect("well-formed");
        assert_eq!(read.text_of("Content"), "a]]>b & <c>");
    }

    #[test]
    fn nested_elements_and_references_are_read() {
        let read =
            parse("<xml><Image><MediaId>a&amp;&#98;</MediaId></Image><Empty/></xml>").expect("well-formed");
        assert_eq!(
            read.child("Image").map(|image| image.text_of("MediaId")),
            Some("a&b")
        );
        assert_eq!(read.text_of("Empty"), "");
    }

    #[test]
    fn declared_entities_deep_nesting_and_broken_text_are_refused() {
        assert_eq!(parse("<!DOCTYPE x [<!ENTITY a 'b'>]><xml>&a;</xml>"), None);
        assert_eq!(parse(&"<a>".repeat(10_000)), None);
        assert_eq!(parse("<xml><a></xml>"), None);
        assert_eq!(parse("ok"), None);
    }
}
