//! What an account does by itself at the provider: its menu and automatic replies, read so that they can be taken over,
//! and the menu, made and removed.

use super::SendError;
use crate::domain::automation::AnswerKind;
use crate::domain::menu::MenuItem;
use crate::domain::own_automation::{OwnMenuItem, OwnReplies};
use futures_util::future::BoxFuture;

/// Why a file of an automatic reply was not copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeepError {
    /// The provider no longer has it.
    Gone,
    /// Another try may work.
    Failed,
}

/// The account's side of automation.
pub trait OwnAutomation: Send + Sync + std::fmt::Debug {
    /// The menu in force, however it was made; `None` when there is none.
    fn menu(&self) -> BoxFuture<'_, Result<Option<Vec<OwnMenuItem>>, SendError>>;
    /// The automatic replies in force.
    fn replies(&self) -> BoxFuture<'_, Result<OwnReplies, SendError>>;
    /// The menu that was made by the interface; `None` when there is none.
    fn made_menu(&self) -> BoxFuture<'_, Result<Option<Vec<MenuItem>>, SendError>>;
    /// Makes the menu, in place of the one before.
    fn make_menu(&self, items: Vec<MenuItem>) -> BoxFuture<'_, Result<(), SendError>>;
    /// Removes the menu.
    fn remove_menu(&self) -> BoxFuture<'_, Result<(), SendError>>;
    /// Copies a file that ends into one that stays, and gives its id.
    fn keep_file(&self, kind: AnswerKind, media_id: String) -> BoxFuture<'_, Result<String, KeepError>>;
}
