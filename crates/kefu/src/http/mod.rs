//! The HTTP side: one list of routes, one file per resource.

pub mod agents;
pub mod approvals;
pub mod attachments;
pub mod automatic_answers;
pub mod callback;
pub mod caller;
pub mod channel_addresses;
pub mod channel_doctor;
pub mod channel_icon;
pub mod channel_menu;
pub mod channel_out;
pub mod channel_qr;
pub mod channels;
pub mod console;
pub mod contacts;
pub mod conversation_actions;
pub mod conversations;
pub mod dead_letters;
pub mod departments;
mod document;
pub mod error;
pub mod events;
pub mod extract;
mod first_message;
pub mod health;
pub mod installation;
pub mod invitations;
pub mod login;
pub mod login_guard;
pub mod login_sso;
pub mod me;
pub mod media;
pub mod messages;
pub mod my_picture;
pub mod page;
pub mod preferences;
pub mod request_id;
pub mod router;
pub mod setup;
pub mod setup_steps;
pub mod take_over;
pub mod ticket_bulk;
pub mod ticket_messages;
pub mod ticket_preview;
pub mod tickets;
pub mod transfer_targets;
pub mod typing;
mod unread_body;

pub use error::ApiError;
pub use extract::{Json, Path, Query};
pub use login_guard::{Allowed, Login, may};

/// What a handler answers.
pub type ApiResult<T> = Result<T, ApiError>;
