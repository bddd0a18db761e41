//! What an automatic answer may consist of: each mistake gets its field and a stable code.
//!
//! Rules between answers (one per occasion, no keyword twice) need the others, and are in `actions/change_answers.rs`.

use super::automation::{AnswerKind, MatchRule, Occasion};
use super::fields::{FieldCode, Fields};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Longest text, in bytes of UTF-8: WeChat's limit for an answer to a push.
pub const TEXT_BYTES: usize = 2048;
/// Longest keyword, in characters.
pub const KEYWORD_CHARS: usize = 30;
/// Longest key of a menu item, in bytes.
pub const MENU_KEY_BYTES: usize = 128;
/// Longest address, in bytes.
pub const URL_BYTES: usize = 1024;
/// Longest title or description of a card, in characters.
pub const TITLE_CHARS: usize = 120;
/// Longest media id, in bytes; WeChat's have about 64.
const MEDIA_ID_BYTES: usize = 256;
/// So many answers of one channel: all of them are in memory wherever pushes arrive.
pub const ANSWERS_MOST: usize = 500;

/// What belongs to an answer that is not text. Ids are WeChat's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AnswerData {
    /// Of `image`, `voice` and `video`: a permanent file in the account's library.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_id: Option<String>,
    /// Of `video` and `news`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Of `video` and `news`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Of `news`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture_url: Option<String>,
    /// Of `news`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// An answer as somebody wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerForm {
    /// When it is given.
    pub occasion: Occasion,
    /// The word, or the key of the menu item.
    pub keyword: Option<String>,
    /// For keywords.
    pub match_rule: Option<MatchRule>,
    /// What it consists of.
    pub kind: AnswerKind,
    /// The text; for media a name to show.
    pub text: String,
    /// What is not text.
    pub data: AnswerData,
    /// Whether it is given.
    pub enabled: bool,
}

impl AnswerForm {
    /// Cleaned, with everything left out that does not belong to its occasion and kind; or what is wrong.
    pub fn checked(mut self) -> Result<Self, Vec<(String, &'static str)>> {
        let mut fields = Fields::new();
        self.check_keyword(&mut fields);
        match self.kind {
            AnswerKind::Text => {
                self.data = AnswerData::default();
                check_text(&mut fields, "text", &self.text);
            }
            AnswerKind::Image | AnswerKind::Voice | AnswerKind::Video => self.check_media(&mut fields),
            AnswerKind::News => self.check_news(&mut fields),
        }
        fields.finish().map(|()| self)
    }

    /// What is stored beside the text.
    pub fn stored_data(&self) -> Option<Value> {
        (self.data != AnswerData::default())
            .then(|| serde_json::to_value(&self.data).ok())
            .flatten()
    }

    fn check_keyword(&mut self, fields: &mut Fields) {
        let word = self.keyword.take().unwrap_or_default();
        match self.occasion {
            Occasion::Keyword => {
                self.keyword = Some(fields.text("keyword", &word, KEYWORD_CHARS));
                self.match_rule = self.match_rule.or(Some(MatchRule::Contains));
            }
            Occasion::MenuClick => {
                check_bytes(fields, "keyword", &word, MENU_KEY_BYTES);
                self.keyword = Some(word);
                self.match_rule = None;
            }
            Occasion::Follow | Occasion::FirstMessage | Occasion::Default => self.match_rule = None,
        }
    }

    fn check_media(&mut self, fields: &mut Fields) {
        let given = std::mem::take(&mut self.data);
        check_optional(fields, "text", Some(&self.text), TITLE_CHARS);
        check_bytes(
            fields,
            "media_id",
            given.media_id.as_deref().unwrap_or_default(),
            MEDIA_ID_BYTES,
        );
        self.data.media_id = given.media_id;
        if self.kind == AnswerKind::Video {
            check_optional(fields, "title", given.title.as_deref(), TITLE_CHARS);
            check_optional(fields, "description", given.description.as_deref(), TITLE_CHARS);
            (self.data.title, self.data.description) = (given.title, given.description);
        }
    }

    fn check_news(&mut self, fields: &mut Fields) {
        let given = std::mem::take(&mut self.data);
        let title = fields.text("title", given.title.as_deref().unwrap_or_default(), TITLE_CHARS);
        check_optional(fields, "description", given.description.as_deref(), TITLE_CHARS);
        check_url(fields, "url", given.url.as_deref().unwrap_or_default());
        let picture = given.picture_url.filter(|url| !url.is_empty());
        if let Some(url) = &picture {
            check_url(fields, "picture_url", url);
        }
        self.text.clone_from(&title);
        self.data = AnswerData {
            title: Some(title),
            description: given.description,
            picture_url: picture,
            url: given.url,
            media_id: None,
        };
    }
}

