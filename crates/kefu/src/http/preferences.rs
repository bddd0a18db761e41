//! Preferences of a department on a channel: who answers, and the ticket timer.

use super::error::ErrorBody;
use super::{Allowed, ApiError, ApiResult, Json, Path, may};
use crate::actions::set_preferences::{PreferencesChange, set_preferences};
use crate::db::preferences::{self, Pair};
use crate::desk::Desk;
use crate::domain::agent::Role;
use crate::domain::ids::{AgentId, ChannelId, DepartmentId};
use crate::domain::ticket::{Timer, TimerValue};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(get_preferences, put_preferences))
}

/// The preferences of one department on one channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreferencesOut {
    department_id: DepartmentId,
    channel_id: ChannelId,
    /// The agents who answer, by id.
    agent_ids: Vec<AgentId>,
    ticket_timer_minutes: TimerValue,
    version: i64,
}

/// What is set; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PreferencesIn {
    /// Members of the department. Who is left out gives open conversations back to the queue.
    agent_ids: Option<Vec<AgentId>>,
    /// Minutes (one of the fixed values), `none` or `always`.
    ticket_timer_minutes: Option<TimerValue>,
    /// Refused with `changed_meanwhile` when it is no longer the current one.
    version: Option<i64>,
}

/// Who answers, and the timer.
#[utoipa::path(get, path = "/departments/{department_id}/channels/{channel_id}/preferences", tag = "preferences",
    operation_id = "get_preferences", params(("department_id" = DepartmentId, Path), ("channel_id" = ChannelId, Path)),
    responses((status = 200, body = PreferencesOut), (status = 404, body = ErrorBody)))]
async fn get_preferences(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReadChannels>,
    Path((department_id, channel_id)): Path<(DepartmentId, ChannelId)>,
) -> ApiResult<Json<PreferencesOut>> {
    let viewer = &allowed.login.viewer;
    if viewer.role != Role::Admin && !viewer.department_ids.contains(&department_id) {
        return Err(ApiError::not_found());
    }
    load(
        &desk,
        Pair {
            channel_id,
            department_id,
        },
    )
    .await
}

/// Sets who answers, and the timer.
#[utoipa::path(put, path = "/departments/{department_id}/channels/{channel_id}/preferences", tag = "preferences",
    operation_id = "put_preferences", params(("department_id" = DepartmentId, Path), ("channel_id" = ChannelId, Path)),
    request_body = PreferencesIn,
    responses((status = 200, body = PreferencesOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`, `changed_meanwhile`"),
        (status = 422, body = ErrorBody, description = "`unknown_agent` …")))]
async fn put_preferences(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManagePreferences>,
    Path((department_id, channel_id)): Path<(DepartmentId, ChannelId)>,
    Json(input): Json<PreferencesIn>,
) -> ApiResult<Json<PreferencesOut>> {
    let pair = Pair {
        channel_id,
        department_id,
    };
    let (actor, now) = (allowed.login.actor(), desk.clock.now());
    let change = PreferencesChange {
        agent_ids: input.agent_ids,
        ticket_timer_minutes: input.ticket_timer_minutes,
        version: input.version,
    };
    desk.db
        .write(move |tx| {
            let change = change.clone();
            Box::pin(async move { set_preferences(tx, actor, pair, &change, now).await })
        })
        .await?;
    load(&desk, pair).await
}

async fn load(desk: &Desk, pair: Pair) -> ApiResult<Json<PreferencesOut>> {
    let mut conn = desk.db.read().await?;
    let row = preferences::find(&mut conn, pair)
        .await?
        .ok_or_else(ApiError::not_found)?;
    Ok(Json(PreferencesOut {
        department_id: pair.department_id,
        channel_id: pair.channel_id,
        agent_ids: preferences::agents(&mut conn, pair).await?,
        ticket_timer_minutes: Timer::from_stored(row.ticket_timer_minutes).into(),
        version: row.version,
    }))
}
