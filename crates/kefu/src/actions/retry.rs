//! A reply that failed, or may have been lost, is queued again because a person says so (`decisions.md` 20).

use super::place;
use super::reply::{self, Now};
use super::thread::{self, ActingAgent};
use super::{ActionError, ActionResult};
use crate::db::conversations::{self, ConversationRow};
use crate::db::events::EventKind;
use crate::db::messages::{self, MessageRow};
use crate::db::outbox_queue::{self, Queued};
use crate::db::{Error, Tx, monthly_sends};
use crate::domain::allowance::{Reply, ReplyReason};
use crate::domain::ids::MessageId;
use crate::domain::message::{Direction, MessageState};
use crate::domain::time::{HOUR_MS, Time};

/// Only failed and unknown replies can be sent again (409).
pub const NOT_RETRYABLE: &str = "not_retryable";

/// WeChat recognises a repeated request of the monthly route for a day; an hour less leaves room for the walk.
const KEY_LIVES_MS: i64 = 23 * HOUR_MS;

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
    reserve(tx, by, &mut row, &message, now.desk).await?;
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

/// A failed reply needs a new place. An unknown one still has its own: on the monthly route its request is made again
/// with the same key, or its end asked for; in the window unless the contact opened another one since.
async fn reserve(
    tx: &mut Tx,
    by: &ActingAgent,
    row: &mut ConversationRow,
    message: &MessageRow,
    now: Time,
) -> ActionResult<()> {
    if message.state == MessageState::Unknown {
        let known_since = now.plus_ms(-KEY_LIVES_MS);
        if monthly_sends::take_up(tx, message.id, known_since).await? {
            return still_theirs(row.reply_situation().decide(by.viewer.agent_id, now));
        }
        let same_window = row.last_inbound_at.is_some_and(|at| at <= message.created_at);
        let mut books = row.books();
        if same_window {
            books.window_left = books.window_left.map(|left| left + 1);
        }
        row.set_books(books);
    }
    let taken = place::take(tx, by, row, message.kind, now).await?;
    taken.put(tx, row, message.id).await?;
    let own = message
        .data
        .as_deref()
        .and_then(|text| serde_json::from_str(text).ok());
    Ok(messages::put_data(tx, message.id, taken.data(own).as_ref()).await?)
}

/// Neither window nor count matters to a message that has its place.
fn still_theirs(decision: Reply) -> ActionResult<()> {
    match decision.reason {
        ReplyReason::QuotaExhausted | ReplyReason::WindowClosed => Ok(()),
        _ => reply::permitted(decision),
    }
}
