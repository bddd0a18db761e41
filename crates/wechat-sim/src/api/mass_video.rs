//! `POST /cgi-bin/media/uploadvideo`: an uploaded video gets a title and an id of its own, which mass messages take and
//! nothing else does.
use serde_json::{Map, Value, json};

use super::call::{Answer, Call, Outcome};
use super::content::{Content, text};
use super::endpoint::{Endpoint, Needs};
use super::errcode::ApiError;
use crate::random;
use crate::state::follower::Via;
use crate::state::media::{MassVideo, MediaType};

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint::post(
    "/cgi-bin/media/uploadvideo",
    Needs::VerifiedNoSandbox,
    make,
)];

/// The platform's pages name no longest title; its console takes so many characters.
const TITLE_MAX_CHARS: usize = 64;

fn make(call: &Call) -> Outcome {
    let fields: Map<String, Value> = call.json()?;
    let app_id = call.account_id()?;
    let now_ms = call.now_ms();
    if text(&fields, "media_id").is_none() {
        return Err(ApiError::new(41006));
    }
    let given = |key: &str| text(&fields, key).unwrap_or_default().to_owned();
    let mut state = call.world.state();
    let content = Content {
        state: &state,
        app_id,
        now_ms,
        fields: Some(&fields),
        via: Via::Mass,
    };
    let source = content.uploaded("media_id", MediaType::Video)?.to_owned();
    let title = given("title");
    if title.is_empty() || title.chars().count() > TITLE_MAX_CHARS {
        return Err(ApiError::with_text(40062, "invalid title size"));
    }
    let video = MassVideo {
        app_id: app_id.to_owned(),
        source,
        title,
        description: given("description"),
        created_ms: now_ms,
    };
    let media_id = random::url_safe(64);
    state.mass_videos.insert(media_id.clone(), video);
    drop(state);
    call.world.unsaved.notify_one();
    Ok(Answer::Json(
        json!({ "type": "video", "media_id": media_id, "created_at": now_ms / 1000 }),
    ))
}
