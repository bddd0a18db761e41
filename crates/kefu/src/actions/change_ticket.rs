//! A ticket is changed. Assignee and department of a current ticket are its conversation's: changing them transfers.

use super::ask_survey::ask_survey;
use super::thread::{self, ActingAgent};
use super::transfer::{self, To, UNKNOWN_AGENT, UNKNOWN_DEPARTMENT};
use super::{ActionError, ActionResult};
use crate::db::conversations::ConversationRow;
use crate::db::tickets::{self, TicketRow};
use crate::db::{self, Tx, conversations, transfer_targets};
use crate::domain::ids::{AgentId, DepartmentId, TicketId};
use crate::domain::ticket::{Priority, TicketStatus};
use crate::domain::time::Time;
use serde_json::json;

/// Somebody else changed it since the caller read it (409).
pub const CHANGED_MEANWHILE: &str = "changed_meanwhile";
/// Longest subject, in characters.
pub const SUBJECT_CHARS: usize = 255;

/// What to change; `None` stays.
#[derive(Debug, Clone, Default)]
pub struct TicketChange {
    pub status: Option<TicketStatus>,
    pub priority: Option<Priority>,
    pub subject: Option<String>,
    pub department_id: Option<DepartmentId>,
    /// `Some(None)`: back to the queue.
    pub assignee_id: Option<Option<AgentId>>,
    /// Nothing is sent to the contact: many tickets are changed at once.
    pub quietly: bool,
    pub version: Option<i64>,
}

/// Changes it. Closing a ticket leaves its conversation open.
pub async fn change_ticket(
    tx: &mut Tx,
    by: &ActingAgent,
    id: TicketId,
    change: &TicketChange,
    now: Time,
) -> ActionResult<()> {
    let found = tickets::find(tx, id, &by.viewer)
        .await?
        .ok_or(ActionError::NotFound)?;
    conversations::lock(tx, found.conversation_id).await?;
    let ticket = tickets::find(tx, id, &by.viewer)
        .await?
        .ok_or(ActionError::NotFound)?;
    let row = conversations::get(tx, ticket.conversation_id)
        .await?
        .ok_or(ActionError::NotFound)?;
    check(change)?;
    known_targets(tx, &row, change).await?;
    if change.version.is_some_and(|version| version != ticket.version) {
        return Err(ActionError::refused(CHANGED_MEANWHILE));
    }
    let placed = place(tx, by, row, ticket, change, now).await?;
    write(tx, by, placed, change, now).await
}

fn check(change: &TicketChange) -> ActionResult<()> {
    match &change.subject {
        Some(subject) if subject.chars().count() > SUBJECT_CHARS => {
            Err(ActionError::field("subject", "too_long"))
        }
        Some(subject) if subject.contains('\0') => Err(ActionError::field("subject", "bad_characters")),
        _ => Ok(()),
    }
}

async fn known_targets(tx: &mut Tx, row: &ConversationRow, change: &TicketChange) -> ActionResult<()> {
    if let Some(id) = change.department_id
        && transfer_targets::department(tx, id, row.channel_id)
            .await?
            .is_none()
    {
        return Err(ActionError::field("department_id", UNKNOWN_DEPARTMENT));
    }
    if let Some(Some(id)) = change.assignee_id
        && transfer_targets::agent(tx, id).await?.is_none()
    {
        return Err(ActionError::field("assignee_id", UNKNOWN_AGENT));
    }
    Ok(())
}

/// A ticket with its conversation, after the change of place.
struct Placed {
    row: ConversationRow,
    ticket: TicketRow,
}

async fn place(
    tx: &mut Tx,
    by: &ActingAgent,
    mut row: ConversationRow,
    mut ticket: TicketRow,
    change: &TicketChange,
    now: Time,
) -> ActionResult<Placed> {
    let moves = destinations(&ticket, change);
    if row.ticket_id != Some(ticket.id) {
        ticket.department_id = change.department_id.unwrap_or(ticket.department_id);
        ticket.assignee_id = change.assignee_id.unwrap_or(ticket.assignee_id);
        return Ok(Placed { row, ticket });
    }
    for to in &moves {
        transfer::give(tx, by, &mut row, *to, now).await?;
    }
    if !moves.is_empty() {
        let data = Some(json!({"ticket_id": ticket.id}));
        thread::finish(tx, by, &row, "conversation.transfer", data, now).await?;
        ticket.department_id = row.department_id;
        ticket.assignee_id = row.assignee_id;
    }
    Ok(Placed { row, ticket })
}

