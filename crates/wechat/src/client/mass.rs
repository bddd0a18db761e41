//! Mass messages: to everybody, to a tag, to a list. They reach people outside their window, at most four times a
//! calendar month each (service accounts), or once a day for all (the former subscription accounts).
//!
//! "ok" means that WeChat has taken the job. How it went comes as [`Event::MassSent`](crate::callback::Event), and
//! now and then does not come: [`Client::mass_status`] tells then.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::call::Effect;
use super::{Client, Error};
use crate::{MediaId, OpenId, Rule, TagId};

/// What a mass message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MassMessage {
    /// Text.
    Text(String),
    /// Pictures, up to 20.
    Images {
        /// The pictures.
        media_ids: Vec<MediaId>,
        /// A line above them.
        recommend: Option<String>,
    },
    /// A voice message.
    Voice(MediaId),
    /// A video, by the id that [`Client::make_mass_video`] returned.
    Video(MediaId),
    /// Articles from the library.
    MpNews {
        /// The articles.
        media_id: MediaId,
        /// Whether they are sent although WeChat judges them a reprint.
        send_ignore_reprint: bool,
    },
    /// A coupon.
    Card(String),
}

/// To whom a mass message goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Every follower; the message enters the account's public history.
    Everybody,
    /// The followers with a tag.
    Tag(TagId),
    /// These, 2 to 10 000. Verified service accounts only.
    People(Vec<OpenId>),
}

/// A job WeChat has taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MassJob {
    /// Its number.
    pub msg_id: u64,
    /// The articles' number in statistics.
    pub msg_data_id: Option<u64>,
    /// Whether WeChat had the same `clientmsgid` already: this is the first job, and nothing was sent now.
    pub already_taken: bool,
}

/// How far a job is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MassStatus {
    /// Sent.
    Sent,
    /// Under way.
    Sending,
    /// Failed.
    Failed,
    /// Deleted.
    Deleted,
    /// A word this crate does not know.
    Other(String),
}

/// How fast mass messages go out: from 0, 800 000 a minute, to 4, 100 000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct MassSpeed {
    /// The step.
    pub speed: u8,
    /// Ten thousand a minute.
    #[serde(rename = "realspeed")]
    pub per_minute: u32,
}

/// Which person gets a preview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PreviewFor {
    /// A follower.
    OpenId(OpenId),
    /// A follower, by WeChat number; 100 a day.
    WeixinName(String),
}

#[derive(Deserialize)]
struct JobAnswer {
    #[serde(default)]
    errcode: i64,
    msg_id: u64,
    msg_data_id: Option<u64>,
}

#[derive(Deserialize)]
struct StatusAnswer {
    msg_status: String,
}

/// The `clientmsgid` has been seen before: the answer carries the first job.
const SAME_CLIENT_MSG_ID: i64 = 45065;

impl MassMessage {
    fn check(&self) -> Result<(), Error> {
        match self {
            Self::Text(content) => Rule::TextBytes.bytes(content),
            Self::Images { media_ids, .. } => Rule::MassImages.count(media_ids.len()),
            _ => Ok(()),
        }
    }

    fn write(&self, body: &mut Map<String, Value>) {
        let (kind, key, object) = match self {
            Self::Text(content) => ("text", "text", json!({ "content": content })),
            Self::Images { media_ids, recommend } => {
                let mut images = json!({ "media_ids": media_ids });
                if let Some(recommend) = recommend {
                    images["recommend"] = json!(recommend);
                }
                ("image", "images", images)
            }
            Self::Voice(media_id) => ("voice", "voice", json!({ "media_id": media_id })),
            Self::Video(media_id) => ("mpvideo", "mpvideo", json!({ "media_id": media_id })),
            Self::MpNews { media_id, .. } => ("mpnews", "mpnews", json!({ "media_id": media_id })),
            Self::Card(card_id) => ("wxcard", "wxcard", json!({ "card_id": card_id })),
        };
        body.insert("msgtype".to_owned(), json!(kind));
        body.insert(key.to_owned(), object);
    }

    fn write_reprint(&self, body: &mut Map<String, Value>) {
        if let Self::MpNews {
            send_ignore_reprint, ..
        } = self
        {
            body.insert(
                "send_ignore_reprint".to_owned(),
                json!(u8::from(*send_ignore_reprint)),
            );
        }
    }
}

