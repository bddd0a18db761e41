//! A video for mass messages: WeChat makes an id of its own of an uploaded one, with the title that people see.

use serde::Serialize;

use super::call::Effect;
use super::media::{UploadAnswer, UploadedMedia};
use super::{Client, Error};
use crate::{MediaId, Rule};

/// What a mass message shows of a video.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MassVideo {
    /// The video, as [`Client::upload_media`] returned it. Ids of files kept for good are reported to be refused.
    pub media_id: MediaId,
    /// The line above it.
    pub title: String,
    /// The text below; may be empty.
    pub description: String,
}

impl Client {
    /// Makes an uploaded video fit for mass messages. Its new id goes into [`MassMessage::Video`](crate::MassMessage)
    /// and nowhere else; nothing is sent, so the call may be repeated.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/notify/message/api_uploadvideo.html>.
    /// Limits: the title is not empty; Tencent names no longest one, the console takes 64 characters.
    /// Errors: 40007 (no such video, or older than three days), 40062 (title), 48001.
    pub async fn make_mass_video(&self, video: &MassVideo) -> Result<UploadedMedia, Error> {
        Rule::MassVideoTitleChars.chars(&video.title)?;
        let answer: UploadAnswer = self
            .post("/cgi-bin/media/uploadvideo", video, Effect::Repeatable)
            .await?;
        Ok(answer.into())
    }
}
