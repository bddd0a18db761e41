//! What is said in the response to a push, and how it is kept: as a message, or with the contact's event.

use crate::domain::automation::{Answer, AnswerKind};
use crate::domain::message::MessageKind;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

/// What the response to a push says to the contact. It costs nothing of the allowance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// What it consists of.
    pub kind: AnswerKind,
    /// The text; for media a name to show.
    pub text: String,
    /// As in [`Answer::data`], and which automation said it.
    pub data: Value,
}

/// Shared between the plan, the duplicates of a push and the response.
pub type MaybeSaid = Option<Arc<Said>>;

impl Said {
    /// An automatic answer.
    pub fn of(answer: &Answer) -> Self {
        let mut data = match &answer.data {
            Some(Value::Object(fields)) => Value::Object(fields.clone()),
            _ => json!({}),
        };
        data["automation"] = json!(answer.occasion);
        data["answer_id"] = json!(answer.id);
        Self {
            kind: answer.kind,
            text: answer.text.clone(),
            data,
        }
    }

    /// A word of thanks for an answer to a survey.
    pub fn thanks(text: &str) -> Self {
        Self {
            kind: AnswerKind::Text,
            text: text.to_owned(),
            data: json!({"survey": "thanks"}),
        }
    }

    /// A word to somebody who writes to a channel that is switched off. Kept nowhere.
    pub fn notice(text: &str) -> Self {
        Self {
            kind: AnswerKind::Text,
            text: text.to_owned(),
            data: json!({}),
        }
    }

    /// The kind of the message it is kept as.
    pub const fn message_kind(&self) -> MessageKind {
        match self.kind {
            AnswerKind::Text => MessageKind::Text,
            AnswerKind::Image => MessageKind::Image,
            AnswerKind::Voice => MessageKind::Voice,
            AnswerKind::Video => MessageKind::Video,
            AnswerKind::News => MessageKind::Link,
        }
    }

    /// What a stored message said.
    pub fn of_message(kind: MessageKind, text: String, data: &str) -> Option<Self> {
        let kind = match kind {
            MessageKind::Text => AnswerKind::Text,
            MessageKind::Image => AnswerKind::Image,
            MessageKind::Voice => AnswerKind::Voice,
            MessageKind::Video => AnswerKind::Video,
            MessageKind::Link => AnswerKind::News,
            _ => return None,
        };
        let data = serde_json::from_str(data).ok()?;
        Some(Self { kind, text, data })
    }

    /// With the data of the contact's event that it answers, where no conversation could keep it.
    pub fn with_event(&self, data: Option<Value>) -> Value {
        let mut data = data.filter(Value::is_object).unwrap_or_else(|| json!({}));
        data["answer"] = json!(self);
        data
    }

    /// What was kept with a contact's event.
    pub fn of_event(data: &str) -> Option<Self> {
        let mut data: Value = serde_json::from_str(data).ok()?;
        serde_json::from_value(data.get_mut("answer")?.take()).ok()
    }
}

/// The key of the answer to the push with this key, so that it is stored once.
pub fn answer_key(push_key: &str) -> String {
    format!("{push_key}:answer")
}
