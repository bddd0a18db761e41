//! What all actions on a conversation share: who acts, the locked row, system lines, the mirrored ticket, the trace.

use super::{ActionError, ActionResult};
use crate::db::conversations::{self, ConversationRow};
use crate::db::events::{self, Change, EventKind, Scope};
use crate::db::messages::{self, NewMessage};
use crate::db::tickets::{self, TicketRow};
use crate::db::{self, Tx, audit};
use crate::domain::agent::{Actor, Viewer};
use crate::domain::conversation::Refusal;
use crate::domain::ids::{ConversationId, MessageId};
use crate::domain::message::{Direction, MessageKind, MessageState, SystemLine};
use crate::domain::time::Time;
use serde_json::Value;

/// The signed-in agent who acts.
#[derive(Debug, Clone)]
pub struct ActingAgent {
    /// Who, with role and departments.
    pub viewer: Viewer,
    /// The name for system lines.
    pub name: String,
}

/// Locks the conversation and reads it; 404 when the agent does not see it.
pub async fn open(tx: &mut Tx, by: &ActingAgent, id: ConversationId) -> ActionResult<ConversationRow> {
    conversations::lock(tx, id).await?;
    conversations::find(tx, id, &by.viewer)
        .await?
        .ok_or(ActionError::NotFound)
}

/// The rule's verdict as an action's error.
pub fn allow<T>(verdict: Result<T, Refusal>) -> ActionResult<T> {
    verdict.map_err(|refusal| ActionError::refused(refusal.as_str()))
}

/// Where the conversation is, for the visibility of events.
pub const fn scope(row: &ConversationRow) -> Scope {
    Scope {
        conversation_id: row.id,
        channel_id: row.channel_id,
        department_id: row.department_id,
    }
}

/// Appends an event about something in this conversation.
pub async fn tell(
    tx: &mut Tx,
    row: &ConversationRow,
    kind: EventKind,
    object_id: i64,
    now: Time,
) -> db::Result<()> {
    events::append(
        tx,
        Change {
            kind,
            object_id,
            scope: Some(scope(row)),
        },
        now,
    )
    .await
}

/// A message of the conversation with the next `seq`, to be filled in further.
pub fn next_message(
    row: &mut ConversationRow,
    direction: Direction,
    kind: MessageKind,
    now: Time,
) -> NewMessage {
    row.last_seq += 1;
    NewMessage {
        conversation_id: row.id,
        seq: row.last_seq,
        channel_id: row.channel_id,
        ticket_id: row.ticket_id,
        direction,
        kind,
        text: String::new(),
        data: None,
        media_id: None,
        state: MessageState::Sent,
        author_id: None,
        client_id: None,
        body_hash: None,
        created_at: now,
    }
}

/// Stores a message and tells about it.
pub async fn add(tx: &mut Tx, row: &ConversationRow, message: NewMessage) -> db::Result<MessageId> {
    let now = message.created_at;
    let id = messages::insert(tx, message).await?;
    tell(tx, row, EventKind::Message, id.0, now).await?;
    Ok(id)
}

/// Adds a system line.
pub async fn system_line(
    tx: &mut Tx,
    row: &mut ConversationRow,
    line: &SystemLine,
    now: Time,
) -> db::Result<()> {
    let mut message = next_message(row, Direction::Internal, MessageKind::System, now);
    message.data = Some(line.data());
    add(tx, row, message).await.map(|_| ())
}

/// Saves the conversation, tells about it, and writes who did what.
pub async fn finish(
    tx: &mut Tx,
    by: &ActingAgent,
    row: &ConversationRow,
    action: &'static str,
    data: Option<Value>,
    now: Time,
) -> db::Result<()> {
    conversations::save(tx, row).await?;
    tell(tx, row, EventKind::Conversation, row.id.0, now).await?;
    trace(tx, by, action, "conversation", row.id.0, data, now).await
}

/// Writes who did what.
pub async fn trace(
    tx: &mut Tx,
    by: &ActingAgent,
    action: &'static str,
    object_kind: &'static str,
    object_id: i64,
    data: Option<Value>,
    now: Time,
) -> db::Result<()> {
    let actor = Actor::Agent(by.viewer.agent_id);
    audit::write(
        tx,
        audit::Entry {
            actor,
            action,
            object_kind,
            object_id,
            data,
        },
        now,
    )
    .await
}

/// The current ticket, where there is one.
pub async fn current_ticket(tx: &mut Tx, row: &ConversationRow) -> db::Result<Option<TicketRow>> {
    match row.ticket_id {
        Some(id) => tickets::get(tx, id).await,
        None => Ok(None),
    }
}

/// Saves a changed ticket of this conversation and tells about it.
pub async fn save_ticket(
    tx: &mut Tx,
    row: &ConversationRow,
    ticket: &TicketRow,
    now: Time,
) -> db::Result<()> {
    tickets::save(tx, ticket).await?;
    tell(tx, row, EventKind::Ticket, ticket.id.0, now).await
}

/// The current ticket follows the conversation's department and assignee.
pub async fn mirror(tx: &mut Tx, row: &ConversationRow, now: Time) -> db::Result<()> {
    let Some(mut ticket) = current_ticket(tx, row).await? else {
        return Ok(());
    };
    if (ticket.department_id, ticket.assignee_id) == (row.department_id, row.assignee_id) {
        return Ok(());
    }
    ticket.department_id = row.department_id;
    ticket.assignee_id = row.assignee_id;
    save_ticket(tx, row, &ticket, now).await
}
