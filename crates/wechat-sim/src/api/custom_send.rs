//! `POST /cgi-bin/message/custom/send`: a reply to one follower, within the window and its count.
use serde_json::{Map, Value};

use super::call::{Answer, Call, Outcome};
use super::errcode::ApiError;
use super::gate;
use crate::state::account::{Account, AccountKind};
use crate::state::follower::{Direction, Follower, Via};
use crate::state::media::MediaType;
use crate::state::{Line, State};

pub(super) const PATH: &str = "/cgi-bin/message/custom/send";

const TEXT_MAX_BYTES: usize = 2048;
const MENU_MAX_ITEMS: usize = 10;

pub(super) fn send(call: &Call) -> Outcome {
    let request: Map<String, Value> = call.json()?;
    let app_id = call.account_id()?;
    let openid = text(&request, "touser").ok_or_else(|| ApiError::new(40003))?;
    let kind = text(&request, "msgtype").ok_or_else(|| ApiError::new(40008))?;
    let now_ms = call.now_ms();
    {
        let mut state = call.world.state();
        check_account(&state, app_id, kind)?;
        if state.follower_mut(app_id, openid).is_none() {
            return Err(ApiError::new(40003));
        }
        let content = Content {
            state: &state,
            app_id,
            now_ms,
            fields: inner(&request, kind),
        };
        let line = content.line(kind)?;
        take_allowance(&mut state, app_id, openid, now_ms)?;
        state.show(app_id, openid, line, now_ms);
    }
    call.world.timeline_changed(app_id, openid);
    Ok(Answer::ok())
}

/// What a message to this follower would be answered now, whatever it says; 0: it would be sent.
pub(crate) fn verdict(account: &Account, follower: &Follower, now_ms: i64) -> (i64, String) {
    if !gate::may_call(account, PATH) {
        return with_text(48001);
    }
    follower
        .refusal(now_ms)
        .map_or_else(|| (0, "ok".to_owned()), with_text)
}

fn with_text(errcode: i64) -> (i64, String) {
    (errcode, ApiError::new(errcode).errmsg)
}

/// The sandbox account may not send menus.
fn check_account(state: &State, app_id: &str, kind: &str) -> Result<(), ApiError> {
    let account = state.accounts.get(app_id).ok_or_else(|| ApiError::new(40001))?;
    if kind == "msgmenu" && account.spec.account_kind == AccountKind::Test {
        return Err(ApiError::new(40200));
    }
    Ok(())
}

/// Uses one message of the window; a closed window is reported before a used-up count.
fn take_allowance(state: &mut State, app_id: &str, openid: &str, now_ms: i64) -> Result<(), ApiError> {
    let follower = state
        .follower_mut(app_id, openid)
        .ok_or_else(|| ApiError::new(40003))?;
    if let Some(errcode) = follower.refusal(now_ms) {
        return Err(ApiError::new(errcode));
    }
    follower.window.take();
    follower.talked_ms = Some(now_ms);
    follower.typing_until_ms = None;
    Ok(())
}

fn inner<'a>(request: &'a Map<String, Value>, kind: &str) -> Option<&'a Map<String, Value>> {
    request.get(kind)?.as_object()
}

fn text<'a>(fields: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    fields.get(key)?.as_str().filter(|text| !text.is_empty())
}

/// The object named after the message type, with what is needed to judge it.
struct Content<'a> {
    state: &'a State,
    app_id: &'a str,
    now_ms: i64,
    fields: Option<&'a Map<String, Value>>,
}

impl Content<'_> {
    fn line(&self, kind: &str) -> Result<Line, ApiError> {
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

    fn text_line(&self) -> Result<Line, ApiError> {
        let content = self.given("content").ok_or_else(|| ApiError::new(44004))?;
        if content.len() > TEXT_MAX_BYTES {
            return Err(ApiError::new(45002));
        }
        Ok(received("text", content, None, Map::new()))
    }

    fn media_line(&self, kind: &str, media_type: MediaType) -> Result<Line, ApiError> {
        let media_id = self.media("media_id", media_type)?;
        Ok(received(kind, "", Some(media_id), Map::new()))
    }

    fn video_line(&self) -> Result<Line, ApiError> {
        let media_id = self.media("media_id", MediaType::Video)?;
        self.media("thumb_media_id", MediaType::Thumb)?;
        Ok(received(
            "video",
            self.given("title").unwrap_or_default(),
            Some(media_id),
            self.rest(),
        ))
    }

    fn card_line(&self, kind: &str, required: &[&str]) -> Result<Line, ApiError> {
        if required.iter().any(|key| self.given(key).is_none()) {
            return Err(ApiError::new(47001));
        }
        if matches!(kind, "music" | "miniprogrampage") {
            self.media("thumb_media_id", MediaType::Thumb)?;
        }
        Ok(received(
            kind,
            self.given("title").unwrap_or_default(),
            None,
            self.rest(),
        ))
    }

    fn news_line(&self) -> Result<Line, ApiError> {
        let articles = self.fields.and_then(|fields| fields.get("articles")?.as_array());
        let [article] = articles.map(Vec::as_slice).unwrap_or_default() else {
            return Err(ApiError::new(45008));
        };
        let title = article.get("title").and_then(Value::as_str).unwrap_or_default();
        Ok(received("news", title, None, self.rest()))
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
        Ok(received(
            "msgmenu",
            self.given("head_content").unwrap_or_default(),
            None,
            self.rest(),
        ))
    }

    fn given(&self, key: &str) -> Option<&str> {
        text(self.fields?, key)
    }

    /// A media id of this account, of the right type and not expired. A picture may serve as a thumb.
    fn media(&self, key: &str, wanted: MediaType) -> Result<&str, ApiError> {
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
}

fn received(kind: &str, text: &str, media_id: Option<&str>, data: Map<String, Value>) -> Line {
    Line {
        direction: Direction::Received,
        kind: kind.to_owned(),
        text: text.to_owned(),
        media_id: media_id.map(str::to_owned),
        via: Some(Via::Custom),
        data,
        msg_id: None,
        state: None,
    }
}
