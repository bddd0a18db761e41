//! The block of a contact is lifted.

use super::ActionResult;
use super::thread::{self, ActingAgent};
use crate::db::Tx;
use crate::domain::ids::ConversationId;
use crate::domain::message::SystemLine;
use crate::domain::time::Time;

/// Lifts it.
pub async fn unblock(tx: &mut Tx, by: &ActingAgent, id: ConversationId, now: Time) -> ActionResult<()> {
    let mut row = thread::open(tx, by, id).await?;
    thread::allow(row.situation().unblock())?;
    row.blocked = false;
    thread::system_line(
        tx,
        &mut row,
        &SystemLine::Unblocked {
            by_name: by.name.clone(),
        },
        now,
    )
    .await?;
    Ok(thread::finish(tx, by, &row, "conversation.unblock", None, now).await?)
}
