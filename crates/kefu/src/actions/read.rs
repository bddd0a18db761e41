//! What was unread has been read: the count is shared, and only the assignee (or anyone, while there is none) resets it.

use super::ActionResult;
use super::thread::{self, ActingAgent};
use crate::db::Tx;
use crate::db::conversations;
use crate::db::events::EventKind;
use crate::domain::ids::ConversationId;
use crate::domain::time::Time;

/// Resets the count where the agent's reading counts. It leaves no trace in the audit table: it changes no work.
pub async fn read(tx: &mut Tx, by: &ActingAgent, id: ConversationId, now: Time) -> ActionResult<()> {
    let mut row = thread::open(tx, by, id).await?;
    let counts = row
        .assignee_id
        .is_none_or(|assignee| assignee == by.viewer.agent_id);
    if !counts || row.unread_count == 0 {
        return Ok(());
    }
    row.unread_count = 0;
    conversations::save(tx, &row).await?;
    Ok(thread::tell(tx, &row, EventKind::Conversation, row.id.0, now).await?)
}
