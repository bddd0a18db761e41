//! Preferences of a department on a channel: who answers, and the ticket timer.

use super::error::ErrorBody;
use super::{Allowed, ApiError, ApiResult, Json, Login, Path, may};
use crate::actions::associate::{Association, Member, associate};
use crate::actions::set_preferences::{PreferencesChange, set_preferences};
use crate::db::preferences::{self, Pair};
use crate::db::{Conn, departments};
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
    OpenApiRouter::new()
        .routes(routes!(get_preferences, put_preferences))
        .routes(routes!(list_preferences))
        .routes(routes!(get_associations, put_associations))
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

/// The preferences of a department on every living channel it serves.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreferencesListOut {
    items: Vec<PreferencesOut>,
}

/// Who answers which channel of a department, and the timers.
#[utoipa::path(get, path = "/departments/{department_id}/preferences", tag = "preferences",
    operation_id = "list_preferences", params(("department_id" = DepartmentId, Path)),
    responses((status = 200, body = PreferencesListOut), (status = 404, body = ErrorBody)))]
async fn list_preferences(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReadChannels>,
    Path(department_id): Path<DepartmentId>,
) -> ApiResult<Json<PreferencesListOut>> {
    in_sight(&allowed.login, department_id)?;
    let mut conn = desk.db.read().await?;
    departments::find(&mut conn, department_id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let mut items = Vec::new();
    for channel_id in preferences::channels_of_department(&mut conn, department_id).await? {
        let pair = Pair {
            channel_id,
            department_id,
        };
        items.extend(read(&mut conn, pair).await?);
    }
    Ok(Json(PreferencesListOut { items }))
}

/// One channel of the department, as one agent has it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssociationOut {
    channel_id: ChannelId,
    associated: bool,
    /// Open conversations the agent has there: they go back to the queue when the association ends.
    open_conversations: i64,
}

/// The channels of the department, as one agent has them.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssociationsOut {
    agent_id: AgentId,
    department_id: DepartmentId,
    /// Living channels only, by id.
    items: Vec<AssociationOut>,
}

/// The channels from now on.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AssociationsIn {
    /// Living channels of the department. Open conversations on those left out go back to the queue.
    channel_ids: Vec<ChannelId>,
    /// The channels as the caller saw them: refused with `changed_meanwhile` when that is no longer so.
    seen_channel_ids: Option<Vec<ChannelId>>,
}

/// Which channels of the department an agent answers, and what ending an association would concern.
#[utoipa::path(get, path = "/departments/{department_id}/agents/{agent_id}/channels", tag = "preferences",
    operation_id = "get_associations", params(("department_id" = DepartmentId, Path), ("agent_id" = AgentId, Path)),
    responses((status = 200, body = AssociationsOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn get_associations(
    State(desk): State<Desk>,
    _allowed: Allowed<may::ManagePreferences>,
    Path((department_id, agent_id)): Path<(DepartmentId, AgentId)>,
) -> ApiResult<Json<AssociationsOut>> {
    associations(
        &desk,
        Member {
            department_id,
            agent_id,
        },
    )
    .await
}

/// Sets which channels of the department an agent answers.
#[utoipa::path(put, path = "/departments/{department_id}/agents/{agent_id}/channels", tag = "preferences",
    operation_id = "put_associations", params(("department_id" = DepartmentId, Path), ("agent_id" = AgentId, Path)),
    request_body = AssociationsIn,
    responses((status = 200, body = AssociationsOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`changed_meanwhile`"),
        (status = 422, body = ErrorBody, description = "`unknown_channel`")))]
async fn put_associations(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManagePreferences>,
    Path((department_id, agent_id)): Path<(DepartmentId, AgentId)>,
    Json(input): Json<AssociationsIn>,
) -> ApiResult<Json<AssociationsOut>> {
    let member = Member {
        department_id,
        agent_id,
    };
    let (actor, now) = (allowed.login.actor(), desk.clock.now());
    let told = Association {
        channel_ids: input.channel_ids,
        seen_channel_ids: input.seen_channel_ids,
    };
    desk.db
        .write(move |tx| {
            let told = told.clone();
            Box::pin(async move { associate(tx, actor, member, &told, now).await })
        })
        .await?;
    associations(&desk, member).await
}

async fn associations(desk: &Desk, member: Member) -> ApiResult<Json<AssociationsOut>> {
    let Member {
        department_id,
        agent_id,
    } = member;
    let mut conn = desk.db.read().await?;
    if !preferences::is_member(&mut conn, agent_id, department_id).await? {
        return Err(ApiError::not_found());
    }
    let has = preferences::channels_of_agent(&mut conn, department_id, agent_id).await?;
    let open = preferences::open_by_channel(&mut conn, department_id, agent_id).await?;
    let offered = preferences::channels_of_department(&mut conn, department_id).await?;
    let items = offered.into_iter().map(|channel_id| AssociationOut {
        channel_id,
        associated: has.contains(&channel_id),
        open_conversations: open
            .iter()
            .find(|(id, _)| *id == channel_id)
            .map_or(0, |(_, count)| *count),
    });
    Ok(Json(AssociationsOut {
        agent_id,
        department_id,
        items: items.collect(),
    }))
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
    in_sight(&allowed.login, department_id)?;
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

/// Others than administrators see the preferences of their own departments.
fn in_sight(login: &Login, department_id: DepartmentId) -> ApiResult<()> {
    let viewer = &login.viewer;
    if viewer.role == Role::Admin || viewer.department_ids.contains(&department_id) {
        Ok(())
    } else {
        Err(ApiError::not_found())
    }
}

async fn load(desk: &Desk, pair: Pair) -> ApiResult<Json<PreferencesOut>> {
    let found = read(&mut desk.db.read().await?, pair).await?;
    found.map(Json).ok_or_else(ApiError::not_found)
}

async fn read(conn: &mut Conn, pair: Pair) -> ApiResult<Option<PreferencesOut>> {
    let Some(row) = preferences::find(conn, pair).await? else {
        return Ok(None);
    };
    Ok(Some(PreferencesOut {
        department_id: pair.department_id,
        channel_id: pair.channel_id,
        agent_ids: preferences::agents(conn, pair).await?,
        ticket_timer_minutes: Timer::from_stored(row.ticket_timer_minutes).into(),
        version: row.version,
    }))
}
