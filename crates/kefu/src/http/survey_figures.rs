//! Figures of a channel's satisfaction surveys: for administrators, and for supervisors of its departments, who
//! see the tickets of their own departments counted.

use super::channels::seen;
use super::error::ErrorBody;
use super::{Allowed, ApiError, ApiResult, Json, Path, Query, may};
use crate::db::channels::{self, ChannelRow};
use crate::db::survey_figures::{self, CommentRow, Span};
use crate::desk::Desk;
use crate::domain::account_limits;
use crate::domain::agent::Viewer;
use crate::domain::allowance::{Calendar, begin_of_days};
use crate::domain::fields::FieldCode;
use crate::domain::ids::{ChannelId, TicketId};
use crate::domain::survey::SurveyScale;
use crate::domain::survey_figures::{Figures, ReasonCount, ScaleFigures};
use crate::domain::time::Time;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The periods that can be asked for, in days.
const PERIODS: [i64; 3] = [7, 30, 90];

/// The route of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(get_survey_figures))
}

/// Which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FiguresQuery {
    /// The last 7, 30 or 90 days in the channel's time zone, today included; 30 when absent.
    days: Option<i64>,
}

/// What customers said about the tickets of some days. A survey belongs to the day it was asked; its answer counts with
/// it, whenever it comes.
#[derive(Debug, Serialize, ToSchema)]
pub struct SurveyFiguresOut {
    days: i64,
    /// When the first day began.
    from: Time,
    /// When the last one ends.
    until: Time,
    /// The channel's.
    time_zone: String,
    /// Whether surveys are asked now.
    enabled: bool,
    /// Why this account cannot ask any: `survey_region`, `survey_test_account`.
    #[schema(required = true)]
    impossible: Option<FieldCode>,
    /// Tickets that were closed in these days and still are.
    closed_tickets: i64,
    /// Questions that went out; of a ticket at most one.
    asked: i64,
    answered: i64,
    /// `answered` of `asked`, 0 to 1; `null` when none was asked.
    #[schema(required = true)]
    answer_rate: Option<f64>,
    /// Surveys that could not be asked, by reason, the most frequent first.
    not_applicable: Vec<ReasonCount>,
    /// Questions that did not arrive, by reason.
    failed: Vec<ReasonCount>,
    /// The answers, by scale: two where the channel has changed its own.
    scales: Vec<ScaleFigures>,
    /// The last comments, the newest first.
    comments: Vec<SurveyCommentOut>,
}

/// What a customer added to an answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct SurveyCommentOut {
    ticket_id: TicketId,
    scale: SurveyScale,
    #[schema(required = true)]
    score: Option<i64>,
    comment: String,
    #[schema(required = true)]
    answered_at: Option<Time>,
}

impl From<CommentRow> for SurveyCommentOut {
    fn from(row: CommentRow) -> Self {
        Self {
            ticket_id: row.ticket_id,
            scale: row.scale,
            score: row.score,
            comment: row.comment,
            answered_at: row.answered_at,
        }
    }
}

/// Figures of a channel's surveys.
#[utoipa::path(get, path = "/channels/{id}/survey-figures", tag = "channels", operation_id = "get_survey_figures",
    params(("id" = ChannelId, Path), FiguresQuery),
    responses((status = 200, body = SurveyFiguresOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 422, body = ErrorBody, description = "`days`: `out_of_range`")))]
async fn get_survey_figures(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReadSurveys>,
    Path(id): Path<ChannelId>,
    Query(query): Query<FiguresQuery>,
) -> ApiResult<Json<SurveyFiguresOut>> {
    let days = query.days.unwrap_or(30);
    let mut conn = desk.db.read().await?;
    let channel = channels::find(&mut conn, id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    seen(&mut conn, &allowed.login, id).await?;
    drop(conn);
    if !PERIODS.contains(&days) {
        return Err(ApiError::field("days", FieldCode::OutOfRange.as_str()));
    }
    figures(&desk, &allowed.login.viewer, channel, days).await
}

async fn figures(
    desk: &Desk,
    viewer: &Viewer,
    channel: ChannelRow,
    days: i64,
) -> ApiResult<Json<SurveyFiguresOut>> {
    let now = desk.clock.now();
    let span = Span {
        channel_id: channel.id,
        from: begin_of_days(days, now, &channel.time_zone),
        until: Calendar::at(now, &channel.time_zone).day_ends,
    };
    let mut conn = desk.db.read().await?;
    let figures = Figures::of(&survey_figures::surveys(&mut conn, viewer, span).await?);
    let comments = survey_figures::comments(&mut conn, viewer, span).await?;
    Ok(Json(SurveyFiguresOut {
        days,
        from: span.from,
        until: span.until,
        enabled: channel.survey_enabled,
        impossible: account_limits::survey(channel.account_kind, channel.region).err(),
        time_zone: channel.time_zone,
        closed_tickets: survey_figures::closed_tickets(&mut conn, viewer, span).await?,
        asked: figures.asked,
        answered: figures.answered,
        answer_rate: figures.answer_rate(),
        not_applicable: figures.not_applicable,
        failed: figures.failed,
        scales: figures.scales,
        comments: comments.into_iter().map(SurveyCommentOut::from).collect(),
    }))
}
