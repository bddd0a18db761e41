//! What the desk knows of the organisation: everybody who signs in may read it, administrators change it.

use super::error::ErrorBody;
use super::{Allowed, ApiError, ApiResult, Json, Login, may};
use crate::actions::change_installation::{InstallationChange, change_installation};
use crate::actions::release::release;
use crate::db::{installation, quarantine, second_factors};
use crate::desk::Desk;
use crate::domain::agent::Language;
use crate::domain::time::Time;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(get_installation, patch_installation))
        .routes(routes!(release_installation))
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
    /// Whether everybody who signs in with a password needs a second factor.
    second_factor_required: bool,
    /// Set after a restore until an administrator confirms: nothing is sent meanwhile.
    #[schema(required = true)]
    quarantine: Option<QuarantineOut>,
    version: i64,
}

/// The desk was restored from a backup, and sends nothing yet.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuarantineOut {
    /// When it was restored.
    since: Time,
    /// When the backup was made: what came in or left after that is unknown here.
    #[schema(required = true)]
    backup_made_at: Option<Time>,
}

/// What an administrator may change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct InstallationPatch {
    /// 1 to 100 characters.
    organisation: Option<String>,
    language: Option<Language>,
    time_zone: Option<String>,
    /// Whether everybody needs a second factor; who has none sets it up at the next sign-in.
    second_factor_required: Option<bool>,
    /// Refused with `changed_meanwhile` when it is no longer the current one.
    version: Option<i64>,
}

/// The organisation.
#[utoipa::path(get, path = "/installation", tag = "installation", operation_id = "get_installation",
    responses((status = 200, body = InstallationOut), (status = 401, body = ErrorBody)))]
async fn get_installation(State(desk): State<Desk>, _login: Login) -> ApiResult<Json<InstallationOut>> {
    load(&desk).await
}

/// Changes the organisation's name, language or time zone, or whether everybody needs a second factor.
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
        second_factor_required: patch.second_factor_required,
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

/// Ends the quarantine after a restore: what was held back leaves.
#[utoipa::path(post, path = "/installation/release", tag = "installation", operation_id = "release_installation",
    responses((status = 200, body = InstallationOut), (status = 403, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`not_quarantined`")))]
async fn release_installation(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageInstallation>,
) -> ApiResult<Json<InstallationOut>> {
    let (actor, now) = (allowed.login.actor(), desk.clock.now());
    desk.db
        .write(move |tx| Box::pin(async move { release(tx, actor, now).await }))
        .await?;
    load(&desk).await
}

async fn load(desk: &Desk) -> ApiResult<Json<InstallationOut>> {
    let mut conn = desk.db.read().await?;
    let quarantine = quarantine::find(&mut conn).await?.map(|found| QuarantineOut {
        since: found.since,
        backup_made_at: found.backup_made_at,
    });
    let second_factor_required = second_factors::is_required(&mut conn).await?;
    let found = installation::find(&mut conn).await?;
    let found = found.ok_or_else(|| ApiError::internal(&"installation has no row"))?;
    Ok(Json(InstallationOut {
        organisation: found.organisation,
        language: found.language,
        time_zone: found.time_zone,
        second_factor_required,
        quarantine,
        version: found.version,
    }))
}
