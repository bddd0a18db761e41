//! An agent takes a conversation. Of two at once the first wins; the other is told who has it.

use super::thread::{self, ActingAgent};
use super::{ActionError, ActionResult};
use crate::db::conversations::ConversationRow;
use crate::db::{Tx, transfer_targets};
use crate::domain::conversation::Refusal;
use crate::domain::ids::{AgentId, ConversationId};
use crate::domain::message::SystemLine;
use crate::domain::time::Time;
use serde_json::json;

/// Takes it, from somebody else only when asked to `take_over`. Taking one's own again changes nothing.
pub async fn pick_up(
    tx: &mut Tx,
    by: &ActingAgent,
    id: ConversationId,
    take_over: bool,
    now: Time,
) -> ActionResult<()> {
    let mut row = thread::open(tx, by, id).await?;
    let had = row.assignee_id;
    match row.situation().pick_up(by.viewer.agent_id, take_over) {
        Ok(true) => {}
        Ok(false) => return Ok(()),
        Err(Refusal::AlreadyAssigned) => return Err(already_assigned(tx, &row).await?),
        Err(refusal) => return thread::allow(Err(refusal)),
    }
    row.assignee_id = Some(by.viewer.agent_id);
    let line = SystemLine::PickedUp {
        agent_id: by.viewer.agent_id.to_string(),
        agent_name: by.name.clone(),
        from_name: name_of(tx, had).await?,
    };
    thread::system_line(tx, &mut row, &line, now).await?;
    thread::mirror(tx, &row, now).await?;
    let data = had.map(|from| json!({"from": from}));
    Ok(thread::finish(tx, by, &row, "conversation.pick_up", data, now).await?)
}

async fn already_assigned(tx: &mut Tx, row: &ConversationRow) -> ActionResult<ActionError> {
    let name = name_of(tx, row.assignee_id).await?;
    let more = json!({"assignee": {"id": row.assignee_id, "name": name}});
    Ok(ActionError::Refused {
        code: Refusal::AlreadyAssigned.as_str(),
        more: Some(more),
    })
}

async fn name_of(tx: &mut Tx, id: Option<AgentId>) -> ActionResult<Option<String>> {
    match id {
        Some(id) => Ok(transfer_targets::agent(tx, id).await?.map(|agent| agent.name)),
        None => Ok(None),
    }
}
