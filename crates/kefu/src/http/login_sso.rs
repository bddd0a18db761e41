//! Signing in through the identity provider: two pages a browser is sent through. Failures lead back to the sign-in
//! page with their code, because a person is looking.

use super::caller::Caller;
use super::login::{count_attempt, set_cookie};
use super::login_guard;
use super::{ApiError, ApiResult, Json, Query};
use crate::actions::ActionError;
use crate::actions::create_agent::Now;
use crate::actions::sign_in::succeed;
use crate::actions::sign_in_by_provider::sign_in_by_provider;
use crate::auth::sso::{PATIENCE_MS, Return, Sso};
use crate::auth::token::Token;
use crate::desk::Desk;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Carries what must be remembered while the browser is at the provider.
const COOKIE: &str = "kefu_sso";
/// The only path that cookie is sent to.
const PATH: &str = "/api/v1/login/sso";

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(get_login_options))
        .routes(routes!(begin_sso))
        .routes(routes!(finish_sso))
}

/// How one can sign in here.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoginOptionsOut {
    /// The identity provider's name for the button; `null` when there is none.
    #[schema(required = true)]
    sso: Option<String>,
}

/// The page that was asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BeginQuery {
    /// A path of this console to come back to.
    next: Option<String>,
}

/// What the provider sends the browser back with.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FinishQuery {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
}

impl std::fmt::Debug for FinishQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FinishQuery(***)")
    }
}

/// How one can sign in; needs no login.
#[utoipa::path(get, path = "/login/options", tag = "login", operation_id = "get_login_options",
    responses((status = 200, body = LoginOptionsOut)))]
async fn get_login_options(State(desk): State<Desk>) -> Json<LoginOptionsOut> {
    let sso = desk.sso.as_ref().map(|sso| sso.label().to_owned());
    Json(LoginOptionsOut { sso })
}

/// Sends the browser to the identity provider.
#[utoipa::path(get, path = "/login/sso", tag = "login", operation_id = "begin_sso", params(BeginQuery),
    responses((status = 303, description = "to the identity provider, or back to the sign-in page with the reason"),
        (status = 404, description = "no identity provider is set up")))]
async fn begin_sso(State(desk): State<Desk>, Query(query): Query<BeginQuery>) -> ApiResult<Response> {
    let sso = provider(&desk)?;
    let next = query.next.filter(|next| is_our_page(next));
    match sso.begin(next, desk.clock.wall()).await {
        Ok(leave) => {
            let cookie = cookie(&desk, &leave.cookie, PATIENCE_MS / 1000);
            Ok((
                AppendHeaders([(header::SET_COOKIE, cookie)]),
                to(leave.url.as_str()),
            )
                .into_response())
        }
        Err(error) => {
            tracing::warn!(%error, "a single sign-on could not begin");
            Ok(refused(&desk, error.code()))
        }
    }
}

/// Where the identity provider sends the browser back to: signs in.
#[utoipa::path(get, path = "/login/sso/callback", tag = "login", operation_id = "finish_sso", params(FinishQuery),
    responses((status = 303, description = "signed in, or back to the sign-in page with the reason"),
        (status = 404, description = "no identity provider is set up"), (status = 429, description = "`too_many_requests`")))]
async fn finish_sso(
    State(desk): State<Desk>,
    caller: Caller,
    headers: HeaderMap,
    Query(query): Query<FinishQuery>,
) -> ApiResult<Response> {
    let sso = provider(&desk)?;
    count_attempt(&desk, vec![caller.subject.clone()]).await?;
    match signed_in(&desk, &sso, caller, &headers, &query).await? {
        Ok((token, next)) => {
            let forget = AppendHeaders([(header::SET_COOKIE, cookie(&desk, "", 0))]);
            let page = next.unwrap_or_else(|| "/".to_owned());
            Ok((set_cookie(&desk, Some(&token)), forget, to(&page)).into_response())
        }
        Err(code) => Ok(refused(&desk, code)),
    }
}

/// A login, or the code of why there is none.
type SignedIn = Result<(Token, Option<String>), &'static str>;

async fn signed_in(
    desk: &Desk,
    sso: &Sso,
    caller: Caller,
    headers: &HeaderMap,
    query: &FinishQuery,
) -> ApiResult<SignedIn> {
    let back = match (
        &query.code,
        &query.state,
        login_guard::named_cookie(headers, COOKIE),
    ) {
        (Some(code), Some(state), Some(cookie)) => Return { code, state, cookie },
        _ if query.error.is_some() => return Ok(Err("sso_refused")),
        _ => return Ok(Err("sso_expired")),
    };
    let (identity, next) = match sso.finish(back, desk.clock.wall()).await {
        Ok(finished) => finished,
        Err(error) => {
            tracing::warn!(%error, "a single sign-on was refused");
            return Ok(Err(error.code()));
        }
    };
    let (now, origin, subjects) = (Now::of(&desk.clock), caller.origin, vec![caller.subject]);
    let done = desk
        .db
        .write(move |tx| {
            let (identity, origin, subjects) = (identity.clone(), origin.clone(), subjects.clone());
            Box::pin(async move {
                let token = sign_in_by_provider(tx, &identity, &origin, now).await?;
                succeed(tx, &subjects).await?;
                Ok::<_, ActionError>(token)
            })
        })
        .await;
    match done {
        Ok(token) => Ok(Ok((token, next))),
        Err(ActionError::Refused { code, .. }) => Ok(Err(code)),
        Err(error) => Err(error.into()),
    }
}

fn provider(desk: &Desk) -> ApiResult<Sso> {
    desk.sso.clone().ok_or_else(ApiError::not_found)
}

/// A path of the console, and nothing a browser could take for another host.
fn is_our_page(next: &str) -> bool {
    next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n', '\t'])
}

fn to(place: &str) -> (StatusCode, AppendHeaders<[(header::HeaderName, String); 1]>) {
    (
        StatusCode::SEE_OTHER,
        AppendHeaders([(header::LOCATION, place.to_owned())]),
    )
}

fn refused(desk: &Desk, code: &str) -> Response {
    let forget = AppendHeaders([(header::SET_COOKIE, cookie(desk, "", 0))]);
    (forget, to(&format!("/signin?refused={code}"))).into_response()
}

/// `Lax`: the browser comes back from another site.
fn cookie(desk: &Desk, value: &str, age_s: i64) -> String {
    let secure = if desk.config.public_url.scheme() == "https" {
        "; Secure"
    } else {
        ""
    };
    format!("{COOKIE}={value}; Path={PATH}; HttpOnly; SameSite=Lax; Max-Age={age_s}{secure}")
}

#[cfg(test)]
mod tests {
    use super::is_our_page;

    #[test]
    fn only_a_path_of_the_console_is_come_back_to() {
        assert!(is_our_page("/inbox/cv_1?view=mine"));
        for other in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/\tx",
            "inbox",
            "",
        ] {
            assert!(!is_our_page(other), "{other:?}");
        }
    }
}
