//! One accepted push in the desk's words.

use crate::domain::allowance::Grant;
use crate::domain::message::{MediaKind, MessageKind};
use crate::domain::survey::Tap;
use crate::domain::text_enum::text_enum;
use crate::domain::time::Time;
use serde_json::Value;

#[derive(Debug, Clone)]
pub struct Push {
    /// The contact's id at the provider.
    pub external_id: String,
    /// Unique per channel, deterministic.
    pub dedupe_key: String,
    /// When the desk received it.
    pub received_at: Time,
    /// When the provider says it was sent.
    pub sent_at: Time,
    /// Addressed to another account than the channel's.
    pub mismatched: bool,
    /// Whether the provider still waits for the response, so that something can be said in it.
    pub awaited: bool,
    /// What it carries.
    pub content: Content,
}

/// What a push carries.
#[derive(Debug, Clone)]
pub enum Content {
    /// A message of the contact.
    Message(InboundMessage),
    /// Something the contact did.
    Event(InboundEvent),
}

/// A message of the contact.
#[derive(Debug, Clone)]
pub struct InboundMessage {
    /// What it is.
    pub kind: MessageKind,
    /// Its text; empty for media.
    pub text: String,
    /// Kind-specific fields.
    pub data: Option<Value>,
    /// A file to fetch.
    pub media: Option<InboundMedia>,
    /// Which allowance it opens: a tap on a menu message is not a message of the contact.
    pub grant: Grant,
}

impl InboundMessage {
    /// The item of a survey that was tapped, if its id looks like one.
    pub fn tap(&self) -> Option<Tap> {
        Tap::read(self.data.as_ref()?.get("menu_id")?.as_str()?)
    }
}

/// A file the provider holds for us.
#[derive(Debug, Clone)]
pub struct InboundMedia {
    /// What it should be.
    pub kind: MediaKind,
    /// The provider's id.
    pub external_id: String,
}

text_enum!(
/// What a contact did that is not a message.
ContactEventKind {
    Followed = "followed", Unfollowed = "unfollowed", Scanned = "scanned", MenuClicked = "menu_clicked",
    MenuViewed = "menu_viewed",
    /// A job of the monthly route has ended; no contact did this.
    MassFinished = "mass_finished",
    Other = "other",
});

/// Something the contact did.
#[derive(Debug, Clone)]
pub struct InboundEvent {
    /// What.
    pub kind: ContactEventKind,
    /// The key of the menu item or scene.
    pub event_key: Option<String>,
    /// The provider's own fields.
    pub data: Option<Value>,
}

impl ContactEventKind {
    pub(super) const fn grant(self) -> Option<Grant> {
        match self {
            Self::Followed => Some(Grant::Follow),
            Self::Scanned => Some(Grant::Scan),
            Self::MenuClicked => Some(Grant::MenuClick),
            Self::Unfollowed | Self::MenuViewed | Self::MassFinished | Self::Other => None,
        }
    }
}
