//! Many tickets changed in one call: each by itself, with a result of its own, so that one refusal does not undo the rest.

use super::conversation_actions::acting;
use super::extract::present;
use super::tickets::{TicketOut, TicketPatch};
use super::{Allowed, ApiError, ApiResult, Json, may};
use crate::actions::ActionError;
use crate::actions::change_ticket::{self, TicketChange};
use crate::db::{Error, tickets};
use crate::desk::Desk;
use crate::domain::ids::TicketId;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Most tickets of one call.
const MOST: usize = 200;

/// The route of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(change_tickets))
}

/// Which tickets, and what to change in each; what is left out stays. No message is sent.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
pub struct TicketsBulkIn {
    /// 1 to 200.
    #[serde(default)]
    ticket_ids: Vec<String>,
    status: Option<String>,
    priority: Option<String>,
    department_id: Option<String>,
    /// `null`: back to the queue.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    assignee_id: Option<Option<String>>,
}

/// What became of one ticket.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct TicketBulkOut {
    id: String,
    ok: bool,
    /// Why not: a stable code.
    #[schema(required = true)]
    code: Option<String>,
    /// Wrong fields: name and stable code.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object)]
    fields: Map<String, Value>,
    /// As it is now.
    #[schema(required = true)]
    ticket: Option<TicketOut>,
}

/// What became of each, in the order asked.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct TicketsBulkOut {
    items: Vec<TicketBulkOut>,
}

/// Changes up to 200 tickets, each by itself.
#[utoipa::path(post, path = "/tickets/bulk", tag = "tickets", operation_id = "change_tickets", request_body = TicketsBulkIn,
    responses((status = 200, body = TicketsBulkOut, description = "also when some were refused: see each item"),
        (status = 422, description = "required, too_many, unknown_value, unknown_agent, unknown_department")))]
async fn change_tickets(
    State(desk): State<Desk>,
    allowed: Allowed<may::EditTickets>,
    Json(body): Json<TicketsBulkIn>,
) -> ApiResult<Json<TicketsBulkOut>> {
    match body.ticket_ids.len() {
        0 => return Err(ApiError::field("ticket_ids", "required")),
        1..=MOST => {}
        _ => return Err(ApiError::field("ticket_ids", "too_many")),
    }
    let change = TicketChange {
        quietly: true,
        ..TicketPatch::of_many(body.status, body.priority, body.department_id, body.assignee_id).change()?
    };
    let mut items: Vec<TicketBulkOut> = Vec::with_capacity(body.ticket_ids.len());
    for id in body.ticket_ids {
        if items.iter().all(|done| done.id != id) {
            items.push(one(&desk, &allowed, id, &change).await?);
        }
    }
    Ok(Json(TicketsBulkOut { items }))
}

/// A refusal is a result; a database that is away ends the call.
async fn one(
    desk: &Desk,
    allowed: &Allowed<may::EditTickets>,
    id: String,
    change: &TicketChange,
) -> ApiResult<TicketBulkOut> {
    let result = match id.parse::<TicketId>() {
        Ok(ticket) => change_one(desk, allowed, ticket, change).await,
        Err(_) => Err(ActionError::NotFound),
    };
    let (code, fields, ticket) = match result {
        Ok(ticket) => (None, Map::new(), Some(ticket)),
        Err(ActionError::Db(error)) => return Err(error.into()),
        Err(refused) => {
            let object = ApiError::from(refused).object("");
            (Some(object.code), object.fields, None)
        }
    };
    Ok(TicketBulkOut {
        ok: code.is_none(),
        id,
        code,
        fields,
        ticket,
    })
}

async fn change_one(
    desk: &Desk,
    allowed: &Allowed<may::EditTickets>,
    id: TicketId,
    change: &TicketChange,
) -> Result<TicketOut, ActionError> {
    let (by, clock, change) = (acting(&allowed.login), desk.clock.clone(), change.clone());
    let row = desk.db.write(move |tx| {
        let (by, change, now) = (by.clone(), change.clone(), clock.now());
        Box::pin(async move {
            change_ticket::change_ticket(tx, &by, id, &change, now).await?;
            let row = tickets::get(tx, id).await?;
            row.ok_or_else(|| ActionError::Db(Error::BadRow(format!("{id} was just changed"))))
        })
    });
    Ok(row.await?.into())
}
