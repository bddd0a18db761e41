//! What a channel kind can do whose account has a blacklist of its own: whoever is on it reaches the account no more.

use super::SendError;
use futures_util::future::BoxFuture;

/// The blacklist of one channel's account. Both calls may be repeated freely.
pub trait Blacklist: Send + Sync + std::fmt::Debug {
    /// Puts a contact on it.
    fn add(&self, external_id: String) -> BoxFuture<'_, Result<(), SendError>>;
    /// Takes a contact off it.
    fn remove(&self, external_id: String) -> BoxFuture<'_, Result<(), SendError>>;
}