/// The transfers that a change of place amounts to.
fn destinations(ticket: &TicketRow, change: &TicketChange) -> Vec<To> {
    let department = change
        .department_id
        .filter(|id| *id != ticket.department_id)
        .map(To::Department);
    let moves = department.is_some();
    let assignee = match change.assignee_id {
        Some(Some(id)) if moves || ticket.assignee_id != Some(id) => Some(To::Agent(id)),
        Some(None) if !moves && ticket.assignee_id.is_some() => Some(To::Department(ticket.department_id)),
        _ => None,
    };
    department.into_iter().chain(assignee).collect()
}

async fn write(
    tx: &mut Tx,
    by: &ActingAgent,
    placed: Placed,
    change: &TicketChange,
    now: Time,
) -> ActionResult<()> {
    let Placed { mut row, mut ticket } = placed;
    let was_open = ticket.status != TicketStatus::Closed;
    if let Some(status) = change.status {
        set_status(&mut ticket, status, now);
    }
    ticket.priority = change.priority.unwrap_or(ticket.priority);
    if let Some(subject) = &change.subject {
        ticket.subject = subject.trim().to_owned();
    }
    thread::save_ticket(tx, &row, &ticket, now).await?;
    if was_open && ticket.status == TicketStatus::Closed && !change.quietly {
        ask_survey(tx, &mut row, ticket.id, now).await?;
        conversations::save(tx, &row).await?;
    }
    if row.ticket_id == Some(ticket.id) && change.status.is_some() {
        // The conversation shows its ticket's status.
        thread::tell(tx, &row, db::events::EventKind::Conversation, row.id.0, now).await?;
    }
    let data = Some(json!({"status": change.status, "priority": change.priority}));
    Ok(thread::trace(tx, by, "ticket.change", "ticket", ticket.id.0, data, now).await?)
}

fn set_status(ticket: &mut TicketRow, status: TicketStatus, now: Time) {
    let closed = (status == TicketStatus::Closed).then_some(now);
    ticket.closed_at = if ticket.status == status {
        ticket.closed_at
    } else {
        closed
    };
    ticket.status = status;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::surveys::SurveyColumns;
    use crate::domain::ids::{ChannelId, ContactId, ConversationId};

    fn ticket() -> TicketRow {
        TicketRow {
            id: TicketId(1),
            subject: String::new(),
            status: TicketStatus::Open,
            priority: Priority::Normal,
            department_id: DepartmentId(1),
            assignee_id: Some(AgentId(5)),
            contact_id: ContactId(1),
            channel_id: ChannelId(1),
            conversation_id: ConversationId(1),
            created_at: Time(0),
            closed_at: None,
            version: 1,
            contact_name: String::new(),
            survey: SurveyColumns::default(),
        }
    }

    #[test]
    fn closing_stamps_once_and_another_status_clears() {
        let mut ticket = ticket();
        set_status(&mut ticket, TicketStatus::Closed, Time(10));
        set_status(&mut ticket, TicketStatus::Closed, Time(20));
        assert_eq!(ticket.closed_at, Some(Time(10)));
        set_status(&mut ticket, TicketStatus::OnHold, Time(30));
        assert_eq!(ticket.closed_at, None);
    }

    #[test]
    fn what_is_so_already_is_no_transfer() {
        let same = TicketChange {
            department_id: Some(DepartmentId(1)),
            assignee_id: Some(Some(AgentId(5))),
            ..TicketChange::default()
        };
        assert_eq!(destinations(&ticket(), &same), []);
        let to_nobody = TicketChange {
            assignee_id: Some(None),
            ..TicketChange::default()
        };
        assert_eq!(
            destinations(&ticket(), &to_nobody),
            [To::Department(DepartmentId(1))]
        );
    }

    #[test]
    fn a_new_department_comes_before_its_agent() {
        let both = TicketChange {
            department_id: Some(DepartmentId(2)),
            assignee_id: Some(Some(AgentId(5))),
            ..TicketChange::default()
        };
        assert_eq!(
            destinations(&ticket(), &both),
            [To::Department(DepartmentId(2)), To::Agent(AgentId(5))]
        );
    }
}
