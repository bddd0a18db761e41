//! A reply that failed, or may have been lost, is queued again because a person says so (`decisions.md` 20).

use super::reply::{self, Now};
use super::thread::{self, ActingAgent};
use super::{ActionError, ActionResult};
use crate::db::conversations::{self, ConversationRow};
use crate::db::events::EventKind;
use crate::db::messages::{self, MessageRow};
use crate::db::outbox_queue::{self, Queued};
use crate::db::{Error, Tx};
use crate::domain::allowance::ReplyReason;
use crate::domain::ids::MessageId;
use crate::domain::message::{Direction, MessageState};

/// Only failed and unknown replies can be sent again (409).
pub const NOT_RETRYABLE: &str = "not_retryable";

/// Queues it again, with the same id and place.
pub async fn retry(tx: &mut Tx, by: &ActingAgent, id: MessageId, now: Now) -> ActionResult<MessageRow> {
    let found = messages::find(tx, id).await?.ok_or(ActionError::NotFound)?;
    let mut row = thread::open(tx, by, found.conversation_id).await?;
    // Read again under the lock: another retry, or a late settlement, may have been first.
    let message = messages::find(tx, id).await?.ok_or(ActionError::NotFound)?;
    let decision = row.reply_situation().decide(by.viewer.agent_id, now.desk);
    if matches!(
        decision.reason,
        ReplyReason::ChannelDeleted | ReplyReason::ChannelDisabled
    ) {
        reply::permitted(decision)?;
    }
    // What the desk said by itself is nobody's to repeat.
    if message.direction != Direction::Out
        || message.author_id.is_none()
        || !matches!(message.state, MessageState::Failed | MessageState::Unknown)
    {
        return Err(ActionError::refused(NOT_RETRYABLE));
    }
    reserve(by, &mut row, &message, now)?;
    reply::answered(&mut row);
    if row.last_message_seq == Some(message.seq) {
        row.last_message_state = MessageState::Queued;
    }
    conversations::save(tx, &row).await?;
    messages::queue_again(tx, id).await?;
    let (conversation_id, channel_id, seq) = (row.id, row.channel_id, message.seq);
    outbox_queue::add(
        tx,
        Queued {
            message_id: id,
            conversation_id,
            channel_id,
            seq,
            manual: true,
        },
        now.wall,
    )
    .await?;
    thread::tell(tx, &row, EventKind::Message, id.0, now.desk).await?;
    thread::trace(tx, by, "message.retry", "message", id.0, None, now.desk).await?;
    Ok(messages::find(tx, id)
        .await?
        .ok_or_else(|| Error::BadRow(format!("{id} was just written")))?)
}

/// A failed reply needs a new place. An unknown one still has its own, unless the contact opened another window since.
fn reserve(by: &ActingAgent, row: &mut ConversationRow, message: &MessageRow, now: Now) -> ActionResult<()> {
    let mut situation = row.reply_situation();
    let same_window = row.last_inbound_at.is_some_and(|at| at <= message.created_at);
    if message.state == MessageState::Unknown && same_window {
        situation.books.window_left = situation.books.window_left.map(|left| left + 1);
    }
    reply::permitted(situation.decide(by.viewer.agent_id, now.desk))?;
    situation.books.reserve();
    row.set_books(situation.books);
    Ok(())
}
