//! What the doctor asks a channel's provider. Every question only reads, or names what does not exist: nothing reaches a
//! person, and the account stays as it is. What the answers mean is `domain::doctor`; who asks is `crate::doctor`.

use crate::domain::capability::{Capability, CapabilityState};
use crate::domain::doctor::{NativeChats, Network, QuotaLeft, QuotaOf, Reach, ReachProblem, TokenProblem};
use crate::domain::time::Time;
use futures_util::future::BoxFuture;
use serde_json::Value;

/// What one privilege shows, and the provider's number where it refused.
pub type Shown = (CapabilityState, Option<i64>);

/// Asks for one channel. Never ends or replaces the access token others use.
pub trait Diagnostician: Send + Sync + std::fmt::Debug {
    /// Fetches an access token with the credentials in force; beside the problem, the provider's words.
    fn token(&self) -> BoxFuture<'_, Result<(), (TokenProblem, Value)>>;
    /// How far the desk's clock is ahead of the provider's, by the last answer.
    fn clock_ahead_ms(&self) -> Option<i64>;
    /// Has the provider try to reach the callback address from one of its networks.
    fn reach(&self, from: Network) -> BoxFuture<'_, Result<Reach, ReachProblem>>;
    /// Whether the account has a privilege.
    fn probe(&self, capability: Capability) -> BoxFuture<'_, Shown>;
    /// How much of a kind of call is left today, where that can be known.
    fn quota(&self, of: QuotaOf) -> BoxFuture<'_, Option<QuotaLeft>>;
    /// Chats in the provider's own customer service.
    fn native_chats(&self) -> BoxFuture<'_, NativeChats>;
    /// The query with which the provider would check the callback address; `echo` must come back.
    fn question(&self, echo: &str, now: Time) -> Option<Vec<(&'static str, String)>>;
}
