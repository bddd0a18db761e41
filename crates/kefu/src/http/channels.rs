//! Channels: administrators create and change them; others see those of their departments.

use super::channel_icon;
use super::channel_out::ChannelOut;
use super::error::ErrorBody;
use super::page::{Page, PageQuery};
use super::{Allowed, ApiError, ApiResult, Json, Login, Path, Query, may};
use crate::actions::channel_form::{ChannelForm, MASK};
use crate::actions::{change_channel, create_channel};
use crate::auth::token::random_alphanumeric;
use crate::db::Conn;
use crate::db::channel_writes::{self, Filter};
use crate::db::channels;
use crate::desk::Desk;
use crate::doctor::probe;
use crate::domain::agent::Role;
use crate::domain::allowance::Policy;
use crate::domain::channel::{
    AccountKind, ChannelState, EncryptionMode, Region, ReplyPolicy, UnfollowPolicy,
};
use crate::domain::conversation::Refusal;
use crate::domain::fields::{FieldCode, KEY_CHARS, TOKEN_CHARS};
use crate::domain::ids::{ChannelId, DepartmentId};
use crate::domain::survey::SurveyScale;
use crate::outbound::withdraw;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The kind of a channel when none is told.
const DEFAULT_KIND: &str = "wechat";

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(list_channels, create_channel))
        .routes(routes!(generate_channel_secret))
        .routes(routes!(get_channel, patch_channel, delete_channel))
        .routes(routes!(enable_channel))
        .routes(routes!(disable_channel))
        .routes(routes!(check_channel))
        .routes(routes!(get_channel_impact))
        .merge(channel_icon::routes())
}

/// What is told of a channel. On creation `name`, `original_id`, `app_id`, `app_secret` and `department_ids` are
/// required and the rest has defaults; on a change what is absent stays.
#[derive(Deserialize, ToSchema)]
pub struct ChannelIn {
    /// `wechat`; cannot be changed.
    kind: Option<String>,
    /// 1 to 100 characters, unique.
    name: Option<String>,
    account_kind: Option<AccountKind>,
    verified: Option<bool>,
    region: Option<Region>,
    original_id: Option<String>,
    app_id: Option<String>,
    /// Write-only; `*******` keeps the stored one.
    app_secret: Option<String>,
    /// 3 to 32 letters and digits; made on creation when absent.
    token: Option<String>,
    /// 43 letters and digits; made on creation when absent.
    encoding_aes_key: Option<String>,
    encryption_mode: Option<EncryptionMode>,
    department_ids: Option<Vec<DepartmentId>>,
    /// The first department when absent.
    default_department_id: Option<DepartmentId>,
    reply_policy: Option<ReplyPolicy>,
    /// The figures of the reply policy `custom`.
    custom_policy: Option<Policy>,
    /// Refused for accounts outside Mainland China and for test accounts, which cannot send surveys.
    survey_enabled: Option<bool>,
    survey_scale: Option<SurveyScale>,
    /// At most 200 characters; empty: the default in the installation's language.
    survey_question: Option<String>,
    unfollow_policy: Option<UnfollowPolicy>,
    /// After how many days the policy `erase` is carried out: 0 to 3650.
    unfollow_days: Option<i64>,
    time_zone: Option<String>,
    /// On a change: refused with `changed_meanwhile` when it is no longer the current one.
    version: Option<i64>,
}

impl From<ChannelIn> for ChannelForm {
    fn from(input: ChannelIn) -> Self {
        Self {
            name: input.name,
            account_kind: input.account_kind,
            verified: input.verified,
            region: input.region,
            original_id: input.original_id,
            app_id: input.app_id,
            app_secret: input.app_secret,
            token: input.token,
            encoding_aes_key: input.encoding_aes_key,
            encryption_mode: input.encryption_mode,
            department_ids: input.department_ids,
            default_department_id: input.default_department_id,
            reply_policy: input.reply_policy,
            custom_policy: input.custom_policy,
            survey_enabled: input.survey_enabled,
            survey_scale: input.survey_scale,
            survey_question: input.survey_question,
            unfollow_policy: input.unfollow_policy,
            unfollow_days: input.unfollow_days,
            time_zone: input.time_zone,
        }
    }
}

/// Which channels.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ChannelQuery {
    /// Deleted ones too.
    #[serde(default)]
    include_deleted: bool,
}

/// A fresh callback token and EncodingAESKey.
#[derive(Serialize, ToSchema)]
pub struct ChannelSecretOut {
    token: String,
    encoding_aes_key: String,
}

