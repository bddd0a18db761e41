//! Saying something in the response to a push, where a kind's provider takes that. It costs nothing and needs no call.

use super::CallbackRequest;
use crate::db::channels::ChannelSettings;
use crate::domain::inbound::Said;

/// A kind that can answer in the response to a push.
pub trait PassiveReplies: Send + Sync {
    /// The body of the response to this push, which was accepted; `None` when it cannot be said: then the push is only
    /// acknowledged.
    fn response(&self, channel: &ChannelSettings, request: &CallbackRequest, said: &Said) -> Option<String>;
}
