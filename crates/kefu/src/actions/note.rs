//! A note: for agents only. It spends no allowance and answers nobody.

use super::thread::{self, ActingAgent};
use super::{ActionError, ActionResult};
use crate::db::conversations::ConversationRow;
use crate::db::messages::NewMessage;
use crate::db::{self, Tx};
use crate::domain::ids::MessageId;
use crate::domain::message::{Direction, MessageKind, NOTE_CHARS};
use crate::domain::time::Time;

/// Longer than it may be (422).
pub const TEXT_TOO_LONG: &str = "text_too_long";
/// Missing or empty (422).
pub const REQUIRED: &str = "required";
/// Characters that cannot be stored (422).
pub const BAD_CHARACTERS: &str = "bad_characters";

/// Whether a text can be a note; `field` is what it is called in the request.
pub fn check(text: &str, field: &str) -> ActionResult<()> {
    if text.trim().is_empty() {
        Err(ActionError::field(field, REQUIRED))
    } else if text.contains('\0') {
        Err(ActionError::field(field, BAD_CHARACTERS))
    } else if text.chars().count() > NOTE_CHARS {
        Err(ActionError::field(field, TEXT_TOO_LONG))
    } else {
        Ok(())
    }
}

/// The note as a message with the next `seq`.
pub fn message(by: &ActingAgent, row: &mut ConversationRow, text: &str, now: Time) -> NewMessage {
    let message = thread::next_message(row, Direction::Internal, MessageKind::Note, now);
    NewMessage {
        text: text.to_owned(),
        author_id: Some(by.viewer.agent_id),
        ..message
    }
}

/// Adds a note to a locked conversation that the caller saves.
pub async fn append(
    tx: &mut Tx,
    by: &ActingAgent,
    row: &mut ConversationRow,
    text: &str,
    now: Time,
) -> db::Result<MessageId> {
    let message = message(by, row, text, now);
    thread::add(tx, row, message).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<&'static str> {
        match check(text, "text") {
            Err(ActionError::Fields(fields)) => fields.first().map(|(_, code)| *code),
            _ => None,
        }
    }

    #[test]
    fn a_note_has_from_1_to_10_000_characters() {
        assert_eq!(code(&"好".repeat(NOTE_CHARS)), None);
        assert_eq!(code(&"好".repeat(NOTE_CHARS + 1)), Some(TEXT_TOO_LONG));
        assert_eq!(code(" \n"), Some(REQUIRED));
        assert_eq!(code("a\0b"), Some(BAD_CHARACTERS));
    }
}
