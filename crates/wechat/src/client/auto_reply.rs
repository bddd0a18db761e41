//! The automatic replies set in the web console. While pushes are enabled they do not act.
//! Ids of pictures and voices in them are temporary ones, made anew by each call and good for three days; a video comes
//! as an address.

use serde::{Deserialize, Serialize};

use super::{Client, Error};

/// The automatic replies of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct AutoReplies {
    /// 1 when followers are greeted.
    pub is_add_friend_reply_open: u8,
    /// 1 when messages are answered.
    pub is_autoreply_open: u8,
    /// The greeting.
    pub add_friend_autoreply_info: Option<AutoReply>,
    /// The answer to whatever matches no keyword.
    pub message_default_autoreply_info: Option<AutoReply>,
    /// The answers to keywords.
    pub keyword_autoreply_info: Option<KeywordRules>,
}

/// One answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct AutoReply {
    /// `text`, `img`, `voice`, `video` or `news`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The text, or the media id, or the address of a video.
    pub content: String,
    /// The articles of `news`.
    #[serde(rename = "news_info")]
    pub news: Articles,
}

/// Articles made in the web console.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Articles {
    /// The articles, the first one large.
    pub list: Vec<ConsoleArticle>,
}

/// An article made in the web console.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct ConsoleArticle {
    /// Its title.
    pub title: String,
    /// Its summary.
    pub digest: String,
    /// Its picture.
    pub cover_url: String,
    /// Its page.
    pub content_url: String,
}

/// The answers to keywords.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct KeywordRules {
    /// The rules.
    pub list: Vec<KeywordRule>,
}

/// Answers to some keywords.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct KeywordRule {
    /// Its name.
    pub rule_name: String,
    /// When it was made, in Unix seconds.
    pub create_time: i64,
    /// `reply_all` or `random_one`.
    pub reply_mode: String,
    /// The keywords.
    pub keyword_list_info: Vec<Keyword>,
    /// The answers.
    pub reply_list_info: Vec<AutoReply>,
}

/// A keyword.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Keyword {
    /// `contain` or `equal`.
    pub match_mode: String,
    /// The word.
    pub content: String,
}

impl Client {
    /// The automatic replies set in the web console.
    ///
    /// Vendor page:
    /// <https://developers.weixin.qq.com/doc/service/api/notify/autoreplies/api_getcurrentautoreplyinfo.html>.
    pub async fn auto_replies(&self) -> Result<AutoReplies, Error> {
        self.get("/cgi-bin/get_current_autoreply_info", Vec::new()).await
    }
}
