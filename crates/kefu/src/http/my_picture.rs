//! The agent's own picture: JPEG or PNG, judged by content, 1 MB or less; cropped by the browser.

use super::channel_icon::{IconForm, picture};
use super::error::ErrorBody;
use super::me::{MeOut, load_me};
use super::{ApiResult, Json, Login};
use crate::actions::change_my_picture::change_my_picture;
use crate::actions::create_agent::Now;
use crate::db::icons::Picture;
use crate::desk::Desk;
use crate::domain::ids::AgentId;
use crate::domain::media_rules::MB;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A picture well over the limit is still read, so that the answer says which rule it breaks.
const BODY_LIMIT: u64 = 12 * MB;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    let limit = usize::try_from(BODY_LIMIT).unwrap_or(usize::MAX);
    OpenApiRouter::new()
        .routes(routes!(put_my_picture, delete_my_picture))
        .layer(DefaultBodyLimit::max(limit))
}

/// Replaces the caller's picture.
#[utoipa::path(put, path = "/me/picture", tag = "me", operation_id = "put_my_picture",
    request_body(content = IconForm, content_type = "multipart/form-data"),
    responses((status = 200, body = MeOut), (status = 413, body = ErrorBody),
        (status = 422, body = ErrorBody, description = "`file_empty`, `file_kind`, `file_too_large`")))]
async fn put_my_picture(
    State(desk): State<Desk>,
    login: Login,
    form: Result<Multipart, MultipartRejection>,
) -> ApiResult<Json<MeOut>> {
    let picture = picture(&desk, form).await?;
    change(&desk, login.viewer.agent_id, Some(picture)).await
}

/// Removes the caller's picture.
#[utoipa::path(delete, path = "/me/picture", tag = "me", operation_id = "delete_my_picture",
    responses((status = 200, body = MeOut)))]
async fn delete_my_picture(State(desk): State<Desk>, login: Login) -> ApiResult<Json<MeOut>> {
    change(&desk, login.viewer.agent_id, None).await
}

async fn change(desk: &Desk, id: AgentId, picture: Option<Picture>) -> ApiResult<Json<MeOut>> {
    let now = Now::of(&desk.clock);
    desk.db
        .write(move |tx| {
            let picture = picture.clone();
            Box::pin(async move { change_my_picture(tx, id, picture.as_ref(), now).await })
        })
        .await?;
    Ok(Json(load_me(desk, id).await?))
}
