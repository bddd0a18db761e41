//! The account's menu as the desk edits it, and WeChat's limits for it: three items, five below each, short names.
//!
//! Checked here before anything is sent, so that a mistake names its item. Sending is `channel/wechat`.

use super::answer_rules::{MENU_KEY_BYTES, check_bytes, check_text, check_url};
use super::fields::{FieldCode, Fields};
use super::text_enum::text_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Items beside each other.
pub const ITEMS_MOST: usize = 3;
/// Items below one.
pub const ITEMS_BELOW_MOST: usize = 5;
/// Longest name, in bytes.
pub const NAME_BYTES: usize = 16;
/// Longest name of an item below another, in bytes.
pub const NAME_BELOW_BYTES: usize = 60;
/// Longest id of a mini program, a file or an article.
const ID_BYTES: usize = 256;
/// Longest page of a mini program.
const PAGE_BYTES: usize = 1024;

text_enum!(
/// What an item of a menu does. `answer`: the desk answers the tap with a text; `click`: a tap whose key something else
/// answers. The last four send or open what is in the account's library.
ItemKind {
    Submenu = "submenu", Answer = "answer", Click = "click", View = "view", MiniProgram = "miniprogram",
    Scan = "scan", ScanWait = "scan_wait", Camera = "camera", CameraOrAlbum = "camera_or_album",
    Album = "album", Location = "location", Media = "media", ViewLimited = "view_limited", Article = "article",
    ViewArticle = "view_article",
});

/// One item. Which fields count depends on `kind`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MenuItem {
    /// What is shown: 16 bytes; below another item 60.
    pub name: String,
    /// What it does.
    pub kind: ItemKind,
    /// Of `answer`, `click`, and what takes a picture, a code or a place. Made for `answer` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The text of `answer`. Absent: the answer with this key stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Of `view`; for `miniprogram` what phones that are too old open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Of `miniprogram`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
    /// Of `miniprogram`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_path: Option<String>,
    /// Of the last four kinds: the id of the file or article.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Of `submenu`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    pub items: Vec<MenuItem>,
}

impl MenuItem {
    /// An item with nothing but a name.
    pub fn new(name: impl Into<String>, kind: ItemKind) -> Self {
        Self {
            name: name.into(),
            kind,
            key: None,
            text: None,
            url: None,
            app_id: None,
            page_path: None,
            value: None,
            items: Vec::new(),
        }
    }
}

/// Every item, those below others too.
pub fn all_items(items: &[MenuItem]) -> impl Iterator<Item = &MenuItem> {
    items
        .iter()
        .flat_map(|item| std::iter::once(item).chain(&item.items))
}

/// Gives a key to every `answer` that has none.
pub fn fill_keys(items: &mut [MenuItem], make: &mut impl FnMut() -> String) {
    for item in items {
        if item.kind == ItemKind::Answer && item.key.as_deref().is_none_or(|key| key.trim().is_empty()) {
            item.key = Some(make());
        }
        fill_keys(&mut item.items, make);
    }
}

/// Whether WeChat would take it. A field is named by its place, such as `items.0.items.2.url`.
pub fn check(items: &[MenuItem]) -> Result<(), Vec<(String, &'static str)>> {
    let mut fields = Fields::new();
    if items.is_empty() {
        fields.wrong("items", FieldCode::Required);
    }
    check_level(&mut fields, "items", items, true);
    let mut keys: Vec<_> = all_items(items)
        .filter(|item| item.kind == ItemKind::Answer)
        .filter_map(|item| item.key.as_deref())
        .collect();
    keys.sort_unstable();
    if keys.windows(2).any(|pair| pair[0] == pair[1]) {
        fields.wrong("items", FieldCode::KeywordTaken);
    }
    fields.finish()
}

fn check_level(fields: &mut Fields, place: &str, items: &[MenuItem], top: bool) {
    let (most, name_bytes) = if top {
        (ITEMS_MOST, NAME_BYTES)
    } else {
        (ITEMS_BELOW_MOST, NAME_BELOW_BYTES)
    };
    if items.len() > most {
        fields.wrong(place, FieldCode::TooMany);
    }
    for (index, item) in items.iter().enumerate() {
        let place = format!("{place}.{index}");
        check_bytes(fields, &format!("{place}.name"), &item.name, name_bytes);
        check_item(fields, &place, item, top);
    }
}

