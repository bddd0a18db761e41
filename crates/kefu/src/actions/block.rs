//! A contact is blocked: what they write is still stored, and shown under *Blocked*; nothing is sent to them.
//! On the provider's own blacklist too, where asked: then nothing of theirs arrives any more. A job asks for that.

use super::ActionResult;
use super::thread::{self, ActingAgent};
use crate::db::{Tx, blacklist};
use crate::domain::blacklist::BlacklistState;
use crate::domain::ids::ConversationId;
use crate::domain::message::SystemLine;
use crate::domain::time::Time;
use serde_json::json;

/// Blocks.
pub async fn block(
    tx: &mut Tx,
    by: &ActingAgent,
    id: ConversationId,
    listed: bool,
    now: Time,
) -> ActionResult<()> {
    let mut row = thread::open(tx, by, id).await?;
    thread::allow(row.situation().block())?;
    row.blocked = true;
    if listed {
        blacklist::want(tx, row.contact_id, BlacklistState::Adding).await?;
    }
    let by_name = by.name.clone();
    thread::system_line(tx, &mut row, &SystemLine::Blocked { by_name }, now).await?;
    let data = Some(json!({"blacklist": listed}));
    Ok(thread::finish(tx, by, &row, "conversation.block", data, now).await?)
}
