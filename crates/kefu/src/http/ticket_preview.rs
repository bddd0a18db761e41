//! What the last 30 days would have looked like under another ticket timer. Computed from what is stored; nothing changes.

use super::error::ErrorBody;
use super::{Allowed, ApiError, ApiResult, Json, Path, Query, may};
use crate::db::preferences::{self, Pair};
use crate::db::ticket_preview::{self as stored, DoneRow, MESSAGES_EACH};
use crate::desk::Desk;
use crate::domain::fields::FieldCode;
use crate::domain::ids::{ChannelId, ConversationId, DepartmentId};
use crate::domain::ticket::{Timer, TimerValue};
use crate::domain::ticket_preview::{Asked, Happened, tickets};
use crate::domain::time::{HOUR_MS, Time};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How far back.
const DAYS: i64 = 30;

/// The route of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(preview_tickets))
}

/// Which timer.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PreviewQuery {
    /// Minutes (one of the fixed values), `none` or `always`.
    timer: String,
}

/// What would have been, and what was.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketPreviewOut {
    days: i64,
    /// Conversations that were looked at.
    conversations: usize,
    /// Customers' messages in them, within the days.
    messages: usize,
    /// Tickets that would have begun under the asked-for timer. Closings are taken as they happened.
    tickets: u64,
    /// Tickets that really began.
    tickets_real: i64,
    /// Whether everything of these days was looked at.
    complete: bool,
}

/// Counts the tickets that the last 30 days would have made under a timer.
#[utoipa::path(get, path = "/departments/{department_id}/channels/{channel_id}/ticket-preview", tag = "preferences",
    operation_id = "preview_tickets",
    params(("department_id" = DepartmentId, Path), ("channel_id" = ChannelId, Path), PreviewQuery),
    responses((status = 200, body = TicketPreviewOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 422, body = ErrorBody, description = "`unknown_value`")))]
async fn preview_tickets(
    State(desk): State<Desk>,
    _allowed: Allowed<may::ManagePreferences>,
    Path((department_id, channel_id)): Path<(DepartmentId, ChannelId)>,
    Query(query): Query<PreviewQuery>,
) -> ApiResult<Json<TicketPreviewOut>> {
    let pair = Pair {
        channel_id,
        department_id,
    };
    let timer = timer(&query.timer)?;
    let now = desk.clock.now();
    let since = now.plus_ms(-DAYS * 24 * HOUR_MS);
    Ok(Json(preview(&desk, pair, Asked { since, timer }).await?))
}

fn timer(text: &str) -> ApiResult<Timer> {
    let value = text
        .parse()
        .map_or_else(|_| TimerValue::Word(text.to_owned()), TimerValue::Minutes);
    Timer::try_from(value).map_err(|_| ApiError::field("timer", FieldCode::UnknownValue.as_str()))
}

async fn preview(desk: &Desk, pair: Pair, asked: Asked) -> ApiResult<TicketPreviewOut> {
    let mut conn = desk.db.read().await?;
    preferences::find(&mut conn, pair)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let mut active = stored::conversations(&mut conn, pair, asked.since).await?;
    let most = usize::try_from(stored::CONVERSATIONS).unwrap_or_default();
    let all_conversations = active.len() <= most;
    active.truncate(most);
    let mut histories: HashMap<ConversationId, Vec<(Time, Happened)>> = HashMap::new();
    let mut messages = 0;
    for row in stored::wrote(&mut conn, pair, asked.since).await? {
        messages += usize::from(row.created_at >= asked.since);
        let history = histories.entry(row.conversation_id).or_default();
        history.push((row.created_at, Happened::Wrote));
    }
    for row in stored::done(&mut conn, pair, asked.since).await? {
        let history = histories.entry(row.conversation_id).or_default();
        history.extend(happened(&row).map(|what| (row.at, what)));
    }
    let mut begun = 0;
    let mut all_messages = true;
    for row in &active {
        let mut history = histories.remove(&row.id).unwrap_or_default();
        // What happened in the same millisecond: in the order written, then done.
        history.sort_by_key(|(at, _)| *at);
        let cut = row.last_seq > MESSAGES_EACH;
        all_messages &= !cut || history.first().is_some_and(|(at, _)| *at < asked.since);
        begun += tickets(&history, cut, asked);
    }
    Ok(TicketPreviewOut {
        days: DAYS,
        conversations: active.len(),
        messages,
        tickets: begun,
        tickets_real: stored::begun(&mut conn, pair, asked.since).await?,
        complete: all_conversations && all_messages,
    })
}

/// What an audit row says about the ticket; `None`: nothing.
fn happened(row: &DoneRow) -> Option<Happened> {
    let data: Value = row
        .data
        .as_deref()
        .and_then(|json| serde_json::from_str(json).ok())
        .unwrap_or_default();
    match row.action.as_str() {
        "conversation.new_ticket" => Some(Happened::MadeByHand),
        "conversation.reopen" => Some(Happened::Reopened),
        "conversation.end" => (data["ticket_closed"] == true).then_some(Happened::Closed),
        _ => match data["status"].as_str()? {
            "closed" => Some(Happened::Closed),
            _ => Some(Happened::Reopened),
        },
    }
}
