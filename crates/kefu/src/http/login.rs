//! Signing in and out.

use super::caller::Caller;
use super::error::ErrorBody;
use super::login_guard::COOKIE;
use super::me::{MeOut, load_me_at_sign_in};
use super::{ApiError, ApiResult, Json, Login};
use crate::actions::ActionError;
use crate::actions::create_agent::Now;
use crate::actions::second_factor;
use crate::actions::sign_in::{BROWSER_MS, attempt, sign_in_by_password, succeed};
use crate::auth::password;
use crate::auth::second_factor::Typed;
use crate::auth::secrets::Secrets;
use crate::auth::token::Token;
use crate::db::{Tx, agents, logins, second_factors};
use crate::desk::Desk;
use crate::domain::fields::{EMAIL_CHARS, FieldCode, Fields};
use crate::domain::ids::AgentId;
use crate::domain::login_limit::{Limit, PER_ACCOUNT};
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The password is right, and the agent has a second factor.
const CODE_REQUIRED: &str = "code_required";

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(create_login, delete_login))
}

/// E-mail address and password.
#[derive(Deserialize, ToSchema)]
pub struct LoginIn {
    /// In any case.
    #[serde(default)]
    #[schema(required = true)]
    email: String,
    /// The password.
    #[serde(default)]
    #[schema(required = true)]
    password: String,
    /// A code of the authenticator, or a recovery code, where the agent has a second factor.
    code: Option<String>,
}

impl std::fmt::Debug for LoginIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LoginIn(***)")
    }
}

/// Signs in; the answer sets the login cookie.
#[utoipa::path(post, path = "/login", tag = "login", operation_id = "create_login", request_body = LoginIn,
    responses((status = 200, body = MeOut), (status = 401, body = ErrorBody, description = "`wrong_credentials`, `code_required`, `code_wrong`"),
        (status = 422, body = ErrorBody), (status = 429, body = ErrorBody, description = "`too_many_requests`")))]
async fn create_login(
    State(desk): State<Desk>,
    caller: Caller,
    Json(input): Json<LoginIn>,
) -> ApiResult<impl IntoResponse> {
    let mut fields = Fields::new();
    let email = fields.text("email", &input.email, EMAIL_CHARS).to_lowercase();
    if input.password.is_empty() {
        fields.password("password", &input.password);
    }
    fields.finish().map_err(ApiError::fields)?;
    let subjects = vec![(format!("email:{email}"), PER_ACCOUNT), caller.subject];
    count_attempt(&desk, subjects.clone()).await?;
    let known = agents::credentials(&mut desk.db.read().await?, &email).await?;
    let (id, hash) = known.map_or((None, None), |known| (Some(known.id), known.password_hash));
    let right = password::verify(input.password, hash).await;
    let Some(id) = id.filter(|_| right) else {
        tracing::info!(address = ?caller.origin.address, "a sign-in was refused: wrong address or password");
        return Err(wrong_credentials());
    };
    let typed = input.code.as_deref().and_then(Typed::read).map(Arc::new);
    let (now, origin, secrets) = (Now::of(&desk.clock), caller.origin, desk.secrets.clone());
    let from = origin.address;
    let judged = desk
        .db
        .write(move |tx| {
            let (subjects, origin) = (subjects.clone(), origin.clone());
            let (typed, secrets) = (typed.clone(), secrets.clone());
            Box::pin(async move {
                if let Some(refusal) = refused_code(tx, &secrets, id, typed.as_deref(), now).await? {
                    return Ok::<_, ActionError>(Err(refusal));
                }
                succeed(tx, &subjects).await?;
                Ok(Ok(sign_in_by_password(tx, id, &origin, now).await?))
            })
        })
        .await?;
    let token = judged.map_err(|code| {
        tracing::info!(address = ?from, agent = %id, code, "a sign-in needs the second factor");
        ApiError::new(
            StatusCode::UNAUTHORIZED,
            code,
            "give the code of the authenticator as `code`",
        )
    })?;
    let me = load_me_at_sign_in(&desk, id).await?;
    Ok((set_cookie(&desk, Some(&token)), Json(me)))
}

