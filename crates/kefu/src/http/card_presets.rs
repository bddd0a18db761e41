//! Cards kept ready: administrators write them, and agents of the channel's departments find them when they send one.

use super::channel_icon::{IconForm, picture};
use super::channels::seen;
use super::error::ErrorBody;
use super::page::Page;
use super::{Allowed, ApiError, ApiResult, Json, Path, Query, may};
use crate::actions::change_card_presets::{
    PresetChange, change_card_preset, create_card_preset, delete_card_preset, set_card_preset_picture,
};
use crate::db::card_presets::{self, CardPresetRow};
use crate::db::channels;
use crate::db::icons::Picture;
use crate::desk::Desk;
use crate::domain::agent::Actor;
use crate::domain::card::CardKind;
use crate::domain::ids::{AgentId, CardPresetId, ChannelId};
use crate::domain::media_rules::MB;
use crate::domain::time::Time;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A picture well over the limit is still read, so that the answer says which rule it breaks.
const BODY_LIMIT: u64 = 12 * MB;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    let limit = usize::try_from(BODY_LIMIT).unwrap_or(usize::MAX);
    let pictures = OpenApiRouter::new()
        .routes(routes!(put_card_preset_picture, delete_card_preset_picture))
        .layer(DefaultBodyLimit::max(limit));
    OpenApiRouter::new()
        .routes(routes!(list_card_presets, create_preset))
        .routes(routes!(patch_card_preset, delete_preset))
        .merge(pictures)
}

/// A card to keep ready.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CardPresetIn {
    kind: CardKind,
    /// What agents find it by: 1 to 100 characters, unique for its kind on the channel.
    name: String,
    /// As of a message of this kind: `url`, `title`, `description`, or `app_id`, `page_path`, `title`.
    #[schema(value_type = Object)]
    data: Value,
}

/// What is changed of a preset; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CardPresetPatch {
    name: Option<String>,
    #[schema(value_type = Option<Object>)]
    data: Option<Value>,
    /// Refused with `changed_meanwhile` when it is no longer the current one.
    version: Option<i64>,
}

/// A card kept ready.
#[derive(Debug, Serialize, ToSchema)]
pub struct CardPresetOut {
    id: CardPresetId,
    channel_id: ChannelId,
    kind: CardKind,
    name: String,
    #[schema(value_type = Object)]
    data: Value,
    #[schema(required = true)]
    picture_url: Option<String>,
    #[schema(required = true)]
    changed_by: Option<AgentId>,
    changed_at: Time,
    created_at: Time,
    version: i64,
}

impl From<CardPresetRow> for CardPresetOut {
    fn from(row: CardPresetRow) -> Self {
        Self {
            data: row.card_data(),
            picture_url: row.picture_media_id.map(|id| format!("/api/v1/media/{id}")),
            id: row.id,
            channel_id: row.channel_id,
            kind: row.kind,
            name: row.name,
            changed_by: row.changed_by,
            changed_at: row.changed_at,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// Which version is meant.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VersionQuery {
    /// Refused with `changed_meanwhile` when it is no longer the current one.
    version: Option<i64>,
}

/// All cards a channel keeps ready, by name.
#[utoipa::path(get, path = "/channels/{id}/card-presets", tag = "channels", operation_id = "list_card_presets",
    params(("id" = ChannelId, Path)),
    responses((status = 200, body = Page<CardPresetOut>), (status = 404, body = ErrorBody)))]
async fn list_card_presets(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReadChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Json<Page<CardPresetOut>>> {
    let mut conn = desk.db.read().await?;
    let known = channels::find(&mut conn, id).await?;
    known.ok_or_else(ApiError::not_found)?;
    seen(&mut conn, &allowed.login, id).await?;
    let rows = card_presets::list(&mut conn, id).await?;
    Ok(Json(Page {
        items: rows.into_iter().map(CardPresetOut::from).collect(),
        next_cursor: None,
    }))
}

/// Keeps a card ready.
#[utoipa::path(post, path = "/channels/{id}/card-presets", tag = "channels", operation_id = "create_card_preset",
    params(("id" = ChannelId, Path)), request_body = CardPresetIn,
    responses((status = 201, body = CardPresetOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`"),
        (status = 422, body = ErrorBody, description = "`name_taken`, `too_many`, `data.app_id`: `app_id_form` …")))]
async fn create_preset(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path(channel_id): Path<ChannelId>,
    Json(input): Json<CardPresetIn>,
) -> ApiResult<(StatusCode, Json<CardPresetOut>)> {
    let (actor, now) = (allowed.login.actor(), desk.clock.now());
    let id = desk
        .db
        .write(move |tx| {
            let (name, data) = (input.name.clone(), input.data.clone());
            Box::pin(async move {
                create_card_preset(tx, actor, channel_id, (input.kind, &name, &data), now).await
            })
        })
        .await?;
    Ok((StatusCode::CREATED, one(&desk, channel_id, id).await?))
}

/// Changes name and fields of a card kept ready. What was sent stays as it is.
#[utoipa::path(patch, path = "/channels/{id}/card-presets/{preset_id}", tag = "channels",
    operation_id = "patch_card_preset", params(("id" = ChannelId, Path), ("preset_id" = CardPresetId, Path)),
    request_body = CardPresetPatch,
    responses((status = 200, body = CardPresetOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`, `changed_meanwhile`"),
        (status = 422, body = ErrorBody)))]
