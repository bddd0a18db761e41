//! Passive replies: what the body of the answer to a push may be. It needs no token and no verified account, and is
//! not counted. WeChat waits five seconds for it.
//!
//! How replies are written as XML is `reply_xml.rs`.

use serde_json::{Value, json};

use super::reply_xml;
use super::{Age, Content, Credentials, Format, Opened, Push, Query, encrypt, sign};
use crate::{Error, MediaId, Rule};

/// A passive reply. `success` or an empty body, which say nothing to the person, need no type.
///
/// Vendor page: <https://developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Text, 1 to 2048 bytes.
    Text(String),
    /// A picture: one uploaded, or the one that was just received.
    Image(MediaId),
    /// A voice message.
    Voice(MediaId),
    /// A video.
    Video {
        /// The video.
        media_id: MediaId,
        /// Shown with it.
        title: Option<String>,
        /// Shown with it.
        description: Option<String>,
    },
    /// Music.
    Music(Music),
    /// Links with pictures: one in answer to a message, up to eight in answer to an event.
    News(Vec<Article>),
    /// Hands the message to WeChat's native customer service.
    TransferCustomerService {
        /// To this agent; to anybody when absent.
        kf_account: Option<String>,
    },
}

/// Music in a passive reply or a customer-service message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Music {
    /// Its title.
    pub title: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// Where it is.
    pub url: Option<String>,
    /// Where it is in better quality; played over WLAN.
    pub hq_url: Option<String>,
    /// Its picture, uploaded as [`MediaKind::Thumb`](crate::MediaKind::Thumb).
    pub thumb_media_id: Option<MediaId>,
}

/// A link with a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Article {
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: String,
    /// Where its picture is: JPEG or PNG, 640×320 or 80×80.
    pub pic_url: String,
    /// Where it leads.
    pub url: String,
}

impl Reply {
    /// Writes the reply to a push in clear text, in the format the push had. `now` is Unix seconds.
    pub fn write(&self, push: &Push, now: i64) -> Result<String, Error> {
        self.check(push)?;
        Ok(match push.format {
            Format::Xml => reply_xml::write(self, push, now),
            Format::Json => self.json(push, now).to_string(),
        })
    }

    fn check(&self, push: &Push) -> Result<(), Error> {
        match self {
            Self::Text(content) => Rule::TextBytes.bytes(content),
            Self::News(articles) => match push.content {
                Content::Message { .. } => Rule::NewsArticles.count(articles.len()),
                Content::Event(_) => Rule::EventNewsArticles.count(articles.len()),
            },
            _ => Ok(()),
        }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Image(_) => "image",
            Self::Voice(_) => "voice",
            Self::Video { .. } => "video",
            Self::Music(_) => "music",
            Self::News(_) => "news",
            Self::TransferCustomerService { .. } => "transfer_customer_service",
        }
    }

    /// The same names as in XML, so that whoever reads one reads the other.
    fn json(&self, push: &Push, now: i64) -> Value {
        let mut reply = json!({
            "ToUserName": push.from_user,
            "FromUserName": push.to_user,
            "CreateTime": now,
            "MsgType": self.kind(),
        });
        match self {
            Self::Text(content) => reply["Content"] = json!(content),
            Self::Image(media_id) => reply["Image"] = json!({ "MediaId": media_id }),
            Self::Voice(media_id) => reply["Voice"] = json!({ "MediaId": media_id }),
            Self::Video {
                media_id,
                title,
                description,
            } => {
                reply["Video"] = json!({ "MediaId": media_id, "Title": title, "Description": description });
            }
            Self::Music(music) => reply["Music"] = music.json(),
            Self::News(articles) => {
                reply["ArticleCount"] = json!(articles.len());
                reply["Articles"] = articles.iter().map(Article::json).collect();
            }
            Self::TransferCustomerService { kf_account: None } => {}
            Self::TransferCustomerService { kf_account } => {
                reply["TransInfo"] = json!({ "KfAccount": kf_account });
            }
        }
        without_nulls(&mut reply);
        reply
    }
}

impl Music {
    fn json(&self) -> Value {
        json!({
            "Title": self.title,
            "Description": self.description,
            "MusicUrl": self.url,
            "HQMusicUrl": self.hq_url,
            "ThumbMediaId": self.thumb_media_id,
        })
    }
}

impl Article {
    fn json(&self) -> Value {
        json!({
            "Title": self.title,
            "Description": self.description,
            "PicUrl": self.pic_url,
            "Url": self.url,
        })
    }
}

fn without_nulls(value: &mut Value) {
    if let Value::Object(map) = value {
        map.retain(|_, value| !value.is_null());
        map.values_mut().for_each(without_nulls);
    }
}

impl Opened {
    /// Writes the whole body of the answer: clear when the push came in clear text, otherwise encrypted with the key
    /// and signed with the token that opened the push. `now` is Unix seconds.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/guide/dev/push/encryption.html>
    pub fn answer(
        &self,
        credentials: &Credentials,
        query: &Query,
        push: &Push,
        reply: &Reply,
        now: i64,
    ) -> Result<String, Error> {
        let plain = reply.write(push, now)?;
        let key = match self.used_key {
            None => return Ok(plain),
            Some(Age::Current) => credentials.key.as_ref(),
            Some(Age::Previous) => credentials.previous_key.as_ref(),
        };
        let token = match self.used_token {
            Age::Current => Some(&credentials.token),
            Age::Previous => credentials.previous_token.as_ref(),
        };
        let (Some(key), Some(token)) = (key, token) else {
            return Err(Error::Invalid {
                field: "credentials",
                rule: "must be those that opened the push",
            });
        };
        let encrypted = encrypt(key, plain.as_bytes(), &credentials.app_id);
        let nonce = query.nonce.as_deref().unwrap_or_default();
        let timestamp = now.to_string();
        let signature = sign(token, &[&timestamp, nonce, &encrypted]);
        Ok(match self.format {
            Format::Xml => reply_xml::envelope(&encrypted, &signature, &timestamp, nonce),
            Format::Json => json!({
                "Encrypt": encrypted,
                "MsgSignature": signature,
                "TimeStamp": now,
                "Nonce": nonce,
            })
            .to_string(),
        })
    }
}