impl Client {
    /// Sends a mass message. With the same `client_msg_id` within 24 hours WeChat sends nothing and returns the first
    /// job, so a call whose end is not known may be repeated with it; without one it may not.
    ///
    /// Vendor pages: <https://developers.weixin.qq.com/doc/service/api/notify/message/api_sendall.html> and
    /// <https://developers.weixin.qq.com/doc/service/api/notify/message/api_masssend.html>.
    /// Limits: 60 calls a minute, 100 a day; `client_msg_id` up to 32 bytes.
    /// Errors: 45028 (the period's quota), 45066 (same key within a minute), 40130, 40152 (no such tag), 48003, 48008.
    pub async fn mass_send(
        &self,
        message: &MassMessage,
        audience: &Audience,
        client_msg_id: Option<&str>,
    ) -> Result<MassJob, Error> {
        message.check()?;
        let mut body = Map::new();
        let path = match audience {
            Audience::People(openids) => {
                Rule::MassRecipients.count(openids.len())?;
                body.insert("touser".to_owned(), json!(openids));
                "/cgi-bin/message/mass/send"
            }
            Audience::Everybody => {
                body.insert("filter".to_owned(), json!({ "is_to_all": true }));
                "/cgi-bin/message/mass/sendall"
            }
            Audience::Tag(id) => {
                body.insert("filter".to_owned(), json!({ "is_to_all": false, "tag_id": id }));
                "/cgi-bin/message/mass/sendall"
            }
        };
        message.write(&mut body);
        message.write_reprint(&mut body);
        if let Some(key) = client_msg_id {
            Rule::ClientMsgIdBytes.bytes(key)?;
            body.insert("clientmsgid".to_owned(), json!(key));
        }
        let outcome: Result<JobAnswer, Error> = self.post_accepting(path, &body, &[SAME_CLIENT_MSG_ID]).await;
        let answer = match client_msg_id {
            Some(_) => outcome.map_err(Error::of_repeatable_call)?,
            None => outcome?,
        };
        Ok(MassJob {
            msg_id: answer.msg_id,
            msg_data_id: answer.msg_data_id,
            already_taken: answer.errcode == SAME_CLIENT_MSG_ID,
        })
    }

    /// Shows a mass message to one person, for looking at it. It counts for nobody's four a month.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/notify/message/api_preview.html>.
    /// Limits: 100 a day.
    pub async fn mass_preview(&self, message: &MassMessage, to: &PreviewFor) -> Result<(), Error> {
        message.check()?;
        let mut body = Map::new();
        match to {
            PreviewFor::OpenId(openid) => body.insert("touser".to_owned(), json!(openid)),
            PreviewFor::WeixinName(name) => body.insert("towxname".to_owned(), json!(name)),
        };
        message.write(&mut body);
        self.change("/cgi-bin/message/mass/preview", &body, Effect::Once)
            .await
    }

    /// How far a job is. There are no counts: those come with the event.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/notify/message/api_massmsgget.html>.
    pub async fn mass_status(&self, msg_id: u64) -> Result<MassStatus, Error> {
        let body = json!({ "msg_id": msg_id });
        let answer: StatusAnswer = self
            .post("/cgi-bin/message/mass/get", &body, Effect::Repeatable)
            .await?;
        Ok(match answer.msg_status.as_str() {
            "SEND_SUCCESS" => MassStatus::Sent,
            "SENDING" => MassStatus::Sending,
            "SEND_FAIL" => MassStatus::Failed,
            "DELETE" => MassStatus::Deleted,
            _ => MassStatus::Other(answer.msg_status),
        })
    }

    /// Removes the contents of articles or a video that were sent; the message itself stays with the people.
    /// Without an index (from 1) all articles.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/notify/message/api_deletemassmsg.html>.
    pub async fn mass_delete(&self, msg_id: u64, article_index: Option<u32>) -> Result<(), Error> {
        let body = json!({ "msg_id": msg_id, "article_idx": article_index.unwrap_or(0) });
        self.change("/cgi-bin/message/mass/delete", &body, Effect::Repeatable)
            .await
    }

    /// How fast mass messages go out.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/notify/message/api_getspeed.html>.
    pub async fn mass_speed(&self) -> Result<MassSpeed, Error> {
        self.post("/cgi-bin/message/mass/speed/get", &json!({}), Effect::Repeatable)
            .await
    }

    /// Sets how fast mass messages go out: 0 (fastest) to 4.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/notify/message/api_setspeed.html>.
    /// Errors: 45083, 45084.
    pub async fn set_mass_speed(&self, speed: u8) -> Result<(), Error> {
        Rule::MassSpeed.check(u64::from(speed))?;
        self.change(
            "/cgi-bin/message/mass/speed/set",
            &json!({ "speed": speed }),
            Effect::Repeatable,
        )
        .await
    }
}
