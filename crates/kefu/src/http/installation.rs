//! What the desk knows of the organisation: everybody who signs in may read it, administrators change it.

use super::error::ErrorBody;
use super::{Allowed, ApiError, ApiResult, Json, Login, may};
use crate::actions::change_installation::{InstallationChange, change_installation};
use crate::db::installation;
use crate::desk::Desk;
use crate::domain::agent::Language;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(get_installation, patch_installation))
}

/// The organisation whose desk this is.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstallationOut {
    /// Its name; empty until it is told.
    organisation: String,
    /// The language of texts that the desk makes, such as the aliases of contacts.
    language: Language,
    /// An IANA time zone.
    time_zone: String,
    version: i64,
}

/// What an administrator may change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct InstallationPatch {
    /// 1 to 100 characters.
    organisation: Option<String>,
    language: Option<Language>,
    time_zone: Option<String>,
    /// Refused with `changed_meanwhile` when it is no longer the current one.
    version: Option<i64>,
}

/// The organisation.
#[utoipa::path(get, path = "/installation", tag = "installation", operation_id = "get_installation",
    responses((status = 200, body = InstallationOut), (status = 401, body = ErrorBody)))]
async fn get_installation(State(desk): State<Desk>, _login: Login) -> ApiResult<Json<InstallationOut>> {
    load(&desk).await
}

/// Changes the organisation's name, language or time zone.
#[utoipa::path(patch, path = "/installation", tag = "installation", operation_id = "patch_installation",
    request_body = InstallationPatch,
    responses((status = 200, body = InstallationOut), (status = 403, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`changed_meanwhile`"), (status = 422, body = ErrorBody)))]
async fn patch_installation(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageInstallation>,
    Json(patch): Json<InstallationPatch>,
) -> ApiResult<Json<InstallationOut>> {
    let (actor, now) = (allowed.login.actor(), desk.clock.now());
    let change = InstallationChange {
        organisation: patch.organisation,
        language: patch.language,
        time_zone: patch.time_zone,
        version: patch.version,
    };
    desk.db
        .write(move |tx| {
            let change = change.clone();
            Box::pin(async move { change_installation(tx, actor, &change, now).await })
        })
        .await?;
    load(&desk).await
}

async fn load(desk: &Desk) -> ApiResult<Json<InstallationOut>> {
    let found = installation::find(&mut desk.db.read().await?).await?;
    let found = found.ok_or_else(|| ApiError::internal(&"installation has no row"))?;
    Ok(Json(InstallationOut {
        organisation: found.organisation,
        language: found.language,
        time_zone: found.time_zone,
        version: found.version,
    }))
}
