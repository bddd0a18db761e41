//! What a mass message may be: fewer kinds than a reply, with names of their own.
use serde_json::{Map, json};

use super::content::Content;
use super::errcode::ApiError;
use crate::state::Line;
use crate::state::media::MediaType;

/// The line on the phones.
pub(super) fn line(content: Content<'_>, kind: &str) -> Result<Line, ApiError> {
    match kind {
        "text" => content.text_line(),
        "image" => image_line(content),
        "voice" => content.media_line("voice", MediaType::Voice),
        "mpvideo" | "video" => video_line(content),
        "music" => content.card_line("music", &["musicurl"]),
        "wxcard" => content.card_line("wxcard", &["card_id"]),
        // Its id names a draft.
        "mpnews" => Err(ApiError::new(40007)),
        _ => Err(ApiError::new(45162)),
    }
}

/// One or more pictures: `images.media_ids`, or the older `image.media_id`.
fn image_line(content: Content<'_>) -> Result<Line, ApiError> {
    let ids = content
        .fields
        .and_then(|fields| fields.get("media_ids")?.as_array());
    let Some(ids) = ids else {
        return content.media_line("image", MediaType::Image);
    };
    let mut kept = Vec::new();
    for id in ids {
        let one = Map::from_iter([("media_id".to_owned(), id.clone())]);
        let single = Content {
            fields: Some(&one),
            ..content
        };
        kept.push(single.media("media_id", MediaType::Image)?.to_owned());
    }
    let first = kept.first().cloned().ok_or_else(|| ApiError::new(40007))?;
    let text = content.given("recommend").unwrap_or_default();
    let data = Map::from_iter([("media_ids".to_owned(), json!(kept))]);
    Ok(content.received("image", text, Some(&first), data))
}

/// A video by the id that `media/uploadvideo` gave; that of the upload itself is refused.
fn video_line(content: Content<'_>) -> Result<Line, ApiError> {
    let unknown = || ApiError::new(40007);
    let media_id = content.given("media_id").ok_or_else(unknown)?;
    let known = content.state.mass_videos.get(media_id);
    let video = known.filter(|video| video.app_id == content.app_id && !video.is_expired(content.now_ms));
    let video = video.ok_or_else(unknown)?;
    let mut data = Map::new();
    if !video.description.is_empty() {
        data.insert("description".to_owned(), json!(video.description));
    }
    Ok(content.received("video", &video.title, Some(&video.source), data))
}
