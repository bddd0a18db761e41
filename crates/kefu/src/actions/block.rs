//! A contact is blocked: what they write is still stored, and shown under *Blocked*; nothing is sent to them.

use super::ActionResult;
use super::thread::{self, ActingAgent};
use crate::db::Tx;
use crate::domain::ids::ConversationId;
use crate::domain::message::SystemLine;
use crate::domain::time::Time;

/// Blocks.
pub async fn block(tx: &mut Tx, by: &ActingAgent, id: ConversationId, now: Time) -> ActionResult<()> {
    let mut row = thread::open(tx, by, id).await?;
    thread::allow(row.situation().block())?;
    row.blocked = true;
    thread::system_line(
        tx,
        &mut row,
        &SystemLine::Blocked {
            by_name: by.name.clone(),
        },
        now,
    )
    .await?;
    Ok(thread::finish(tx, by, &row, "conversation.block", None, now).await?)
}
