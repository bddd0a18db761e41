//! Customer-service messages: the replies people read, and the "is typing" sign.
//! How many may be sent, and until when, is the caller's business; WeChat answers 45015 and 45047 beyond it.

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Value, json};

use super::call::Effect;
use super::{Client, Error};
use crate::callback::Article;
use crate::{AppId, MediaId, OpenId, Rule};

/// A message to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CustomMessage {
    /// Text, 1 to 2048 bytes in UTF-8. Sent as written.
    Text {
        /// To whom.
        to: OpenId,
        /// The text.
        content: String,
    },
    /// A picture that was uploaded as [`MediaKind::Image`](crate::MediaKind::Image).
    Image {
        /// To whom.
        to: OpenId,
        /// The picture.
        media_id: MediaId,
    },
    /// A voice message that was uploaded as [`MediaKind::Voice`](crate::MediaKind::Voice).
    Voice {
        /// To whom.
        to: OpenId,
        /// The voice message.
        media_id: MediaId,
    },
    /// A video that was uploaded as [`MediaKind::Video`](crate::MediaKind::Video).
    Video {
        /// To whom.
        to: OpenId,
        /// The video.
        media_id: MediaId,
        /// Its still picture, uploaded as [`MediaKind::Thumb`](crate::MediaKind::Thumb). WeChat insists on one.
        thumb_media_id: MediaId,
        /// Shown with it.
        title: Option<String>,
        /// Shown with it.
        description: Option<String>,
    },
    /// Music.
    Music {
        /// To whom.
        to: OpenId,
        /// Its title.
        title: String,
        /// Its description.
        description: String,
        /// Where it is.
        url: String,
        /// Where it is in better quality.
        hq_url: Option<String>,
        /// Its picture, uploaded as [`MediaKind::Thumb`](crate::MediaKind::Thumb).
        thumb_media_id: MediaId,
    },
    /// A link with a picture (`news`): exactly one.
    Link {
        /// To whom.
        to: OpenId,
        /// The link.
        article: Article,
    },
    /// An article from the library (`mpnews`). Tencent is withdrawing it in favour of published articles.
    MpNews {
        /// To whom.
        to: OpenId,
        /// The article.
        media_id: MediaId,
    },
    /// A published article (`mpnewsarticle`).
    MpNewsArticle {
        /// To whom.
        to: OpenId,
        /// The article.
        article_id: String,
    },
    /// A question with answers to tap (`msgmenu`). A tap comes back as a text with `menu_id`. Verified accounts only,
    /// and no test accounts (40200).
    Menu {
        /// To whom.
        to: OpenId,
        /// Above the items.
        head: String,
        /// The items.
        items: Vec<MenuMessageItem>,
        /// Below the items.
        tail: String,
    },
    /// A coupon.
    Card {
        /// To whom.
        to: OpenId,
        /// The coupon.
        card_id: String,
    },
    /// A mini program's card. The mini program has to be linked with the account.
    MiniProgram {
        /// To whom.
        to: OpenId,
        /// Its title.
        title: String,
        /// The mini program.
        app_id: AppId,
        /// The page in it.
        page_path: String,
        /// Its picture, 520×416, uploaded as [`MediaKind::Image`](crate::MediaKind::Image).
        thumb_media_id: MediaId,
    },
}

/// An item of [`CustomMessage::Menu`].
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct MenuMessageItem {
    /// Comes back as `menu_id` when it is tapped.
    pub id: String,
    /// What is shown.
    pub content: String,
}

/// How a message is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomOptions {
    /// Under this native agent's name and picture. 65401 when there is no such agent.
    pub kf_account: Option<String>,
    /// With a grey line saying that an artificial intelligence wrote it.
    pub written_by_ai: bool,
}

impl Serialize for CustomMessage {
    /// WeChat's form: the kind's name is a key.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Outgoing {
            message: self,
            options: &CustomOptions::default(),
        }
        .serialize(serializer)
    }
}

struct Outgoing<'m> {
    message: &'m CustomMessage,
    options: &'m CustomOptions,
}

impl Serialize for Outgoing<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (to, kind) = self.message.heading();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("touser", to)?;
        map.serialize_entry("msgtype", kind)?;
        map.serialize_entry(kind, &self.message.object())?;
        if let Some(kf_account) = &self.options.kf_account {
            map.serialize_entry("customservice", &json!({ "kf_account": kf_account }))?;
        }
        if self.options.written_by_ai {
            map.serialize_entry("aimsgcontext", &json!({ "is_ai_msg": 1 }))?;
        }
        map.end()
    }
}

