//! What people and jobs do, one file per verb: load, rule, write, with its event and audit row, in one transaction.
//!
//! An action takes `&mut Tx` and an [`crate::domain::agent::Actor`], and never commits: the entry point does.

pub mod block;
pub mod change_contact;
pub mod change_ticket;
pub mod draft;
pub mod end;
pub mod error;
pub mod note;
pub mod pick_up;
pub mod read;
pub mod reopen;
pub mod reply;
pub mod retry;
pub mod thread;
pub mod transfer;
pub mod unblock;

pub use error::{ActionError, ActionResult};