async fn patch_card_preset(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path((channel_id, id)): Path<(ChannelId, CardPresetId)>,
    Json(patch): Json<CardPresetPatch>,
) -> ApiResult<Json<CardPresetOut>> {
    let (actor, now) = (allowed.login.actor(), desk.clock.now());
    let change = PresetChange {
        name: patch.name,
        data: patch.data,
        version: patch.version,
    };
    desk.db
        .write(move |tx| {
            let change = change.clone();
            Box::pin(async move { change_card_preset(tx, actor, (channel_id, id), &change, now).await })
        })
        .await?;
    one(&desk, channel_id, id).await
}

/// Removes a card kept ready. What was sent stays.
#[utoipa::path(delete, path = "/channels/{id}/card-presets/{preset_id}", tag = "channels",
    operation_id = "delete_card_preset",
    params(("id" = ChannelId, Path), ("preset_id" = CardPresetId, Path), VersionQuery),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`, `changed_meanwhile`")))]
async fn delete_preset(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path((channel_id, id)): Path<(ChannelId, CardPresetId)>,
    Query(query): Query<VersionQuery>,
) -> ApiResult<StatusCode> {
    let (actor, now) = (allowed.login.actor(), desk.clock.now());
    let version = query.version;
    desk.db
        .write(move |tx| {
            Box::pin(async move { delete_card_preset(tx, actor, (channel_id, id), version, now).await })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a card kept ready its picture: JPEG or PNG, judged by content, at most 1 MB.
#[utoipa::path(put, path = "/channels/{id}/card-presets/{preset_id}/picture", tag = "channels",
    operation_id = "put_card_preset_picture", params(("id" = ChannelId, Path), ("preset_id" = CardPresetId, Path)),
    request_body(content = IconForm, content_type = "multipart/form-data"),
    responses((status = 200, body = CardPresetOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`"), (status = 413, body = ErrorBody),
        (status = 422, body = ErrorBody, description = "`file_empty`, `file_kind`, `file_too_large`")))]
async fn put_card_preset_picture(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path(of): Path<(ChannelId, CardPresetId)>,
    form: Result<Multipart, MultipartRejection>,
) -> ApiResult<Json<CardPresetOut>> {
    one(&desk, of.0, of.1).await?;
    let picture = picture(&desk, form).await?;
    set_picture(&desk, allowed.login.actor(), of, Some(picture)).await
}

/// Takes the picture of a card kept ready away: the channel's icon is sent instead.
#[utoipa::path(delete, path = "/channels/{id}/card-presets/{preset_id}/picture", tag = "channels",
    operation_id = "delete_card_preset_picture", params(("id" = ChannelId, Path), ("preset_id" = CardPresetId, Path)),
    responses((status = 200, body = CardPresetOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`")))]
async fn delete_card_preset_picture(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path(of): Path<(ChannelId, CardPresetId)>,
) -> ApiResult<Json<CardPresetOut>> {
    set_picture(&desk, allowed.login.actor(), of, None).await
}

async fn set_picture(
    desk: &Desk,
    actor: Actor,
    of: (ChannelId, CardPresetId),
    picture: Option<Picture>,
) -> ApiResult<Json<CardPresetOut>> {
    let now = desk.clock.now();
    desk.db
        .write(move |tx| {
            let picture = picture.clone();
            Box::pin(async move { set_card_preset_picture(tx, actor, of, picture.as_ref(), now).await })
        })
        .await?;
    one(desk, of.0, of.1).await
}

async fn one(desk: &Desk, channel_id: ChannelId, id: CardPresetId) -> ApiResult<Json<CardPresetOut>> {
    let found = card_presets::find(&mut desk.db.read().await?, channel_id, id).await?;
    Ok(Json(found.ok_or_else(ApiError::not_found)?.into()))
}
