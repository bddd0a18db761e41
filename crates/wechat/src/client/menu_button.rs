//! The items of a menu: making them so that WeChat accepts them, and reading back what an account has.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Error;
use super::auto_reply::Articles;
use crate::{AppId, MediaId, Rule};

/// An item of a menu: it does something, or it opens up to five others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuButton {
    /// What is shown: 16 bytes, below another item 60 bytes.
    pub name: String,
    /// What happens.
    pub action: ButtonAction,
}

/// What happens when an item is tapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ButtonAction {
    /// Opens these.
    Open(Vec<MenuButton>),
    /// Sends an event with this key ([`Event::Click`](crate::callback::Event)).
    Click(String),
    /// Opens a page.
    View(String),
    /// Opens a mini program.
    MiniProgram {
        /// The mini program.
        app_id: AppId,
        /// The page in it.
        page_path: String,
        /// Opened by phones that are too old.
        url: String,
    },
    /// Scans a code, shows the result, and sends an event.
    ScanCode(String),
    /// Scans a code, waits for an answer, and sends an event.
    ScanCodeWait(String),
    /// Takes a picture.
    Camera(String),
    /// Takes a picture or chooses one.
    CameraOrAlbum(String),
    /// Chooses pictures with WeChat's own picker.
    WeixinAlbum(String),
    /// Chooses a place.
    Location(String),
    /// Sends a permanent file.
    Media(MediaId),
    /// Opens an article from the library.
    ViewLimited(MediaId),
    /// Sends a published article.
    Article(String),
    /// Opens a published article.
    ViewArticle(String),
}

impl MenuButton {
    /// An item.
    pub fn new(name: impl Into<String>, action: ButtonAction) -> Self {
        Self {
            name: name.into(),
            action,
        }
    }

    fn check(&self, name_rule: Rule) -> Result<(), Error> {
        name_rule.bytes(&self.name)?;
        match &self.action {
            ButtonAction::Open(buttons) => {
                if name_rule == Rule::SubButtonNameBytes {
                    return Err(Error::Invalid {
                        field: "sub_button",
                        rule: "has no further items below it",
                    });
                }
                Rule::SubButtons.count(buttons.len())?;
                buttons
                    .iter()
                    .try_for_each(|button| button.check(Rule::SubButtonNameBytes))
            }
            ButtonAction::View(url) | ButtonAction::MiniProgram { url, .. } => {
                Rule::ButtonUrlBytes.bytes(url)
            }
            action => action.key().map_or(Ok(()), |key| Rule::ButtonKeyBytes.bytes(key)),
        }
    }

    fn write(&self) -> Value {
        let name = &self.name;
        match &self.action {
            ButtonAction::Open(buttons) => {
                let below: Vec<_> = buttons.iter().map(Self::write).collect();
                json!({ "name": name, "sub_button": below })
            }
            ButtonAction::View(url) => json!({ "type": "view", "name": name, "url": url }),
            ButtonAction::MiniProgram {
                app_id,
                page_path,
                url,
            } => json!({
                "type": "miniprogram", "name": name, "url": url, "appid": app_id, "pagepath": page_path,
            }),
            ButtonAction::Media(id) => json!({ "type": "media_id", "name": name, "media_id": id }),
            ButtonAction::ViewLimited(id) => json!({ "type": "view_limited", "name": name, "media_id": id }),
            ButtonAction::Article(id) => json!({ "type": "article_id", "name": name, "article_id": id }),
            ButtonAction::ViewArticle(id) => {
                json!({ "type": "article_view_limited", "name": name, "article_id": id })
            }
            action => json!({ "type": action.kind(), "name": name, "key": action.key() }),
        }
    }
}

impl ButtonAction {
    fn key(&self) -> Option<&str> {
        match self {
            Self::Click(key)
            | Self::ScanCode(key)
            | Self::ScanCodeWait(key)
            | Self::Camera(key)
            | Self::CameraOrAlbum(key)
            | Self::WeixinAlbum(key)
            | Self::Location(key) => Some(key),
            _ => None,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::ScanCode(_) => "scancode_push",
            Self::ScanCodeWait(_) => "scancode_waitmsg",
            Self::Camera(_) => "pic_sysphoto",
            Self::CameraOrAlbum(_) => "pic_photo_or_album",
            Self::WeixinAlbum(_) => "pic_weixin",
            Self::Location(_) => "location_select",
            _ => "click",
        }
    }
}

pub(super) fn checked(buttons: &[MenuButton]) -> Result<Vec<Value>, Error> {
    Rule::MenuButtons.count(buttons.len())?;
    buttons
        .iter()
        .try_for_each(|button| button.check(Rule::ButtonNameBytes))?;
    Ok(buttons.iter().map(MenuButton::write).collect())
}

/// An item as WeChat returns it. Which fields are filled depends on `kind`; an item that opens others has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct MenuItem {
    /// Such as `click`; in [`Client::current_menu`](crate::Client::current_menu) also `text`, `img`, `voice`,
    /// `video` and `news`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// What is shown.
    pub name: String,
    /// Its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Its text or file, where it was made in the web console.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Its file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_id: Option<String>,
    /// Its article.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article_id: Option<String>,
    /// Its mini program.
    #[serde(rename = "appid", skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
    /// The page of the mini program.
    #[serde(rename = "pagepath", skip_serializing_if = "Option::is_none")]
    pub page_path: Option<String>,
    /// Its articles, where it was made in the web console.
    #[serde(rename = "news_info", skip_serializing_if = "Option::is_none")]
    pub news: Option<Articles>,
    /// The items below it.
    #[serde(rename = "sub_button", deserialize_with = "below")]
    pub buttons: Vec<MenuItem>,
}

/// A list, or in one call an object with a list.
fn below<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<MenuItem>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        List(Vec<MenuItem>),
        Object {
            #[serde(default)]
            list: Vec<MenuItem>,
        },
    }
    Ok(match Option::<Either>::deserialize(deserializer)? {
        None => Vec::new(),
        Some(Either::List(list) | Either::Object { list }) => list,
    })
}
