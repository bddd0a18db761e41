//! The doctor of a channel: asked to examine, and what it found last. Administrators only.

use super::error::ErrorBody;
use super::{Allowed, ApiError, ApiResult, Json, Path, may};
use crate::db::capabilities::{self, CapabilityRow};
use crate::db::channels;
use crate::desk::Desk;
use crate::doctor::run::{self, Line, RunState};
use crate::domain::capability::{Capability, CapabilityState};
use crate::domain::channel::{AccountKind, ChannelState};
use crate::domain::conversation::Refusal;
use crate::domain::doctor::belongs_to;
use crate::domain::ids::ChannelId;
use crate::domain::time::Time;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(get_channel_doctor, examine_channel))
}

/// The last examination of a channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoctorOut {
    /// How far it is.
    state: RunState,
    started_at: Option<Time>,
    finished_at: Option<Time>,
    /// One per check, in the order to be shown; empty before the first examination.
    checks: Vec<Line>,
    /// What the account may do, as far as it has shown.
    capabilities: Vec<CapabilityOut>,
}

/// One thing the account may or may not do.
#[derive(Debug, Serialize, ToSchema)]
pub struct CapabilityOut {
    capability: Capability,
    state: CapabilityState,
    /// WeChat's number, where it refused.
    code: Option<i64>,
    checked_at: Time,
    /// Whether verified accounts of this kind have it.
    expected: bool,
}

/// The last examination; while one is under way, as far as it is.
#[utoipa::path(get, path = "/channels/{id}/doctor", tag = "channels", operation_id = "get_channel_doctor",
    params(("id" = ChannelId, Path)), responses((status = 200, body = DoctorOut), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
async fn get_channel_doctor(
    State(desk): State<Desk>,
    _allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Json<DoctorOut>> {
    let (kind, _) = find(&desk, id).await?;
    Ok(Json(load(&desk, id, kind).await?))
}

/// Examines the channel now. Whoever asks while an examination is under way gets that one.
#[utoipa::path(post, path = "/channels/{id}/doctor", tag = "channels", operation_id = "examine_channel",
    params(("id" = ChannelId, Path)),
    responses((status = 202, body = DoctorOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`")))]
async fn examine_channel(
    State(desk): State<Desk>,
    _allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<(StatusCode, Json<DoctorOut>)> {
    let (kind, state) = find(&desk, id).await?;
    if state == ChannelState::Deleted {
        return Err(ApiError::refused(Refusal::ChannelDeleted.as_str()));
    }
    run::begin(&desk, id).await?;
    Ok((StatusCode::ACCEPTED, Json(load(&desk, id, kind).await?)))
}

async fn find(desk: &Desk, id: ChannelId) -> ApiResult<(AccountKind, ChannelState)> {
    let row = channels::find(&mut desk.db.read().await?, id).await?;
    let row = row.ok_or_else(ApiError::not_found)?;
    Ok((row.account_kind, row.state))
}

async fn load(desk: &Desk, id: ChannelId, kind: AccountKind) -> ApiResult<DoctorOut> {
    let report = run::last(desk, id).await?;
    let rows = capabilities::list(&mut desk.db.read().await?, id).await?;
    let of = |capability: &Capability| rows.iter().find(|row| row.capability == *capability);
    let shown = Capability::ALL.iter().filter_map(of).map(|row| shown(row, kind));
    Ok(DoctorOut {
        state: report.state,
        started_at: report.started_at,
        finished_at: report.finished_at,
        checks: report.lines,
        capabilities: shown.collect(),
    })
}

fn shown(row: &CapabilityRow, kind: AccountKind) -> CapabilityOut {
    CapabilityOut {
        capability: row.capability,
        state: row.state,
        code: row.code,
        checked_at: row.checked_at,
        expected: belongs_to(kind, row.capability),
    }
}
