//! A conversation ends; its ticket is closed with it unless asked otherwise.

use super::ActionResult;
use super::ask_survey::ask_survey;
use super::thread::{self, ActingAgent};
use crate::db::Tx;
use crate::domain::ids::ConversationId;
use crate::domain::message::SystemLine;
use crate::domain::ticket::TicketStatus;
use crate::domain::time::Time;
use serde_json::json;

/// Ends it. The assignee stays on record for a re-opening; nobody waits any more.
pub async fn end(
    tx: &mut Tx,
    by: &ActingAgent,
    id: ConversationId,
    close_ticket: bool,
    now: Time,
) -> ActionResult<()> {
    let mut row = thread::open(tx, by, id).await?;
    thread::allow(row.situation().end())?;
    row.state = crate::domain::conversation::ConversationState::Ended;
    row.waiting_since = None;
    let ticket = thread::current_ticket(tx, &row).await?;
    let mut ticket_closed = None;
    if let Some(mut ticket) = ticket.filter(|ticket| close_ticket && ticket.status != TicketStatus::Closed) {
        ticket.status = TicketStatus::Closed;
        ticket.closed_at = Some(now);
        thread::save_ticket(tx, &row, &ticket, now).await?;
        ticket_closed = Some(ticket.id);
    }
    thread::system_line(
        tx,
        &mut row,
        &SystemLine::Ended {
            by_name: by.name.clone(),
            ticket_closed: ticket_closed.is_some(),
        },
        now,
    )
    .await?;
    if let Some(ticket_id) = ticket_closed {
        ask_survey(tx, &mut row, ticket_id, now).await?;
    }
    let data = Some(json!({"ticket_closed": ticket_closed.is_some()}));
    Ok(thread::finish(tx, by, &row, "conversation.end", data, now).await?)
}
