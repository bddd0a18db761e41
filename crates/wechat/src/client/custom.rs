//! Customer-service messages: the replies people read, and the "is typing" sign.
//! How many may be sent, and until when, is the caller's business; WeChat answers 45015 and 45047 beyond it.

use serde::Deserialize;
use serde::ser::{Serialize, SerializeMap as _, Serializer};

use super::transport::{JSON_LIMIT, Payload, Request};
use super::{Client, Error, decode};
use crate::{MediaId, OpenId};

/// A message to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CustomMessage {
    /// Text, at most 2048 bytes in UTF-8. Sent as written.
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
}

impl Serialize for CustomMessage {
    /// WeChat's form: the kind's name is a key.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (to, kind) = self.heading();
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("touser", to)?;
        map.serialize_entry("msgtype", kind)?;
        map.serialize_entry(kind, &self.object())?;
        map.end()
    }
}

#[derive(Default, serde::Serialize)]
struct Object<'m> {
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<&'m str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_id: Option<&'m MediaId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumb_media_id: Option<&'m MediaId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'m str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'m str>,
}

impl CustomMessage {
    fn heading(&self) -> (&OpenId, &'static str) {
        match self {
            Self::Text { to, .. } => (to, "text"),
            Self::Image { to, .. } => (to, "image"),
            Self::Voice { to, .. } => (to, "voice"),
            Self::Video { to, .. } => (to, "video"),
        }
    }

    fn object(&self) -> Object<'_> {
        match self {
            Self::Text { content, .. } => Object {
                content: Some(content),
                ..Object::default()
            },
            Self::Image { media_id, .. } | Self::Voice { media_id, .. } => Object {
                media_id: Some(media_id),
                ..Object::default()
            },
            Self::Video {
                media_id,
                thumb_media_id,
                title,
                description,
                ..
            } => Object {
                media_id: Some(media_id),
                thumb_media_id: Some(thumb_media_id),
                title: title.as_deref(),
                description: description.as_deref(),
                ..Object::default()
            },
        }
    }
}

/// The answer of calls that return nothing. A number other than 0 has been a refusal before this is read;
/// anything but a number is no answer of WeChat's.
#[derive(Deserialize)]
struct Done {
    #[serde(default)]
    errcode: i64,
}

impl Client {
    /// Sends a message to one person.
    ///
    /// There is no message id and no key against repetition: where the error says [`Retry::Unknown`](crate::Retry),
    /// the message may have been delivered. One request if [`Client::prepare`] went before and the token is accepted.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage.html>.
    /// Limits: 5 within 48 hours of a message, 3 within a minute of a follow, scan or menu tap; verified accounts only.
    pub async fn send_custom(&self, message: &CustomMessage) -> Result<(), Error> {
        self.post_json("/cgi-bin/message/custom/send", message).await
    }

    /// Shows or hides the "is typing" sign, which lasts about 15 seconds.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/customer/message/api_typing.html>.
    /// WeChat refuses it without a message in the last 30 seconds (45080) and when it is shown already (45081).
    pub async fn typing(&self, to: &OpenId, typing: bool) -> Result<(), Error> {
        let command = if typing { "Typing" } else { "CancelTyping" };
        let body = serde_json::json!({ "touser": to, "command": command });
        self.post_json("/cgi-bin/message/custom/typing", &body)
            .await
            .map_err(Error::of_repeatable_call)
    }

    async fn post_json(&self, path: &'static str, body: &impl Serialize) -> Result<(), Error> {
        let body = serde_json::to_vec(body).expect("the body has text keys only");
        let payload = Payload::Json(body.into());
        let request = Request {
            path,
            query: Vec::new(),
            payload,
            limit: JSON_LIMIT,
        };
        let answer = self
            .call(&request, self.deadline())
            .await
            .map_err(Error::of_json_call)?;
        let Done { errcode } = decode(&answer)?;
        if errcode == 0 { Ok(()) } else { Err(Error::Decode) }
    }
}
