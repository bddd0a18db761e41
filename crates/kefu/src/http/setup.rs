//! The first run, without a login: whether it is still to come, and carrying it out with the one-time link.

use super::caller::Caller;
use super::error::ErrorBody;
use super::login::{count_attempt, hash_password, set_cookie};
use super::me::{MeOut, load_me_at_sign_in};
use super::{ApiError, ApiResult, Json};
use crate::actions::ActionError;
use crate::actions::create_agent::Now;
use crate::actions::set_up::{FirstRun, SETUP_DONE, set_up};
use crate::actions::sign_in::succeed;
use crate::auth::token::TokenHash;
use crate::db::installation::{self, About};
use crate::desk::Desk;
use crate::domain::agent::Language;
use crate::domain::fields::{FieldCode, Fields, NAME_CHARS, TEXT_CHARS};
use crate::domain::login_limit::{Limit, PER_ACCOUNT};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(get_setup, create_setup))
}

/// What a visitor who is not signed in may know of the desk.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetupOut {
    /// Whether the first run is still to come: open the link that `kefu serve` printed when it started.
    needed: bool,
    /// Whose desk this is; empty until it is told.
    organisation: String,
    /// The installation's language.
    language: Language,
}

/// What the first run asks for.
#[derive(Deserialize, ToSchema)]
pub struct SetupIn {
    /// From the link.
    #[serde(default)]
    #[schema(required = true)]
    token: String,
    /// 1 to 100 characters.
    #[serde(default)]
    #[schema(required = true)]
    organisation: String,
    #[schema(required = true, nullable = false)]
    language: Option<Language>,
    /// An IANA time zone.
    #[serde(default)]
    #[schema(required = true)]
    time_zone: String,
    #[serde(default)]
    #[schema(required = true)]
    email: String,
    /// 1 to 100 characters.
    #[serde(default)]
    #[schema(required = true)]
    name: String,
    /// At least 8 characters.
    #[serde(default)]
    #[schema(required = true)]
    password: String,
}

impl std::fmt::Debug for SetupIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SetupIn(***)")
    }
}

/// Whether the first run is still to come.
#[utoipa::path(get, path = "/setup", tag = "setup", operation_id = "get_setup",
    responses((status = 200, body = SetupOut)))]
async fn get_setup(State(desk): State<Desk>) -> ApiResult<Json<SetupOut>> {
    let mut conn = desk.db.read().await?;
    let needed = installation::is_new(&mut conn).await?;
    let found = installation::find(&mut conn).await?;
    let found = found.ok_or_else(|| ApiError::internal(&"installation has no row"))?;
    Ok(Json(SetupOut {
        needed,
        organisation: found.organisation,
        language: found.language,
    }))
}

/// The first run: names the organisation, makes the first administrator and signs them in. Once.
#[utoipa::path(post, path = "/setup", tag = "setup", operation_id = "create_setup", request_body = SetupIn,
    responses((status = 201, body = MeOut),
        (status = 403, body = ErrorBody, description = "`wrong_setup_token`"),
        (status = 409, body = ErrorBody, description = "`setup_done`"), (status = 422, body = ErrorBody),
        (status = 429, body = ErrorBody, description = "`too_many_requests`")))]
async fn create_setup(
    State(desk): State<Desk>,
    caller: Caller,
    Json(input): Json<SetupIn>,
) -> ApiResult<impl IntoResponse> {
    let subjects = vec![(format!("setup:{}", caller.subject.0), PER_ACCOUNT)];
    let token = authorised(&desk, &input.token, subjects.clone()).await?;
    let checked = checked(input)?;
    let first = FirstRun {
        token,
        about: checked.about,
        email: checked.email,
        name: checked.name,
        password_hash: hash_password(checked.password).await?,
        origin: caller.origin,
    };
    let now = Now::of(&desk.clock);
    let (id, token) = desk
        .db
        .write(move |tx| {
            let (first, subjects) = (first.clone(), subjects.clone());
            Box::pin(async move {
                succeed(tx, &subjects).await?;
                set_up(tx, &first, now).await
            })
        })
        .await
        .map_err(|error: ActionError| ApiError::from(error))?;
    let me = load_me_at_sign_in(&desk, id).await?;
    Ok((StatusCode::CREATED, set_cookie(&desk, Some(&token)), Json(me)))
}

/// Whether the link is the right one; before that nothing of the form is looked at, and no password is hashed.
async fn authorised(desk: &Desk, token: &str, subjects: Vec<(String, Limit)>) -> ApiResult<TokenHash> {
    if !installation::is_new(&mut desk.db.read().await?).await? {
        return Err(ApiError::refused(SETUP_DONE));
    }
    count_attempt(desk, subjects.clone()).await?;
    let told = TokenHash::of(token.get(..TEXT_CHARS).unwrap_or(token));
    let right = installation::welcome_hash(&mut desk.db.read().await?).await?;
    if !right.is_some_and(|right| right.is(&told)) {
        let detail = "the link is not the one that was printed at the last start";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "wrong_setup_token", detail));
    }
    // A form that was filled in wrongly is no guess.
    desk.db
        .write(move |tx| {
            let subjects = subjects.clone();
            Box::pin(async move { succeed(tx, &subjects).await })
        })
        .await?;
    Ok(told)
}

struct Checked {
    about: About,
    email: String,
    name: String,
    password: String,
}

fn checked(input: SetupIn) -> ApiResult<Checked> {
    let mut fields = Fields::new();
    let organisation = fields.text("organisation", &input.organisation, NAME_CHARS);
    if input.language.is_none() {
        fields.wrong("language", FieldCode::Required);
    }
    if input.time_zone.is_empty() {
        fields.wrong("time_zone", FieldCode::Required);
    } else {
        fields.time_zone("time_zone", &input.time_zone);
    }
    let email = fields.email("email", &input.email);
    let name = fields.text("name", &input.name, NAME_CHARS);
    fields.password("password", &input.password);
    fields.finish().map_err(ApiError::fields)?;
    let about = About {
        organisation,
        language: input.language.unwrap_or(Language::English),
        time_zone: input.time_zone,
    };
    Ok(Checked {
        about,
        email,
        name,
        password: input.password,
    })
}
