//! The code by which people follow a channel's account, where the provider makes one.

use super::SendError;
use futures_util::future::BoxFuture;

/// Makes codes for one channel.
pub trait QrCodes: Send + Sync + std::fmt::Debug {
    /// Makes a code that lasts for ever: what it says. The same scene again is as good as the same code.
    fn make_permanent(&self, scene: String) -> BoxFuture<'_, Result<String, SendError>>;
}
