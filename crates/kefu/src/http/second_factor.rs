//! The second factor of the caller, and taking it off an agent who has lost it.

use super::agents::load_agent;
use super::error::ErrorBody;
use super::login::{count_attempt, refuse_wrong_password};
use super::{Allowed, ApiResult, Json, Login, Path, may};
use crate::actions::ActionError;
use crate::actions::create_agent::Now;
use crate::actions::second_factor::{self as action, CODE_WRONG};
use crate::actions::sign_in::succeed;
use crate::auth::second_factor::{self, Typed};
use crate::auth::token::TokenHash;
use crate::db::{agents, installation, second_factors};
use crate::desk::Desk;
use crate::domain::fields::FieldCode;
use crate::domain::ids::AgentId;
use crate::domain::login_limit::PER_ACCOUNT;
use crate::domain::time::Time;
use crate::http::ApiError;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(get_my_second_factor, begin_my_second_factor))
        .routes(routes!(confirm_my_second_factor))
        .routes(routes!(renew_my_recovery_codes))
        .routes(routes!(disable_my_second_factor))
        .routes(routes!(delete_agent_second_factor))
}

/// The caller's second factor.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFactorOut {
    /// Since when it is asked for; `null`: it is off.
    #[schema(required = true)]
    on_since: Option<Time>,
    /// Recovery codes that were not used.
    recovery_codes_left: i64,
    /// Whether everybody needs one.
    required: bool,
}

/// What to put into an authenticator app.
#[derive(Serialize, ToSchema)]
pub struct SecondFactorBegun {
    /// To type; base 32.
    secret: String,
    /// The same as an address for apps, `otpauth://…`.
    uri: String,
    /// The address as a QR code: an SVG path with one unit per module.
    qr_path: String,
    /// Modules on a side of it, with the quiet zone.
    qr_size: usize,
}

/// Codes that are shown this once.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Each works once, in place of a code.
    recovery_codes: Vec<String>,
}

/// A code of the app.
#[derive(Deserialize, ToSchema)]
pub struct CodeIn {
    /// Six digits.
    #[serde(default)]
    #[schema(required = true)]
    code: String,
}

/// The caller's password.
#[derive(Deserialize, ToSchema)]
pub struct PasswordIn {
    /// The current one.
    #[serde(default)]
    #[schema(required = true)]
    password: String,
}

macro_rules! hidden {
    ($($name:ident),+) => { $(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(***)"))
            }
        }
    )+ };
}
hidden!(SecondFactorBegun, RecoveryCodes, CodeIn, PasswordIn);

/// Whether the second factor is on.
#[utoipa::path(get, path = "/me/second-factor", tag = "me", operation_id = "get_my_second_factor",
    responses((status = 200, body = SecondFactorOut), (status = 401, body = ErrorBody)))]
async fn get_my_second_factor(State(desk): State<Desk>, login: Login) -> ApiResult<Json<SecondFactorOut>> {
    let id = login.viewer.agent_id;
    let mut conn = desk.db.read().await?;
    let row = second_factors::find(&mut conn, id).await?;
    Ok(Json(SecondFactorOut {
        on_since: row.and_then(|row| row.confirmed_at),
        recovery_codes_left: second_factors::recovery_codes_left(&mut conn, id).await?,
        required: second_factors::is_required(&mut conn).await?,
    }))
}

/// Begins to set it up. Nothing is asked for until a code was confirmed.
#[utoipa::path(post, path = "/me/second-factor", tag = "me", operation_id = "begin_my_second_factor",
    responses((status = 201, body = SecondFactorBegun),
        (status = 409, body = ErrorBody, description = "`second_factor_on`")))]
async fn begin_my_second_factor(
    State(desk): State<Desk>,
    login: Login,
) -> ApiResult<(StatusCode, Json<SecondFactorBegun>)> {
    let (id, now, secrets) = (login.viewer.agent_id, Now::of(&desk.clock), desk.secrets.clone());
    let mut conn = desk.db.read().await?;
    let agent = agents::find(&mut conn, id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let organisation = installation::find(&mut conn)
        .await?
        .map(|found| found.organisation);
    drop(conn);
    let issuer = organisation
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "Kefu".to_owned());
    let secret = second_factor::new_secret();
    let uri = second_factor::uri(&issuer, &agent.email, &secret);
    let drawn = second_factor::draw(&uri).ok_or_else(|| ApiError::internal(&"a QR code has no room"))?;
    let stored = secret.clone();
    desk.db
        .write(move |tx| {
            let (secrets, secret) = (secrets.clone(), stored.clone());
            Box::pin(async move { action::begin(tx, &secrets, id, &secret, now).await })
        })
        .await?;
    let begun = SecondFactorBegun {
        secret,
        uri,
        qr_path: drawn.path,
        qr_size: drawn.size,
    };
    Ok((StatusCode::CREATED, Json(begun)))
}