impl CustomMessage {
    fn heading(&self) -> (&OpenId, &'static str) {
        match self {
            Self::Text { to, .. } => (to, "text"),
            Self::Image { to, .. } => (to, "image"),
            Self::Voice { to, .. } => (to, "voice"),
            Self::Video { to, .. } => (to, "video"),
            Self::Music { to, .. } => (to, "music"),
            Self::Link { to, .. } => (to, "news"),
            Self::MpNews { to, .. } => (to, "mpnews"),
            Self::MpNewsArticle { to, .. } => (to, "mpnewsarticle"),
            Self::Menu { to, .. } => (to, "msgmenu"),
            Self::Card { to, .. } => (to, "wxcard"),
            Self::MiniProgram { to, .. } => (to, "miniprogrampage"),
        }
    }

    fn object(&self) -> Value {
        match self {
            Self::Text { content, .. } => json!({ "content": content }),
            Self::Image { media_id, .. } | Self::Voice { media_id, .. } | Self::MpNews { media_id, .. } => {
                json!({ "media_id": media_id })
            }
            Self::Video {
                media_id,
                thumb_media_id,
                title,
                description,
                ..
            } => {
                let mut video = json!({ "media_id": media_id, "thumb_media_id": thumb_media_id });
                put(&mut video, "title", title.as_deref());
                put(&mut video, "description", description.as_deref());
                video
            }
            Self::Music {
                title,
                description,
                url,
                hq_url,
                thumb_media_id,
                ..
            } => {
                let mut music = json!({ "title": title, "description": description, "musicurl": url });
                put(&mut music, "hqmusicurl", hq_url.as_deref());
                put(&mut music, "thumb_media_id", Some(thumb_media_id.as_str()));
                music
            }
            Self::Link { article, .. } => json!({ "articles": [{
                "title": article.title,
                "description": article.description,
                "url": article.url,
                "picurl": article.pic_url,
            }] }),
            Self::MpNewsArticle { article_id, .. } => json!({ "article_id": article_id }),
            Self::Menu {
                head, items, tail, ..
            } => {
                json!({ "head_content": head, "list": items, "tail_content": tail })
            }
            Self::Card { card_id, .. } => json!({ "card_id": card_id }),
            Self::MiniProgram {
                title,
                app_id,
                page_path,
                thumb_media_id,
                ..
            } => json!({
                "title": title,
                "appid": app_id,
                "pagepath": page_path,
                "thumb_media_id": thumb_media_id,
            }),
        }
    }

    fn check(&self) -> Result<(), Error> {
        match self {
            Self::Text { content, .. } => Rule::TextBytes.bytes(content),
            Self::Menu { items, .. } => Rule::MenuMessageItems.count(items.len()),
            _ => Ok(()),
        }
    }
}

fn put(object: &mut Value, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        object[name] = json!(value);
    }
}

impl Client {
    /// Sends a message to one person.
    ///
    /// There is no message id and no key against repetition: where the error says [`Retry::Unknown`](crate::Retry),
    /// the message may have been delivered. One request if [`Client::prepare`] went before and the token is accepted.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage.html>.
    /// Limits: 5 within 48 hours of a message, 3 within a minute of a follow, scan or menu tap; verified accounts only.
    /// Errors: 45015 (too late, or not following), 45047 (count used up), 40003, 43004, 43019 (on the blacklist),
    /// 45002 (too long), 40007 (upload again), 48001 (not verified).
    pub async fn send_custom(&self, message: &CustomMessage) -> Result<(), Error> {
        self.send_custom_with(message, &CustomOptions::default()).await
    }

    /// Sends a message to one person, shown as the options say. See [`Client::send_custom`].
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage.html>.
    /// Errors: 65401 and 61452 when the native agent is not known.
    pub async fn send_custom_with(
        &self,
        message: &CustomMessage,
        options: &CustomOptions,
    ) -> Result<(), Error> {
        message.check()?;
        let outgoing = Outgoing { message, options };
        self.change("/cgi-bin/message/custom/send", &outgoing, Effect::Once)
            .await
    }

    /// Shows or hides the "is typing" sign, which lasts about 15 seconds.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/customer/message/api_typing.html>.
    /// WeChat refuses it without a message in the last 30 seconds (45080) and when it is shown already (45081).
    pub async fn typing(&self, to: &OpenId, typing: bool) -> Result<(), Error> {
        let command = if typing { "Typing" } else { "CancelTyping" };
        let body = json!({ "touser": to, "command": command });
        self.change("/cgi-bin/message/custom/typing", &body, Effect::Repeatable)
            .await
    }
}
