//! What one phone shows: its lines, with the parts of each kind under names of their own.
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value, json};

use super::error::ControlError;
use super::followers::with_follower;
use crate::clock::rfc3339;
use crate::state::follower::TimelineItem;
use crate::world::World;

pub(super) async fn read(
    State(world): State<Arc<World>>,
    Path((app_id, openid)): Path<(String, String)>,
) -> Result<Json<Value>, ControlError> {
    let now_ms = world.now_ms();
    with_follower(&world, &app_id, &openid, |follower| {
        let items: Vec<_> = follower.timeline.iter().map(shown_item).collect();
        let is_typing = follower.typing_until_ms.is_some_and(|until| now_ms < until);
        Json(json!({ "items": items, "is_typing": is_typing }))
    })
}

pub(super) fn shown_item(item: &TimelineItem) -> Value {
    let mut shown = json!({
        "id": item.id,
        "direction": item.direction,
        "type": item.kind,
        "text": item.text,
        "media_id": item.media_id,
        "via": item.via,
        "at": rfc3339(item.at_ms),
        "data": item.data,
        "msg_id": item.msg_id,
        "state": item.state,
    });
    if let Some((name, part)) = part(&item.kind, &item.data) {
        shown[name] = part;
    }
    shown
}

/// What a phone needs to draw this kind beside its text and file.
fn part(kind: &str, data: &Map<String, Value>) -> Option<(&'static str, Value)> {
    match kind {
        "msgmenu" => Some((
            "menu",
            json!({
                "head": text(data, &["head_content"]),
                "items": data.get("list").cloned().unwrap_or_else(|| json!([])),
                "tail": text(data, &["tail_content"]),
            }),
        )),
        "news" => Some(("articles", articles(data))),
        "miniprogrampage" => Some(("miniprogram", miniprogram(data))),
        "music" => Some((
            "music",
            picked(
                data,
                &["title", "description", "musicurl", "hqmusicurl", "thumb_media_id"],
            ),
        )),
        "link" => Some(("link", picked(data, &["title", "description", "url"]))),
        "file" => Some(("file", file(data))),
        "location" => Some((
            "location",
            json!({
                "latitude": data.get("location_x"),
                "longitude": data.get("location_y"),
                "scale": data.get("scale"),
                "label": text(data, &["label"]),
            }),
        )),
        _ => None,
    }
}

fn articles(data: &Map<String, Value>) -> Value {
    let keys = ["title", "description", "url", "picurl"];
    let articles = data.get("articles").and_then(Value::as_array);
    let items = articles.into_iter().flatten().filter_map(Value::as_object);
    items.map(|article| picked(article, &keys)).collect()
}

/// A card as the account sends it (`appid`, `pagepath`) or as a phone does (`app_id`, `page_path`).
fn miniprogram(data: &Map<String, Value>) -> Value {
    json!({
        "title": text(data, &["title"]),
        "appid": text(data, &["appid", "app_id"]),
        "pagepath": text(data, &["pagepath", "page_path"]),
        "thumb_media_id": text(data, &["thumb_media_id"]),
    })
}

fn file(data: &Map<String, Value>) -> Value {
    let bytes = text(data, &["file_total_len"]).parse::<u64>().unwrap_or_default();
    json!({ "name": text(data, &["title"]), "bytes": bytes })
}

fn picked(data: &Map<String, Value>, keys: &[&str]) -> Value {
    keys.iter()
        .map(|key| ((*key).to_owned(), json!(text(data, &[key]))))
        .collect::<Map<_, _>>()
        .into()
}

/// The first of the fields that is there, as text.
fn text(data: &Map<String, Value>, keys: &[&str]) -> String {
    let given = keys.iter().find_map(|key| data.get(*key));
    match given {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}
