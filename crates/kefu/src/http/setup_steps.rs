//! The steps of the wizard that leads to a WeChat account: ticked by administrators, the same for all of them.

use super::error::ErrorBody;
use super::{Allowed, ApiResult, Json, may};
use crate::actions::change_setup_steps::{StepChange, clear_setup_steps, set_setup_step};
use crate::db::setup_steps::{self, SetupStepRow};
use crate::desk::Desk;
use crate::domain::ids::AgentId;
use crate::domain::setup_step::SetupStep;
use crate::domain::time::Time;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(get_setup_steps, put_setup_step, delete_setup_steps))
}

/// One step.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetupStepOut {
    step: SetupStep,
    done: bool,
    /// What was chosen in it: an account kind or a region.
    #[schema(required = true)]
    choice: Option<String>,
    /// Who ticked it.
    #[schema(required = true)]
    done_by: Option<AgentId>,
    /// When.
    #[schema(required = true)]
    done_at: Option<Time>,
}

/// Every step, in order.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetupStepsOut {
    items: Vec<SetupStepOut>,
}

/// One step as it is from now on; the others stay.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SetupStepIn {
    step: SetupStep,
    done: bool,
    /// For `account_kind` and `region`; what is absent stays.
    choice: Option<String>,
}

/// Every step of the wizard, ticked or not.
#[utoipa::path(get, path = "/setup-steps", tag = "channels", operation_id = "get_setup_steps",
    responses((status = 200, body = SetupStepsOut), (status = 403, body = ErrorBody)))]
async fn get_setup_steps(
    State(desk): State<Desk>,
    _allowed: Allowed<may::ManageChannels>,
) -> ApiResult<Json<SetupStepsOut>> {
    load(&desk).await
}

/// Ticks or unticks one step.
#[utoipa::path(put, path = "/setup-steps", tag = "channels", operation_id = "put_setup_step",
    request_body = SetupStepIn,
    responses((status = 200, body = SetupStepsOut), (status = 403, body = ErrorBody),
        (status = 422, body = ErrorBody, description = "`unknown_value`")))]
async fn put_setup_step(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Json(input): Json<SetupStepIn>,
) -> ApiResult<Json<SetupStepsOut>> {
    let (actor, now) = (allowed.login.actor(), desk.clock.now());
    let change = StepChange {
        step: input.step,
        done: input.done,
        choice: input.choice,
    };
    desk.db
        .write(move |tx| {
            let change = change.clone();
            Box::pin(async move { set_setup_step(tx, actor, change, now).await })
        })
        .await?;
    load(&desk).await
}

/// Unticks everything, for the next account.
#[utoipa::path(delete, path = "/setup-steps", tag = "channels", operation_id = "delete_setup_steps",
    responses((status = 204), (status = 403, body = ErrorBody)))]
async fn delete_setup_steps(
    State(desk): State<Desk>,
    _allowed: Allowed<may::ManageChannels>,
) -> ApiResult<StatusCode> {
    let now = desk.clock.now();
    desk.db
        .write(move |tx| Box::pin(async move { clear_setup_steps(tx, now).await }))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn load(desk: &Desk) -> ApiResult<Json<SetupStepsOut>> {
    let known = setup_steps::list(&mut desk.db.read().await?).await?;
    let items = SetupStep::ALL
        .iter()
        .map(|step| shown(*step, known.iter().find(|row| row.step == *step)))
        .collect();
    Ok(Json(SetupStepsOut { items }))
}

fn shown(step: SetupStep, row: Option<&SetupStepRow>) -> SetupStepOut {
    SetupStepOut {
        step,
        done: row.is_some_and(|row| row.done_at.is_some()),
        choice: row.and_then(|row| row.choice.clone()),
        done_by: row.and_then(|row| row.done_by),
        done_at: row.and_then(|row| row.done_at),
    }
}
