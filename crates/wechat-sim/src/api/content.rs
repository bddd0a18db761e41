//! The content of a message that an account sends: judged, and turned into the line that the phone shows.
use serde_json::{Map, Value};

use super::errcode::ApiError;
use crate::state::follower::{Direction, Via};
use crate::state::media::MediaType;
use crate::state::{Line, State};

const TEXT_MAX_BYTES: usize = 2048;
const MENU_MAX_ITEMS: usize = 10;

/// A field that is a text and not empty.
pub(super) fn text<'a>(fields: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    fields.get(key)?.as_str().filter(|text| !text.is_empty())
}

/// The object named after the message type, with what is needed to judge it.
#[derive(Clone, Copy)]
pub(super) struct Content<'a> {
    pub(super) state: &'a State,
    pub(super) app_id: &'a str,
    pub(super) now_ms: i64,
    pub(super) fields: Option<&'a Map<String, Value>>,
    pub(super) via: Via,
}

impl Content<'_> {
    /// The line on the phone, or why the content is refused.
    pub(super) fn line(&self, kind: &str) -> Result<Line, ApiError> {
        match kind {
            "text" => self.text_line(),
            "image" => self.media_line(kind, MediaType::Image),
            "voice" => self.media_line(kind, MediaType::Voice),
            "video" => self.video_line(),
            "music" => self.card_line(kind, &["musicurl"]),
            "news" => self.news_line(),
            "msgmenu" => self.menu_line(),
            "miniprogrampage" => self.card_line(kind, &["title", "appid", "pagepath"]),
            "wxcard" => self.card_line(kind, &["card_id"]),
            // Their ids name drafts and published articles.
            "mpnews" => Err(ApiError::new(40007)),
            "mpnewsarticle" => Err(ApiError::with_text(53600, "invalid article_id")),
            _ => Err(ApiError::new(40008)),
        }
    }

    pub(super) fn text_line(&self) -> Result<Line, ApiError> {
        let content = self.given("content").ok_or_else(|| ApiError::new(44004))?;
        if content.len() > TEXT_MAX_BYTES {
            return Err(ApiError::new(45002));
        }
        Ok(self.received("text", content, None, Map::new()))
    }

    pub(super) fn media_line(&self, kind: &str, media_type: MediaType) -> Result<Line, ApiError> {
        let media_id = self.media("media_id", media_type)?;
        Ok(self.received(kind, "", Some(media_id), Map::new()))
    }

    fn video_line(&self) -> Result<Line, ApiError> {
        let media_id = self.media("media_id", MediaType::Video)?;
        self.media("thumb_media_id", MediaType::Thumb)?;
        Ok(self.received(
            "video",
            self.given("title").unwrap_or_default(),
            Some(media_id),
            self.rest(),
        ))
    }

    pub(super) fn card_line(&self, kind: &str, required: &[&str]) -> Result<Line, ApiError> {
        if required.iter().any(|key| self.given(key).is_none()) {
            return Err(ApiError::new(47001));
        }
        if matches!(kind, "music" | "miniprogrampage") {
            self.media("thumb_media_id", MediaType::Thumb)?;
        }
        Ok(self.received(kind, self.given("title").unwrap_or_default(), None, self.rest()))
    }

    fn news_line(&self) -> Result<Line, ApiError> {
        let articles = self.fields.and_then(|fields| fields.get("articles")?.as_array());
        let [article] = articles.map(Vec::as_slice).unwrap_or_default() else {
            return Err(ApiError::new(45008));
        };
        let title = article.get("title").and_then(Value::as_str).unwrap_or_default();
        Ok(self.received("news", title, None, self.rest()))
    }

    fn menu_line(&self) -> Result<Line, ApiError> {
        let list = self
            .fields
            .and_then(|fields| fields.get("list")?.as_array())
            .filter(|list| !list.is_empty());
        let list = list.ok_or_else(|| ApiError::new(47001))?;
        if list.len() > MENU_MAX_ITEMS {
            return Err(ApiError::new(45098));
        }
        Ok(self.received(
            "msgmenu",
            self.given("head_content").unwrap_or_default(),
            None,
            self.rest(),
        ))
    }

    pub(super) fn given(&self, key: &str) -> Option<&str> {
        text(self.fields?, key)
    }

    /// A file of three days: those kept for good have been refused where this is asked.
    pub(super) fn uploaded(&self, key: &str, wanted: MediaType) -> Result<&str, ApiError> {
        let media_id = self.media(key, wanted)?;
        match self.state.media.get(media_id) {
            Some(media) if !media.permanent => Ok(media_id),
            _ => Err(ApiError::new(40007)),
        }
    }

    /// A media id of this account, of the right type and not expired. A picture may serve as a thumb.
    pub(super) fn media(&self, key: &str, wanted: MediaType) -> Result<&str, ApiError> {
        let media_id = self.given(key).ok_or_else(|| ApiError::new(40007))?;
        let media = self
            .state
            .media
            .get(media_id)
            .filter(|media| media.app_id == self.app_id);
        let fits = |is: MediaType| is == wanted || (wanted == MediaType::Thumb && is == MediaType::Image);
        let usable = media.is_some_and(|media| fits(media.media_type) && !media.is_expired(self.now_ms));
        if usable {
            Ok(media_id)
        } else {
            Err(ApiError::new(40007))
        }
    }

    /// What the phone shows beside title and file.
    fn rest(&self) -> Map<String, Value> {
        let mut data = self.fields.cloned().unwrap_or_default();
        data.shift_remove("media_id");
        data
    }

    pub(super) fn received(
        &self,
        kind: &str,
        text: &str,
        media_id: Option<&str>,
        data: Map<String, Value>,
    ) -> Line {
        Line {
            direction: Direction::Received,
            kind: kind.to_owned(),
            text: text.to_owned(),
            media_id: media_id.map(str::to_owned),
            via: Some(self.via),
            data,
            msg_id: None,
            state: None,
        }
    }
}
