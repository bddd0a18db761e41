//! Who is calling, and may their role do this: extractors that run before any body is read.
//!
//! A cookie login needs `X-Kefu-Request: 1` on every changing request, and an `Origin`, where present, must be
//! ours; a bearer token needs neither.

use super::ApiError;
use crate::auth::token::TokenHash;
use crate::db::logins::{self, LoginRow};
use crate::desk::Desk;
use crate::domain::agent::{Actor, Permission, Viewer};
use crate::domain::ids::LoginId;
use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::{HeaderMap, Method, StatusCode, header, request::Parts};
use std::marker::PhantomData;

/// The name of the login cookie.
pub const COOKIE: &str = "kefu_login";
/// The header a changing request of a cookie login must carry, with the value `1`.
pub const REQUEST_HEADER: &str = "x-kefu-request";

/// A valid login.
#[derive(Debug, Clone)]
pub struct Login {
    /// The login itself.
    pub id: LoginId,
    /// Who, with role and departments.
    pub viewer: Viewer,
    /// The agent's name, for system lines.
    pub name: String,
    /// Whether it may do nothing but set up a second factor.
    pub lacks_second_factor: bool,
}

impl Login {
    /// On whose behalf changes are written.
    pub const fn actor(&self) -> Actor {
        Actor::Agent(self.viewer.agent_id)
    }
}

/// Marker types for [`Allowed`], one per permission that guards a route.
pub mod may {
    use crate::domain::agent::Permission;

    /// A permission as a type.
    pub trait Need: Send + Sync {
        /// Which.
        const PERMISSION: Permission;
    }

    macro_rules! needs {
        ($($name:ident = $permission:ident),+ $(,)?) => { $(
            #[doc = concat!("Needs `Permission::", stringify!($permission), "`.")]
            #[derive(Debug, Clone, Copy)]
            pub struct $name;
            impl Need for $name {
                const PERMISSION: Permission = Permission::$permission;
            }
        )+ };
    }

    needs!(
        ManageAgents = AgentsManage,
        ManageChannels = ChannelsManage,
        ReadChannels = ChannelsRead,
        ManageDepartments = DepartmentsManage,
        ManageInstallation = InstallationManage,
        ManageDeadLetters = DeadLettersManage,
        ManagePreferences = PreferencesManage,
        ReadConversations = ConversationsRead,
        ReplyConversations = ConversationsReply,
        AssignConversations = ConversationsAssign,
        ReadSurveys = SurveysRead,
        EditTickets = TicketsEdit,
        EditContacts = ContactsEdit,
    );
}

/// A valid login whose role holds the permission: 401 or 403 before the body is read.
#[derive(Debug, Clone)]
pub struct Allowed<N: may::Need> {
    /// The login.
    pub login: Login,
    need: PhantomData<N>,
}

impl<N: may::Need> FromRequestParts<Desk> for Allowed<N> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, ApiError> {
        let login = Login::from_request_parts(parts, desk).await?;
        if login.viewer.role.may(N::PERMISSION) {
            Ok(Self {
                login,
                need: PhantomData,
            })
        } else {
            Err(ApiError::not_permitted())
        }
    }
}

impl FromRequestParts<Desk> for Login {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, ApiError> {
        if let Some(login) = parts.extensions.get::<Self>() {
            return Ok(login.clone());
        }
        let token = presented(&parts.headers).ok_or_else(ApiError::not_signed_in)?;
        if token.from_cookie {
            refuse_forged(parts, desk)?;
        }
        let login = find(desk, &token.hash)
            .await?
            .ok_or_else(ApiError::not_signed_in)?;
        if login.lacks_second_factor && !leads_to_second_factor(parts) {
            return Err(ApiError::second_factor_required());
        }
        parts.extensions.insert(login.clone());
        Ok(login)
    }
}

/// All that a login may do until its agent has set up the second factor that everybody needs.
fn leads_to_second_factor(parts: &Parts) -> bool {
    let path = parts
        .extensions
        .get::<OriginalUri>()
        .map_or(parts.uri.path(), |uri| uri.path());
    match path.strip_prefix("/api/v1").unwrap_or(path) {
        "/me" => parts.method == Method::GET,
        "/login" => parts.method == Method::DELETE,
        "/me/second-factor" | "/me/second-factor/confirm" => true,
        _ => false,
    }
}

struct Presented {
    hash: TokenHash,
    from_cookie: bool,
}

fn presented(headers: &HeaderMap) -> Option<Presented> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.split_once(' '))
        // The name of the scheme is in any case (RFC 9110, 11.1).
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token);
    match bearer {
        Some(token) => Some(Presented {
            hash: TokenHash::of(token.trim()),
            from_cookie: false,
        }),
        None => cookie(headers).map(|token| Presented {
            hash: TokenHash::of(token),
            from_cookie: true,
        }),
    }
}

/// The login cookie's value.
pub(crate) fn cookie(headers: &HeaderMap) -> Option<&str> {
    named_cookie(headers, COOKIE)
}

/// A cookie's value.
pub(crate) fn named_cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == wanted).then_some(value))
}

/// Refuses a changing request that another site may have caused.
pub(crate) fn refuse_forged(parts: &Parts, desk: &Desk) -> Result<(), ApiError> {
    if matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let marked = parts
        .headers
        .get(REQUEST_HEADER)
        .is_some_and(|value| value == "1");
    let origin = parts.headers.get(header::ORIGIN).and_then(|v| v.to_str().ok());
    if marked && origin.is_none_or(|origin| is_ours(origin, parts, desk)) {
        return Ok(());
    }
    let detail =
        "a changing request of a browser login carries `X-Kefu-Request: 1`, and its origin is this desk";
    Err(ApiError::new(StatusCode::FORBIDDEN, "forged_request", detail))
}

/// Our public URL, or the very host the request was sent to.
fn is_ours(origin: &str, parts: &Parts, desk: &Desk) -> bool {
    let host = parts.headers.get(header::HOST).and_then(|v| v.to_str().ok());
    let same_host = host.is_some_and(|host| origin.split_once("://").is_some_and(|(_, rest)| rest == host));
    same_host || origin == desk.config.public_url.origin().ascii_serialization()
}

async fn find(desk: &Desk, hash: &TokenHash) -> Result<Option<Login>, ApiError> {
    let now = desk.clock.wall();
    let mut conn = desk.db.read().await?;
    let Some(row) = logins::find(&mut conn, hash, now).await? else {
        return Ok(None);
    };
    let department_ids = logins::departments(&mut conn, row.agent_id).await?;
    drop(conn);
    logins::seen(desk, &row, now);
    Ok(Some(from_row(row, department_ids)))
}

fn from_row(row: LoginRow, department_ids: Vec<crate::domain::ids::DepartmentId>) -> Login {
    let viewer = Viewer {
        agent_id: row.agent_id,
        role: row.role,
        department_ids,
    };
    Login {
        id: row.id,
        viewer,
        name: row.name,
        lacks_second_factor: row.lacks_second_factor,
    }
}

/// Whether a permission is held, for handlers that decide by content.
pub fn holds(login: &Login, permission: Permission) -> bool {
    login.viewer.role.may(permission)
}
