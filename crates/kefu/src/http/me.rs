//! What belongs to the caller: the agent with permissions, logins, API tokens.

use super::agents::{AgentOut, load_agent};
use super::error::ErrorBody;
use super::extract::present;
use super::login::{hash_password, refuse_wrong_password};
use super::page::{Page, PageQuery};
use super::{ApiError, ApiResult, Json, Login, Path, Query};
use crate::actions::ActionError;
use crate::actions::change_me::{MyChange, change_me};
use crate::actions::create_agent::Now;
use crate::actions::sign_in::{LABEL_CHARS, Origin, sign_in};
use crate::db::{installation, logins, second_factors};
use crate::desk::Desk;
use crate::domain::agent::{Availability, Language, LoginKind, Permission};
use crate::domain::fields::{FieldCode, Fields};
use crate::domain::ids::{AgentId, LoginId};
use crate::domain::time::Time;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(get_me, patch_me))
        .routes(routes!(list_my_logins, delete_my_other_logins))
        .routes(routes!(delete_my_login))
        .routes(routes!(create_token))
}

/// The signed-in agent.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeOut {
    #[serde(flatten)]
    agent: AgentOut,
    /// What the role may do.
    permissions: Vec<Permission>,
    /// Whose desk this is; empty until it is told.
    organisation: String,
    /// Whether this login may do nothing but set up a second factor, because everybody needs one.
    lacks_second_factor: bool,
    /// The chosen language; `null` = the browser decides.
    #[schema(required = true)]
    language: Option<Language>,
    /// The chosen IANA time zone; `null` = the browser decides.
    #[schema(required = true)]
    time_zone: Option<String>,
}

/// What an agent may change of their own; what is absent stays.
#[derive(Deserialize, ToSchema)]
pub struct MePatch {
    name: Option<String>,
    /// `null`: the browser decides.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Language>)]
    language: Option<Option<Language>>,
    /// `null`: the browser decides.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    time_zone: Option<Option<String>>,
    availability: Option<Availability>,
    /// A new password; `current_password` goes with it, and every other login ends.
    password: Option<String>,
    current_password: Option<String>,
}

/// One login of the caller.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoginOut {
    id: LoginId,
    kind: LoginKind,
    /// The browser's own description, or the name given to a token.
    label: String,
    created_at: Time,
    last_seen_at: Time,
    /// `null`: until it is revoked.
    #[schema(required = true)]
    expires_at: Option<Time>,
    /// Whether this request used it.
    current: bool,
}

/// A name for a token.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TokenIn {
    /// How its owner recognises it.
    #[serde(default)]
    #[schema(required = true)]
    label: String,
}

/// A new API token.
#[derive(Serialize, ToSchema)]
pub struct TokenOut {
    id: LoginId,
    label: String,
    /// Shown this once. Send it as `Authorization: Bearer …`.
    token: String,
}

impl std::fmt::Debug for MePatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MePatch(***)")
    }
}

impl std::fmt::Debug for TokenOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenOut(***)")
    }
}

/// The signed-in agent.
#[utoipa::path(get, path = "/me", tag = "me", operation_id = "get_me",
    responses((status = 200, body = MeOut), (status = 401, body = ErrorBody)))]
async fn get_me(State(desk): State<Desk>, login: Login) -> ApiResult<Json<MeOut>> {
    Ok(Json(MeOut {
        lacks_second_factor: login.lacks_second_factor,
        ..load_me(&desk, login.viewer.agent_id).await?
    }))
}

/// Changes name, language, time zone, availability or password.
#[utoipa::path(patch, path = "/me", tag = "me", operation_id = "patch_me", request_body = MePatch,
    responses((status = 200, body = MeOut), (status = 422, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn patch_me(
    State(desk): State<Desk>,
    login: Login,
    Json(patch): Json<MePatch>,
) -> ApiResult<Json<MeOut>> {
    let id = login.viewer.agent_id;
    let password_hash = match patch.password {
        Some(new) => Some(new_password(&desk, id, patch.current_password, new).await?),
        None => None,
    };
    let change = MyChange {
        name: patch.name,
        language: patch.language,
        time_zone: patch.time_zone,
        availability: patch.availability,
        password_hash,
    };
    let now = Now::of(&desk.clock);
    desk.db
        .write(move |tx| {
            let change = change.clone();
            Box::pin(async move { change_me(tx, id, login.id, &change, now).await })
        })
        .await?;
    Ok(Json(load_me(&desk, id).await?))
}

/// The hash of a new password, once the current one was right. Guessing here is as slow as at sign-in.
async fn new_password(desk: &Desk, id: AgentId, current: Option<String>, new: String) -> ApiResult<String> {
    let mut fields = Fields::new();
    fields.password("password", &new);
    let current = current.unwrap_or_default();
    if current.is_empty() {
        fields.wrong("current_password", FieldCode::Required);
    }
    fields.finish().map_err(ApiError::fields)?;
    refuse_wrong_password(desk, id, "current_password", current).await?;
    hash_password(new).await
}

/// The caller's valid logins and tokens.
#[utoipa::path(get, path = "/me/logins", tag = "me", operation_id = "list_my_logins", params(PageQuery),
    responses((status = 200, body = Page<LoginOut>)))]