fn check_item(fields: &mut Fields, place: &str, item: &MenuItem, top: bool) {
    let at = |field: &str| format!("{place}.{field}");
    let of = |value: &Option<String>| value.clone().unwrap_or_default();
    match item.kind {
        ItemKind::Submenu if top => {
            if item.items.is_empty() {
                fields.wrong(&at("items"), FieldCode::Required);
            }
            check_level(fields, &at("items"), &item.items, false);
        }
        ItemKind::Submenu => fields.wrong(&at("kind"), FieldCode::UnknownValue),
        ItemKind::Answer => {
            check_bytes(fields, &at("key"), &of(&item.key), MENU_KEY_BYTES);
            if let Some(text) = &item.text {
                check_text(fields, &at("text"), text);
            }
        }
        ItemKind::View => check_url(fields, &at("url"), &of(&item.url)),
        ItemKind::MiniProgram => {
            check_bytes(fields, &at("app_id"), &of(&item.app_id), ID_BYTES);
            check_bytes(fields, &at("page_path"), &of(&item.page_path), PAGE_BYTES);
            check_url(fields, &at("url"), &of(&item.url));
        }
        ItemKind::Media | ItemKind::ViewLimited | ItemKind::Article | ItemKind::ViewArticle => {
            check_bytes(fields, &at("value"), &of(&item.value), ID_BYTES);
        }
        _ => check_bytes(fields, &at("key"), &of(&item.key), MENU_KEY_BYTES),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(name: &str) -> MenuItem {
        MenuItem {
            url: Some("https://a.example/".to_owned()),
            ..MenuItem::new(name, ItemKind::View)
        }
    }

    fn submenu(items: Vec<MenuItem>) -> MenuItem {
        MenuItem {
            items,
            ..MenuItem::new("more", ItemKind::Submenu)
        }
    }

    fn wrong(items: &[MenuItem]) -> Vec<(String, &'static str)> {
        check(items).err().unwrap_or_default()
    }

    fn field(name: &str, code: &'static str) -> Vec<(String, &'static str)> {
        vec![(name.to_owned(), code)]
    }

    #[test]
    fn three_items_and_five_below_each_are_the_most() {
        let full = submenu(vec![view("below"); 5]);
        assert_eq!(wrong(&[full.clone(), full.clone(), full.clone()]), []);
        assert_eq!(wrong(&vec![view("a"); 4]), field("items", "too_many"));
        assert_eq!(
            wrong(&[submenu(vec![view("below"); 6])]),
            field("items.0.items", "too_many")
        );
        assert_eq!(wrong(&[]), field("items", "required"));
        assert_eq!(wrong(&[submenu(Vec::new())]), field("items.0.items", "required"));
    }

    #[test]
    fn names_are_counted_in_bytes() {
        assert_eq!(wrong(&[view("五个汉字啊")]), [], "15 bytes");
        assert_eq!(wrong(&[view("六个汉字啊啊")]), field("items.0.name", "too_long"));
        assert_eq!(wrong(&[submenu(vec![view(&"汉".repeat(20))])]), [], "60 bytes");
        assert_eq!(
            wrong(&[submenu(vec![view(&"汉".repeat(21))])]),
            field("items.0.items.0.name", "too_long")
        );
        assert_eq!(wrong(&[view(" ")]), field("items.0.name", "required"));
    }

    #[test]
    fn there_is_no_third_level() {
        let deep = submenu(vec![submenu(vec![view("x")])]);
        assert_eq!(wrong(&[deep]), field("items.0.items.0.kind", "unknown_value"));
    }

    #[test]
    fn pages_are_http_and_keys_are_short_and_not_used_twice() {
        let mut page = view("a");
        page.url = Some("javascript:alert(1)".to_owned());
        assert_eq!(wrong(&[page]), field("items.0.url", "url_form"));
        let click = |key: &str| MenuItem {
            key: Some(key.to_owned()),
            ..MenuItem::new("a", ItemKind::Click)
        };
        assert_eq!(wrong(&[click(&"k".repeat(128))]), []);
        assert_eq!(
            wrong(&[click(&"k".repeat(129))]),
            field("items.0.key", "too_long")
        );
        let answer = MenuItem {
            kind: ItemKind::Answer,
            text: Some("hello".to_owned()),
            ..click("k")
        };
        assert_eq!(wrong(&[answer.clone(), answer]), field("items", "keyword_taken"));
    }

    #[test]
    fn every_answer_gets_a_key_of_its_own() {
        let answer = MenuItem::new("a", ItemKind::Answer);
        let mut items = vec![submenu(vec![answer.clone(), answer])];
        let mut next = 0;
        fill_keys(&mut items, &mut || {
            next += 1;
            format!("k{next}")
        });
        let keys: Vec<_> = all_items(&items).filter_map(|item| item.key.as_deref()).collect();
        assert_eq!(keys, ["k1", "k2"]);
    }
}
