//! What people and jobs do, one file per verb: load, rule, write, with its event and audit row, in one transaction.
//!
//! An action takes `&mut Tx` and an [`crate::domain::agent::Actor`], and never commits: the entry point does.

pub mod accept_invitation;
pub mod approve;
pub mod ask_survey;
pub mod associate;
pub mod block;
pub mod change_agent;
pub mod change_answers;
pub mod change_card_presets;
pub mod change_channel;
pub mod change_contact;
pub mod change_departments;
pub mod change_installation;
pub mod change_me;
pub mod change_menu;
pub mod change_my_picture;
pub mod change_setup_steps;
pub mod change_ticket;
pub mod channel_form;
pub mod create_agent;
pub mod create_channel;
pub mod draft;
pub mod end;
pub mod error;
pub mod forget;
pub mod invite;
pub mod new_ticket;
pub mod note;
pub mod pick_up;
pub mod place;
pub mod read;
pub mod release;
pub mod reopen;
pub mod reply;
pub mod retry;
pub mod second_factor;
pub mod set_preferences;
pub mod set_up;
pub mod sign_in;
pub mod sign_in_by_provider;
pub mod take_over;
pub mod thread;
pub mod transfer;
pub mod unblock;

pub use error::{ActionError, ActionResult};

/// The code of a change that names a `version` which is no longer the current one.
pub const CHANGED_MEANWHILE: &str = "changed_meanwhile";
