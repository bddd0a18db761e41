//! `GET /cgi-bin/media/get`: a file that was uploaded or sent, within three days. A video is answered with its address.
use axum::http::Method;
use serde_json::json;

use super::call::{Answer, Call, Outcome};
use super::endpoint::Endpoint;
use super::errcode::ApiError;
use crate::state::media::{Media, MediaType};

pub(super) const PATH: &str = "/cgi-bin/media/get";
/// The same for voices of the JS-SDK, in better quality.
pub(super) const JSSDK: &str = "/cgi-bin/media/get/jssdk";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::later(Method::GET, PATH, |call| Box::pin(fetch(call))),
    Endpoint::later(Method::GET, JSSDK, |call| Box::pin(fetch_voice(call))),
];

async fn fetch(call: &Call) -> Outcome {
    let media = find(call)?;
    if media.media_type == MediaType::Video {
        let url = format!("{}/mmbiz/{}", call.base_url(), media.media_id);
        return Ok(Answer::Json(json!({ "video_url": url })));
    }
    file(call, media).await
}

async fn fetch_voice(call: &Call) -> Outcome {
    let media = find(call)?;
    if media.media_type != MediaType::Voice {
        return Err(ApiError::new(40007));
    }
    file(call, media).await
}

async fn file(call: &Call, media: Media) -> Outcome {
    let bytes = call.world.media.get(&media.media_id).await.map_err(|error| {
        tracing::error!(%error, media_id = media.media_id, "a stored file could not be read");
        ApiError::new(-1)
    })?;
    let name = format!("{}.{}", media.media_id, media.extension);
    Ok(Answer::File {
        bytes,
        mime: media.mime,
        name,
    })
}

fn find(call: &Call) -> Result<Media, ApiError> {
    let media_id = call.query("media_id").ok_or_else(|| ApiError::new(41006))?;
    let app_id = call.account_id()?;
    let now_ms = call.now_ms();
    let state = call.world.state();
    let media = state
        .media
        .get(media_id)
        .filter(|media| media.app_id == app_id && !media.is_expired(now_ms));
    media.cloned().ok_or_else(|| ApiError::new(40007))
}
