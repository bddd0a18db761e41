//! What an account does by itself, as it was set up in the provider's own console: its menu and automatic replies.
//!
//! Read from the provider, shown, and kept: once pushes are switched on nobody tells it any more. What becomes of it is
//! decided in `take_over`.

use super::automation::{AnswerKind, MatchRule};
use super::menu::ItemKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A reply, of the account or of an item of its menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OwnReply {
    /// What it consists of; `None`: something the desk does not know.
    pub kind: Option<AnswerKind>,
    /// Of `text`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Of `image` and `voice`: good for three days after it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_id: Option<String>,
    /// Of `news`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub articles: Vec<OwnArticle>,
}

/// An article of a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OwnArticle {
    /// Its title.
    pub title: String,
    /// Its summary.
    pub description: String,
    /// Its picture.
    pub picture_url: String,
    /// Its page.
    pub url: String,
}

/// A keyword of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OwnKeyword {
    /// The word.
    pub word: String,
    /// How it is compared.
    pub match_rule: MatchRule,
}

/// Replies to some keywords.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OwnRule {
    /// Its name.
    pub name: String,
    /// When it was made, in seconds.
    pub made_at: i64,
    /// Whether one reply is chosen at random; else all are given.
    pub random: bool,
    /// The words.
    pub keywords: Vec<OwnKeyword>,
    /// The replies.
    pub replies: Vec<OwnReply>,
}

/// The automatic replies of an account. What is switched off is not here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OwnReplies {
    /// To who follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow: Option<OwnReply>,
    /// To what fits no keyword.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<OwnReply>,
    /// To keywords.
    pub rules: Vec<OwnRule>,
}

impl OwnReplies {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.follow.is_none() && self.default.is_none() && self.rules.is_empty()
    }
}

/// An item of the account's menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OwnMenuItem {
    /// What is shown.
    pub name: String,
    /// The provider's word for what it does.
    pub word: String,
    /// What it does in the desk's words; `None`: it shows `reply`, or something the desk does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ItemKind>,
    /// What the provider's console shows when it is tapped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<OwnReply>,
    /// Its key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Its page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Its mini program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
    /// The page of the mini program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_path: Option<String>,
    /// The id of its file or article.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The items below it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    pub items: Vec<OwnMenuItem>,
}