/// Why the code is refused, of an agent who has a second factor.
async fn refused_code(
    tx: &mut Tx,
    secrets: &Secrets,
    id: AgentId,
    typed: Option<&Typed>,
    now: Now,
) -> Result<Option<&'static str>, ActionError> {
    let factor = second_factors::find(tx, id).await?;
    if factor.is_none_or(|factor| factor.confirmed_at.is_none()) {
        return Ok(None);
    }
    let Some(typed) = typed else {
        return Ok(Some(CODE_REQUIRED));
    };
    let right = second_factor::is_right(tx, secrets, id, typed, now).await?;
    Ok((!right).then_some(second_factor::CODE_WRONG))
}

/// Signs out: this login ends.
#[utoipa::path(delete, path = "/login", tag = "login", operation_id = "delete_login",
    responses((status = 204), (status = 401, body = ErrorBody)))]
async fn delete_login(State(desk): State<Desk>, login: Login) -> ApiResult<impl IntoResponse> {
    let wall = desk.clock.wall();
    let (agent_id, id) = (login.viewer.agent_id, login.id);
    desk.db
        .write(move |tx| Box::pin(async move { logins::revoke(tx, agent_id, id, wall).await }))
        .await?;
    Ok((StatusCode::NO_CONTENT, set_cookie(&desk, None)))
}

/// Counts an attempt of these subjects, and refuses it with 429 while one of them has to wait.
pub(super) async fn count_attempt(desk: &Desk, subjects: Vec<(String, Limit)>) -> ApiResult<()> {
    let wall = desk.clock.wall();
    let blocked = desk
        .db
        .write(move |tx| {
            let subjects = subjects.clone();
            Box::pin(async move { attempt(tx, &subjects, wall).await })
        })
        .await?;
    match blocked {
        None => Ok(()),
        Some(until) => Err(ApiError::too_many(
            u64::try_from(until.since_ms(wall))
                .unwrap_or_default()
                .div_ceil(1000),
        )),
    }
}

/// Refuses with 422 on `field` unless this is the agent's password. Guessing here is as slow as at sign-in.
pub(super) async fn refuse_wrong_password(
    desk: &Desk,
    id: AgentId,
    field: &str,
    told: String,
) -> ApiResult<()> {
    if told.is_empty() {
        return Err(ApiError::field(field, FieldCode::Required.as_str()));
    }
    let subjects = vec![(format!("agent:{id}"), PER_ACCOUNT)];
    count_attempt(desk, subjects.clone()).await?;
    let stored = agents::password_hash(&mut desk.db.read().await?, id).await?;
    if !password::verify(told, stored).await {
        return Err(ApiError::field(field, FieldCode::WrongPassword.as_str()));
    }
    desk.db
        .write(move |tx| {
            let subjects = subjects.clone();
            Box::pin(async move { succeed(tx, &subjects).await })
        })
        .await?;
    Ok(())
}

/// The hash of a new password.
pub(super) async fn hash_password(password: String) -> ApiResult<String> {
    password::hash(password)
        .await
        .map_err(|error| ApiError::internal(&error))
}

/// One answer for an unknown address, a wrong password and a disabled agent.
fn wrong_credentials() -> ApiError {
    let detail = "the e-mail address or the password is wrong";
    ApiError::new(StatusCode::UNAUTHORIZED, "wrong_credentials", detail)
}

/// The cookie of a new login, or its end.
pub(super) fn set_cookie(desk: &Desk, token: Option<&Token>) -> AppendHeaders<[(HeaderName, String); 1]> {
    let secure = if desk.config.public_url.scheme() == "https" {
        "; Secure"
    } else {
        ""
    };
    let (value, age_s) = token.map_or(("", 0), |token| (token.expose(), BROWSER_MS / 1000));
    let cookie = format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age_s}{secure}");
    AppendHeaders([(header::SET_COOKIE, cookie)])
}
