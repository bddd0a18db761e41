//! An ended conversation is opened again by an agent.

use super::ActionResult;
use super::thread::{self, ActingAgent};
use crate::db::conversations::ConversationRow;
use crate::db::{Tx, transfer_targets};
use crate::domain::conversation::ConversationState;
use crate::domain::ids::ConversationId;
use crate::domain::message::SystemLine;
use crate::domain::ticket::TicketStatus;
use crate::domain::time::Time;

/// Opens it with the same ticket, and with the same assignee if they may still have it.
pub async fn reopen(tx: &mut Tx, by: &ActingAgent, id: ConversationId, now: Time) -> ActionResult<()> {
    let mut row = thread::open(tx, by, id).await?;
    thread::allow(row.situation().reopen())?;
    row.state = ConversationState::Open;
    if !assignee_stays(tx, &row).await? {
        row.assignee_id = None;
    }
    reopen_ticket(tx, &row, now).await?;
    thread::system_line(
        tx,
        &mut row,
        &SystemLine::Reopened {
            by_name: by.name.clone(),
        },
        now,
    )
    .await?;
    Ok(thread::finish(tx, by, &row, "conversation.reopen", None, now).await?)
}

async fn assignee_stays(tx: &mut Tx, row: &ConversationRow) -> ActionResult<bool> {
    let Some(id) = row.assignee_id else {
        return Ok(false);
    };
    match transfer_targets::agent(tx, id).await? {
        Some(agent) => {
            Ok(transfer_targets::may_have(tx, id, &agent, row.channel_id, row.department_id).await?)
        }
        None => Ok(false),
    }
}

async fn reopen_ticket(tx: &mut Tx, row: &ConversationRow, now: Time) -> ActionResult<()> {
    let Some(mut ticket) = thread::current_ticket(tx, row).await? else {
        return Ok(());
    };
    if ticket.status == TicketStatus::Closed {
        ticket.status = TicketStatus::Open;
        ticket.closed_at = None;
    } else if ticket.assignee_id == row.assignee_id {
        return Ok(());
    }
    ticket.assignee_id = row.assignee_id;
    Ok(thread::save_ticket(tx, row, &ticket, now).await?)
}
