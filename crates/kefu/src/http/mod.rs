//! The HTTP side: one list of routes, one file per resource.

pub mod agents;
pub mod attachments;
pub mod callback;
pub mod caller;
pub mod channel_allowance;
pub mod channel_icon;
pub mod channel_out;
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
pub mod health;
pub mod login;
pub mod login_guard;
pub mod me;
pub mod media;
pub mod messages;
pub mod page;
pub mod preferences;
pub mod request_id;
pub mod router;
pub mod tickets;
pub mod typing;
mod unread_body;

pub use error::ApiError;
pub use extract::{Json, Path, Query};
pub use login_guard::{Allowed, Login, may};

/// What a handler answers.
pub type ApiResult<T> = Result<T, ApiError>;
