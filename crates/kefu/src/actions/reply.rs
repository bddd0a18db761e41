//! An agent writes: a reply is queued with its place in the allowance, a note is stored. Sending is `outbound`'s.

use super::draft::{Content, Draft};
use super::note;
use super::place;
use super::thread::{self, ActingAgent};
use super::{ActionError, ActionResult};
use crate::channel::directory::Directory;
use crate::db::conversations::{self, ConversationRow};
use crate::db::messages::{self, MessageRow, NewMessage};
use crate::db::outbox_queue::{self, Queued};
use crate::db::{Error, Tx, attachments, capabilities, surveys};
use crate::domain::allowance::Reply;
use crate::domain::ids::{ConversationId, MessageId};
use crate::domain::message::{Direction, MessageKind, MessageState, PREVIEW_CHARS, preview};
use crate::domain::time::Time;
use serde_json::json;

/// The same `client_id` came with another body (409).
pub const CLIENT_ID_REUSED: &str = "client_id_reused";

/// What became of a request.
#[derive(Debug, Clone)]
pub enum Added {
    /// A reply waits to be sent.
    Queued(MessageRow),
    /// A note is stored.
    Noted(MessageRow),
    /// It was stored by an earlier, equal request.
    Known(MessageRow),
}

/// The two times an action needs: the desk's, and real time for what must not move with it.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    /// The desk clock.
    pub desk: Time,
    /// The wall clock.
    pub wall: Time,
}

/// Stores a reply or a note once, however often it is asked for: the conversation's lock orders equal requests.
pub async fn reply(
    tx: &mut Tx,
    by: &ActingAgent,
    id: ConversationId,
    draft: &Draft,
    channels: &Directory,
    now: Now,
) -> ActionResult<Added> {
    let mut row = thread::open(tx, by, id).await?;
    let client_id = draft.client_id()?;
    if let Some(known) = messages::find_by_client_id(tx, id, client_id).await? {
        let same = known.body_hash.as_deref() == Some(draft.hash().as_str());
        return if same {
            Ok(Added::Known(known))
        } else {
            Err(ActionError::refused(CLIENT_ID_REUSED))
        };
    }
    let kind = channels
        .kind(&row.channel_kind)
        .ok_or_else(|| Error::BadRow("channels.kind".into()))?;
    match draft
        .content(tx, by, &row, kind.text_limit_bytes(), now.desk)
        .await?
    {
        Content::Note(text) => {
            let message = note::message(by, &mut row, &text, now.desk);
            let message = thread::add(tx, &row, signed(message, by, draft)).await?;
            conversations::save(tx, &row).await?;
            Ok(Added::Noted(stored(tx, message).await?))
        }
        Content::Text(text) => {
            let message = thread::next_message(&mut row, Direction::Out, MessageKind::Text, now.desk);
            queue(
                tx,
                by,
                row,
                NewMessage {
                    text,
                    ..signed(message, by, draft)
                },
                now,
            )
            .await
        }
        Content::FileLink { text, id } => {
            let message = thread::next_message(&mut row, Direction::Out, MessageKind::Text, now.desk);
            let message = NewMessage {
                text,
                media_id: Some(id),
                ..signed(message, by, draft)
            };
            attachments::bind(tx, id, row.channel_id, row.id, None).await?;
            queue(tx, by, row, message, now).await
        }
        Content::Card {
            kind,
            title,
            data,
            picture,
        } => {
            sendable(tx, by, &row, kind, now).await?;
            let message = thread::next_message(&mut row, Direction::Out, kind, now.desk);
            let message = NewMessage {
                text: title,
                data: Some(data),
                media_id: picture,
                ..signed(message, by, draft)
            };
            if let Some(picture) = picture {
                attachments::bind(tx, picture, row.channel_id, row.id, None).await?;
            }
            queue(tx, by, row, message, now).await
        }
        Content::File { kind, id, thumb } => {
            sendable(tx, by, &row, kind, now).await?;
            let message = thread::next_message(&mut row, Direction::Out, kind, now.desk);
            let message = NewMessage {
                media_id: Some(id),
                ..signed(message, by, draft)
            };
            attachments::bind(tx, id, row.channel_id, row.id, thumb).await?;
            if let Some(thumb) = thumb {
                attachments::bind(tx, thumb, row.channel_id, row.id, None).await?;
            }
            queue(tx, by, row, message, now).await
        }
    }
}

fn signed(message: NewMessage, by: &ActingAgent, draft: &Draft) -> NewMessage {
    NewMessage {
        author_id: Some(by.viewer.agent_id),
        client_id: draft.client_id.clone(),
        body_hash: Some(draft.hash()),
        ..message
    }
}

/// Whether the channel's account can send this kind; why no reply at all is possible comes first.
async fn sendable(
    tx: &mut Tx,
    by: &ActingAgent,
    row: &ConversationRow,
    kind: MessageKind,
    now: Now,
) -> ActionResult<()> {
    permitted(row.reply_situation().decide(by.viewer.agent_id, now.desk))?;
    let account = capabilities::account(tx, row.channel_id).await?;
    match account.map(|account| account.can_send(kind)) {
        Some(Err(refusal)) => Err(ActionError::Refused {
            code: refusal.as_str(),
            more: Some(json!({"kind": kind})),
        }),
        _ => Ok(()),
    }
}

async fn queue(
    tx: &mut Tx,
    by: &ActingAgent,
    mut row: ConversationRow,
    message: NewMessage,
    now: Now,
) -> ActionResult<Added> {
    let taken = place::take(tx, by, &mut row, message.kind, now.desk).await?;
    answered(&mut row);
    if row.survey_ticket_id.is_some() {
        // What the contact writes next answers this.
        surveys::await_text(tx, row.id, None).await?;
    }
    row.last_message_kind = message.kind;
    row.last_message_direction = Direction::Out;
    row.last_message_text = preview(&message.text, PREVIEW_CHARS);
    row.last_message_state = MessageState::Queued;
    row.last_message_at = now.desk;
    let id = thread::add(
        tx,
        &row,
        NewMessage {
            state: MessageState::Queued,
            data: taken.data(message.data),
            ..message
        },
    )
    .await?;
    taken.put(tx, &row, id).await?;
    conversations::save(tx, &row).await?;
    let (conversation_id, channel_id, seq) = (row.id, row.channel_id, row.last_seq);
    outbox_queue::add(
        tx,
        Queued {
            message_id: id,
            conversation_id,
            channel_id,
            seq,
            manual: false,
        },
        now.wall,
    )
    .await?;
    thread::trace(tx, by, "conversation.reply", "message", id.0, None, now.desk).await?;
    Ok(Added::Queued(stored(tx, id).await?))
}

/// 409 with the reason's code, and the whole decision for the composer.
pub fn permitted(decision: Reply) -> ActionResult<()> {
    if decision.allowed {
        return Ok(());
    }
    Err(ActionError::Refused {
        code: decision.reason.as_str(),
        more: Some(json!({"reply": decision})),
    })
}

/// A reply is on its way: nobody waits.
pub const fn answered(row: &mut ConversationRow) {
    row.responded = true;
    row.waiting_since = None;
}

/// The message as it is stored.
pub async fn stored(tx: &mut Tx, id: MessageId) -> ActionResult<MessageRow> {
    Ok(messages::find(tx, id)
        .await?
        .ok_or_else(|| Error::BadRow(format!("{id} was just written")))?)
}
