//! The one channel every figure uses.

/// What a pusher and the limit must know of the channel.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    /// Signs pushes.
    pub(crate) token: String,
    /// Where pushes go.
    pub(crate) callback_path: String,
    /// The account's own name in every push.
    pub(crate) original_id: String,
    /// The channel's number in the database.
    pub(crate) channel_id: i64,
    /// The department of its new conversations.
    pub(crate) department_id: i64,
}
