//! Invitations: an administrator makes a link, whoever holds it looks at it and sets the password.

use super::agents::{invitation_url, load_agent};
use super::caller::Caller;
use super::error::ErrorBody;
use super::login::{count_attempt, hash_password, set_cookie};
use super::me::{MeOut, load_me_at_sign_in};
use super::{Allowed, ApiError, ApiResult, Json, Path, may};
use crate::actions::accept_invitation::{accept_invitation as accept, look_at_invitation};
use crate::actions::create_agent::Now;
use crate::actions::invite::invite;
use crate::actions::sign_in::succeed;
use crate::auth::token::TokenHash;
use crate::db::installation;
use crate::desk::Desk;
use crate::domain::agent::Language;
use crate::domain::fields::{Fields, TEXT_CHARS};
use crate::domain::ids::AgentId;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(create_invitation))
        .routes(routes!(check_invitation))
        .routes(routes!(accept_invitation))
}

/// An invitation's token and the password to set.
#[derive(Deserialize, ToSchema)]
pub struct InvitationIn {
    /// From the invitation link.
    #[serde(default)]
    #[schema(required = true)]
    token: String,
    /// At least 8 characters.
    #[serde(default)]
    #[schema(required = true)]
    password: String,
}

/// An invitation's token.
#[derive(Deserialize, ToSchema)]
pub struct InvitationCheckIn {
    /// From the invitation link.
    #[serde(default)]
    #[schema(required = true)]
    token: String,
}

/// Whom an invitation is for.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationOut {
    name: String,
    email: String,
    /// Which language they read, where the administrator said so.
    #[schema(required = true)]
    language: Option<Language>,
    /// Whose desk it is.
    organisation: String,
}

/// A new link.
#[derive(Serialize, ToSchema)]
pub struct InvitationCreated {
    /// Shown this once; valid for 7 days.
    invitation_url: String,
}

impl std::fmt::Debug for InvitationIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InvitationIn(***)")
    }
}

impl std::fmt::Debug for InvitationCheckIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InvitationCheckIn(***)")
    }
}

impl std::fmt::Debug for InvitationCreated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InvitationCreated(***)")
    }
}

/// Makes a new link with which an agent sets a password; the one before ends.
#[utoipa::path(post, path = "/agents/{id}/invitation", tag = "invitations", operation_id = "create_invitation",
    params(("id" = AgentId, Path)),
    responses((status = 201, body = InvitationCreated), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody, description = "`agent_disabled`")))]
async fn create_invitation(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageAgents>,
    Path(id): Path<AgentId>,
) -> ApiResult<(StatusCode, Json<InvitationCreated>)> {
    load_agent(&desk, id).await?;
    let (actor, now) = (allowed.login.actor(), Now::of(&desk.clock));
    let token = desk
        .db
        .write(move |tx| Box::pin(async move { invite(tx, actor, id, now).await }))
        .await?;
    let invitation_url = invitation_url(&desk, &token);
    Ok((StatusCode::CREATED, Json(InvitationCreated { invitation_url })))
}

/// Whom an invitation is for, if it can still be used.
#[utoipa::path(post, path = "/invitations/check", tag = "invitations", operation_id = "check_invitation",
    request_body = InvitationCheckIn,
    responses((status = 200, body = InvitationOut),
        (status = 422, body = ErrorBody, description = "`token`: `unknown_invitation`, `invitation_used`, `invitation_expired`"),
        (status = 429, body = ErrorBody)))]
async fn check_invitation(
    State(desk): State<Desk>,
    caller: Caller,
    Json(input): Json<InvitationCheckIn>,
) -> ApiResult<Json<InvitationOut>> {
    let mut fields = Fields::new();
    let token = TokenHash::of(&fields.text("token", &input.token, TEXT_CHARS));
    fields.finish().map_err(ApiError::fields)?;
    let subjects = vec![caller.subject];
    count_attempt(&desk, subjects.clone()).await?;
    let mut conn = desk.db.read().await?;
    let row = look_at_invitation(&mut conn, &token, desk.clock.wall()).await?;
    let found = installation::find(&mut conn).await?;
    drop(conn);
    desk.db
        .write(move |tx| {
            let subjects = subjects.clone();
            Box::pin(async move { succeed(tx, &subjects).await })
        })
        .await?;
    Ok(Json(InvitationOut {
        name: row.name,
        email: row.email,
        language: row.language,
        organisation: found.map(|found| found.organisation).unwrap_or_default(),
    }))
}

/// Sets the first password of an invited agent, who is signed in by it.
#[utoipa::path(post, path = "/invitations/accept", tag = "invitations", operation_id = "accept_invitation",
    request_body = InvitationIn,
    responses((status = 200, body = MeOut), (status = 422, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn accept_invitation(
    State(desk): State<Desk>,
    caller: Caller,
    Json(input): Json<InvitationIn>,
) -> ApiResult<impl IntoResponse> {
    let mut fields = Fields::new();
    let invitation = fields.text("token", &input.token, TEXT_CHARS);
    fields.password("password", &input.password);
    fields.finish().map_err(ApiError::fields)?;
    let subjects = vec![caller.subject];
    count_attempt(&desk, subjects.clone()).await?;
    let hash = hash_password(input.password).await?;
    let (invitation, now, origin) = (TokenHash::of(&invitation), Now::of(&desk.clock), caller.origin);
    let (id, token) = desk
        .db
        .write(move |tx| {
            let (subjects, invitation, hash, origin) =
                (subjects.clone(), invitation.clone(), hash.clone(), origin.clone());
            Box::pin(async move {
                succeed(tx, &subjects).await?;
                accept(tx, &invitation, &hash, &origin, now).await
            })
        })
        .await?;
    Ok((
        set_cookie(&desk, Some(&token)),
        Json(load_me_at_sign_in(&desk, id).await?),
    ))
}
