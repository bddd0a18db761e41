//! A conversation goes to another agent, or to the queue of a department.

use super::note;
use super::thread::{self, ActingAgent};
use super::{ActionError, ActionResult};
use crate::db::conversations::ConversationRow;
use crate::db::events::EventKind;
use crate::db::{Tx, transfer_targets};
use crate::domain::conversation::Refusal;
use crate::domain::ids::{AgentId, ConversationId, DepartmentId};
use crate::domain::message::SystemLine;
use crate::domain::time::Time;
use serde_json::{Value, json};

/// A department that does not serve the conversation's channel (409).
pub const DEPARTMENT_NOT_SERVED: &str = "department_not_served";
/// No such agent (422).
pub const UNKNOWN_AGENT: &str = "unknown_agent";
/// No such department (422).
pub const UNKNOWN_DEPARTMENT: &str = "unknown_department";

/// Where it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// This agent.
    Agent(AgentId),
    /// The queue of this department; its own department: back to the queue.
    Department(DepartmentId),
}

impl To {
    fn data(self) -> Value {
        match self {
            Self::Agent(id) => json!({"agent_id": id}),
            Self::Department(id) => json!({"department_id": id}),
        }
    }
}

/// Transfers, with a note for whoever gets it.
pub async fn transfer(
    tx: &mut Tx,
    by: &ActingAgent,
    id: ConversationId,
    to: To,
    note: Option<&str>,
    now: Time,
) -> ActionResult<()> {
    let mut row = thread::open(tx, by, id).await?;
    let note = note.map(str::trim).filter(|text| !text.is_empty());
    if let Some(text) = note {
        note::check(text, "note")?;
    }
    give(tx, by, &mut row, to, now).await?;
    if let Some(text) = note {
        note::append(tx, by, &mut row, text, now).await?;
    }
    Ok(thread::finish(tx, by, &row, "conversation.transfer", Some(to.data()), now).await?)
}

/// The transfer itself on a locked row that the caller saves.
pub async fn give(
    tx: &mut Tx,
    by: &ActingAgent,
    row: &mut ConversationRow,
    to: To,
    now: Time,
) -> ActionResult<()> {
    match to {
        To::Agent(id) => to_agent(tx, by, row, id, now).await?,
        To::Department(id) => to_department(tx, by, row, id, now).await?,
    }
    Ok(thread::mirror(tx, row, now).await?)
}

async fn to_agent(
    tx: &mut Tx,
    by: &ActingAgent,
    row: &mut ConversationRow,
    id: AgentId,
    now: Time,
) -> ActionResult<()> {
    let agent = transfer_targets::agent(tx, id).await?;
    let agent = agent.ok_or_else(|| ActionError::field("agent_id", UNKNOWN_AGENT))?;
    thread::allow(row.situation().transfer())?;
    if row.assignee_id == Some(id) {
        return Ok(());
    }
    if !transfer_targets::may_have(tx, id, &agent, row.channel_id, row.department_id).await? {
        return thread::allow(Err(Refusal::NotAssociated));
    }
    row.assignee_id = Some(id);
    let (by_name, agent_id) = (by.name.clone(), id.to_string());
    let line = SystemLine::TransferredToAgent {
        by_name,
        agent_id,
        agent_name: agent.name,
    };
    Ok(thread::system_line(tx, row, &line, now).await?)
}

async fn to_department(
    tx: &mut Tx,
    by: &ActingAgent,
    row: &mut ConversationRow,
    id: DepartmentId,
    now: Time,
) -> ActionResult<()> {
    let department = transfer_targets::department(tx, id, row.channel_id).await?;
    let department = department.ok_or_else(|| ActionError::field("department_id", UNKNOWN_DEPARTMENT))?;
    thread::allow(row.situation().transfer())?;
    if !department.serves_channel {
        return Err(ActionError::refused(DEPARTMENT_NOT_SERVED));
    }
    if row.department_id != id {
        // Those who lose sight of it are told under its old place.
        thread::tell(tx, row, EventKind::Conversation, row.id.0, now).await?;
    }
    row.department_id = id;
    row.assignee_id = None;
    let (by_name, department_id) = (by.name.clone(), id.to_string());
    let line = SystemLine::TransferredToDepartment {
        by_name,
        department_id,
        department_name: department.name,
    };
    Ok(thread::system_line(tx, row, &line, now).await?)
}
