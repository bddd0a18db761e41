//! Cards an agent writes: a link with a picture, and a mini program. Their form and limits (WeChat refuses what is
//! longer with 45003 to 45006). Limits are inclusive.

use super::text_enum::text_enum;
use serde_json::{Value, json};
use url::Url;

text_enum!(
    /// Which card.
    CardKind { Link = "link", MiniProgram = "miniprogram" });

/// Longest title of a card, in characters.
pub const TITLE_CHARS: usize = 64;
/// Longest description of a link, in characters.
pub const DESCRIPTION_CHARS: usize = 120;
/// Longest address of a link and longest page of a mini program, in bytes.
pub const ADDRESS_BYTES: usize = 1024;
/// Largest picture of a card: WeChat takes no larger one into its picture store.
pub const CARD_PICTURE_LIMIT: u64 = super::media_rules::MB;

/// A wrong field: its name within `data`, and the code.
pub type WrongField = (&'static str, &'static str);

impl CardKind {
    /// The checked fields of a card of this kind, as they are stored.
    pub fn read(self, data: &Value) -> Result<Value, WrongField> {
        match self {
            Self::Link => LinkCard::read(data).map(|card| card.data()),
            Self::MiniProgram => MiniProgramCard::read(data).map(|card| card.data()),
        }
    }
}

/// A link with a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkCard {
    /// Shown in bold.
    pub title: String,
    /// Shown below it.
    pub description: String,
    /// Where it leads.
    pub url: String,
}

/// A mini program's card. The mini program has to be linked with the account at WeChat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MiniProgramCard {
    /// Its title.
    pub title: String,
    /// The mini program.
    pub app_id: String,
    /// The page in it.
    pub page_path: String,
}

impl LinkCard {
    /// Reads and checks the fields.
    pub fn read(data: &Value) -> Result<Self, WrongField> {
        let url = required(data, "url", ADDRESS_BYTES, str::len)?;
        let parsed = Url::parse(&url).map_err(|_| ("url", "url_form"))?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(("url", "url_form"));
        }
        let host = parsed.host_str().ok_or(("url", "url_form"))?.to_owned();
        let description = optional(data, "description", DESCRIPTION_CHARS)?;
        Ok(Self {
            title: title(data)?,
            // WeChat wants one; the host is what people look for.
            description: description.unwrap_or(host),
            url,
        })
    }

    /// The stored form.
    pub fn data(&self) -> Value {
        json!({"title": self.title, "description": self.description, "url": self.url})
    }
}

impl MiniProgramCard {
    /// Reads and checks the fields.
    pub fn read(data: &Value) -> Result<Self, WrongField> {
        let app_id = required(data, "app_id", 18, |text| text.chars().count())?;
        let hex = app_id.strip_prefix("wx").unwrap_or_default();
        if hex.len() != 16 || !hex.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(("app_id", "app_id_form"));
        }
        Ok(Self {
            title: title(data)?,
            app_id,
            page_path: required(data, "page_path", ADDRESS_BYTES, str::len)?,
        })
    }

    /// The stored form.
    pub fn data(&self) -> Value {
        json!({"title": self.title, "app_id": self.app_id, "page_path": self.page_path})
    }
}

fn title(data: &Value) -> Result<String, WrongField> {
    required(data, "title", TITLE_CHARS, |text| text.chars().count())
}

fn required(
    data: &Value,
    name: &'static str,
    limit: usize,
    count: impl Fn(&str) -> usize,
) -> Result<String, WrongField> {
    let text = line(data, name)?.ok_or((name, "required"))?;
    if count(&text) > limit {
        Err((name, "too_long"))
    } else {
        Ok(text)
    }
}

fn optional(data: &Value, name: &'static str, limit: usize) -> Result<Option<String>, WrongField> {
    let text = line(data, name)?;
    if text.as_deref().is_some_and(|text| text.chars().count() > limit) {
        Err((name, "too_long"))
    } else {
        Ok(text)
    }
}

/// The trimmed text of a field; `None` where it is absent or empty.
fn line(data: &Value, name: &'static str) -> Result<Option<String>, WrongField> {
    match data.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.chars().any(char::is_control) => Err((name, "bad_characters")),
        Some(Value::String(text)) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
        Some(_) => Err((name, "unknown_value")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(changes: Value) -> Result<LinkCard, WrongField> {
        let mut data =
            json!({"title": "Sizes", "description": "How to measure", "url": "https://shop.example/sizes"});
        data.as_object_mut()
            .expect("an object")
            .extend(changes.as_object().expect("an object").clone());
        LinkCard::read(&data)
    }

    #[test]
    fn a_link_has_a_title_and_an_address_of_the_web() {
        let card = link(json!({})).expect("a card");
        assert_eq!(LinkCard::read(&card.data()), Ok(card));
        assert_eq!(link(json!({"title": " "})), Err(("title", "required")));
        for bad in [
            "javascript:alert(1)",
            "ftp://a/b",
            "shop.example",
            "data:text/html,x",
        ] {
            assert_eq!(link(json!({"url": bad})), Err(("url", "url_form")), "{bad}");
        }
    }

    #[test]
    fn a_link_without_a_description_shows_its_host() {
        let card = link(json!({"description": ""})).expect("a card");
        assert_eq!(card.description, "shop.example");
    }

    #[test]
    fn limits_are_inclusive_and_count_characters() {
        assert!(link(json!({"title": "好".repeat(64)})).is_ok());
        assert_eq!(
            link(json!({"title": "好".repeat(65)})),
            Err(("title", "too_long"))
        );
        assert!(link(json!({"description": "好".repeat(120)})).is_ok());
        assert_eq!(
            link(json!({"description": "好".repeat(121)})),
            Err(("description", "too_long"))
        );
        let of = |length: usize| format!("https://a.b/{}", "x".repeat(length - 12));
        assert!(link(json!({"url": of(1024)})).is_ok());
        assert_eq!(link(json!({"url": of(1025)})), Err(("url", "too_long")));
    }

    #[test]
    fn fields_of_another_type_or_with_line_breaks_are_refused() {
        assert_eq!(link(json!({"title": 5})), Err(("title", "unknown_value")));
        assert_eq!(link(json!({"title": "a\nb"})), Err(("title", "bad_characters")));
    }

    #[test]
    fn a_mini_program_has_an_app_id_and_a_page() {
        let good = json!({"title": "Order", "app_id": "wx0123456789abcdef", "page_path": "pages/order?id=1"});
        let card = MiniProgramCard::read(&good).expect("a card");
        assert_eq!(card.data(), good);
        let with = |app_id: &str| json!({"title": "Order", "app_id": app_id, "page_path": "pages/order"});
        assert_eq!(
            MiniProgramCard::read(&with("wx0123")),
            Err(("app_id", "app_id_form"))
        );
        let pageless = json!({"title": "Order", "app_id": "wx0123456789abcdef"});
        assert_eq!(MiniProgramCard::read(&pageless), Err(("page_path", "required")));
    }
}
