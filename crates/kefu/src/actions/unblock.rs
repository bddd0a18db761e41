//! The block of a contact is lifted; they are taken off the provider's blacklist where the desk put them on it.

use super::ActionResult;
use super::thread::{self, ActingAgent};
use crate::db::{Tx, blacklist};
use crate::domain::blacklist::BlacklistState;
use crate::domain::ids::ConversationId;
use crate::domain::message::SystemLine;
use crate::domain::time::Time;

/// Lifts it.
pub async fn unblock(tx: &mut Tx, by: &ActingAgent, id: ConversationId, now: Time) -> ActionResult<()> {
    let mut row = thread::open(tx, by, id).await?;
    thread::allow(row.situation().unblock())?;
    row.blocked = false;
    match row.blacklist.map(BlacklistState::after_unblock) {
        Some(Some(wanted)) => blacklist::want(tx, row.contact_id, wanted).await?,
        Some(None) => blacklist::put(tx, row.contact_id, None, None).await?,
        None => {}
    }
    let by_name = by.name.clone();
    thread::system_line(tx, &mut row, &SystemLine::Unblocked { by_name }, now).await?;
    Ok(thread::finish(tx, by, &row, "conversation.unblock", None, now).await?)
}
