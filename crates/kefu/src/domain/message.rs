//! Words of a message, and the system lines of a conversation.

use super::text_enum::text_enum;
use serde_json::{Value, json};

text_enum!(
    /// From the contact, to the contact, or for agents only.
    Direction { In = "in", Out = "out", Internal = "internal" });
text_enum!(
/// What a message is.
MessageKind {
    Text = "text", Image = "image", Voice = "voice", Video = "video", Location = "location", Link = "link",
    File = "file", MiniProgram = "miniprogram", Sticker = "sticker", Unsupported = "unsupported",
    Note = "note", System = "system",
});
text_enum!(
/// Where a message is on its way.
MessageState {
    Received = "received", Queued = "queued", Sending = "sending", Sent = "sent", Failed = "failed", Unknown = "unknown",
});
text_enum!(
    /// What kind of file a media row holds.
    MediaKind { Image = "image", Voice = "voice", Video = "video", Thumb = "thumb", Icon = "icon", File = "file" });
text_enum!(
    /// Where a file is on its way into the store.
    MediaState { Pending = "pending", Ready = "ready", Failed = "failed", Expired = "expired" });

/// Longest preview kept on the conversation, in characters.
pub const PREVIEW_CHARS: usize = 120;
/// Longest `client_id`, in characters.
pub const CLIENT_ID_CHARS: usize = 64;
/// Longest note, in characters.
pub const NOTE_CHARS: usize = 10_000;

/// The first `chars` characters of a text, on one line.
pub fn preview(text: &str, chars: usize) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(chars)
        .collect()
}

/// A muted line in the thread: a code and parameters, never a sentence (the console has the words).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SystemLine {
    /// An agent took the conversation.
    PickedUp {
        agent_id: String,
        agent_name: String,
        from_name: Option<String>,
    },
    /// Moved to another agent.
    TransferredToAgent {
        by_name: String,
        agent_id: String,
        agent_name: String,
    },
    /// Moved to another department.
    TransferredToDepartment {
        by_name: String,
        department_id: String,
        department_name: String,
    },
    /// An agent ended it.
    Ended { by_name: String, ticket_closed: bool },
    /// An agent opened it again.
    Reopened { by_name: String },
    /// The contact wrote after the end.
    ReopenedByContact,
    /// An agent blocked the contact.
    Blocked { by_name: String },
    /// An agent lifted the block.
    Unblocked { by_name: String },
    /// The person unfollowed, and the channel's privacy policy erased what was here.
    ContactErased,
    /// An agent made a new ticket from a message.
    TicketCreated { by_name: String, number: i64 },
}

impl SystemLine {
    /// Every code, for the test that looks each up in three languages.
    pub const CODES: &'static [&'static str] = &[
        "picked_up",
        "transferred_to_agent",
        "transferred_to_department",
        "ended",
        "reopened",
        "reopened_by_contact",
        "blocked",
        "unblocked",
        "contact_erased",
        "ticket_created",
    ];

    /// The stored form: `{"code": …, parameters…}`.
    pub fn data(&self) -> Value {
        match self {
            Self::PickedUp {
                agent_id,
                agent_name,
                from_name,
            } => {
                json!({"code": "picked_up", "agent_id": agent_id, "agent_name": agent_name, "from_name": from_name})
            }
            Self::TransferredToAgent {
                by_name,
                agent_id,
                agent_name,
            } => {
                json!({"code": "transferred_to_agent", "by_name": by_name, "agent_id": agent_id, "agent_name": agent_name})
            }
            Self::TransferredToDepartment {
                by_name,
                department_id,
                department_name,
            } => {
                json!({"code": "transferred_to_department", "by_name": by_name, "department_id": department_id, "department_name": department_name})
            }
            Self::Ended {
                by_name,
                ticket_closed,
            } => {
                json!({"code": "ended", "by_name": by_name, "ticket_closed": ticket_closed})
            }
            Self::Reopened { by_name } => json!({"code": "reopened", "by_name": by_name}),
            Self::ReopenedByContact => json!({"code": "reopened_by_contact"}),
            Self::Blocked { by_name } => json!({"code": "blocked", "by_name": by_name}),
            Self::Unblocked { by_name } => json!({"code": "unblocked", "by_name": by_name}),
            Self::ContactErased => json!({"code": "contact_erased"}),
            Self::TicketCreated { by_name, number } => {
                json!({"code": "ticket_created", "by_name": by_name, "number": number})
            }
        }
    }
}
