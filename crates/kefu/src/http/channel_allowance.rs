//! What a channel's account has used of its own limits, and what WeChat said about them: for the details page.

use super::error::ErrorBody;
use super::{Allowed, ApiError, ApiResult, Json, Path, may};
use crate::db::{allowance_ledger, channel_writes, channels};
use crate::desk::Desk;
use crate::domain::agent::Role;
use crate::domain::allowance::{Calendar, MonthlyBooks};
use crate::domain::channel::ReplyPolicy;
use crate::domain::ids::ChannelId;
use crate::domain::time::Time;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(get_channel_allowance))
}

/// The limits of the account behind a channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelAllowanceOut {
    /// Messages that left after the window today, for all contacts.
    day_used: i64,
    /// How many may leave a day.
    day_limit: i64,
    /// When the next day begins, in the channel's time zone.
    day_ends: Time,
    /// WeChat has said that nothing is left before this moment.
    #[schema(required = true)]
    full_until: Option<Time>,
    /// When WeChat first said that a count was used up which this channel's policy does not have. The remedy is
    /// `PATCH /channels/{id} {"reply_policy":"wechat_current"}`.
    #[schema(required = true)]
    count_refused_at: Option<Time>,
}

/// What the account has used of its own limits.
#[utoipa::path(get, path = "/channels/{id}/allowance", tag = "channels", operation_id = "get_channel_allowance",
    params(("id" = ChannelId, Path)),
    responses((status = 200, body = ChannelAllowanceOut), (status = 404, body = ErrorBody)))]
async fn get_channel_allowance(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReadChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Json<ChannelAllowanceOut>> {
    let mut conn = desk.db.read().await?;
    let row = channels::find(&mut conn, id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let viewer = &allowed.login.viewer;
    if viewer.role != Role::Admin {
        let served = channel_writes::departments(&mut conn, id).await?;
        if !served.iter().any(|id| viewer.department_ids.contains(id)) {
            return Err(ApiError::not_found());
        }
    }
    let account = allowance_ledger::account(&mut conn, id).await?;
    let now = desk.clock.now();
    let calendar = Calendar::at(now, &row.time_zone);
    let uncounted = row.reply_policy == ReplyPolicy::Documented;
    Ok(Json(ChannelAllowanceOut {
        day_used: if account.day == calendar.day {
            account.used
        } else {
            0
        },
        day_limit: MonthlyBooks::account_limit(row.account_kind),
        day_ends: calendar.day_ends,
        full_until: account.full_until.filter(|until| now < *until),
        count_refused_at: account.count_refused_at.filter(|_| uncounted),
    }))
}