/// A text that must be there and fit into one answer. Line breaks and tabs are the only control characters.
pub fn check_text(fields: &mut Fields, name: &str, text: &str) {
    if text.trim().is_empty() {
        fields.wrong(name, FieldCode::Required);
    } else if text.len() > TEXT_BYTES {
        fields.wrong(name, FieldCode::TooLong);
    } else if text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    {
        fields.wrong(name, FieldCode::UnknownValue);
    }
}

/// A short text that must be there, counted in bytes.
pub fn check_bytes(fields: &mut Fields, name: &str, text: &str, most: usize) {
    if text.trim().is_empty() {
        fields.wrong(name, FieldCode::Required);
    } else if text.len() > most {
        fields.wrong(name, FieldCode::TooLong);
    } else if text.chars().any(char::is_control) {
        fields.wrong(name, FieldCode::UnknownValue);
    }
}

/// An address of a page: http or https with a host, nothing else.
pub fn check_url(fields: &mut Fields, name: &str, text: &str) {
    check_bytes(fields, name, text, URL_BYTES);
    if !text.trim().is_empty() && !is_page(text) {
        fields.wrong(name, FieldCode::UrlForm);
    }
}

fn is_page(text: &str) -> bool {
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    plain && url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

fn check_optional(fields: &mut Fields, name: &str, text: Option<&str>, most: usize) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        fields.text(name, text, most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(occasion: Occasion, keyword: Option<&str>, text: &str) -> AnswerForm {
        AnswerForm {
            occasion,
            keyword: keyword.map(str::to_owned),
            match_rule: None,
            kind: AnswerKind::Text,
            text: text.to_owned(),
            data: AnswerData::default(),
            enabled: true,
        }
    }

    fn wrong(form: AnswerForm) -> Vec<(String, &'static str)> {
        form.checked().err().unwrap_or_default()
    }

    fn field(name: &str, code: &'static str) -> Vec<(String, &'static str)> {
        vec![(name.to_owned(), code)]
    }

    #[test]
    fn a_text_has_1_to_2048_bytes() {
        let of = |text: &str| wrong(form(Occasion::Follow, None, text));
        assert_eq!(of(&"x".repeat(2048)), []);
        assert_eq!(of(&"x".repeat(2049)), field("text", "too_long"));
        assert_eq!(of(&"您".repeat(682)), [], "2046 bytes");
        assert_eq!(of(&"您".repeat(683)), field("text", "too_long"));
        assert_eq!(of(" \n"), field("text", "required"));
        assert_eq!(of("two\nlines"), []);
        assert_eq!(of("a\0b"), field("text", "unknown_value"));
    }

    #[test]
    fn a_keyword_has_1_to_30_characters_and_a_menu_key_up_to_128_bytes() {
        let keyword = |word: &str| wrong(form(Occasion::Keyword, Some(word), "t"));
        assert_eq!(keyword(&"词".repeat(30)), []);
        assert_eq!(keyword(&"词".repeat(31)), field("keyword", "too_long"));
        assert_eq!(keyword(" "), field("keyword", "required"));
        let key = |word: &str| wrong(form(Occasion::MenuClick, Some(word), "t"));
        assert_eq!(key(&"k".repeat(128)), []);
        assert_eq!(key(&"k".repeat(129)), field("keyword", "too_long"));
        assert_eq!(
            wrong(form(Occasion::MenuClick, None, "t")),
            field("keyword", "required")
        );
    }

    #[test]
    fn what_does_not_belong_to_the_occasion_and_kind_is_left_out() {
        let mut given = form(Occasion::Default, Some("word"), "t");
        given.match_rule = Some(MatchRule::Equals);
        given.data.url = Some("javascript:alert(1)".to_owned());
        let clean = given.checked().expect("fine");
        assert_eq!(
            (clean.keyword, clean.match_rule, clean.data),
            (None, None, AnswerData::default())
        );
    }

    #[test]
    fn an_article_needs_a_title_and_a_page_that_is_one() {
        let article = |url: &str| AnswerForm {
            kind: AnswerKind::News,
            data: AnswerData {
                title: Some("Spring".to_owned()),
                url: Some(url.to_owned()),
                ..AnswerData::default()
            },
            ..form(Occasion::Follow, None, "")
        };
        assert_eq!(wrong(article("https://mp.weixin.qq.com/s?a=1")), []);
        for bad in [
            "javascript:alert(1)",
            "ftp://x/",
            "//host/",
            "https://",
            "https://a b/",
        ] {
            assert_eq!(wrong(article(bad)), field("url", "url_form"), "{bad}");
        }
        let mut untitled = article("https://a.example/");
        untitled.data.title = None;
        assert_eq!(wrong(untitled), field("title", "required"));
    }
}
