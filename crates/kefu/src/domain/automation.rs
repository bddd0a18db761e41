//! Automatic answers: what a channel says by itself, in the response to a push. They cost nothing of the allowance.
//!
//! Here are the words and the stored form. Which answer a push gets is the business of `inbound`'s plan.

use super::text_enum::text_enum;
use serde::{Deserialize, Serialize};
use serde_json::Value;

text_enum!(
/// When an answer is given. For a message the first that fits counts, in this order: a keyword, the first message of
/// a ticket, the default (only while nobody has the conversation).
Occasion {
    Follow = "follow", Keyword = "keyword", MenuClick = "menu_click", FirstMessage = "first_message",
    Default = "default",
});
text_enum!(
    /// How a keyword is compared with a message; letter case and surrounding blanks do not count.
    MatchRule { Contains = "contains", Equals = "equals" });
text_enum!(
    /// What an answer consists of.
    AnswerKind { Text = "text", Image = "image", Voice = "voice", Video = "video", News = "news" });

/// An enabled answer as the channel's row keeps it (`channels.automation`: a JSON array of these, by position).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Its row in `automatic_answers`.
    pub id: i64,
    /// When it is given.
    pub occasion: Occasion,
    /// The word, or the key of the menu item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyword: Option<String>,
    /// For keywords.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub match_rule: Option<MatchRule>,
    /// What it consists of.
    pub kind: AnswerKind,
    /// The text; for media a name to show.
    pub text: String,
    /// `image`, `voice`: `{"media_id"}`; `video`: `{"media_id","title","description"}`;
    /// `news`: `{"title","description","picture_url","url"}`. The media id is WeChat's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
}
