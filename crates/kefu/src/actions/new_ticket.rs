//! A new ticket from a message: it and what came after it in the current ticket belong to the new one, which becomes
//! the current one. The ticket before stays as it is, with what was written earlier.

use super::change_ticket::SUBJECT_CHARS;
use super::thread::{self, ActingAgent};
use super::{ActionError, ActionResult};
use crate::db::conversations::{self, ConversationRow};
use crate::db::events::EventKind;
use crate::db::messages::{self, MessageRow};
use crate::db::tickets::{self, NewTicket};
use crate::db::{Error, Tx};
use crate::domain::ids::{MessageId, TicketId};
use crate::domain::message::{SystemLine, preview};
use crate::domain::ticket;
use crate::domain::time::Time;
use serde_json::json;

/// The message is not in the current ticket (409): only the latest work is cut.
pub const NOT_IN_CURRENT_TICKET: &str = "not_in_current_ticket";
/// Its ticket begins with this message already (409).
pub const TICKET_BEGINS_HERE: &str = "ticket_begins_here";

/// Makes it. Without a subject it gets the beginning of the message.
pub async fn new_ticket(
    tx: &mut Tx,
    by: &ActingAgent,
    id: MessageId,
    subject: Option<&str>,
    now: Time,
) -> ActionResult<TicketId> {
    let found = messages::find(tx, id).await?.ok_or(ActionError::NotFound)?;
    let mut row = thread::open(tx, by, found.conversation_id).await?;
    // Read again under the lock: somebody else may have cut here first.
    let message = messages::find(tx, id).await?.ok_or(ActionError::NotFound)?;
    let subject = checked(subject, &message)?;
    let before = cut_from(tx, &row, &message).await?;
    let ticket = NewTicket {
        subject,
        department_id: row.department_id,
        assignee_id: row.assignee_id,
        contact_id: row.contact_id,
        channel_id: row.channel_id,
        conversation_id: row.id,
        created_at: now,
    };
    let ticket_id = tickets::insert(tx, ticket).await?;
    messages::move_to_ticket(tx, &message, before, ticket_id).await?;
    conversations::set_ticket(tx, row.id, ticket_id).await?;
    row.ticket_id = Some(ticket_id);
    tell(tx, by, &mut row, before, now).await?;
    Ok(ticket_id)
}

fn checked(subject: Option<&str>, message: &MessageRow) -> ActionResult<String> {
    let subject = subject.map(str::trim).filter(|text| !text.is_empty());
    match subject {
        Some(text) if text.chars().count() > SUBJECT_CHARS => Err(ActionError::field("subject", "too_long")),
        Some(text) if text.contains('\0') => Err(ActionError::field("subject", "bad_characters")),
        Some(text) => Ok(text.to_owned()),
        None => Ok(preview(&message.text, ticket::SUBJECT_CHARS)),
    }
}

async fn cut_from(tx: &mut Tx, row: &ConversationRow, message: &MessageRow) -> ActionResult<TicketId> {
    let current = row.ticket_id.filter(|id| message.ticket_id == Some(*id));
    let current = current.ok_or(ActionError::refused(NOT_IN_CURRENT_TICKET))?;
    if messages::begins_ticket(tx, message, current).await? {
        return Err(ActionError::refused(TICKET_BEGINS_HERE));
    }
    Ok(current)
}

async fn tell(
    tx: &mut Tx,
    by: &ActingAgent,
    row: &mut ConversationRow,
    before: TicketId,
    now: Time,
) -> ActionResult<()> {
    let made = row
        .ticket_id
        .ok_or_else(|| Error::BadRow("its ticket was just made".to_owned()))?;
    let line = SystemLine::TicketCreated {
        by_name: by.name.clone(),
        number: made.0,
    };
    thread::system_line(tx, row, &line, now).await?;
    thread::tell(tx, row, EventKind::Ticket, before.0, now).await?;
    thread::tell(tx, row, EventKind::Ticket, made.0, now).await?;
    let data = Some(json!({"ticket_id": made, "from_ticket_id": before}));
    Ok(thread::finish(tx, by, row, "conversation.new_ticket", data, now).await?)
}
