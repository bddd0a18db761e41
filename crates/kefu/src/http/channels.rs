//! Channels: administrators create and change them; others see those of their departments. Switching one off is
//! `channel_state.rs`, its secrets `channel_secret.rs`, its icon `channel_icon.rs`.

use super::channel_in::ChannelIn;
use super::channel_out::ChannelOut;
use super::error::ErrorBody;
use super::page::{Page, PageQuery};
use super::{Allowed, ApiError, ApiResult, Json, Login, Path, Query, may};
use super::{channel_icon, channel_secret, channel_state};
use crate::actions::channel_form::ChannelForm;
use crate::actions::{change_channel, create_channel};
use crate::db::Conn;
use crate::db::channel_writes::{self, Filter};
use crate::db::channels;
use crate::desk::Desk;
use crate::doctor::probe;
use crate::domain::agent::Role;
use crate::domain::fields::FieldCode;
use crate::domain::ids::{ChannelId, DepartmentId};
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The kind of a channel when none is told.
const DEFAULT_KIND: &str = "wechat";

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(list_channels, create_channel))
        .routes(routes!(get_channel, patch_channel))
        .merge(channel_secret::routes())
        .merge(channel_state::routes())
        .merge(channel_icon::routes())
}

/// Which channels.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ChannelQuery {
    /// Deleted ones too.
    #[serde(default)]
    include_deleted: bool,
}

/// Channels, by id: all for administrators, those of their departments for others.
#[utoipa::path(get, path = "/channels", tag = "channels", operation_id = "list_channels",
    params(PageQuery, ChannelQuery), responses((status = 200, body = Page<ChannelOut>), (status = 401, body = ErrorBody)))]
async fn list_channels(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReadChannels>,
    Query(query): Query<PageQuery>,
    Query(which): Query<ChannelQuery>,
) -> ApiResult<Json<Page<ChannelOut>>> {
    let (after, limit) = query.after_id()?;
    let viewer = &allowed.login.viewer;
    let of_agent = (viewer.role != Role::Admin).then_some(viewer.agent_id);
    let filter = Filter {
        include_deleted: which.include_deleted,
        of_agent,
        after,
        limit,
    };
    let mut conn = desk.db.read().await?;
    let page = Page::of(channel_writes::list(&mut conn, filter).await?, limit, |row| {
        [row.id.0]
    });
    let last = page.items.last().map_or(after, |row| row.id.0);
    let served = channel_writes::departments_between(&mut conn, after, last).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        let ids = served
            .iter()
            .filter(|(channel, _)| *channel == row.id)
            .map(|(_, department)| *department)
            .collect();
        items.push(ChannelOut::new(
            &row.open(&desk.secrets)?,
            ids,
            viewer.role,
            &desk.config,
        ));
    }
    Ok(Json(Page {
        items,
        next_cursor: page.next_cursor,
    }))
}

/// Creates a channel.
#[utoipa::path(post, path = "/channels", tag = "channels", operation_id = "create_channel", request_body = ChannelIn,
    responses((status = 201, body = ChannelOut), (status = 403, body = ErrorBody),
        (status = 422, body = ErrorBody, description = "`name_taken`, `app_id_taken`, `token_form` …")))]
async fn create_channel(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Json(mut input): Json<ChannelIn>,
) -> ApiResult<(StatusCode, Json<ChannelOut>)> {
    let kind = input.kind.take().unwrap_or_else(|| DEFAULT_KIND.to_owned());
    if desk.channels.kind(&kind).is_none() {
        return Err(ApiError::field("kind", FieldCode::UnknownValue.as_str()));
    }
    let (actor, now, secrets) = (allowed.login.actor(), desk.clock.now(), desk.secrets.clone());
    let form = ChannelForm::from(input);
    let id = desk
        .db
        .write(move |tx| {
            let (secrets, kind, form) = (secrets.clone(), kind.clone(), form.clone());
            Box::pin(
                async move { create_channel::create_channel(tx, actor, &secrets, &kind, form, now).await },
            )
        })
        .await?;
    probe::ask_soon(&desk, id).await;
    Ok((StatusCode::CREATED, Json(load(&desk, &allowed.login, id).await?)))
}

/// One channel; deleted ones too.
#[utoipa::path(get, path = "/channels/{id}", tag = "channels", operation_id = "get_channel",
    params(("id" = ChannelId, Path)), responses((status = 200, body = ChannelOut), (status = 404, body = ErrorBody)))]
async fn get_channel(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReadChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Json<ChannelOut>> {
    Ok(Json(load(&desk, &allowed.login, id).await?))
}

/// Changes a channel. The token and key before a change stay valid until pushes use the new ones.
#[utoipa::path(patch, path = "/channels/{id}", tag = "channels", operation_id = "patch_channel",
    params(("id" = ChannelId, Path)), request_body = ChannelIn,
    responses((status = 200, body = ChannelOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`, `changed_meanwhile`"),
        (status = 422, body = ErrorBody)))]
async fn patch_channel(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
    input: ApiResult<Json<ChannelIn>>,
) -> ApiResult<Json<ChannelOut>> {
    load(&desk, &allowed.login, id).await?;
    let Json(input) = input?;
    let (actor, now, secrets) = (allowed.login.actor(), desk.clock.now(), desk.secrets.clone());
    let version = input.version;
    let has_new_credentials = input.has_new_credentials();
    let form = ChannelForm::from(input);
    desk.db
        .write(move |tx| {
            let (secrets, form) = (secrets.clone(), form.clone());
            Box::pin(async move {
                change_channel::change_channel(tx, actor, &secrets, id, (form, version), now).await
            })
        })
        .await?;
    if has_new_credentials {
        probe::ask_soon(&desk, id).await;
    }
    changed(&desk, &allowed.login, id).await
}

/// After a commit: this node's copy of the channel is read again, and the caller sees it as it is now.
pub(super) async fn changed(desk: &Desk, login: &Login, id: ChannelId) -> ApiResult<Json<ChannelOut>> {
    desk.channels.forget(id);
    Ok(Json(load(desk, login, id).await?))
}

/// The channel as this login may see it.
async fn load(desk: &Desk, login: &Login, id: ChannelId) -> ApiResult<ChannelOut> {
    let mut conn = desk.db.read().await?;
    let row = channels::find(&mut conn, id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let department_ids = seen(&mut conn, login, id).await?;
    Ok(ChannelOut::new(
        &row.open(&desk.secrets)?,
        department_ids,
        login.viewer.role,
        &desk.config,
    ))
}

/// The departments of a channel that this login may see.
pub(super) async fn seen(conn: &mut Conn, login: &Login, id: ChannelId) -> ApiResult<Vec<DepartmentId>> {
    let department_ids = channel_writes::departments(conn, id).await?;
    let viewer = &login.viewer;
    if viewer.role != Role::Admin && !department_ids.iter().any(|id| viewer.department_ids.contains(id)) {
        return Err(ApiError::not_found());
    }
    Ok(department_ids)
}