async fn list_my_logins(
    State(desk): State<Desk>,
    login: Login,
    Query(query): Query<PageQuery>,
) -> ApiResult<Json<Page<LoginOut>>> {
    let (after, limit) = query.after_id()?;
    let mut conn = desk.db.read().await?;
    let rows = logins::list(&mut conn, login.viewer.agent_id, after, limit, desk.clock.wall()).await?;
    let page = Page::of(rows, limit, |row| [row.id.0]).map(|row| LoginOut {
        id: row.id,
        kind: row.kind,
        label: row.label,
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
        expires_at: (row.kind == LoginKind::Browser).then_some(row.expires_at),
        current: row.id == login.id,
    });
    Ok(Json(page))
}

/// Ends one of the caller's logins or tokens.
#[utoipa::path(delete, path = "/me/logins/{id}", tag = "me", operation_id = "delete_my_login",
    params(("id" = LoginId, Path)), responses((status = 204), (status = 404, body = ErrorBody)))]
async fn delete_my_login(
    State(desk): State<Desk>,
    login: Login,
    Path(id): Path<LoginId>,
) -> ApiResult<StatusCode> {
    let (wall, agent_id) = (desk.clock.wall(), login.viewer.agent_id);
    let ended = desk
        .db
        .write(move |tx| Box::pin(async move { logins::revoke(tx, agent_id, id, wall).await }))
        .await?;
    if ended {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::not_found())
    }
}

/// Ends every other browser login of the caller. API tokens stay.
#[utoipa::path(delete, path = "/me/logins", tag = "me", operation_id = "delete_my_other_logins",
    responses((status = 204)))]
async fn delete_my_other_logins(State(desk): State<Desk>, login: Login) -> ApiResult<StatusCode> {
    let (wall, agent_id, id) = (desk.clock.wall(), login.viewer.agent_id, login.id);
    desk.db
        .write(move |tx| Box::pin(async move { logins::revoke_other_browsers(tx, agent_id, id, wall).await }))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes an API token with the caller's own rights.
#[utoipa::path(post, path = "/me/tokens", tag = "me", operation_id = "create_token", request_body = TokenIn,
    responses((status = 201, body = TokenOut), (status = 422, body = ErrorBody)))]
async fn create_token(
    State(desk): State<Desk>,
    login: Login,
    Json(input): Json<TokenIn>,
) -> ApiResult<(StatusCode, Json<TokenOut>)> {
    let mut fields = Fields::new();
    let label = fields.text("label", &input.label, LABEL_CHARS);
    fields.finish().map_err(ApiError::fields)?;
    let (now, agent_id, stored) = (Now::of(&desk.clock), login.viewer.agent_id, label.clone());
    let (id, token) = desk
        .db
        .write(move |tx| {
            let origin = Origin::program(stored.clone());
            Box::pin(async move { sign_in(tx, agent_id, LoginKind::Api, &origin, now).await })
        })
        .await
        .map_err(|error: ActionError| ApiError::from(error))?;
    Ok((
        StatusCode::CREATED,
        Json(TokenOut {
            id,
            label,
            token: token.expose().to_owned(),
        }),
    ))
}

/// The agent as they see themselves at a sign-in by password.
pub(super) async fn load_me_at_sign_in(desk: &Desk, id: AgentId) -> ApiResult<MeOut> {
    let mut conn = desk.db.read().await?;
    let factor = second_factors::find(&mut conn, id).await?;
    let lacks = factor.is_none_or(|factor| factor.confirmed_at.is_none());
    let lacks_second_factor = lacks && second_factors::is_required(&mut conn).await?;
    drop(conn);
    Ok(MeOut {
        lacks_second_factor,
        ..load_me(desk, id).await?
    })
}

/// The agent as they see themselves, with a login that may do everything.
pub(super) async fn load_me(desk: &Desk, id: AgentId) -> ApiResult<MeOut> {
    let (agent, row) = load_agent(desk, id).await?;
    let found = installation::find(&mut desk.db.read().await?).await?;
    Ok(MeOut {
        agent,
        organisation: found.map(|found| found.organisation).unwrap_or_default(),
        permissions: row.role.permissions(),
        lacks_second_factor: false,
        language: row.language,
        time_zone: row.time_zone,
    })
}