/// Switches it on, with a code of the app; the answer has the recovery codes.
#[utoipa::path(post, path = "/me/second-factor/confirm", tag = "me", operation_id = "confirm_my_second_factor",
    request_body = CodeIn,
    responses((status = 200, body = RecoveryCodes),
        (status = 409, body = ErrorBody, description = "`second_factor_on`, `second_factor_off`"),
        (status = 422, body = ErrorBody, description = "`code`: `code_wrong`"), (status = 429, body = ErrorBody)))]
async fn confirm_my_second_factor(
    State(desk): State<Desk>,
    login: Login,
    Json(input): Json<CodeIn>,
) -> ApiResult<Json<RecoveryCodes>> {
    let (id, now, secrets) = (login.viewer.agent_id, Now::of(&desk.clock), desk.secrets.clone());
    if Typed::read(&input.code).is_none() {
        return Err(ApiError::field("code", FieldCode::Required.as_str()));
    }
    let subjects = vec![(format!("agent:{id}"), PER_ACCOUNT)];
    count_attempt(&desk, subjects.clone()).await?;
    let (recovery_codes, hashes) = new_recovery_codes();
    desk.db
        .write(move |tx| {
            let (secrets, hashes, subjects) = (secrets.clone(), hashes.clone(), subjects.clone());
            let typed = Typed::read(&input.code);
            Box::pin(async move {
                let typed = typed.ok_or_else(|| ActionError::field("code", CODE_WRONG))?;
                action::confirm(tx, &secrets, id, &typed, &hashes, now).await?;
                succeed(tx, &subjects).await
            })
        })
        .await?;
    Ok(Json(RecoveryCodes { recovery_codes }))
}

/// Makes new recovery codes; the old ones are void.
#[utoipa::path(post, path = "/me/second-factor/recovery-codes", tag = "me", operation_id = "renew_my_recovery_codes",
    request_body = PasswordIn,
    responses((status = 200, body = RecoveryCodes),
        (status = 409, body = ErrorBody, description = "`second_factor_off`"),
        (status = 422, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn renew_my_recovery_codes(
    State(desk): State<Desk>,
    login: Login,
    Json(input): Json<PasswordIn>,
) -> ApiResult<Json<RecoveryCodes>> {
    let (id, now) = (login.viewer.agent_id, Now::of(&desk.clock));
    refuse_wrong_password(&desk, id, "password", input.password).await?;
    let (recovery_codes, hashes) = new_recovery_codes();
    desk.db
        .write(move |tx| {
            let hashes = hashes.clone();
            Box::pin(async move { action::renew_recovery_codes(tx, id, &hashes, now).await })
        })
        .await?;
    Ok(Json(RecoveryCodes { recovery_codes }))
}

/// Switches it off, with the password.
#[utoipa::path(post, path = "/me/second-factor/disable", tag = "me", operation_id = "disable_my_second_factor",
    request_body = PasswordIn,
    responses((status = 204), (status = 409, body = ErrorBody, description = "`second_factor_off`"),
        (status = 422, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn disable_my_second_factor(
    State(desk): State<Desk>,
    login: Login,
    Json(input): Json<PasswordIn>,
) -> ApiResult<StatusCode> {
    let (id, login_id, now) = (login.viewer.agent_id, login.id, Now::of(&desk.clock));
    refuse_wrong_password(&desk, id, "password", input.password).await?;
    desk.db
        .write(move |tx| Box::pin(async move { action::switch_off(tx, id, login_id, now).await }))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes it off an agent who has lost it.
#[utoipa::path(delete, path = "/agents/{id}/second-factor", tag = "agents", operation_id = "delete_agent_second_factor",
    params(("id" = AgentId, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`second_factor_off`")))]
async fn delete_agent_second_factor(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageAgents>,
    Path(id): Path<AgentId>,
) -> ApiResult<StatusCode> {
    load_agent(&desk, id).await?;
    let (actor, now) = (allowed.login.actor(), Now::of(&desk.clock));
    desk.db
        .write(move |tx| Box::pin(async move { action::reset(tx, actor, id, now).await }))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn new_recovery_codes() -> (Vec<String>, Vec<TokenHash>) {
    let codes = second_factor::new_recovery_codes();
    let hashes = codes
        .iter()
        .map(|code| second_factor::recovery_hash(code))
        .collect();
    (codes, hashes)
}