impl std::fmt::Debug for ChannelIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChannelIn(***)")
    }
}

impl std::fmt::Debug for ChannelSecretOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChannelSecretOut(***)")
    }
}

/// Whether the credentials work now.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelCheckOut {
    ok: bool,
    /// Why not: a stable code such as `wechat_40164`.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// What WeChat says about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    detail: Option<Value>,
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

/// Makes a token and a key at random; nothing is stored.
#[utoipa::path(post, path = "/channels/generate-secret", tag = "channels", operation_id = "generate_channel_secret",
    responses((status = 200, body = ChannelSecretOut), (status = 403, body = ErrorBody)))]
async fn generate_channel_secret(_allowed: Allowed<may::ManageChannels>) -> Json<ChannelSecretOut> {
    Json(ChannelSecretOut {
        token: random_alphanumeric(TOKEN_CHARS),
        encoding_aes_key: random_alphanumeric(KEY_CHARS),
    })
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
    let has_new_credentials =
        input.app_id.is_some() || input.app_secret.as_deref().is_some_and(|s| s != MASK);
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

/// Deletes a channel for good: its secrets are wiped, its history stays.
#[utoipa::path(delete, path = "/channels/{id}", tag = "channels", operation_id = "delete_channel",
    params(("id" = ChannelId, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`")))]
async fn delete_channel(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<StatusCode> {
    set_state(&desk, &allowed.login, id, ChannelState::Deleted).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends and receives again.
#[utoipa::path(post, path = "/channels/{id}/enable", tag = "channels", operation_id = "enable_channel",
    params(("id" = ChannelId, Path)),
    responses((status = 200, body = ChannelOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`")))]
async fn enable_channel(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Json<ChannelOut>> {
    set_state(&desk, &allowed.login, id, ChannelState::Active).await
}

/// Stops sending and receiving; everything stored stays.
#[utoipa::path(post, path = "/channels/{id}/disable", tag = "channels", operation_id = "disable_channel",
    params(("id" = ChannelId, Path)),
    responses((status = 200, body = ChannelOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`")))]
async fn disable_channel(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Json<ChannelOut>> {
    set_state(&desk, &allowed.login, id, ChannelState::Disabled).await
}

/// Asks WeChat whether the credentials work.
#[utoipa::path(post, path = "/channels/{id}/check", tag = "channels", operation_id = "check_channel",
    params(("id" = ChannelId, Path)),
    responses((status = 200, body = ChannelCheckOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`")))]
async fn check_channel(
    State(desk): State<Desk>,
    _allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Json<ChannelCheckOut>> {
    let entry = desk.channels.reload(id).await?.ok_or_else(ApiError::not_found)?;
    if entry.settings.row.state == ChannelState::Deleted {
        return Err(ApiError::refused(Refusal::ChannelDeleted.as_str()));
    }
    Ok(Json(match entry.messenger.check().await {
        Ok(()) => ChannelCheckOut {
            ok: true,
            code: None,
            detail: None,
        },
        Err(error) => ChannelCheckOut {
            ok: false,
            code: Some(error.reason),
            detail: Some(error.data),
        },
    }))
}

async fn set_state(
    desk: &Desk,
    login: &Login,
    id: ChannelId,
    state: ChannelState,
) -> ApiResult<Json<ChannelOut>> {
    let (actor, now) = (login.actor(), desk.clock.now());
    desk.db
        .write(move |tx| {
            Box::pin(async move { change_channel::set_channel_state(tx, actor, id, state, now).await })
        })
        .await?;
    if state != ChannelState::Active {
        withdraw::withdraw(desk, id).await?;
    }
    changed(desk, login, id).await
}

/// What switching a channel off would concern.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelImpactOut {
    /// Conversations that are open.
    open_conversations: i64,
    /// Replies that have not left: they would fail with the reason.
    queued_replies: i64,
}

/// How many open conversations and queued replies disabling or deleting the channel concerns.
#[utoipa::path(get, path = "/channels/{id}/impact", tag = "channels", operation_id = "get_channel_impact",
    params(("id" = ChannelId, Path)),
    responses((status = 200, body = ChannelImpactOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn get_channel_impact(
    State(desk): State<Desk>,
    _allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Json<ChannelImpactOut>> {
    let mut conn = desk.db.read().await?;
    channels::find(&mut conn, id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let found = channel_writes::impact(&mut conn, id).await?;
    Ok(Json(ChannelImpactOut {
        open_conversations: found.open_conversations,
        queued_replies: found.queued_replies,
    }))
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
