//! The messages of a ticket, and a new ticket from a message.

use super::conversation_actions::acting;
use super::extract::Optional;
use super::messages::MessageOut;
use super::page::{self, Page};
use super::tickets::TicketOut;
use super::{Allowed, ApiError, ApiResult, Json, Path, Query, may};
use crate::actions::{ActionError, new_ticket};
use crate::db::{Error, conversations, messages, tickets};
use crate::desk::Desk;
use crate::domain::ids::{MessageId, TicketId};
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(list_ticket_messages))
        .routes(routes!(create_ticket_from_message))
}

/// Which page.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TicketMessagesQuery {
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// The messages of a ticket, the oldest first. Seen by those who see its conversation.
#[utoipa::path(get, path = "/tickets/{id}/messages", tag = "tickets", operation_id = "list_ticket_messages",
    params(("id" = String, Path), TicketMessagesQuery),
    responses((status = 200, body = Page<MessageOut>), (status = 404, description = "not in sight")))]
async fn list_ticket_messages(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReadConversations>,
    Path(id): Path<TicketId>,
    Query(query): Query<TicketMessagesQuery>,
) -> ApiResult<Json<Page<MessageOut>>> {
    let viewer = &allowed.login.viewer;
    let after = query.cursor.as_deref().map(page::read_cursor::<1>).transpose()?;
    let limit = page::limit(query.limit)?;
    let mut conn = desk.db.read().await?;
    let ticket = tickets::find(&mut conn, id, viewer).await?;
    let ticket = ticket.ok_or_else(ApiError::not_found)?;
    conversations::find(&mut conn, ticket.conversation_id, viewer)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let after = after.map_or(0, |[seq]| seq);
    let rows = messages::of_ticket(&mut conn, ticket.conversation_id, id, (after, limit)).await?;
    Ok(Json(Page::of(rows, limit, |row| [row.seq]).map(MessageOut::from)))
}

/// What the new ticket is about.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
pub struct NewTicketIn {
    /// At most 255 characters; without it the beginning of the message.
    subject: Option<String>,
}

/// Makes a new ticket from a message: it and the messages after it in the current ticket belong to the new one.
#[utoipa::path(post, path = "/messages/{id}/ticket", tag = "tickets", operation_id = "create_ticket_from_message",
    params(("id" = String, Path)), request_body = NewTicketIn,
    responses((status = 201, body = TicketOut), (status = 404, description = "not in sight"),
        (status = 409, description = "not_in_current_ticket, ticket_begins_here"),
        (status = 422, description = "too_long, bad_characters")))]
async fn create_ticket_from_message(
    State(desk): State<Desk>,
    allowed: Allowed<may::EditTickets>,
    Path(id): Path<MessageId>,
    body: ApiResult<Optional<NewTicketIn>>,
) -> ApiResult<(StatusCode, Json<TicketOut>)> {
    let (by, clock) = (acting(&allowed.login), desk.clock.clone());
    if body.is_err() {
        seen(&desk, &allowed, id).await?;
    }
    let Optional(body) = body?;
    let row = desk.db.write(move |tx| {
        let (by, subject, now) = (by.clone(), body.subject.clone(), clock.now());
        Box::pin(async move {
            let made = new_ticket::new_ticket(tx, &by, id, subject.as_deref(), now).await?;
            let row = tickets::get(tx, made).await?;
            row.ok_or_else(|| ActionError::Db(Error::BadRow(format!("{made} was just made"))))
        })
    });
    Ok((StatusCode::CREATED, Json(row.await?.into())))
}

/// A body that cannot be read is told only to those who see the message.
async fn seen(desk: &Desk, allowed: &Allowed<may::EditTickets>, id: MessageId) -> ApiResult<()> {
    let mut conn = desk.db.read().await?;
    let message = messages::find(&mut conn, id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let row = conversations::find(&mut conn, message.conversation_id, &allowed.login.viewer).await?;
    row.map(|_| ()).ok_or_else(ApiError::not_found)
}
